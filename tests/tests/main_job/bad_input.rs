//! Bad input: a typed error that says what, where and what to do, and nothing half-created.

use std::collections::BTreeMap;
use std::sync::Arc;

use amc_fleet::client::{Credential, Credentials};
use amc_fleet::{
    AccountSpec, BatchFilter, BatchSpec, Database, Error, ErrorKind, Fleet, FleetOptions, Instances,
    OnUnavailable, PageRequest, Position, WorkflowFilter, WorkflowSpec,
};
use amc_fleet_emulator::query::Refusal;
use amc_fleet_emulator::{Options, ScriptedResult};
use serde_json::json;

use super::fleet::{SQL, Scene, everything};

/// The error of a batch that must be refused; nothing of it may be left.
async fn refused(scene: &Scene, spec: BatchSpec) -> Error {
    let fleet = scene.synced().await;
    let error = fleet.run_batch(spec).await.unwrap_err();
    let batches = fleet.batches(&BatchFilter::default(), PageRequest::default()).await.unwrap();
    assert_eq!((batches.total, fleet.unfinished().await.unwrap(), scene.witness().runs()), (0, 0, 0));
    fleet.close().await;
    assert!(error.what_to_do().is_some(), "{error} says nothing to do");
    error
}

#[tokio::test]
async fn a_batch_that_cannot_run_is_refused_whole() {
    let scene = Scene::with_instances(2).await;
    let known = scene.emulator.announcement().accounts[0].instances[0].clone();
    let cases: Vec<(&str, BatchSpec)> = vec![
        ("unknown_instance", BatchSpec { instances: Instances::ids(["amcnowhere"]), ..everything() }),
        ("no_instances", BatchSpec { instances: Instances::Ids(Vec::new()), ..everything() }),
        ("duplicate_instance", BatchSpec { instances: Instances::ids([&known, &known]), ..everything() }),
        ("window_missing", BatchSpec { window: None, ..everything() }),
        ("sql_unreadable", BatchSpec { sql: Some("SELECT 'open".into()), ..everything() }),
        ("no_query", BatchSpec { sql: None, ..everything() }),
        (
            "unknown_workflow",
            BatchSpec { sql: None, ..BatchSpec { workflow: Some("wf_nothere".into()), ..everything() } },
        ),
    ];
    for (code, spec) in cases {
        let error = refused(&scene, spec).await;
        assert_eq!(error.code(), code, "{error}");
        assert!(matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::NotFound), "{error}");
    }
}

#[tokio::test]
async fn unreadable_sql_is_shown_with_its_place() {
    let scene = Scene::with_instances(1).await;
    let fleet = scene.synced().await;
    let spec = WorkflowSpec::new("Broken", "SELECT campaign\nFROM dsp_impressions WHERE (a = 1");
    let error = fleet.save_workflow(spec).await.unwrap_err();
    let position = error.position().unwrap();
    assert_eq!((error.code(), position.line, position.column), ("sql_unreadable", 2, 28));
    assert_eq!(fleet.workflows(&WorkflowFilter::default(), PageRequest::default()).await.unwrap().total, 0);
    fleet.close().await;
}

#[tokio::test]
async fn parameters_are_checked_before_anything_runs() {
    let scene = Scene::with_instances(2).await;
    let sql = || Some("SELECT campaign FROM dsp_impressions WHERE campaign = {{name}}".to_owned());
    let missing = refused(&scene, BatchSpec { sql: sql(), ..everything() }).await;
    assert_eq!((missing.code(), missing.position().map(|at| at.line)), ("parameter_missing", Some(1)));
    let values = json!({"name": "x", "nam": "y"});
    let spec = BatchSpec { sql: sql(), parameters: values.as_object().unwrap().clone(), ..everything() };
    assert_eq!(refused(&scene, spec).await.code(), "parameter_unused");
    let strangers = json!({"amcnowhere": {"name": "x"}});
    let spec =
        BatchSpec { sql: sql(), instance_parameters: strangers.as_object().unwrap().clone(), ..everything() };
    assert_eq!(refused(&scene, spec).await.code(), "unknown_instance");
}

#[tokio::test]
async fn unavailable_instances_are_refused_or_skipped_as_asked() {
    let options = Options { instances: 2, sandbox: 1, unfinished: 1, latency_ms: 20, ..Options::default() };
    let scene = Scene::of(options).await;
    let fleet = scene.synced().await;
    let all = fleet.all_instances().await.unwrap();
    assert_eq!((all.len(), fleet.instances().await.unwrap().len()), (4, 2));
    let named = BatchSpec { instances: all.into(), ..everything() };
    let error = refused(&scene, named.clone()).await;
    assert_eq!((error.code(), error.concerned_instances().len()), ("instance_unavailable", 2));
    let skipping = BatchSpec { on_unavailable: OnUnavailable::Skip, ..named };
    let batch = fleet.run_batch(skipping).await.unwrap();
    let report = batch.wait(None).await.unwrap();
    assert_eq!((report.completed_instances, report.skipped.len()), (2, 2));
    fleet.close().await;
}

