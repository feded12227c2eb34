//! Results that serve more than one execution, from question to rows.

use super::harness::Harness;
use super::stores::{Kind, on_every_store};
use crate::client::RunStatus;
use crate::fleet::{BatchHandle, BatchSpec, Check, Missing};
use crate::model::BatchStatus;
use crate::testing::RunScript;

on_every_store!(one_run_serves_all_who_ask_the_same, a_run_that_fails_serves_nobody);

async fn asked(harness: &Harness) -> BatchHandle {
    let spec = BatchSpec {
        sql: Some("SELECT campaign FROM dsp_impressions".to_owned()),
        window: Some("last 7 days".to_owned()),
        reuse: true,
        check: Check::None,
        ..BatchSpec::default()
    };
    harness.fleet.run_batch(spec).await.unwrap()
}

/// Those who ask while it runs, and who ask later: AMC runs it once, everybody has the rows as their own.
async fn one_run_serves_all_who_ask_the_same(kind: Kind) {
    let harness = Harness::on(kind, 2).await;
    let engine = harness.engine();
    let (first, meanwhile) = (asked(&harness).await, asked(&harness).await);
    harness.finish(&engine, &first).await;
    let shared = harness.finish(&engine, &meanwhile).await;
    harness.pass(600);
    let later = asked(&harness).await;
    let served = harness.finish(&engine, &later).await;
    assert_eq!((shared.status, served.status), (BatchStatus::Completed, BatchStatus::Completed));
    assert_eq!(harness.runs_of_each(), [1, 1]);
    assert!(shared.executions.iter().all(|it| it.age_seconds == Some(0.0)));
    assert!(served.executions.iter().all(|it| it.age_seconds.is_some_and(|age| age >= 600.0)));
    let rows =
        async |batch: &BatchHandle| batch.results(Missing::Raise).await.unwrap().table(100).await.unwrap();
    assert_eq!(rows(&later).await, rows(&first).await);
}

/// Who waited for a run that AMC rejected runs itself.
async fn a_run_that_fails_serves_nobody(kind: Kind) {
    let harness = Harness::on(kind, 1).await;
    harness.amc.script(RunScript { duration: None, ..RunScript::default() });
    let engine = harness.engine();
    let (first, second) = (asked(&harness).await, asked(&harness).await);
    engine.run_once().await.unwrap();
    let run = harness.amc.submits().remove(0);
    harness.amc.end(&run.execution_id, RunStatus::Rejected, Some("Column 'x' not found in any table"));
    harness.amc.script(RunScript::default());
    assert_eq!(harness.finish(&engine, &first).await.status, BatchStatus::Failed);
    let report = harness.finish(&engine, &second).await;
    assert_eq!((report.status, report.executions[0].reuse_of.as_ref()), (BatchStatus::Completed, None));
    assert_eq!(harness.runs_of_each(), [2]);
}
