//! Every call fails once, or kills its worker: nothing is lost, nothing is run twice.

use super::harness::Harness;
use super::stores::{Kind, on_every_store};
use crate::model::BatchStatus;
use crate::testing::Moment;

/// Instances of a swept batch.
const INSTANCES: usize = 3;

on_every_store!(no_run_lost_whichever_call_fails, none_submitted_twice_whenever_the_worker_dies);

/// The calls of a batch that nothing goes wrong in.
async fn calls() -> (u64, u64) {
    let harness = Harness::new(INSTANCES).await;
    let before = harness.client.calls();
    harness.finish(&harness.engine(), &harness.batch().await).await;
    (before, harness.client.calls())
}

async fn survives(kind: Kind, faults: &[(u64, Moment)]) {
    let harness = Harness::on(kind, INSTANCES).await;
    for (call, moment) in faults {
        harness.client.fail(*call, *moment);
    }
    let batch = harness.batch().await;
    let report = harness.finish(&harness.engine(), &batch).await;
    assert_eq!(report.status, BatchStatus::Completed, "{faults:?}: {report}");
    assert_eq!(harness.runs_of_each(), [1; INSTANCES], "{faults:?}");
}

/// Call k fails, before or after its effect, for every k.
async fn no_run_lost_whichever_call_fails(kind: Kind) {
    let (before, all) = calls().await;
    for call in before + 1..=all {
        for moment in [Moment::Before, Moment::After] {
            survives(kind, &[(call, moment)]).await;
        }
    }
}

/// Call k fails, and then call l of the recovery, for every pair.
#[tokio::test]
async fn no_run_lost_whichever_two_calls_fail() {
    let (before, all) = calls().await;
    for first in before + 1..=all {
        for second in first + 1..=all + 3 {
            for moments in [
                [Moment::Before, Moment::Before],
                [Moment::After, Moment::After],
                [Moment::After, Moment::Before],
            ] {
                survives(Kind::Memory, &[(first, moments[0]), (second, moments[1])]).await;
            }
        }
    }
}

/// The worker dies in call k, before or after its effect, and another takes over.
async fn none_submitted_twice_whenever_the_worker_dies(kind: Kind) {
    let (before, all) = calls().await;
    let mut deaths = 0;
    for call in before + 1..=all {
        for moment in [Moment::NeverBefore, Moment::NeverAfter] {
            let harness = Harness::on(kind, INSTANCES).await;
            harness.client.fail(call, moment);
            let batch = harness.batch().await;
            deaths += u64::from(harness.die(&harness.engine(), &batch).await);
            let report = harness.finish(&harness.engine(), &batch).await;
            assert_eq!(report.status, BatchStatus::Completed, "{call} {moment:?}: {report}");
            assert_eq!(harness.runs_of_each(), [1; INSTANCES], "{call} {moment:?}");
        }
    }
    assert_eq!(deaths, 2 * (all - before), "every one of them was deadly");
}
