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
