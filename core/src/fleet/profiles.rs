//! Profiles: what an owner says about its instances, one by one or from a table.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use serde_json::{Map, Value};

use super::Fleet;
use super::selection::one;
use crate::error::{Error, Result};
use crate::model::{Instance, InstanceUuid, Profile, ProfileChange};
use crate::results::export::{read_ipc, records};

/// The columns a table of profiles may have beside `instance_id`; parameters are `parameters.<name>` as well.
const COLUMNS: [&str; 6] = ["label", "tags", "brands", "timezone", "currency", "parameters"];
/// What begins the column of one parameter.
const PARAMETER: &str = "parameters.";
/// What stands between the tags or brands of a cell.
const BETWEEN: char = ';';

impl Fleet {
    /// Says something about an instance, by AMC's id or by ours. Syncs keep it, and other owners never see it.
    ///
    /// # Errors
    /// `NotFound` (`unknown_instance`); `InvalidInput`: `zone_unknown`, `currency_unknown`.
    pub async fn update_instance(&self, id: &str, change: ProfileChange) -> Result<Instance> {
        let known = self.all_instances().await?;
        let instance = one(&known, id)?;
        let profile = instance.profile.clone().changed(change)?;
        self.save_profiles(&[(instance.id, profile.clone())]).await?;
        Ok(Instance { profile, ..instance.clone() })
    }

    /// Reads profiles from a CSV text with a header: `instance_id` and any of `label`, `tags`, `brands` (several in a cell
    /// are parted by `;`), `timezone`, `currency`, `parameters` (a JSON object) and `parameters.<name>`. A column that is
    /// not there leaves what it is about as it is; an empty cell clears it. Returns how many instances it names.
    ///
    /// # Errors
    /// Nothing is written when anything is wrong: `InvalidInput` (`profiles_unreadable`) with line and column, and what
    /// [`update_instance`](Self::update_instance) refuses.
    pub async fn import_profiles(&self, csv: &str) -> Result<usize> {
        let rows = rows(csv)?;
        self.save_rows(rows).await
    }

    /// [`import_profiles`](Self::import_profiles) from Arrow, as data frames give it: texts, and lists of texts for tags
    /// and brands. A NULL leaves what it is about as it is.
    ///
    /// # Errors
    /// As for a CSV text.
    pub async fn import_profile_table(&self, batches: &[RecordBatch]) -> Result<usize> {
        let mut rows = Vec::new();
        for batch in batches {
            for record in records(batch)? {
                rows.push(Row::of_record(rows.len() + 1, record)?);
            }
        }
        self.save_rows(rows).await
    }

    /// [`import_profile_table`](Self::import_profile_table) from an Arrow IPC stream.
    ///
    /// # Errors
    /// As for a table; `InvalidInput` (`profiles_unreadable`) for bytes that are no such stream.
    pub async fn import_profile_ipc(&self, stream: &[u8]) -> Result<usize> {
        let (_, batches) = read_ipc(stream).map_err(|error| {
            Error::invalid("profiles_unreadable", "the bytes are no Arrow IPC stream").caused_by(error)
        })?;
        self.import_profile_table(&batches).await
    }

    async fn save_rows(&self, rows: Vec<Row>) -> Result<usize> {
        let known = self.all_instances().await?;
        let mut profiles: BTreeMap<InstanceUuid, Profile> = BTreeMap::new();
        for row in rows {
            let place = row.place();
            let instance = one(&known, &row.id).map_err(|error| error.within(&place))?;
            if profiles.contains_key(&instance.id) {
                let message = format!("{place}: {} is named more than once", row.id);
                return Err(Error::invalid("profiles_unreadable", message).instances([&row.id]));
            }
            let own = instance.profile.clone();
            let profile = own.changed(row.change).map_err(|error| error.within(&place))?;
            profiles.insert(instance.id, profile);
        }
        let profiles: Vec<_> = profiles.into_iter().collect();
        self.save_profiles(&profiles).await?;
        Ok(profiles.len())
    }

    async fn save_profiles(&self, profiles: &[(InstanceUuid, Profile)]) -> Result<()> {
        let now = self.0.surroundings.clock.now();
        self.0.store.save_profiles(&self.0.owner, profiles, now).await
    }
}

/// A row of a table of profiles.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    number: usize,
    id: String,
    change: ProfileChange,
}

impl Row {
    fn place(&self) -> String {
        format!("row {}", self.number)
    }

