//! Database errors in the caller's terms.

use crate::error::{Error, ErrorKind};

/// The code of a transaction that was given up for another's sake: nothing of it was written.
pub(crate) const CONTENDED: &str = "database_contended";

const UNREACHABLE: (ErrorKind, &str, &str) =
    (ErrorKind::Unavailable, "database_unavailable", "the database cannot be reached");

/// Turns a database's error into ours. What it says may hold no secret: values are bound, never part of the text.
pub(crate) fn database_error(error: sqlx::Error) -> Error {
    let (kind, code, message) = match &error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_) => UNREACHABLE,
        sqlx::Error::Database(inner) if inner.is_unique_violation() => {
            (ErrorKind::Conflict, "already_exists", "the database holds this already")
        }
        sqlx::Error::Database(inner) => by_state(inner.code().as_deref().unwrap_or_default()),
        _ => (ErrorKind::Unexpected, "database_failed", "the database refused a statement"),
    };
    Error::new(kind, code, message).caused_by(error)
}

/// What a SQLSTATE means. SQLite's codes are shorter and mean none of these.
fn by_state(state: &str) -> (ErrorKind, &'static str, &'static str) {
    match state {
        "40001" | "40P01" => {
            (ErrorKind::Unavailable, CONTENDED, "the database gave a transaction up for another's sake")
        }
        // Being shut down or started, out of connections, a transaction that idled, a lock that was not to be had.
        "57P01" | "57P02" | "57P03" | "53300" | "25P03" | "55P03" => UNREACHABLE,
        "28000" | "28P01" => {
            (ErrorKind::Unauthorized, "database_login_refused", "the database refuses this user or password")
        }
        "3D000" => (ErrorKind::NotFound, "unknown_database", "the server has no database of this name"),
        "22021" | "22P05" => {
            (ErrorKind::InvalidInput, "unstorable_text", "a text holds U+0000, which PostgreSQL cannot keep")
        }
        state if state.starts_with("08") => UNREACHABLE,
        _ => (ErrorKind::Unexpected, "database_failed", "the database refused a statement"),
    }
}
