//! A PostgreSQL server: a pool of connections to one database.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool, Postgres, Transaction};

use super::clock::DatabaseClock;
use super::{database_error, migrations, schema};
use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::store::{Consent, Form};

/// Connections of one process.
const CONNECTIONS: u32 = 10;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// The oldest server whose views can run with their reader's rights.
const OLDEST: i32 = 150_000;

/// What every connection is told. A process that stands still inside a transaction must not hold others up for long: its
/// transaction is ended, and its writes with it.
const SETTINGS: &str = "SET application_name = 'amc-fleet'; SET idle_in_transaction_session_timeout = '20s';
    SET lock_timeout = '30s'; SET TimeZone = 'UTC'";

const VERSION: &str = "SELECT CAST(current_setting('server_version_num') AS INTEGER)";

/// An open database, its schema up to date.
#[derive(Debug, Clone)]
pub(crate) struct PostgresServer(PgPool);

impl PostgresServer {
    /// Opens the database of a URL, and brings its schema up to date as far as there is consent.
    pub(crate) async fn open(url: &str, consent: Consent) -> Result<Self> {
        let options = PgConnectOptions::from_str(url).map_err(|_| unreadable())?;
        let shown = shown(&options);
        // A pool would try again and again to reach a server that is not there; whoever opens wants to know.
        let mut first = connect(&options).await.map_err(|error| unreached(&shown, error))?;
        let migrations = migrations();
        let due = form(&mut first, &shown, &migrations).await?.is_due(consent, &shown)?;
        first.close().await.map_err(database_error)?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .min_connections(0)
            .acquire_timeout(CONNECT_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move { sqlx::raw_sql(SETTINGS).execute(connection).await.map(|_| ()) })
            });
        let pool = pool.connect_lazy_with(options);
        if due {
            migrations.run(&pool).await.map_err(schema::unreadable)?;
        }
        Ok(Self(pool))
    }

    /// What reads.
    pub(crate) fn reads(&self) -> &PgPool {
        &self.0
    }

    /// What writes single statements.
    pub(crate) fn writes(&self) -> &PgPool {
        &self.0
    }

    /// A connection that reads.
    pub(crate) async fn reader(&self) -> Result<PoolConnection<Postgres>> {
        self.0.acquire().await.map_err(database_error)
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        self.0.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await.map_err(database_error)
    }

    /// The server's clock.
    pub(crate) async fn clock(&self) -> Result<Arc<dyn Clock>> {
        Ok(DatabaseClock::start(self.0.clone()).await?)
    }

    pub(crate) async fn close(&self) {
        self.0.close().await;
    }
}

async fn connect(options: &PgConnectOptions) -> sqlx::Result<PgConnection> {
    let connecting = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options));
    connecting.await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

async fn form(connection: &mut PgConnection, shown: &str, migrations: &Migrator) -> Result<Form> {
    let version: i32 =
        sqlx::query_scalar(VERSION).fetch_one(&mut *connection).await.map_err(database_error)?;
    if version < OLDEST { Err(too_old(shown, version)) } else { schema::form(connection, migrations).await }
}

/// The database in messages: never a password, wherever it stands in the URL.
fn shown(options: &PgConnectOptions) -> String {
    let (user, host, port) = (options.get_username(), options.get_host(), options.get_port());
    format!("postgres://{user}@{host}:{port}/{}", options.get_database().unwrap_or(user))
}

fn unreadable() -> Error {
    Error::invalid("unreadable_database", "the URL of the PostgreSQL database cannot be read")
        .hint("write postgres://user:password@host:5432/database, special characters percent-encoded")
}

fn too_old(shown: &str, version: i32) -> Error {
    let message = format!("{shown} is on PostgreSQL {}; the oldest that works is 15", version / 10_000);
    Error::new(ErrorKind::Unsupported, "database_too_old", message).hint("use a newer server")
}

fn unreached(shown: &str, error: sqlx::Error) -> Error {
    let error = database_error(error);
    let message = format!("{shown}: {}", error.message());
    let hint = match error.code() {
        "unknown_database" => "create it with createdb, or name another",
        "database_login_refused" => "check user and password of the URL",
        _ => "check host and port of the URL, and that the server runs",
    };
    Error::new(error.kind(), error.code(), message).hint(hint).caused_by(error)
}
