//! Secrets appear nowhere: not in logs, errors, `Debug`, events, reports, nor in the database.

use amc_fleet::{Database, Fleet};
use amc_fleet_emulator::{Fault, FaultKind};
use amc_fleet_tests::database::Kept;
use futures::TryStreamExt;

use super::fleet::{Scene, everything};
use crate::ear::Ear;

/// Everything a fleet tells about itself after a batch in which much went wrong.
async fn told(scene: &Scene, fleet: &Fleet) -> String {
    let wrong = [
        FaultKind::TokenExpired,
        FaultKind::Status {
            status: 500,
            retry_after: None,
            body: Default::default(),
            details: None,
            after: false,
        },
        FaultKind::Reset { after: true },
    ];
    for kind in wrong {
        scene.emulator.fail(Fault::new(kind).method("POST").path("*/workflowExecutions"));
    }
    scene.emulator.fail(Fault::new(FaultKind::ExpiredUrl));
    scene.emulator.fail(Fault::new(FaultKind::Truncate { keep_bytes: None }).path("/results/*"));
    let batch = fleet.run_batch(everything()).await.unwrap();
    let report = batch.wait(None).await.unwrap();
    let events: Vec<_> = batch.events(0).try_collect().await.unwrap();
    let attempts = fleet.attempts(&report.executions[0].execution_id).await.unwrap();
    let missing = batch.results(amc_fleet::Missing::Include).await.unwrap();
    let nowhere: Database = "postgres://fleet:p4ssw0rd@127.0.0.1:9/x".parse().unwrap();
    let error = Fleet::open(&nowhere, scene.options()).await.unwrap_err();
    format!(
        "{fleet:?} {:?} {report:?} {report} {events:?} {attempts:?} {:?} {error:?} {error}",
        scene.options(),
        missing.summary()
    )
}

#[tokio::test]
async fn secrets_never_appear() {
    Ear::listen();
    let scene = Scene::with_instances(3).await;
    let fleet = scene.synced().await;
    let told = told(&scene, &fleet).await;
    fleet.close().await;
    let heard = Ear::heard();
    assert!(heard.contains("AMC answered"), "not everything was heard: {heard}");

    let said = scene.emulator.announcement();
    let password = scene.kept.address();
    let password = password.split([':', '@']).nth(2).unwrap_or("p4ssw0rd").to_owned();
    let secrets =
        [&said.client_secret, &said.refresh_token, "Atza|", "X-Amz-Signature", "p4ssw0rd", &password];
    for secret in secrets {
        assert!(!told.contains(secret), "what the fleet tells holds {secret}: {told}");
        assert!(!heard.contains(secret), "the log holds {secret}");
        unwritten(&scene.kept, secret).await;
    }
}

/// No row and no file of the database holds a text.
async fn unwritten(kept: &Kept, secret: &str) {
    if let Database::Sqlite(_) = kept.database {
        for entry in std::fs::read_dir(kept.folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "the database holds {secret}");
        }
        return;
    }
    let look = "DO $$ DECLARE name TEXT; found BOOLEAN; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I t WHERE t::text LIKE $1)', name) INTO found USING '%SECRET%';
            IF found THEN RAISE EXCEPTION 'table % holds a secret', name; END IF;
        END LOOP; END $$";
    kept.run(&look.replace("SECRET", secret)).await;
}
