//! Several workers on one database.

use amc_fleet::{BatchStatus, Fleet, FleetOptions, WorkerChoice};
use futures::future::join_all;

use super::fleet::{Scene, everything};

/// Opening a shared database is no offer to work on it.
#[tokio::test]
async fn a_fleet_works_only_when_told_to() {
    let scene = Scene::with_instances(1).await;
    for (worker, works) in
        [(WorkerChoice::Auto, false), (WorkerChoice::Always, true), (WorkerChoice::Never, false)]
    {
        let options = FleetOptions { worker, ..scene.options() };
        let fleet = Fleet::open(&scene.kept.database, options).await.unwrap();
        assert_eq!(fleet.is_working(), works, "{worker:?}");
        fleet.close().await;
    }
}

/// Four workers share the batches of a fifth process that does not work; AMC runs every execution once, and the limits
/// hold for all of them together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_workers_submit_each_execution_once() {
    let scene = Scene::with_instances(25).await;
    let client = FleetOptions { worker: WorkerChoice::Never, ..scene.options() };
    let client = Fleet::open(&scene.kept.database, client).await.unwrap();
    client.sync_instances().await.unwrap();
    let workers = join_all((0..4).map(|_| scene.open())).await;

    let batches = join_all((0..4).map(|_| client.run_batch(everything()))).await;
    for batch in batches {
        let report = batch.unwrap().wait(None).await.unwrap();
        assert_eq!((report.status, report.completed_instances), (BatchStatus::Completed, 25), "{report}");
    }
    assert_eq!((scene.witness().runs(), scene.witness().duplicates()), (100, 0));
    join_all(workers.iter().map(Fleet::close)).await;
    client.close().await;
}

/// Somebody who opens a shared database from a notebook neither changes its tables nor works for production.
#[tokio::test]
async fn a_notebook_neither_migrates_nor_works_unasked() {
    let scene = Scene::with_instances(2).await;
    let client = FleetOptions { worker: WorkerChoice::Never, ..scene.options() };
    let client = Fleet::open(&scene.kept.database, client).await.unwrap();
    client.sync_instances().await.unwrap();
    let batch = client.run_batch(everything()).await.unwrap();

    let notebook = FleetOptions { worker: WorkerChoice::Auto, ..scene.options() };
    let notebook = Fleet::open(&scene.kept.database, notebook).await.unwrap();
    assert!(!notebook.is_working());
    assert_eq!(scene.witness().runs(), 0, "nobody asked it to work");
    let report = batch.status().await.unwrap();
    assert!(report.nobody_works && report.to_string().contains("nobody works on it"), "{report}");
    notebook.close().await;

    // The tables are an older version's: opening leaves them as they are.
    let outdated = "DROP VIEW workflow_executions, batch_execution_summary; DELETE FROM amc_fleet_migrations WHERE version = 6";
    scene.kept.run(outdated).await;
    let refused = Fleet::open(&scene.kept.database, scene.options()).await.unwrap_err();
    assert_eq!(refused.code(), "schema_too_old", "{refused}");
    client.close().await;
}

/// A host that freezes between calls drives the work piece by piece.
#[tokio::test]
async fn driving_finishes_what_there_is() {
    let scene = Scene::with_instances(3).await;
    let idle = FleetOptions { worker: WorkerChoice::Never, ..scene.options() };
    let fleet = Fleet::open(&scene.kept.database, idle).await.unwrap();
    fleet.sync_instances().await.unwrap();
    let batch = fleet.run_batch(everything()).await.unwrap();
    let mut drives = 0;
    while fleet.drive(std::time::Duration::from_secs(2)).await.unwrap().more_work {
        drives += 1;
        assert!(drives < 60, "{}", batch.status().await.unwrap());
    }
    assert_eq!(batch.status().await.unwrap().status, BatchStatus::Completed);
    assert_eq!(scene.witness().runs(), 3);
    fleet.close().await;
}
