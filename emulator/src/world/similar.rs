//! The check that too many runs have read the same data sources over the same time.
//!
//! AMC publishes that it checks and what it says, but not what it counts; here it counts runs that named the same
//! data sources in a window that overlaps, rejected and dry ones apart.

use std::collections::{BTreeSet, HashMap};

use super::World;
use super::execution::{Execution, Key, Status};
use crate::lexer;
use crate::query::Refusal;

/// The runs of an instance by the data sources they name.
pub(crate) type BySources = HashMap<BTreeSet<String>, Vec<Key>>;

/// Finds the data sources that SQL names, also as the argument of `EXTEND_TIME_WINDOW`.
fn named(sql: &str, known: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let words = lexer::lex(sql).unwrap_or_default().into_iter().map(|token| token.text.to_lowercase());
    words.filter(|word| known(word)).collect()
}

impl World {
    /// Counts a run, and refuses it if too many like it ran before.
    pub(super) fn compare(&mut self, execution: &Execution) -> Option<Refusal> {
        let limit = self.options.switches.similar_runs;
        let known: BTreeSet<String> =
            self.engine.data_sources(&execution.instance).into_iter().map(|source| source.id).collect();
        let sources = named(execution.order.workflow.sql(), |word| known.contains(word));
        if sources.is_empty() {
            return None;
        }
        let instance = self.instances.get_mut(&execution.instance)?;
        let alike = instance.by_sources.entry(sources).or_default();
        let executions = &self.executions;
        let counts = |key: &&Key| {
            let earlier = &executions[**key];
            earlier.status != Status::Rejected && overlap(earlier, execution)
        };
        let many = alike.iter().filter(counts).take(limit).count() >= limit;
        alike.push(execution.key);
        many.then(|| too_many(execution))
    }
}

fn overlap(one: &Execution, other: &Execution) -> bool {
    one.window.start < other.window.end && other.window.start < one.window.end
}

fn too_many(execution: &Execution) -> Refusal {
    Refusal::Rejected(format!(
        "Execution \"{}\" of workflow \"{}\" could not be run because too many workflows have already been run \
         against the same input data sources in the same or overlapping time windows.",
        execution.id, execution.order.workflow.id
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_by_name() {
        let sql = "SELECT 1 FROM Conversions c JOIN TABLE(EXTEND_TIME_WINDOW('dsp_clicks', 'P1D', 'P0D')) -- dsp_views";
        let known = |word: &str| ["conversions", "dsp_clicks", "dsp_views"].contains(&word);
        assert_eq!(Vec::from_iter(named(sql, known)), ["conversions", "dsp_clicks"]);
    }
}
