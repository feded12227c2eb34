//! The manifest of a result as an object.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::digest::hexadecimal;
use crate::error::{Error, Result};
use crate::model::ExecutionId;
use crate::results::export::{IpcEncoder, read_ipc};
use crate::results::store::{Manifest, untellable};

/// What makes a result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ManifestFile {
    pub(super) token: i64,
    row_count: u64,
    marked_rows: Option<u64>,
    size_bytes: u64,
    completed_at: DateTime<Utc>,
    /// Where the rows are, in order.
    pub(super) chunks: Vec<StoredObject>,
    /// The columns, as an Arrow IPC stream without rows, in hexadecimal.
    schema: String,
}

/// A Parquet file of some rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredObject {
    pub(super) path: String,
    pub(super) row_count: u64,
    pub(super) sha256: String,
}

impl ManifestFile {
    pub(super) fn new(manifest: &Manifest, token: i64, chunks: Vec<StoredObject>) -> Result<Self> {
        let Manifest { execution: _, schema, row_count, marked_rows, size_bytes, completed_at } = manifest;
        Ok(Self {
            token,
            row_count: *row_count,
            marked_rows: *marked_rows,
            size_bytes: *size_bytes,
            completed_at: *completed_at,
            chunks,
            schema: hexadecimal(&IpcEncoder::new(schema)?.finish()?),
        })
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(untellable)
    }

    pub(super) fn write(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self).map_err(untellable)
    }

    pub(super) fn manifest(&self, execution: ExecutionId) -> Result<Manifest> {
        Ok(Manifest {
            execution,
            schema: read_ipc(&bytes(&self.schema)?)?.0,
            row_count: self.row_count,
            marked_rows: self.marked_rows,
            size_bytes: self.size_bytes,
            completed_at: self.completed_at,
        })
    }
}

/// What hexadecimal digits say.
fn bytes(digits: &str) -> Result<Vec<u8>> {
    let byte = |at| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let read: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(byte).collect();
    read.ok_or_else(|| Error::unexpected("the columns of a manifest cannot be read"))
}
