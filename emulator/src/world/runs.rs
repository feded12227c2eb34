//! The executions of an instance, so kept that a list costs what it shows, however many ran before.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::execution::Key;

/// Executions in the order of creation.
#[derive(Debug, Default)]
pub(crate) struct Log {
    keys: Vec<Key>,
    /// The latest second of creation so far, which grows even where the clock was set back.
    latest: Vec<i64>,
}

impl Log {
    fn push(&mut self, key: Key, created: DateTime<Utc>) {
        let before = self.latest.last().copied().unwrap_or(i64::MIN);
        self.keys.push(key);
        self.latest.push(before.max(created.timestamp()));
    }

    /// Gives the executions without those that are certainly older than `from`.
    fn since(&self, from: Option<DateTime<Utc>>) -> &[Key] {
        let old = from.map_or(0, |from| self.latest.partition_point(|latest| *latest < from.timestamp()));
        &self.keys[old..]
    }
}

/// All executions of an instance, and those of each workflow.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    all: Log,
    by_workflow: HashMap<String, Log>,
}

impl Runs {
    pub(crate) fn push(&mut self, key: Key, workflow_id: &str, created: DateTime<Utc>) {
        self.all.push(key, created);
        self.by_workflow.entry(workflow_id.to_owned()).or_default().push(key, created);
    }

    /// Gives every execution.
    pub(crate) fn all(&self) -> &[Key] {
        &self.all.keys
    }

    /// Gives the executions of a workflow or of all, without those that are certainly older than `from`.
    pub(crate) fn of(&self, workflow_id: Option<&str>, from: Option<DateTime<Utc>>) -> &[Key] {
        match workflow_id {
            None => self.all.since(from),
            Some(id) => self.by_workflow.get(id).map(|log| log.since(from)).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn a_list_begins_where_it_may_have_to() {
        let mut runs = Runs::default();
        for (key, workflow, second) in [(0, "a", 10), (1, "b", 30), (2, "a", 20), (3, "a", 40)] {
            runs.push(key, workflow, at(second));
        }
        assert_eq!(runs.of(None, Some(at(25))), [1, 2, 3]);
        assert_eq!(runs.of(Some("a"), None), [0, 2, 3]);
        assert_eq!(runs.of(Some("a"), Some(at(40))), [3]);
        assert!(runs.of(Some("c"), None).is_empty());
    }
}
