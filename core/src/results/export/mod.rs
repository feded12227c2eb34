//! Record batches as CSV, Arrow IPC, JSON, Parquet and plain text, one batch at a time.

mod csv;
mod ipc;
mod json;
#[cfg(feature = "parquet")]
mod parquet;
mod record;
mod table;

pub use csv::{CsvEncoder, CsvOptions};
pub use ipc::{IpcEncoder, read_ipc};
pub use json::{CellForm, Column, json_rows, json_table};
#[cfg(feature = "parquet")]
pub use parquet::{CHUNK_BYTES, Chunk, ChunkEncoder, read_chunk};
pub(crate) use record::records;
pub use table::table;

#[cfg(test)]
mod tests;
