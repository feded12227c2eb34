//! A corpus file: settings, loaded rows, queries with the rows or the rejection they must give.
//!
//! Records are separated by empty lines:
//!
//! - `# …` comments; the first ones say which fact is tested and where the expected rows come from.
//! - `set strict`, `set thresholds`, `set synthetic`, `set rows n`, `set window start end`,
//!   `set privacy {json}`, `set parameter name type [json]` before what they apply to.
//! - `load table`, then CSV lines, the first one the header; an empty field is NULL.
//! - `query` or `query ordered`, the SQL, `----`, the rows, fields joined by `|`, NULL written `NULL`. A first
//!   line `columns name:TYPE …` is compared with the description of the result.
//! - `reject`, the SQL, `----`, the whole reason.

use amc_fleet_emulator::query::{LoadedTable, OutputColumn, Privacy, Query, QueryEngine, Row};
use amc_fleet_emulator_sql::{Options, SqlEngine};
use serde_json::Value;

use crate::corpus::records;
use crate::support;

/// Runs a file.
///
/// # Errors
/// What the first record that fails was expected to give and what it gave.
pub(crate) async fn run(text: &str) -> Result<usize, String> {
    let mut case = Case::new();
    for (head, lines) in records(text) {
        let shown = || [&[head], lines.as_slice()].concat().join("\n");
        case.record(head, &lines).await.map_err(|problem| format!("{}\n=> {problem}", shown()))?;
    }
    Ok(case.checked)
}

struct Case {
    options: Options,
    engine: Option<SqlEngine>,
    loads: Vec<(String, LoadedTable)>,
    query: Query,
    checked: usize,
}

impl Case {
    fn new() -> Self {
        let options = Options { rows: 3_000, thresholds: false, ..Options::default() };
        Self { options, engine: None, loads: Vec::new(), query: support::query(""), checked: 0 }
    }

    async fn record(&mut self, head: &str, rest: &[&str]) -> Result<(), String> {
        let (word, argument) = head.split_once(' ').unwrap_or((head, ""));
        match word {
            "set" => {
                let mut lines = [head].into_iter().chain(rest.iter().copied());
                lines.try_for_each(|line| self.set(line.trim_start_matches("set ")))
            }
            "load" => {
                self.loads.push((argument.to_owned(), loaded(rest)));
                self.engine = None;
                Ok(())
            }
            "query" => self.query(rest, argument == "ordered").await,
            "reject" => self.reject(rest).await,
            other => Err(format!("no record begins with {other}")),
        }
    }

    fn set(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.splitn(4, ' ');
        let mut next = || words.next().unwrap_or_default();
        self.engine = None;
        match next() {
            "strict" => self.options.strict = true,
            "thresholds" => self.options.thresholds = true,
            "synthetic" => self.query.synthetic = true,
            "rows" => self.options.rows = next().parse().map_err(|_| "rows: a number".to_owned())?,
            "window" => self.query.window = support::window(next(), next()),
            "parameter" => {
                let (name, kind, value) = (next(), next(), next());
                let kind = serde_json::from_str(kind).unwrap_or_else(|_| Value::String(kind.to_owned()));
                let value = (!value.is_empty()).then(|| serde_json::from_str(value)).transpose();
                let value = value.map_err(|error| error.to_string())?;
                self.query.parameters.push(support::parameter(name, kind, value));
            }
            "privacy" => {
                let fields: Value =
                    serde_json::from_str(line.trim_start_matches("privacy ")).map_err(|e| e.to_string())?;
                self.query.privacy = privacy(&fields);
            }
            other => return Err(format!("nothing to set: {other}")),
        }
        Ok(())
    }

    fn engine(&mut self) -> Result<&SqlEngine, String> {
        if self.engine.is_none() {
            let engine = SqlEngine::new(self.options);
            for (table, rows) in &self.loads {
                engine.load(&self.query.instance_id, table, rows.clone())?;
            }
            self.engine = Some(engine);
        }
        self.engine.as_ref().ok_or_else(|| "no engine".to_owned())
    }

    async fn query(&mut self, lines: &[&str], ordered: bool) -> Result<(), String> {
        let (sql, expected) = parts(lines)?;
        let query = Query { sql, ..self.query.clone() };
        let engine = self.engine()?;
        let compiled = engine.compile(&query).await.map_err(|refusal| refusal.to_string())?;
        let (columns, rows) = support::answer(engine, &query).await.map_err(|refusal| refusal.to_string())?;
        same(&described(&compiled), &described(&columns))?;
        let (header, expected) = match expected.split_first() {
            Some((first, rest)) if first.starts_with("columns ") => (Some(*first), rest.to_vec()),
            _ => (None, expected),
        };
        if let Some(header) = header {
            same(header, &format!("columns {}", described(&columns)))?;
        }
        let mut rows: Vec<String> = rows.iter().map(line).collect();
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        if !ordered {
            rows.sort();
            expected.sort();
        }
        self.checked += 1;
        same(&expected.join("\n"), &rows.join("\n"))
    }

    async fn reject(&mut self, lines: &[&str]) -> Result<(), String> {
        let (sql, expected) = parts(lines)?;
        let query = Query { sql, ..self.query.clone() };
        self.checked += 1;
        match self.engine()?.compile(&query).await {
            Err(refusal) => same(&expected.join("\n"), &refusal.to_string()),
            Ok(columns) => Err(format!("it compiled: {}", described(&columns))),
        }
    }
}

fn parts<'a>(lines: &[&'a str]) -> Result<(String, Vec<&'a str>), String> {
    let end = lines.iter().position(|line| *line == "----").ok_or("a record ends its SQL with ----")?;
    Ok((lines[..end].join("\n"), lines[end + 1..].to_vec()))
}

fn loaded(lines: &[&str]) -> LoadedTable {
    let fields = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let row =
        |line: &&str| fields(line).into_iter().map(|field| (!field.is_empty()).then_some(field)).collect();
    LoadedTable { columns: fields(lines[0]), rows: lines[1..].iter().map(row).collect() }
}

fn privacy(fields: &Value) -> Privacy {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    Privacy {
        filtering_behavior: text("privacyFilteringBehavior"),
        discriminator_column: text("filteredMetricsDiscriminatorColumn"),
        user_count_column: text("distinctUserCountColumn"),
        reason_column: text("filteredReasonColumn"),
        disable_aggregation_controls: fields.get("disableAggregationControls").and_then(Value::as_bool)
            == Some(true),
    }
}

fn described(columns: &[OutputColumn]) -> String {
    let column = |column: &OutputColumn| match (column.precision, column.scale) {
        (Some(precision), Some(scale)) => {
            format!("{}:{}({precision},{scale})", column.name, column.data_type)
        }
        _ => format!("{}:{}", column.name, column.data_type),
    };
    columns.iter().map(column).collect::<Vec<_>>().join(" ")
}

fn line(row: &Row) -> String {
    row.iter().map(|field| field.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join("|")
}

fn same(expected: &str, given: &str) -> Result<(), String> {
    if expected == given { Ok(()) } else { Err(format!("expected\n{expected}\ngiven\n{given}")) }
}
