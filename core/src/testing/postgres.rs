//! A PostgreSQL database for one test, on a real server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a test says no")]

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::clock::{Clock, IdSource, RandomIds, SystemClock};
use crate::store::{Consent, PostgresServer, schema_fingerprint};

/// The variable that holds the URL of the server tests run on. Its user may create databases.
pub const SERVER_VARIABLE: &str = "AMC_FLEET_TEST_POSTGRES";

/// Held while the template is made.
const MAKING: i64 = 4_608_211_550_001;

/// A database that is dropped with its guard.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
}

impl TestDatabase {
    /// A database with the newest schema and no rows.
    ///
    /// # Panics
    /// Where there is no server: tests that need one never pass without.
    pub async fn ready() -> Self {
        let mut server = connect().await;
        sqlx::query("SELECT pg_advisory_lock($1)").bind(MAKING).execute(&mut server).await.unwrap();
        let template = template();
        if !exists(&mut server, &template).await {
            make_template(&mut server, &template).await;
        }
        sqlx::query("SELECT pg_advisory_unlock($1)").bind(MAKING).execute(&mut server).await.unwrap();
        Self::copied(server, &template).await
    }

    /// A database without any table.
    ///
    /// # Panics
    /// As [`ready`](Self::ready).
    pub async fn empty() -> Self {
        Self::copied(connect().await, "template0").await
    }

    async fn copied(mut server: PgConnection, template: &str) -> Self {
        let name = format!("test_{}", RandomIds.next(SystemClock.now()).simple());
        run(&mut server, format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        server.close().await.unwrap();
        Self { url: url_of(&name), name }
    }

    /// The same once more; nobody may be connected to it.
    ///
    /// # Panics
    /// When the server refuses.
    pub async fn copy(&self) -> Self {
        Self::copied(connect().await, &self.name).await
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements in it, as another program would.
    ///
    /// # Panics
    /// When the server refuses them.
    pub async fn run(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        run(&mut connection, sql.to_owned()).await;
        connection.close().await.unwrap();
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A thread of its own: the test's runtime cannot wait inside a drop. The whole server goes at the end anyway.
        let dropping = std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let mut server = PgConnection::connect(&server()).await.ok()?;
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server).await.ok()
            })
        });
        let _ = dropping.join();
    }
}

fn server() -> String {
    std::env::var(SERVER_VARIABLE).unwrap_or_else(|_| {
        panic!("{SERVER_VARIABLE} names no PostgreSQL server: run the tests under tools/postgres/with, as make does")
    })
}

/// What ready databases are copied from: one a schema, so that a server may serve several checkouts.
fn template() -> String {
    format!("amc_fleet_template_{}", schema_fingerprint())
}

/// The server's URL with another database in it.
fn url_of(database: &str) -> String {
    let server = server();
    let (before, _) = server.rsplit_once('/').expect("the server's URL ends with a database");
    format!("{before}/{database}")
}

async fn connect() -> PgConnection {
    PgConnection::connect(&server()).await.expect("the PostgreSQL server of the tests answers")
}

async fn exists(server: &mut PgConnection, database: &str) -> bool {
    let query =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)").bind(database);
    query.fetch_one(server).await.unwrap()
}

async fn make_template(server: &mut PgConnection, template: &str) {
    let unfinished = format!("{template}_unfinished");
    run(server, format!("DROP DATABASE IF EXISTS {unfinished}")).await;
    run(server, format!("CREATE DATABASE {unfinished} TEMPLATE template0")).await;
    PostgresServer::open(&url_of(&unfinished), Consent::Make).await.unwrap().close().await;
    run(server, format!("ALTER DATABASE {unfinished} RENAME TO {template}")).await;
}

async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.unwrap();
}
