//! Every instance once, whatever is repeated or restarted.

use std::time::Duration;

use amc_fleet::{BatchFilter, BatchSpec, BatchStatus, ErrorKind, EventKind, Missing, PageRequest};
use amc_fleet_emulator::{Fault, FaultKind, Options};
use futures::TryStreamExt;

use super::fleet::{Scene, everything, run};

#[tokio::test]
async fn fifty_instances_complete_and_amc_ran_each_once() {
    let scene = Scene::with_instances(50).await;
    let fleet = scene.synced().await;
    let (batch, report) = run(&fleet).await;
    assert_eq!((report.status, report.completed_instances), (BatchStatus::Completed, 50));
    assert_eq!(report.failure().map(|error| error.to_string()), None);
    let witness = scene.witness();
    assert_eq!((witness.runs(), witness.by_instance().len()), (50, 50));

    let events: Vec<_> = batch.events(0).try_collect().await.unwrap();
    let count = |kind| events.iter().filter(|event| event.kind == kind).count();
    assert_eq!([EventKind::Submitted, EventKind::Collecting, EventKind::Completed].map(count), [50, 50, 50]);
    assert_eq!(events.last().unwrap().kind, EventKind::BatchFinished);
    let sequences: Vec<i64> = events.iter().map(|event| event.sequence).collect();
    assert_eq!(sequences, (1..=i64::try_from(events.len()).unwrap()).collect::<Vec<_>>());
    fleet.close().await;
}

#[tokio::test]
async fn five_hundred_instances_complete_in_one_process() {
    let scene = Scene::with_instances(500).await;
    let fleet = scene.synced().await;
    let (_, report) = run(&fleet).await;
    assert_eq!(report.completed_instances, 500);
    assert_eq!((scene.witness().runs(), scene.witness().by_instance().len()), (500, 500));
    fleet.close().await;
}

#[tokio::test]
async fn the_same_key_is_one_batch_over_restarts() {
    let scene = Scene::with_instances(3).await;
    let keyed = || BatchSpec { key: Some("monday".into()), ..everything() };
    let fleet = scene.synced().await;
    let first = fleet.run_batch(keyed()).await.unwrap();
    let again = fleet.run_batch(keyed()).await.unwrap();
    assert_eq!(first.id(), again.id());
    fleet.close().await;

    let fleet = scene.open().await;
    let later = fleet.run_batch(keyed()).await.unwrap();
    assert_eq!(first.id(), later.id());
    assert_eq!(later.wait(None).await.unwrap().completed_instances, 3);
    assert_eq!(scene.witness().runs(), 3);
    let other = BatchSpec { window: Some("last 7 days".into()), ..keyed() };
    assert_eq!(fleet.run_batch(other).await.unwrap_err().code(), "key_conflict");
    let all = fleet.batches(&BatchFilter::default(), PageRequest::default()).await.unwrap();
    assert_eq!(all.total, 1);
    fleet.close().await;
}

#[tokio::test]
async fn a_fleet_that_is_opened_again_goes_on() {
    let scene = Scene::with_instances(5).await;
    let fleet = scene.synced().await;
    let id = fleet.run_batch(everything()).await.unwrap().id();
    fleet.close().await;
    let fleet = scene.open().await;
    let report = fleet.batch(&id.public()).await.unwrap().wait(None).await.unwrap();
    assert_eq!((report.completed_instances, fleet.unfinished().await.unwrap()), (5, 0));
    assert_eq!(scene.witness().runs(), 5);
    fleet.close().await;
}

/// The answer of a submit is lost after AMC took it: the run is found again, not repeated.
#[tokio::test]
async fn an_answer_that_is_lost_is_looked_up() {
    let scene = Scene::with_instances(4).await;
    let fleet = scene.synced().await;
    let lost = Fault::new(FaultKind::Reset { after: true }).method("POST").path("*/workflowExecutions");
    scene.emulator.fail(lost);
    let (batch, report) = run(&fleet).await;
    assert_eq!(report.completed_instances, 4);
    assert_eq!(scene.witness().runs(), 4);
    assert_eq!(scene.emulator.faults()[0].fired, 1);
    let events: Vec<_> = batch.events(0).try_collect().await.unwrap();
    assert_eq!(events.iter().filter(|event| event.kind == EventKind::Adopted).count(), 1);
    fleet.close().await;
}

