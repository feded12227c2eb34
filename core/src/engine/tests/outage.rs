//! A day and an hour in which nobody works, or nobody can be reached.

use super::harness::Harness;
use super::stores::{Kind, on_every_store};
use crate::client::DEFAULT_CREDENTIAL;
use crate::model::BatchStatus;
use crate::testing::{RunScript, SubmitFault};

const OUTAGE: u64 = 25 * 3600;

on_every_store!(nobody_works_for_25_hours, amc_is_away_for_25_hours);

/// Every worker is gone for 25 hours, with submits in doubt, runs at AMC and results to fetch: each is found again, also
/// one whose download URLs have long expired.
async fn nobody_works_for_25_hours(kind: Kind) {
    let harness = Harness::on(kind, 3).await;
    harness.amc.script(RunScript::default());
    harness.amc.fail_next_submit(SubmitFault::LostAfter);
    harness.amc.fail_next_submit(SubmitFault::LostBefore);
    let batch = harness.batch().await;
    harness.engine().run_once().await.unwrap();
    harness.pass(OUTAGE);
    let report = harness.finish(&harness.engine(), &batch).await;
    assert_eq!((report.status, harness.runs_of_each()), (BatchStatus::Completed, vec![1, 1, 1]));
}

/// AMC refuses everything for 25 hours while a worker goes on trying: the time costs no attempt.
async fn amc_is_away_for_25_hours(kind: Kind) {
    let harness = Harness::on(kind, 2).await;
    let batch = harness.batch().await;
    let engine = harness.engine();
    harness.amc.revoke(DEFAULT_CREDENTIAL);
    for _ in 0..OUTAGE / 60 {
        engine.run_once().await.unwrap();
        harness.pass(60);
    }
    harness.amc.restore(DEFAULT_CREDENTIAL);
    let report = harness.finish(&engine, &batch).await;
    assert_eq!((report.status, harness.runs_of_each()), (BatchStatus::Completed, vec![1, 1]));
}
