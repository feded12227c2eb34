//! One line to a person about work that outlives a handle.

use super::{Database, Fleet};
use crate::error::Result;

impl Fleet {
    /// Says what an earlier process left unfinished and who goes on with it; nothing when nothing is left.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn opening_notice(&self) -> Result<Option<String>> {
        let who = if self.is_working() {
            "this process goes on with it"
        } else {
            "this process does not work on it"
        };
        Ok(self.left().await?.map(|left| format!("{left}: {who}")))
    }

    /// Says what is left unfinished as this handle closes and who goes on with it; nothing when nothing is left, or when
    /// it has been closed already.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn closing_notice(&self) -> Result<Option<String>> {
        if self.ensure_open().is_err() {
            return Ok(None);
        }
        let who = if self.database() == Database::Memory.to_string() {
            "they end with it"
        } else if self.is_working() {
            "this process worked on it and stops now; the next fleet opened there goes on"
        } else {
            "other processes work on it"
        };
        Ok(self.left().await?.map(|left| format!("{left}: {who}")))
    }

    async fn left(&self) -> Result<Option<String>> {
        let left = match self.unfinished().await? {
            0 => return Ok(None),
            1 => "1 execution is".to_owned(),
            several => format!("{several} executions are"),
        };
        Ok(Some(format!("{left} unfinished in {}", self.database().trim_end_matches(':'))))
    }
}