/// The connection breaks before AMC took it: it is submitted again under the same id.
#[tokio::test]
async fn a_submit_that_never_arrived_is_sent_again() {
    let scene = Scene::with_instances(4).await;
    let fleet = scene.synced().await;
    let lost = Fault::new(FaultKind::Reset { after: false }).method("POST").path("*/workflowExecutions");
    scene.emulator.fail(lost);
    let (batch, report) = run(&fleet).await;
    assert_eq!(report.completed_instances, 4);
    assert_eq!((scene.witness().runs(), scene.witness().duplicates()), (4, 0));
    let events: Vec<_> = batch.events(0).try_collect().await.unwrap();
    assert_eq!(events.iter().filter(|event| event.kind == EventKind::Resubmitting).count(), 1);
    fleet.close().await;
}

/// One instance's throttling, failure or rejection never touches the others.
#[tokio::test]
async fn one_instance_fails_alone() {
    let scene = Scene::with_instances(4).await;
    let fleet = scene.synced().await;
    let unlucky = fleet.instances().await.unwrap()[1].instance_id.clone();
    let refused =
        Fault::new(FaultKind::status(400)).method("POST").path(&format!("*/{unlucky}/workflowExecutions"));
    scene.emulator.fail(refused);
    let (batch, report) = run(&fleet).await;
    assert_eq!(
        (report.status, report.completed_instances, report.failed_instances),
        (BatchStatus::Partial, 3, 1)
    );
    let failure = report.failure().unwrap();
    assert_eq!(
        (failure.kind(), failure.concerned_instances()),
        (ErrorKind::RemoteFailed, &[unlucky.clone()][..])
    );

    let error = batch.results(Missing::Raise).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Incomplete, "results_incomplete"));
    assert_eq!(error.concerned_instances(), std::slice::from_ref(&unlucky));
    let results = batch.results(Missing::Include).await.unwrap();
    assert_eq!((results.summary().complete.as_str(), &results.summary().missing), ("3 of 4", &vec![unlucky]));
    fleet.close().await;
}

#[tokio::test]
async fn a_deadline_stops_what_takes_too_long() {
    let scene = Scene::of(Options { instances: 2, latency_ms: 600_000, ..Options::default() }).await;
    let fleet = scene.synced().await;
    let spec = BatchSpec { deadline: Some(Duration::from_secs(1)), ..everything() };
    let report = fleet.run_batch(spec).await.unwrap().wait(None).await.unwrap();
    assert_eq!((report.status, report.failed_instances), (BatchStatus::Failed, 2));
    assert!(report.executions.iter().all(|it| it.error_code.as_deref() == Some("deadline_exceeded")));
    let statuses = scene.emulator.executions();
    assert!(statuses["executions"].as_array().unwrap().iter().all(|run| run["status"] == "CANCELLED"));
    fleet.close().await;
}

#[tokio::test]
async fn cancel_reaches_amc() {
    let scene =
        Scene::of(Options { instances: 12, latency_ms: 600_000, accounts: 1, ..Options::default() }).await;
    let fleet = scene.synced().await;
    let batch = fleet.run_batch(everything()).await.unwrap();
    let mut events = std::pin::pin!(batch.events(0));
    while events.try_next().await.unwrap().unwrap().kind != EventKind::Submitted {}
    batch.cancel().await.unwrap();
    let report = batch.wait(None).await.unwrap();
    assert_eq!((report.status, report.cancelled_instances), (BatchStatus::Cancelled, 12));
    let runs = scene.emulator.executions();
    assert!(runs["executions"].as_array().unwrap().iter().all(|run| run["status"] == "CANCELLED"));
    fleet.close().await;
}
