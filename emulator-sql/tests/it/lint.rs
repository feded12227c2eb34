//! The library's lint against this engine: over seeded faults in the long queries, what the engine rejects is found
//! without it, at the same line and column.

use std::fs;
use std::path::Path;

use amc_fleet::lint::{Catalogue, LintOptions, lint};
use amc_fleet::params::{Declaration, ParameterType};
use amc_fleet::sql::place_named;
use amc_fleet::{Position, Severity};
use amc_fleet_emulator::query::{QueryEngine, Refusal};
use amc_fleet_emulator_sql::{Options, SqlEngine};
use serde_json::json;

use crate::corpus::{files, records};
use crate::support::query;

/// How many queries get each fault.
const EACH: usize = 60;
/// The least share of rejections that is found.
const LEAST: f64 = 0.95;

type Fault = (&'static str, fn(&str, &mut Random) -> Option<String>);

const FAULTS: [Fault; 15] = [
    ("a table that is not there", |sql, random| {
        insert_in(sql, random, &["FROM dsp_", "FROM conversions", "FROM sponsored_"], 7, "x")
    }),
    ("a column that is not there", |sql, random| {
        insert_in(sql, random, &["campaign", "impressions", "tracked_asin"], 4, "q")
    }),
    ("an undeclared parameter", |sql, random| {
        replace(sql, random, &["'order'", "'sponsored_products'", "'A'"], "CUSTOM_PARAMETER('nope')")
    }),
    ("an unfilled placeholder", |sql, random| {
        replace(sql, random, &["'order'", "'sponsored_products'", "1,"], "{{nope}}")
    }),
    ("raw user_id", |sql, _| insert_after_last(sql, "\nSELECT", " user_id,")),
    ("a function that is not there", |sql, random| {
        replace(sql, random, &["SUM(", "COUNT(", "MIN("], "SUMUP(")
    }),
    ("RIGHT JOIN", |sql, random| {
        replace(sql, random, &["LEFT JOIN", "\nJOIN", "INNER JOIN"], "\nRIGHT JOIN")
    }),
    ("SELECT *", |sql, _| insert_after_first(sql, "SELECT", " *,")),
    ("no GROUP BY", |sql, random| {
        replace(sql, random, &["GROUP BY 1, 2", "GROUP BY 1", "GROUP BY user_id"], "")
    }),
    ("an alias that is not there", |sql, random| {
        replace(sql, random, &[" a.", " i.", " c.", "(a.", "(c."], " zz.")
    }),
    ("an ambiguous column", |sql, random| {
        replace(sql, random, &[" a.user_id", " c.user_id", " i.user_id"], " user_id")
    }),
    ("a literal beside user_id", |sql, random| {
        replace(sql, random, &["user_id IS NOT NULL"], "user_id = 'u1'")
    }),
    ("a word misspelt", |sql, random| replace(sql, random, &["\nFROM", " FROM "], "\nFORM ")),
    ("a parenthesis missing", |sql, random| replace(sql, random, &[")"], " ")),
    ("a comma too many", |sql, random| replace(sql, random, &[", "], ", , ")),
];

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

fn sites(sql: &str, texts: &[&str]) -> Vec<(usize, usize)> {
    texts.iter().flat_map(|text| sql.match_indices(text).map(|(at, it)| (at, it.len()))).collect()
}

fn replace(sql: &str, random: &mut Random, texts: &[&str], by: &str) -> Option<String> {
    let sites = sites(sql, texts);
    let (at, length) = *sites.get(random.below(sites.len()))?;
    Some(format!("{}{by}{}", &sql[..at], &sql[at + length..]))
}

fn insert_in(sql: &str, random: &mut Random, texts: &[&str], offset: usize, what: &str) -> Option<String> {
    let sites = sites(sql, texts);
    let (at, _) = *sites.get(random.below(sites.len()))?;
    Some(format!("{}{what}{}", &sql[..at + offset], &sql[at + offset..]))
}

fn insert_after_last(sql: &str, text: &str, what: &str) -> Option<String> {
    let at = sql.rfind(text)? + text.len();
    Some(format!("{}{what}{}", &sql[..at], &sql[at..]))
}

fn insert_after_first(sql: &str, text: &str, what: &str) -> Option<String> {
    let at = sql.find(text)? + text.len();
    Some(format!("{}{what}{}", &sql[..at], &sql[at..]))
}

/// The long queries.
fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/queries");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|it| it.expect("an entry").path()).collect();
    files.sort();
    files.iter().map(|path| fs::read_to_string(path).expect("a file")).collect()
}

/// A query of the corpus, with the parameters that its file declares.
struct Small {
    sql: String,
    declared: Vec<Declaration>,
    is_rejected: bool,
}

