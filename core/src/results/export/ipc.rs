//! The Arrow IPC stream format, the form in which results cross into other languages.

use std::fmt;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::format::EncodeFile;
use crate::{Error, ErrorKind, Result};

/// Encodes batches of one schema as one Arrow IPC stream.
pub struct IpcEncoder(StreamWriter<Vec<u8>>);

impl fmt::Debug for IpcEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IpcEncoder").finish_non_exhaustive()
    }
}

impl IpcEncoder {
    /// Starts a stream; the schema comes with the first bytes.
    ///
    /// # Errors
    /// `Unexpected` when the schema cannot be written.
    pub fn new(schema: &Schema) -> Result<Self> {
        StreamWriter::try_new(Vec::new(), schema).map(Self).map_err(unwritable)
    }

    /// Encodes a batch: the bytes to send on.
    ///
    /// # Errors
    /// `Unexpected` when the batch is not of the stream's schema.
    pub fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>> {
        self.0.write(batch).map_err(unwritable)?;
        Ok(self.take())
    }

    /// Takes what is written and not yet sent on: at first the schema.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(self.0.get_mut())
    }

    /// Encodes a batch apart from its stream, for those who encode several at a time and keep their order.
    ///
    /// # Errors
    /// `Unexpected` when the batch cannot be written.
    pub fn message(batch: &RecordBatch) -> Result<Vec<u8>> {
        let mut encoder = Self::new(&batch.schema())?;
        encoder.0.get_mut().clear();
        encoder.0.get_mut().reserve(batch.get_array_memory_size());
        encoder.encode(batch)
    }

    /// Ends the stream: its last bytes.
    ///
    /// # Errors
    /// `Unexpected` when the stream cannot be ended.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.0.finish().map_err(unwritable)?;
        Ok(std::mem::take(self.0.get_mut()))
    }
}

impl EncodeFile for IpcEncoder {
    fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>> {
        Self::encode(self, batch)
    }

    fn finish(self: Box<Self>) -> Result<Vec<u8>> {
        Self::finish(*self)
    }
}

/// Encodes batches of one schema as one Arrow IPC file.
pub(super) struct IpcFileEncoder(FileWriter<Vec<u8>>);

impl fmt::Debug for IpcFileEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IpcFileEncoder").finish_non_exhaustive()
    }
}

impl IpcFileEncoder {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        FileWriter::try_new(Vec::new(), schema).map(Self).map_err(unwritable)
    }
}

// The writer counts its bytes itself, so that what is written can be taken away.
impl EncodeFile for IpcFileEncoder {
    fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>> {
        self.0.write(batch).map_err(unwritable)?;
        Ok(std::mem::take(self.0.get_mut()))
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<u8>> {
        self.0.finish().map_err(unwritable)?;
        Ok(std::mem::take(self.0.get_mut()))
    }
}

/// Reads a whole Arrow IPC stream.
///
/// # Errors
/// `Unexpected`, code `stream_unreadable`, when the bytes are no such stream.
pub fn read_ipc(bytes: &[u8]) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    // The decoder takes no more memory than there are bytes, whatever length broken ones claim.
    let (mut decoder, mut rest) = (StreamDecoder::new(), Buffer::from(bytes));
    let mut batches = Vec::new();
    while let Some(batch) = decoder.decode(&mut rest).map_err(unreadable)? {
        batches.push(batch);
    }
    decoder.finish().map_err(unreadable)?;
    let schema = decoder.schema().ok_or_else(|| unreadable(ArrowError::IpcError("no schema".to_owned())))?;
    Ok((schema, batches))
}

fn unwritable(error: ArrowError) -> Error {
    Error::unexpected("the result cannot be written as Arrow IPC").caused_by(error)
}

fn unreadable(error: ArrowError) -> Error {
    Error::new(ErrorKind::Unexpected, "stream_unreadable", "the bytes are no Arrow IPC stream")
        .caused_by(error)
}
