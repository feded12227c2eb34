//! Every call a worker makes, to AMC or to the store, fails once or is its death: nothing is lost, nothing is run twice.

use std::time::Duration;

use super::harness::Harness;
use super::stores::{Kind, on_every_store};
use crate::model::BatchStatus;
use crate::testing::{Moment, RunScript};

/// Instances of a swept batch.
const INSTANCES: usize = 3;
/// A recovery makes more calls than a run that nothing goes wrong in.
const RECOVERY: u64 = 12;
/// A store is used for so many batches: making one takes longer than a batch, and many batches make it slow.
const BATCHES_OF_A_STORE: u32 = 16;
/// Of the pairs of two faults a database is tried with every so manieth, unless `AMC_FLEET_SWEEP` asks for all.
const STRIDE: u64 = 199;

on_every_store!(no_run_lost, none_submitted_twice, no_run_lost_whichever_two_calls_fail);

/// A fleet whose runs take a few ticks.
async fn harness(kind: Kind) -> Harness {
    let harness = Harness::on(kind, INSTANCES).await;
    harness.amc.script(RunScript { duration: Some(Duration::from_secs(3)), ..RunScript::default() });
    harness
}

/// The calls of a batch that nothing goes wrong in.
async fn calls() -> u64 {
    let harness = harness(Kind::Memory).await;
    harness.finish(&harness.engine(), &harness.batch().await).await;
    harness.plan.calls()
}

/// Batches with faults, some of them one after the other in one store.
struct Sweep {
    kind: Kind,
    harness: Harness,
    batches: u32,
}

impl Sweep {
    async fn new(kind: Kind) -> Self {
        Self { kind, harness: harness(kind).await, batches: 0 }
    }

    /// Runs a batch in which these calls fail, counted from its beginning, and counts at AMC. How many workers died.
    async fn survives(&mut self, faults: &[(u64, Moment)]) -> usize {
        self.batches += 1;
        if self.batches.is_multiple_of(BATCHES_OF_A_STORE) {
            self.harness = harness(self.kind).await;
        }
        let before = self.harness.plan.calls();
        for (call, moment) in faults {
            self.harness.plan.fail(before + call, *moment);
        }
        let batch = self.harness.batch().await;
        let (report, deaths) = self.harness.survive(&batch).await;
        assert_eq!(report.status, BatchStatus::Completed, "{faults:?}: {report}");
        assert_eq!(self.harness.runs_of(&batch).await, [1; INSTANCES], "{faults:?}");
        assert_eq!(report.row_count, 3, "{faults:?}");
        // A fault whose turn did not come is none of the next batch's.
        self.harness.plan.forget();
        deaths
    }
}

/// Call k fails, before its effect or after it, for every k.
async fn no_run_lost(kind: Kind) {
    let mut sweep = Sweep::new(kind).await;
    for call in 1..=calls().await {
        for moment in [Moment::Before, Moment::After] {
            sweep.survives(&[(call, moment)]).await;
        }
    }
}

/// The worker dies in call k, before its effect or after it, and another takes over, for every k.
async fn none_submitted_twice(kind: Kind) {
    let mut sweep = Sweep::new(kind).await;
    let (all, mut deaths) = (calls().await, 0);
    for call in 1..=all {
        for moment in [Moment::NeverBefore, Moment::NeverAfter] {
            deaths += sweep.survives(&[(call, moment)]).await;
        }
    }
    // What is written together depends on who comes when, so the last calls may not be needed.
    assert!(u64::try_from(deaths).unwrap() >= 2 * all - 10, "{deaths} of {} were deadly", 2 * all);
}

/// Call k fails or is deadly, and then call l of the recovery, for every pair.
async fn no_run_lost_whichever_two_calls_fail(kind: Kind) {
    let mut sweep = Sweep::new(kind).await;
    let stride = match kind {
        _ if std::env::var_os("AMC_FLEET_SWEEP").is_some() => 1,
        Kind::Memory => 5,
        #[cfg(any(feature = "sqlite", feature = "postgres"))]
        _ => STRIDE,
    };
    let mut pair = 0_u64;
    let all = calls().await;
    for first in 1..=all {
        for second in first + 1..=all + RECOVERY {
            for moments in Moment::ALL.iter().flat_map(|one| Moment::ALL.map(|other| (*one, other))) {
                pair += 1;
                if pair.is_multiple_of(stride) {
                    sweep.survives(&[(first, moments.0), (second, moments.1)]).await;
                }
            }
        }
    }
}
