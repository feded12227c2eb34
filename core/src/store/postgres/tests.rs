//! The store on a real server.

use std::error::Error as _;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Map;

use super::PostgresStore;
use crate::clock::{Clock, IdSource, RandomIds, SystemClock};
use crate::error::{Error, ErrorKind};
use crate::model::NewWorkflow;
use crate::store::{Consent, Migrate, PostgresServer, WorkflowStore};
use crate::testing::TestDatabase;

async fn fresh() -> (PostgresStore, TestDatabase) {
    let database = TestDatabase::ready().await;
    (PostgresStore::open(database.url(), Migrate::Never).await.unwrap(), database)
}

crate::store_suite!(suite, super::fresh());
crate::scheduler_suite!(by_cron, super::fresh(), crate::testing::scheduler_suite::Driven::by_cron);
crate::scheduler_suite!(by_host, super::fresh(), crate::testing::scheduler_suite::Driven::by_host);

async fn refusal(url: &str, migrate: Migrate) -> Error {
    PostgresStore::open(url, migrate).await.unwrap_err()
}

#[tokio::test]
async fn an_empty_database_is_made_ready_unless_forbidden() {
    let database = TestDatabase::empty().await;
    assert_eq!(refusal(database.url(), Migrate::Never).await.code(), "migration_needed");
    let (one, other) = tokio::join!(
        PostgresStore::open(database.url(), Migrate::Auto),
        PostgresStore::open(database.url(), Migrate::Auto)
    );
    one.unwrap().close().await;
    other.unwrap().close().await;
    PostgresStore::open(database.url(), Migrate::Never).await.unwrap().close().await;
}

#[tokio::test]
async fn a_database_of_somebody_else_is_joined_only_when_asked() {
    let database = TestDatabase::empty().await;
    database.run("CREATE TABLE customers (id INT)").await;
    for migrate in [Migrate::Auto, Migrate::Never] {
        let error = refusal(database.url(), migrate).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Unsupported, "migration_needed"));
        assert!(error.what_to_do().unwrap().contains("migrate"));
    }
    PostgresServer::open(database.url(), Consent::Join).await.unwrap().close().await;
    PostgresStore::open(database.url(), Migrate::Never).await.unwrap().close().await;
}

#[tokio::test]
async fn a_database_of_another_version_is_left_alone() {
    let database = TestDatabase::ready().await;
    database.run("DELETE FROM amc_fleet_migrations WHERE version = 6; DROP VIEW workflow_executions, batch_execution_summary").await;
    assert_eq!(refusal(database.url(), Migrate::Auto).await.code(), "schema_too_old");
    PostgresServer::open(database.url(), Consent::Join).await.unwrap().close().await;
    PostgresStore::open(database.url(), Migrate::Auto).await.unwrap().close().await;
    database.run("UPDATE amc_fleet_migrations SET version = 9999 WHERE version = 6").await;
    assert_eq!(refusal(database.url(), Migrate::Auto).await.code(), "schema_too_new");
}

#[tokio::test]
async fn what_cannot_be_reached_is_said_without_its_password() {
    let database = TestDatabase::empty().await;
    let (login, place) = database.url().rsplit_once('@').unwrap();
    let (_, password) = login.rsplit_once(':').unwrap();
    let missing = database.url().replace("/test_", "/other_");
    for (url, code) in [
        (format!("postgres://postgres:wr0ng@{place}"), "database_login_refused"),
        (missing, "unknown_database"),
        (format!("postgres://postgres:{password}@127.0.0.1:1/fleet"), "database_unavailable"),
        (format!("postgres://postgres:{password}@127.0.0.1:port/fleet"), "unreadable_database"),
    ] {
        let error = refusal(&url, Migrate::Auto).await;
        assert_eq!(error.code(), code);
        let mut said = format!("{error} {error:?} {:?}", error.what_to_do());
        let mut cause = error.source();
        while let Some(error) = cause {
            said.push_str(&format!("{error} {error:?}"));
            cause = error.source();
        }
        assert!(!said.contains(password) && !said.contains("wr0ng"), "{said}");
    }
    let (store, _database) = fresh().await;
    assert!(!format!("{store:?}").contains(password));
}

#[tokio::test]
async fn a_text_the_server_cannot_keep_is_the_callers() {
    let (store, _database) = fresh().await;
    let now = SystemClock.now();
    let workflow = NewWorkflow {
        id: RandomIds.next(now).into(),
        owner_id: "ada".to_owned(),
        created_by: None,
        name: "Reach".to_owned(),
        description: Some("nul: \0".to_owned()),
        sql: "SELECT 1".to_owned(),
        defaults: Map::new(),
        window: None,
        amc_options: Map::new(),
        declarations: Vec::new(),
        template: None,
    };
    let error = store.save_workflow(&workflow, now).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "unstorable_text"));
}

#[tokio::test]
async fn the_clock_is_the_servers() {
    let (store, _database) = fresh().await;
    let clock = store.server().clock().await.unwrap();
    let query = sqlx::query_scalar("SELECT clock_timestamp()");
    let before = clock.now();
    let server: DateTime<Utc> = query.fetch_one(store.reads()).await.unwrap();
    let after = clock.now();
    let slack = TimeDelta::milliseconds(500);
    assert!(before - slack <= server && server <= after + slack, "{before} {server} {after}");
    assert_eq!(after.timestamp_subsec_nanos() % 1000, 0);
}

#[tokio::test]
async fn views_read_what_tables_hold() {
    let (store, database) = fresh().await;
    crate::testing::store_suite::events_have_no_gaps_and_an_end(&store).await;
    database
        .run(
            "DO $$ BEGIN
                ASSERT (SELECT total_rows = 6 AND average_duration_seconds >= 0 AND status = 'completed'
                    FROM batch_execution_summary), 'summary';
                ASSERT (SELECT count(*) = 2 AND bool_and(is_batch_member) FROM workflow_executions), 'executions';
            END $$",
        )
        .await;
}
