//! The data sources of an instance, as AMC's `dataSources` gives them.

use std::collections::HashMap;

use serde_json::Value;

use crate::{Error, Result};

/// The tables a query may name, with their columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    tables: HashMap<String, Table>,
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    by_name: HashMap<String, usize>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) sensitivity: Sensitivity,
}

/// What a value is, so far as comparisons care.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Unknown,
    Text,
    Number,
    Boolean,
    Date,
    Timestamp,
    Array,
}

/// How closely a column is guarded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sensitivity {
    /// NONE, LOW, MEDIUM, or not said.
    #[default]
    Open,
    High,
    VeryHigh,
    Internal,
}

impl Catalogue {
    /// Reads AMC's answer: `{"dataSources": […]}`, or that list, or one page after the other in a list.
    ///
    /// # Errors
    /// `InvalidInput`, code `data_sources_unreadable`.
    ///
    /// ```
    /// use amc_fleet::lint::Catalogue;
    ///
    /// let answer = serde_json::json!([{"dataSourceId": "conversions", "columns": [
    ///     {"name": "user_id", "dataType": "STRING", "columnType": "DIMENSION", "sensitivity": "VERY_HIGH"},
    /// ]}]);
    /// assert!(Catalogue::read(&answer).is_ok());
    /// ```
    pub fn read(answer: &Value) -> Result<Self> {
        let mut catalogue = Self::default();
        catalogue.take(answer)?;
        Ok(catalogue)
    }

    fn take(&mut self, answer: &Value) -> Result<()> {
        let pages =
            |value: &'_ Value| value.get("dataSources").or_else(|| value.get("data_sources")).cloned();
        match answer {
            Value::Array(items) => items.iter().try_for_each(|item| self.take(item)),
            answer if pages(answer).is_some() => self.take(&pages(answer).unwrap_or_default()),
            source => self.add(source),
        }
    }

    fn add(&mut self, source: &Value) -> Result<()> {
        let id =
            ["dataSourceId", "data_source_id", "id", "name"].iter().find_map(|key| source.get(key)?.as_str());
        let columns = source.get("columns").and_then(Value::as_array);
        let (Some(id), Some(columns)) = (id, columns) else {
            return Err(Error::invalid(
                "data_sources_unreadable",
                "a data source has no dataSourceId or no columns",
            )
            .hint("give the list that AMC's dataSources answers"));
        };
        let table = Table::new(columns.iter().filter_map(column));
        let id = id.to_lowercase();
        // AMC puts a schema before the name of some: `sandbox.dsp_clicks`.
        if let Some((_, bare)) = id.rsplit_once('.') {
            self.tables.insert(bare.to_owned(), table.clone());
        }
        self.tables.insert(id, table);
        Ok(())
    }

    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }
}

impl Table {
    pub(super) fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        let columns: Vec<Column> = columns.into_iter().collect();
        let by_name = columns.iter().enumerate().map(|(at, column)| (column.name.clone(), at)).collect();
        Self { columns, by_name }
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.by_name.get(name).and_then(|at| self.columns.get(*at))
    }
}

fn column(written: &Value) -> Option<Column> {
    let text = |keys: [&str; 2]| keys.iter().find_map(|key| written.get(key)?.as_str());
    let name = text(["name", "columnName"]).or_else(|| written.as_str())?.to_lowercase();
    let kind = written.get("dataType").or_else(|| written.get("data_type")).map_or(Kind::Unknown, kind);
    let sensitivity = text(["sensitivity", "aggregationThreshold"]).map_or(Sensitivity::Open, sensitivity);
    Some(Column { name, kind, sensitivity })
}

fn kind(written: &Value) -> Kind {
    written.as_str().map_or(Kind::Array, kind_named)
}

/// The kind of a type by its name.
pub(super) fn kind_named(word: &str) -> Kind {
    match word.to_uppercase().split(['(', '<']).next().unwrap_or_default() {
        "STRING" | "VARCHAR" | "CHAR" => Kind::Text,
        "LONG" | "BIGINT" | "INTEGER" | "INT" | "SHORT" | "BYTE" | "DECIMAL" | "DOUBLE" | "FLOAT" => {
            Kind::Number
        }
        "BOOLEAN" => Kind::Boolean,
        "DATE" => Kind::Date,
        "TIMESTAMP" => Kind::Timestamp,
        "ARRAY" => Kind::Array,
        _ => Kind::Unknown,
    }
}

fn sensitivity(word: &str) -> Sensitivity {
    match word.to_uppercase().as_str() {
        "HIGH" => Sensitivity::High,
        "VERY_HIGH" => Sensitivity::VeryHigh,
        "INTERNAL" => Sensitivity::Internal,
        _ => Sensitivity::Open,
    }
}
