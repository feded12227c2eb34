//! Tables of other libraries, for the emulator.

use amc_fleet::results::export::{json_table, read_ipc};
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;

use crate::error::host;

/// Writes the table of an Arrow IPC stream as JSON: `{"columns": [names], "rows": [[cells]]}`.
///
/// # Errors
/// `stream_unreadable` when the bytes are no such stream.
#[napi(skip_typescript)]
pub fn ipc_as_json(bytes: Uint8Array) -> napi::Result<String> {
    let (schema, batches) = read_ipc(&bytes).map_err(host)?;
    json_table(&schema, &batches).map_err(host)
}