#[tokio::test]
async fn a_query_that_amc_rejects_fails_with_its_words() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    // AMC gets one line with the value in it, and its words are brought back to what the user wrote.
    let words = "From line 1, column 15 to line 1, column 20: Object 'dsp_im' not found";
    scene.emulator.script(ScriptedResult {
        contains: "dsp_im ".into(),
        instance_id: None,
        answer: Err(Refusal::Rejected(words.into())),
        duration: None,
    });
    let parameters = json!({"share": 1}).as_object().cloned().unwrap_or_default();
    let spec =
        BatchSpec { sql: Some("SELECT {{share}}\nFROM dsp_im LIMIT 1".into()), parameters, ..everything() };
    let report = fleet.run_batch(spec).await.unwrap().wait(None).await.unwrap();
    assert_eq!(report.failed_instances, 2);
    assert!(report.executions.iter().all(|it| it.error_code.as_deref() == Some("amc_rejected")));
    let failure = report.failure().unwrap();
    assert!(failure.message().contains("2 instances, same cause"), "{failure}");
    assert!(failure.message().contains(words), "{failure}");
    assert_eq!((failure.kind(), failure.concerned_instances().len()), (ErrorKind::RemoteFailed, 2));
    assert_eq!(failure.position(), Some(Position { line: 2, column: 6 }));
    assert_eq!(failure.excerpt(), Some("2 | FROM dsp_im LIMIT 1\n  |      ^"));
    assert_eq!(report.causes[0].excerpt.as_deref(), failure.excerpt());
    fleet.close().await;
}

#[tokio::test]
async fn wrong_credentials_are_said_and_name_no_secret() {
    let scene = Scene::with_instances(1).await;
    let said = scene.emulator.announcement();
    let wrong = Credential::lwa(said.client_id, "wr0ng-secret", said.refresh_token.clone())
        .with_token_url(said.token_url);
    let options = FleetOptions { credentials: Some(Credentials::one(wrong)), ..scene.options() };
    let fleet = Fleet::open(&Database::Memory, options).await.unwrap();
    let error = fleet.sync_instances().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    let shown = format!("{error} {error:?} {:?}", error.what_to_do());
    assert!(!shown.contains("wr0ng-secret") && !shown.contains(&said.refresh_token), "{shown}");
    assert!(fleet.all_instances().await.unwrap().is_empty());
    fleet.close().await;
}

#[tokio::test]
async fn an_emulator_that_is_not_running_is_said() {
    let scene = Scene::with_instances(1).await;
    let options = scene.options();
    let url = scene.emulator.url();
    Arc::into_inner(scene.emulator).unwrap().stop().await;
    let fleet = Fleet::open(&Database::Memory, options).await.unwrap();
    let error = fleet.sync_instances().await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Unavailable, true));
    let host = url.trim_start_matches("http://");
    assert!(error.message().contains(host), "{error} does not name {host}");
    assert!(error.what_to_do().is_some());
    fleet.close().await;
}

#[tokio::test]
async fn a_database_that_cannot_be_written_is_said() {
    let scene = Scene::with_instances(1).await;
    let path = scene.path("missing").join("fleet.db");
    let error = Fleet::open(&Database::Sqlite(path.clone()), scene.options()).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Unavailable, "database_unavailable"));
    assert!(error.message().contains(&path.display().to_string()));
    assert!(!path.exists());
}

#[tokio::test]
async fn an_account_is_added_by_hand_or_said_to_be_denied() {
    let scene = Scene::with_instances(4).await;
    let fleet = scene.open().await;
    let listed = &scene.emulator.announcement().accounts[0];
    let account = |marketplace_id: &str| AccountSpec::new(&listed.account_id, marketplace_id);
    let another = AccountSpec { credential_key: "another".into(), ..account(&listed.marketplace_id) };
    let error = fleet.add_account(another).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "unknown_credential"));
    let error = fleet.add_account(account("A39IBJ37TRP1C6")).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Forbidden, "account_denied"));
    let report = fleet.add_account(account(&listed.marketplace_id)).await.unwrap();
    assert_eq!((report.accounts, report.added), (1, listed.instances.len()));
    let broken = BTreeMap::from([("X-Extra".to_owned(), "line\nbreak".to_owned())]);
    let broken = AccountSpec { extra_headers: broken, ..account(&listed.marketplace_id) };
    assert_eq!(fleet.add_account(broken).await.unwrap_err().code(), "header_unusable");
    assert_eq!(fleet.instances().await.unwrap().len(), listed.instances.len());
    assert_eq!(fleet.sync_instances().await.unwrap().updated, listed.instances.len());
    fleet.close().await;
}

#[tokio::test]
async fn emulator_and_production_never_share_a_database() {
    let scene = Scene::with_instances(1).await;
    scene.synced().await.close().await;
    let options =
        FleetOptions { endpoint: Some("https://advertising-api.amazon.com".into()), ..scene.options() };
    let error = Fleet::open(&Database::Sqlite(scene.path("fleet.db")), options).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "endpoint_mixed"));
}

#[tokio::test]
async fn without_credentials_history_can_be_read_and_nothing_run() {
    let scene = Scene::with_instances(2).await;
    let fleet = scene.synced().await;
    let id = super::fleet::run(&fleet).await.0.id();
    fleet.close().await;
    let options = FleetOptions { credentials: None, ..scene.options() };
    let reader = Fleet::open(&Database::Sqlite(scene.path("fleet.db")), options).await.unwrap();
    assert!(!reader.is_working());
    assert_eq!(reader.batch(&id.public()).await.unwrap().status().await.unwrap().completed_instances, 2);
    let error = reader.run_batch(BatchSpec { sql: Some(SQL.into()), ..everything() }).await.unwrap_err();
    assert_eq!(error.code(), "no_credentials");
    reader.close().await;
}
