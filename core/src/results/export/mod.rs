//! Record batches as CSV, Arrow IPC, JSON, Parquet and plain text, one batch at a time.

mod csv;
mod format;
mod ipc;
mod json;
mod json_lines;
#[cfg(feature = "parquet")]
mod parquet;
mod record;
mod table;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use csv::{CsvEncoder, CsvOptions};
pub use format::Format;
pub(crate) use format::{EncodeFile, Encoder};
pub use ipc::{IpcEncoder, read_ipc};
pub use json::{CellForm, Column, json_rows, json_table};
#[cfg(feature = "parquet")]
pub use parquet::{CHUNK_BYTES, Chunk, ChunkEncoder, read_chunk};
pub(crate) use record::records;
pub use table::table;

#[cfg(test)]
mod tests;
