//! Database errors in the caller's terms.

use crate::error::{Error, ErrorKind};

/// Turns a database's error into ours. What it says may hold no secret: values are bound, never part of the text.
pub(crate) fn database_error(error: sqlx::Error) -> Error {
    let (kind, code, message) = match &error {
        sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed => {
            (ErrorKind::Unavailable, "database_unavailable", "the database cannot be reached")
        }
        sqlx::Error::Database(inner) if inner.is_unique_violation() => {
            (ErrorKind::Conflict, "already_exists", "the database holds this already")
        }
        _ => (ErrorKind::Unexpected, "database_failed", "the database refused a statement"),
    };
    Error::new(kind, code, message).caused_by(error)
}