fn small_queries() -> Vec<Small> {
    let mut all = Vec::new();
    let texts = files().into_iter().map(|file| fs::read_to_string(file).expect("a file"));
    // A sandbox may return the events of single users.
    for text in texts.filter(|text| !text.contains("set synthetic")) {
        let mut declared = Vec::new();
        for (head, lines) in records(&text) {
            let names = lines.iter().chain([&head]).filter_map(|line| line.strip_prefix("set parameter "));
            declared.extend(names.filter_map(|rest| rest.split(' ').next()).map(parameter));
            if head == "reject" || head.starts_with("query") {
                let sql = lines.iter().take_while(|line| **line != "----").copied().collect::<Vec<_>>();
                let (sql, declared) = (sql.join("\n"), declared.clone());
                all.push(Small { sql, declared, is_rejected: head == "reject" });
            }
        }
    }
    all
}

fn parameter(name: &str) -> Declaration {
    Declaration::new(name, ParameterType::Any)
}

fn catalogue(engine: &SqlEngine) -> Catalogue {
    let column = |it: &amc_fleet_emulator::query::DataSourceColumn| json!({"name": it.name, "dataType": it.data_type, "columnType": it.column_type, "sensitivity": it.sensitivity});
    let sources = engine.data_sources("amctest0001");
    let sources = sources.iter().map(|source| {
        json!({"dataSourceId": source.id, "columns": source.columns.iter().map(column).collect::<Vec<_>>()})
    });
    Catalogue::read(&sources.collect()).expect("the data sources")
}

/// The places where lint finds an error.
fn errors(sql: &str, catalogue: &Catalogue, declared: &[Declaration]) -> Vec<Option<Position>> {
    let options = LintOptions { data_sources: Some(catalogue), declarations: Some(declared) };
    let found = lint(sql, options).into_iter();
    found.filter(|it| it.severity == Severity::Error).map(|it| it.position).collect()
}

#[test]
fn no_long_query_has_an_error() {
    let engine = SqlEngine::new(Options::default());
    let catalogue = catalogue(&engine);
    for sql in corpus() {
        assert_eq!(errors(&sql, &catalogue, &[]), [], "{sql}");
        let alone = lint(&sql, LintOptions::default());
        assert!(alone.iter().all(|it| it.severity != Severity::Error), "{sql}: {alone:?}");
    }
}

/// What the engine runs is free of errors, and most of what it rejects is not. The rest are types, which lint does not
/// read, and what only the strict engine refuses.
#[test]
fn no_query_of_the_corpus_that_runs_has_an_error() {
    let catalogue = catalogue(&SqlEngine::new(Options::default()));
    let (mut wrong, mut rejected, mut missed) = (Vec::new(), 0, Vec::new());
    for Small { sql, declared, is_rejected } in small_queries() {
        match (is_rejected, errors(&sql, &catalogue, &declared).is_empty()) {
            (false, false) => wrong.push(format!(
                "{sql}\n  {:?}",
                lint(&sql, LintOptions { data_sources: Some(&catalogue), declarations: Some(&declared) })
            )),
            (true, true) => missed.push(sql),
            _ => {}
        }
        rejected += usize::from(is_rejected);
    }
    println!("{} of {rejected} rejections found; not:\n{}", rejected - missed.len(), missed.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_the_engine_rejects_is_found_before_it_is_asked() {
    let engine = SqlEngine::new(Options { rows: 100, ..Options::default() });
    let (catalogue, mut corpus) = (catalogue(&engine), corpus());
    let runs = |it: &Small| !it.is_rejected && it.declared.is_empty();
    corpus.extend(small_queries().into_iter().filter(runs).map(|it| it.sql));
    let (mut rejected, mut found, mut missed) = (0, 0, Vec::new());
    for (kind, fault) in FAULTS {
        let (before, mut random, mut tried) = (rejected, Random(7), 0);
        for sql in corpus.iter().cycle().skip(random.below(corpus.len())).take(corpus.len()) {
            let Some(faulty) = fault(sql, &mut random) else { continue };
            tried += 1;
            if tried > EACH {
                break;
            }
            let Err(Refusal::Rejected(words)) = engine.compile(&query(&faulty)).await else { continue };
            rejected += 1;
            let place = place_named(&words);
            if errors(&faulty, &catalogue, &[]).contains(&place) {
                found += 1;
            } else {
                missed.push(format!(
                    "{kind}: {words}\n  lint: {:?}\n{faulty}",
                    lint(&faulty, LintOptions { data_sources: Some(&catalogue), declarations: Some(&[]) })
                ));
            }
        }
        assert!(rejected > before, "no query is rejected for {kind}");
        println!("{kind}: {} rejected, {} missed in all", rejected - before, missed.len());
    }
    let share = f64::from(found) / f64::from(rejected);
    println!("{found} of {rejected} found: {:.1} %", share * 100.0);
    if std::env::var_os("SHOW_MISSED").is_some() {
        println!("{}", missed.join("\n----\n"));
    }
    assert!(share >= LEAST, "{found} of {rejected}:\n{}", missed.join("\n----\n"));
}
