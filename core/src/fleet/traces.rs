//! Where a file came from.

use std::path::Path;
use std::sync::Arc;

use super::Fleet;
use super::results::{Home, checksum};
use crate::error::{Error, Result};
use crate::results::store::Trace;

impl Fleet {
    /// Says what a file is made of that was once written from results of this fleet, wherever it is now and whatever its
    /// name: it is known by its content.
    ///
    /// # Errors
    /// `NotFound` (`unknown_file`) when no file of this content was written, or it was changed since; `Unavailable`
    /// (`file_not_readable`).
    pub async fn trace_file(&self, path: impl AsRef<Path>) -> Result<Trace> {
        let path = path.as_ref();
        let sha256 = checksum(path.to_path_buf()).await?;
        self.0.results.trace(&self.0.owner, &sha256).await?.ok_or_else(|| {
            let message = format!(
                "{} was not written from results of this fleet, or was changed since",
                path.display()
            );
            Error::not_found("unknown_file", message)
                .hint("ask the database the results are kept in, as their owner")
        })
    }

    pub(super) fn home(&self) -> Home {
        Home {
            store: Arc::clone(&self.0.results),
            owner: self.0.owner.clone(),
            clock: Arc::clone(&self.0.surroundings.clock),
        }
    }
}
