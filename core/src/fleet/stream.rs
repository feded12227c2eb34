//! A merged result in the forms in which other languages take it.

use futures::stream::BoxStream;
use futures::{StreamExt, stream};

use super::Results;
use crate::error::Result;
use crate::results::export::{Column, IpcEncoder, json_rows};

impl Results {
    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        self.schema().fields().iter().map(|field| Column::from(field.as_ref())).collect()
    }

    /// One Arrow IPC stream in chunks: the first brings the schema, each further one a batch of rows. Fresh each time.
    ///
    /// # Errors
    /// `Unexpected` when the schema cannot be written.
    pub fn ipc(&self) -> Result<BoxStream<'static, Result<Vec<u8>>>> {
        let mut encoder = IpcEncoder::new(&self.schema())?;
        let [start, end] = [encoder.take(), encoder.finish()?].map(|bytes| stream::iter([Ok(bytes)]));
        Ok(start.chain(self.made(|batch| IpcEncoder::message(&batch))).chain(end).boxed())
    }

    /// The rows as JSON, a bounded page at a time: an array of rows, each an array of cells in the forms of
    /// [`Results::columns`]. Fresh each time.
    #[must_use]
    pub fn json_pages(&self) -> BoxStream<'static, Result<String>> {
        self.made(|batch| json_rows(&[batch])).boxed()
    }

    /// One of [`Results::json_pages`] that holds at most `rows` rows after the first `offset`.
    ///
    /// # Errors
    /// Only the result store's own.
    pub async fn json_page(&self, offset: usize, rows: usize) -> Result<String> {
        json_rows(&self.page(offset, rows).await?)
    }
}
