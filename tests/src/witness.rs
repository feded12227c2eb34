//! The witness: what the emulator says really happened at AMC.

use std::collections::HashMap;

use serde_json::Value;

/// Every execution ever created at AMC, dry runs apart.
#[derive(Debug, Clone)]
pub struct Witness(Vec<Value>);

impl Witness {
    /// Reads the answer of `GET /_emulator/executions`.
    #[must_use]
    pub fn new(answer: &Value) -> Self {
        Self(answer["executions"].as_array().cloned().unwrap_or_default())
    }

    /// How many there are.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.0.len()
    }

    /// How many of each instance.
    #[must_use]
    pub fn by_instance(&self) -> HashMap<&str, usize> {
        let mut counts = HashMap::new();
        for run in &self.0 {
            *counts.entry(run["instanceId"].as_str().unwrap_or_default()).or_default() += 1;
        }
        counts
    }

    /// How many runs share a workflow id with an earlier one: submits that were repeated.
    #[must_use]
    pub fn duplicates(&self) -> usize {
        let ids: std::collections::HashSet<&str> =
            self.0.iter().filter_map(|run| run["workflowId"].as_str()).collect();
        self.0.len() - ids.len()
    }
}
