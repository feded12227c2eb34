//! What belongs to AMC: sandboxes, extra headers, saved workflows, parts that break off.

use std::collections::BTreeMap;

use amc_fleet::client::AmcWorkflow;
use amc_fleet::{AccountSpec, BatchSpec, BatchStatus, ErrorKind, EventKind, Missing};
use amc_fleet_emulator::{Fault, FaultKind, Options};
use futures::TryStreamExt;

use super::fleet::{SQL, Scene, everything, run};

/// The emulator rejects a run on a sandbox that does not ask for synthetic data.
#[tokio::test]
async fn sandboxes_run_in_a_batch_of_their_own() {
    let options = Options { instances: 2, sandbox: 2, rows: 20, latency_ms: 20, ..Options::default() };
    let scene = Scene::of(options).await;
    let fleet = scene.synced().await;
    let mut sandboxes = fleet.all_instances().await.unwrap();
    sandboxes.retain(|instance| instance.is_sandbox());
    let batch = fleet.run_batch(BatchSpec { instances: sandboxes.into(), ..everything() }).await.unwrap();
    let report = batch.wait(None).await.unwrap();
    assert_eq!((report.status, report.completed_instances), (BatchStatus::Completed, 2), "{report}");
    assert!(batch.results(Missing::Raise).await.unwrap().summary().total_rows > 0);
    let (_, report) = run(&fleet).await;
    assert_eq!((report.completed_instances, scene.witness().runs()), (2, 4));
    fleet.close().await;
}

#[tokio::test]
async fn the_headers_of_an_account_outlive_a_sync() {
    let scene = Scene::with_instances(4).await;
    let fleet = scene.synced().await;
    let listed = scene.emulator.announcement().accounts.remove(0);
    let headers = BTreeMap::from([("Amazon-Ads-AccountId".to_owned(), "amzn1.ads-account.g.1".to_owned())]);
    let account = AccountSpec::new(&listed.account_id, &listed.marketplace_id);
    fleet.add_account(AccountSpec { extra_headers: headers.clone(), ..account }).await.unwrap();
    fleet.sync_instances().await.unwrap();
    for instance in fleet.all_instances().await.unwrap() {
        let expected =
            if listed.instances.contains(&instance.instance_id) { headers.clone() } else { BTreeMap::new() };
        assert_eq!(instance.target().account.extra_headers, expected, "{}", instance.instance_id);
    }
    fleet.close().await;
}

#[tokio::test]
async fn workflows_saved_at_amc_are_kept_there() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    let instance = fleet.instances().await.unwrap().remove(0);
    let [by_amc, by_ours] = [instance.instance_id.clone(), instance.id.0.to_string()];
    fleet.create_amc_workflow(&by_amc, &AmcWorkflow::new("reach", SQL)).await.unwrap();
    let error = fleet.create_amc_workflow(&by_amc, &AmcWorkflow::new("reach", SQL)).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "workflow_exists"));
    let shorter = AmcWorkflow::new("reach", "SELECT campaign FROM dsp_impressions");
    fleet.update_amc_workflow(&by_ours, &shorter).await.unwrap();
    let read = fleet.amc_workflow(&by_ours, "reach").await.unwrap();
    assert_eq!(read.sql_query, shorter.sql_query);
    assert_eq!(fleet.amc_workflows(&by_amc).await.unwrap().len(), 1);
    fleet.delete_amc_workflow(&by_amc, "reach").await.unwrap();
    assert_eq!(fleet.amc_workflow(&by_amc, "reach").await.unwrap_err().code(), "workflow_unknown");
    assert_eq!(fleet.amc_workflows("amcnowhere").await.unwrap_err().code(), "unknown_instance");
    let unspeakable = AmcWorkflow::new("two words", SQL);
    let error = fleet.create_amc_workflow(&by_amc, &unspeakable).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(
        fleet
            .workflows(&amc_fleet::WorkflowFilter::default(), amc_fleet::PageRequest::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(scene.witness().runs(), 0);
    fleet.close().await;
}

/// A part that breaks off goes on from its next byte: nothing is fetched later, no row is lost or doubled.
#[tokio::test]
async fn a_part_that_breaks_off_goes_on_where_it_was() {
    let rows = async |faults: usize| {
        let options = Options { instances: 1, rows: 500, latency_ms: 20, seed: 7, ..Options::default() };
        let scene = Scene::of(options).await;
        for _ in 0..faults {
            scene.emulator.fail(Fault::new(FaultKind::Truncate { keep_bytes: None }).path("/results/*"));
        }
        let fleet = scene.synced().await;
        let (batch, report) = run(&fleet).await;
        assert_eq!(report.status, BatchStatus::Completed, "{report}");
        let events: Vec<_> = batch.events(0).try_collect().await.unwrap();
        let kinds: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
        let results = batch.results(Missing::Raise).await.unwrap();
        let csv = scene.path("out.csv");
        results.write_csv(&csv).await.unwrap();
        fleet.close().await;
        (kinds, std::fs::read_to_string(csv).unwrap())
    };
    let (undisturbed, disturbed) = (rows(0).await, rows(3).await);
    assert!(undisturbed.1.lines().count() > 1);
    assert_eq!(undisturbed, disturbed);
}
