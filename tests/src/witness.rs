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

    /// Whether there is a run under a workflow id.
    #[must_use]
    pub fn knows(&self, workflow_id: &str) -> bool {
        self.0.iter().any(|run| run["workflowId"] == workflow_id)
    }

    /// The runs under a workflow id, in a few words each.
    #[must_use]
    pub fn under(&self, workflow_id: &str) -> Vec<String> {
        let own = self.0.iter().filter(|run| run["workflowId"] == workflow_id);
        own.map(|run| format!("{} {} to {}", run["status"], run["createTime"], run["endTime"])).collect()
    }

    /// How many runs share a workflow id with another that was not cancelled either.
    #[must_use]
    pub fn live_duplicates(&self) -> usize {
        let alive: Vec<&Value> = self.0.iter().filter(|run| run["status"] != "CANCELLED").collect();
        let ids: std::collections::HashSet<&str> =
            alive.iter().filter_map(|run| run["workflowId"].as_str()).collect();
        alive.len() - ids.len()
    }

    /// At how many submits more runs of the instance were alive than allowed, the new one included.
    #[must_use]
    pub fn over(&self, per_instance: usize) -> usize {
        self.0.iter().filter(|run| self.alive_with(run, "instanceId") > per_instance).count()
    }

    /// At how many submits more runs of all instances were alive than an account may have; for fleets of one account.
    #[must_use]
    pub fn over_account(&self, per_account: usize) -> usize {
        self.0.iter().filter(|run| self.alive_with(run, "nothing tells them apart") > per_account).count()
    }

    /// How many runs of the same instance were alive when this one was created.
    fn alive_with(&self, run: &Value, field: &str) -> usize {
        let begun = run["createTime"].as_str().unwrap_or_default();
        let lived = |other: &&Value| {
            let ended = other["endTime"].as_str().is_none_or(|end| end > begun);
            other[field] == run[field] && other["createTime"].as_str().is_some_and(|at| at <= begun) && ended
        };
        self.0.iter().filter(lived).count()
    }
}
