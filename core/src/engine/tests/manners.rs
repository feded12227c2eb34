//! Manners: what is asked of AMC before anything runs, and of whom.

use chrono::TimeDelta;

use super::harness::Harness;
use crate::clock::Clock;
use crate::fleet::BatchSpec;
use crate::testing::RunScript;

/// A check that AMC does not finish holds a batch up for half a minute, however many instances could be asked.
#[tokio::test]
async fn a_check_is_waited_for_half_a_minute_and_not_asked_again() {
    let harness = Harness::new(3).await;
    harness.amc.script(RunScript { duration: None, ..RunScript::default() });
    let spec = BatchSpec {
        sql: Some("SELECT campaign FROM dsp_impressions".to_owned()),
        window: Some("last 7 days".to_owned()),
        ..BatchSpec::default()
    };
    let asked_at = harness.clock.now();
    let time = async {
        loop {
            tokio::task::yield_now().await;
            harness.pass(1);
        }
    };
    let batch = tokio::select! {
        batch = harness.fleet.run_batch(spec) => batch.unwrap(),
        () = time => unreachable!("time does not end"),
    };
    let waited = harness.clock.now() - asked_at;
    assert!(waited >= TimeDelta::seconds(30) && waited < TimeDelta::seconds(35), "{waited}");
    assert_eq!((harness.amc.dry_runs().len(), harness.amc.submits().len()), (1, 0));
    assert_eq!(batch.status().await.unwrap().total_instances, 3, "it runs unchecked");
}