    /// Takes a cell of a column.
    fn set(&mut self, column: &str, cell: Value) -> Result<()> {
        let text = || text(column, &cell);
        match column {
            "instance_id" => self.id = text()?,
            "label" => self.change.label = Some(text()?),
            "timezone" => self.change.timezone = Some(text()?),
            "currency" => self.change.currency = Some(text()?),
            "tags" => self.change.tags = Some(words(column, &cell)?),
            "brands" => self.change.brands = Some(words(column, &cell)?),
            "parameters" => self.change.parameters.get_or_insert_default().extend(object(&cell)?),
            _ => {
                let name = column.strip_prefix(PARAMETER).unwrap_or(column);
                if cell != "" {
                    self.change.parameters.get_or_insert_default().insert(name.to_owned(), cell);
                }
            }
        }
        Ok(())
    }

    fn of_record(number: usize, record: Map<String, Value>) -> Result<Self> {
        known_columns(record.keys().map(String::as_str))?;
        let mut row = Self { number, ..Self::default() };
        for (column, cell) in record.into_iter().filter(|(_, cell)| !cell.is_null()) {
            row.set(&column, cell).map_err(|error| error.within(&format!("row {number}")))?;
        }
        Ok(row)
    }
}

fn rows(csv: &str) -> Result<Vec<Row>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(unreadable)?.clone();
    known_columns(header.iter())?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        // People count the header as line 1.
        let line = record.position().map_or(0, csv::Position::line);
        let mut row = Row { number: usize::try_from(line).unwrap_or_default(), ..Row::default() };
        for (column, cell) in header.iter().zip(&record) {
            row.set(column, cell.into()).map_err(|error| error.within(&row.place()))?;
        }
        rows.push(row);
    }
    Ok(rows)
}

fn known_columns<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Result<()> {
    let is_known = |name: &str| {
        name == "instance_id"
            || COLUMNS.contains(&name)
            || name.len() > PARAMETER.len() && name.starts_with(PARAMETER)
    };
    if let Some(unknown) = names.clone().find(|name| !is_known(name)) {
        return Err(Error::invalid(
            "profiles_unreadable",
            format!("there is no column '{unknown}' in profiles"),
        )
        .hint(format!("the columns are instance_id, {}, parameters.<name>", COLUMNS.join(", "))));
    }
    if !names.clone().any(|name| name == "instance_id") {
        return Err(Error::invalid(
            "profiles_unreadable",
            "no column instance_id says whose profile a row is",
        )
        .hint("begin with a header: instance_id,label,tags,…"));
    }
    Ok(())
}

fn text(column: &str, cell: &Value) -> Result<String> {
    cell.as_str().map(str::to_owned).ok_or_else(|| no_cell(column, "a text"))
}

fn words(column: &str, cell: &Value) -> Result<Vec<String>> {
    match cell {
        Value::String(text) => Ok(text.split(BETWEEN).map(str::to_owned).collect()),
        Value::Array(items) => items.iter().map(|item| text(column, item)).collect(),
        _ => Err(no_cell(column, "a text or a list of texts")),
    }
}

fn object(cell: &Value) -> Result<Map<String, Value>> {
    let parsed = match cell {
        Value::String(text) if text.is_empty() => Some(Value::Object(Map::new())),
        Value::String(text) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    };
    match parsed {
        Some(Value::Object(fields)) => Ok(fields),
        _ => Err(no_cell("parameters", "a JSON object")),
    }
}

fn no_cell(column: &str, wanted: &str) -> Error {
    Error::invalid("profiles_unreadable", format!("the column {column} holds something else than {wanted}"))
}

fn unreadable(error: csv::Error) -> Error {
    Error::invalid("profiles_unreadable", format!("the table cannot be read: {error}"))
        .hint("write CSV with a header and as many cells in every row")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_says_what_it_names_and_nothing_else() {
        let rows = rows("instance_id,tags,currency,parameters.brand\namc1, dach; toys ,EUR,Nova\namc2,,,\n")
            .unwrap();
        assert_eq!(rows[0].id, "amc1");
        assert_eq!(
            rows[0].change.tags.as_deref(),
            Some(&[" dach".trim().to_owned(), " toys".to_owned()][..])
        );
        assert_eq!(rows[0].change.parameters, json!({"brand": "Nova"}).as_object().cloned());
        assert_eq!((rows[0].change.label.as_deref(), rows[1].number), (None, 3));
        assert_eq!(rows[1].change.currency.as_deref(), Some(""));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (csv, words) in [
            ("instance_id,colour\n", "'colour'"),
            ("label\nNova\n", "instance_id"),
            ("instance_id,parameters\namc1,nonsense\n", "row 2"),
            ("instance_id,label\namc1\n", "cannot be read"),
        ] {
            let error = rows(csv).unwrap_err();
            assert_eq!(error.code(), "profiles_unreadable");
            assert!(error.message().contains(words), "{error}");
        }
    }
}
