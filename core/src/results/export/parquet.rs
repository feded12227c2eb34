//! Parquet chunks: the form in which result stores keep rows.

use std::fmt;

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::format::EncodeFile;
use crate::{Error, ErrorKind, Result};

/// About how large a chunk becomes at most, in bytes.
pub const CHUNK_BYTES: usize = 1 << 20;

/// The most rows of a chunk, so that one that compresses very well is still bounded when it is read as a whole.
const CHUNK_ROWS: usize = 1 << 15;
/// How often the size of a chunk is looked at, in bytes of rows in memory.
const STEP_BYTES: usize = 64 << 10;
/// The size of a page: what is not compressed yet and so counted at full size.
const PAGE_BYTES: usize = 64 << 10;

/// A complete Parquet file with some of the rows of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many rows it has.
    pub rows: usize,
}

/// Cuts batches into Parquet chunks of at most about [`CHUNK_BYTES`], holding one chunk in memory.
///
/// A batch whose schema differs from the one before it begins a chunk of its own.
#[derive(Debug, Default)]
pub struct ChunkEncoder {
    open: Option<Open>,
}

/// The chunk under construction.
#[derive(Debug)]
struct Open {
    schema: SchemaRef,
    writer: ArrowWriter<Vec<u8>>,
    rows: usize,
}

impl ChunkEncoder {
    /// Starts without a chunk.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a batch; returns the chunks that are full.
    ///
    /// # Errors
    /// `Unexpected` when the batch cannot be written as Parquet.
    pub fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<Chunk>> {
        let mut full = Vec::new();
        if self.open.as_ref().is_some_and(|open| open.schema != batch.schema()) {
            full.extend(self.close()?);
        }
        let step = rows_of(STEP_BYTES, batch);
        for start in (0..batch.num_rows()).step_by(step) {
            let slice = batch.slice(start, step.min(batch.num_rows() - start));
            full.extend(self.add(&slice)?);
        }
        Ok(full)
    }

    /// Ends the last chunk.
    ///
    /// # Errors
    /// `Unexpected` when it cannot be written as Parquet.
    pub fn finish(mut self) -> Result<Option<Chunk>> {
        self.close()
    }

    fn add(&mut self, slice: &RecordBatch) -> Result<Option<Chunk>> {
        let open = match &mut self.open {
            Some(open) => open,
            closed => closed.insert(Open::new(slice.schema())?),
        };
        open.writer.write(slice).map_err(unwritable)?;
        open.rows += slice.num_rows();
        if open.is_full() { self.close() } else { Ok(None) }
    }

    fn close(&mut self) -> Result<Option<Chunk>> {
        self.open.take().map(Open::close).transpose()
    }
}

impl Open {
    fn new(schema: SchemaRef) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_data_page_size_limit(PAGE_BYTES)
            .set_dictionary_page_size_limit(PAGE_BYTES)
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), SchemaRef::clone(&schema), Some(properties));
        Ok(Self { schema, writer: writer.map_err(unwritable)?, rows: 0 })
    }

    fn is_full(&self) -> bool {
        self.rows >= CHUNK_ROWS || self.writer.bytes_written() + self.writer.in_progress_size() >= CHUNK_BYTES
    }

    fn close(self) -> Result<Chunk> {
        let bytes = self.writer.into_inner().map_err(unwritable)?;
        Ok(Chunk { bytes, rows: self.rows })
    }
}

/// Encodes batches of one schema as one Parquet file.
pub(super) struct FileEncoder(ArrowWriter<Vec<u8>>);

impl fmt::Debug for FileEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileEncoder").finish_non_exhaustive()
    }
}

/// How many rows of a file lie together: so many are held in memory until they are written.
const GROUP_ROWS: usize = 1 << 17;

impl FileEncoder {
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(Vec::new(), SchemaRef::new(schema.clone()), Some(properties));
        writer.map(Self).map_err(unwritable)
    }
}

// The writer counts its bytes itself, so that what is written can be taken away.
impl EncodeFile for FileEncoder {
    fn encode(&mut self, batch: &RecordBatch) -> Result<Vec<u8>> {
        self.0.write(batch).map_err(unwritable)?;
        Ok(std::mem::take(self.0.inner_mut()))
    }

    fn finish(mut self: Box<Self>) -> Result<Vec<u8>> {
        self.0.finish().map_err(unwritable)?;
        Ok(std::mem::take(self.0.inner_mut()))
    }
}

