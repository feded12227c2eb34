//! A SQLite file, spoken to as another program would.
#![allow(clippy::unwrap_used, reason = "a panic is how a test says no")]

use std::path::Path;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

/// Runs statements in a file.
///
/// # Panics
/// When SQLite refuses them.
pub async fn run_on_sqlite(path: &Path, sql: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(true);
    let mut file = options.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
}
