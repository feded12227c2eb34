//! What queries may read at an instance.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::InstanceUuid;
use crate::digest::sha256;

/// The tables and columns of an instance, as AMC lists them, with a hash that instances of equal lists share.
#[derive(Debug, Clone, PartialEq)]
pub struct DataSourceSet {
    /// The hash of the list.
    pub content_hash: String,
    /// The list: `[{"dataSourceId", "columns": [{"name", "dataType", "columnType", "sensitivity"}]}]`.
    pub data_sources: Value,
}

/// Which list an instance gave, and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownDataSources {
    /// The instance.
    pub instance: InstanceUuid,
    /// The hash of its list.
    pub content_hash: String,
    /// When AMC gave it.
    pub read_at: DateTime<Utc>,
}

impl DataSourceSet {
    /// Keeps of AMC's list what a query is read against, in the order of ids.
    #[must_use]
    pub fn new(listed: impl IntoIterator<Item = Value>) -> Self {
        let mut kept: Vec<Value> = listed.into_iter().map(without_descriptions).collect();
        kept.sort_by_cached_key(|source| source["dataSourceId"].as_str().map(str::to_owned));
        let data_sources = Value::from(kept);
        Self { content_hash: sha256(data_sources.to_string().as_bytes()), data_sources }
    }

    /// The ids of the tables, in order.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let listed = self.data_sources.as_array().into_iter().flatten();
        listed.filter_map(|source| source["dataSourceId"].as_str()).map(str::to_owned).collect()
    }
}

fn without_descriptions(mut source: Value) -> Value {
    if let Value::Object(fields) = &mut source {
        fields.retain(|name, _| matches!(name.as_str(), "dataSourceId" | "columns"));
    }
    for column in source["columns"].as_array_mut().into_iter().flatten() {
        if let Value::Object(fields) = column {
            fields.retain(|name, _| {
                matches!(name.as_str(), "name" | "dataType" | "columnType" | "sensitivity")
            });
        }
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_lists_have_one_hash_whatever_they_say_besides() {
        let column =
            |name: &str, about: &str| json!({"name": name, "dataType": "STRING", "description": about});
        let source = |id: &str, about: &str| json!({"dataSourceId": id, "description": about, "columns": [column("a", about)]});
        let one = DataSourceSet::new([source("b", "x"), source("a", "y")]);
        let other = DataSourceSet::new([source("a", "z"), source("b", "")]);
        assert_eq!(one, other);
        let columns = json!([{"name": "a", "dataType": "STRING"}]);
        let expected =
            json!([{"dataSourceId": "a", "columns": columns}, {"dataSourceId": "b", "columns": columns}]);
        assert_eq!((one.ids(), &one.data_sources), (vec!["a".to_owned(), "b".to_owned()], &expected));
        assert_ne!(DataSourceSet::new([source("a", "")]).content_hash, one.content_hash);
    }
}
