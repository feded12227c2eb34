//! How soon to look again.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::EngineSettings;
use crate::model::Execution;
use crate::store::Watch;

/// How soon an instance is listed again: when the first of its runs is worth a look, and no later than its deadline.
pub(super) fn next_poll(
    settings: &EngineSettings,
    watch: &Watch,
    hurries: bool,
    now: DateTime<Utc>,
) -> Duration {
    if hurries {
        return settings.first_poll;
    }
    let age = |run: &Execution| run.submitted_at.and_then(|at| (now - at).to_std().ok()).unwrap_or_default();
    let looks = watch.runs.iter().map(|run| worth_a_look(age(run), watch.typical.get(&run.id).copied()));
    let deadlines = watch.runs.iter().filter_map(|run| (run.deadline_at? - now).to_std().ok());
    let soonest = looks.chain(deadlines).min().unwrap_or(settings.slowest_poll);
    soonest.clamp(settings.first_poll, settings.slowest_poll)
}

/// How long until a run is worth a look. Where its like are known, shortly before they used to end, and then ever again
/// after a tenth of what they take; else ever more rarely while it gets older.
fn worth_a_look(age: Duration, typical: Option<Duration>) -> Duration {
    match typical {
        Some(typical) if age < typical.mul_f64(0.9) => typical.mul_f64(0.9) - age,
        Some(typical) => (typical / 10).max(age.saturating_sub(typical) / 4),
        None => age / 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_run_whose_like_are_known_is_left_alone_until_it_may_end() {
        let wait = |age, typical| worth_a_look(seconds(age), typical);
        assert_eq!(wait(100, None), seconds(25));
        assert_eq!(wait(100, Some(seconds(1000))), seconds(800));
        assert_eq!(wait(950, Some(seconds(1000))), seconds(100));
        assert_eq!(wait(9000, Some(seconds(1000))), seconds(2000), "this one is unlike the others");
    }
}