/// Reads a chunk in batches of at most `batch_rows` rows: the columns for which `needed` says so.
///
/// # Errors
/// `Unexpected`, code `chunk_unreadable`, when the bytes are no Parquet file.
pub fn read_chunk(
    bytes: impl Into<Bytes>,
    batch_rows: usize,
    needed: impl Fn(&str) -> bool,
) -> Result<impl Iterator<Item = Result<RecordBatch>> + Send> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes.into()).map_err(unreadable)?;
    let fields = builder.schema().fields().iter().enumerate().filter(|(_, field)| needed(field.name()));
    let mask = ProjectionMask::roots(builder.parquet_schema(), fields.map(|(at, _)| at));
    let builder = builder.with_projection(mask);
    let reader = builder.with_batch_size(batch_rows.max(1)).build().map_err(unreadable)?;
    Ok(reader.map(|batch| batch.map_err(unreadable)))
}

fn rows_of(bytes: usize, batch: &RecordBatch) -> usize {
    let row = batch.get_array_memory_size() / batch.num_rows().max(1);
    (bytes / row.max(1)).clamp(1, CHUNK_ROWS)
}

fn unwritable(error: parquet::errors::ParquetError) -> Error {
    Error::unexpected("the rows cannot be written as Parquet").caused_by(error)
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::Unexpected, "chunk_unreadable", "a stored chunk of rows cannot be read")
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::{ArrayRef, Int64Array, StringArray};
    use arrow_select::concat::concat_batches;
    use std::sync::Arc;

    // A multiplicative hash, so that neither dictionary nor zstd makes the rows small.
    fn noise(row: i64) -> i64 {
        row.wrapping_mul(0x5851_F42D_4C95_7F2D)
    }

    fn numbers(rows: i64) -> ArrayRef {
        Arc::new(Int64Array::from_iter_values((0..rows).map(noise)))
    }

    fn texts(rows: i64) -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..rows).map(|row| format!("{:x}", noise(row ^ 0x5555)))))
    }

    fn batch(columns: &[(&str, ArrayRef)]) -> RecordBatch {
        RecordBatch::try_from_iter(columns.iter().cloned()).unwrap()
    }

    fn chunks(batches: &[RecordBatch]) -> Vec<Chunk> {
        let mut encoder = ChunkEncoder::new();
        let mut chunks: Vec<_> = batches.iter().flat_map(|batch| encoder.encode(batch).unwrap()).collect();
        chunks.extend(encoder.finish().unwrap());
        chunks
    }

    fn rows(chunk: &Chunk) -> Vec<RecordBatch> {
        read_chunk(chunk.bytes.clone(), 8192, |_| true).unwrap().collect::<Result<_>>().unwrap()
    }

    #[test]
    fn chunks_are_bounded_and_give_every_row_back() {
        let batch = batch(&[("n", numbers(100_000)), ("s", texts(100_000))]);
        let chunks = chunks(std::slice::from_ref(&batch));
        assert!(chunks.len() > 1, "{} chunks", chunks.len());
        assert!(chunks.iter().all(|chunk| chunk.bytes.len() < CHUNK_BYTES + CHUNK_BYTES / 4));
        assert_eq!(chunks.iter().map(|chunk| chunk.rows).sum::<usize>(), batch.num_rows());
        let back: Vec<_> = chunks.iter().flat_map(rows).collect();
        assert_eq!(concat_batches(&batch.schema(), &back).unwrap(), batch);
    }

    #[test]
    fn a_changed_schema_begins_a_chunk() {
        let (first, second) = (batch(&[("a", numbers(2))]), batch(&[("a", texts(1))]));
        let chunks = chunks(&[first.clone(), second.clone()]);
        assert_eq!(chunks.iter().map(rows).collect::<Vec<_>>(), [[first], [second]]);
    }

    #[test]
    fn no_rows_are_no_chunk() {
        assert_eq!(chunks(&[]), []);
        assert_eq!(chunks(&[batch(&[("a", numbers(0))])]), []);
    }

    #[test]
    fn broken_chunks_are_said() {
        let error = read_chunk(b"PAR1 no".to_vec(), 10, |_| true).err().unwrap();
        assert_eq!(error.code(), "chunk_unreadable");
    }
}
