use std::sync::Arc;

use super::*;
use crate::results::{Dialect, OutputColumn, RunDecoder};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::SchemaRef;
use arrow_select::concat::concat_batches;

fn decoded(columns: &[(&str, &str)], file: &str) -> (SchemaRef, Vec<RecordBatch>) {
    let columns = columns.iter().map(|(name, amc_type)| OutputColumn::new(*name, *amc_type)).collect();
    let mut decoder = RunDecoder::new(Dialect::RFC_4180, Some(columns), 2);
    let mut batches = decoder.push(file.as_bytes()).unwrap();
    let (schema, last) = decoder.finish().unwrap();
    batches.extend(last);
    (schema, batches)
}

const COLUMNS: [(&str, &str); 6] = [
    ("name, long", "STRING"),
    ("n", "LONG"),
    ("share", "DECIMAL"),
    ("ratio", "DOUBLE"),
    ("day", "DATE"),
    ("at", "TIMESTAMP"),
];
const FILE: &str = "\"name, long\",n,share,ratio,day,at\r\n\
    \"a \"\"b\"\"\r\nc\",-1,12.5000,0.1,2025-09-01,2025-09-01T06:00:00Z\r\n\
    \"\",,,,,\r\n\
    ,9007199254740993,0.0001,1e300,0001-01-01,2025-09-01T06:00:00.000001Z\r\n";

fn csv(schema: &SchemaRef, batches: &[RecordBatch]) -> String {
    let mut encoder = CsvEncoder::new(schema);
    let mut bytes: Vec<u8> = batches.iter().flat_map(|batch| encoder.encode(batch).unwrap()).collect();
    bytes.extend(encoder.finish());
    String::from_utf8(bytes).unwrap()
}

#[test]
fn csv_keeps_every_digit_and_every_null() {
    let (schema, batches) = decoded(&COLUMNS, FILE);
    assert_eq!(csv(&schema, &batches), FILE);
}

#[test]
fn csv_without_rows_has_its_header() {
    let (schema, _) = decoded(&[("a", "LONG"), ("b", "LONG")], "a,b\n");
    assert_eq!(csv(&schema, &[]), "a,b\r\n");
}

#[test]
fn ipc_gives_the_same_batches_back() {
    let (_, batches) = decoded(&COLUMNS, FILE);
    let mut encoder = IpcEncoder::new(&batches[0].schema()).unwrap();
    let mut stream: Vec<u8> = batches.iter().flat_map(|batch| encoder.encode(batch).unwrap()).collect();
    stream.extend(encoder.finish().unwrap());
    assert_eq!(read_ipc(&stream).unwrap(), (batches[0].schema(), batches));
    assert_eq!(read_ipc(b"no stream").unwrap_err().code(), "stream_unreadable");
}

#[test]
fn a_table_shows_the_first_rows() {
    let (schema, batches) = decoded(
        &[("campaign", "STRING"), ("reach", "LONG")],
        "campaign,reach\nSummer,1200\n\u{1b}[2J,\nlast,1\n",
    );
    let expected = "campaign  reach\n────────  ─────\nSummer     1200\n·[2J\n";
    assert_eq!(table(&schema, &batches, 2).unwrap(), expected);
}

#[test]
fn a_table_cuts_long_texts() {
    let long = "é".repeat(41);
    let (schema, batches) = decoded(&[("a", "STRING")], &format!("a\n{long}\n{}\n", "é".repeat(40)));
    let drawn = table(&schema, &batches, 9).unwrap();
    let lines: Vec<_> = drawn.lines().collect();
    assert_eq!(lines[2], format!("{}…", "é".repeat(39)));
    assert_eq!(lines[3], "é".repeat(40));
}

fn wide(rows: i64) -> RecordBatch {
    // A multiplicative hash, so that neither dictionary nor zstd makes the rows small.
    let noise = |row: i64| row.wrapping_mul(0x5851_F42D_4C95_7F2D);
    let numbers = Int64Array::from_iter_values((0..rows).map(noise));
    let texts = StringArray::from_iter_values((0..rows).map(|row| format!("{:x}", noise(row ^ 0x5555))));
    let columns: [(&str, ArrayRef); 2] = [("n", Arc::new(numbers)), ("s", Arc::new(texts))];
    RecordBatch::try_from_iter(columns).unwrap()
}

#[cfg(feature = "parquet")]
#[test]
fn chunks_are_bounded_and_give_every_row_back() {
    let batch = wide(200_000);
    let mut encoder = ChunkEncoder::new();
    let mut chunks = encoder.encode(&batch).unwrap();
    chunks.extend(encoder.finish().unwrap());
    assert!(chunks.len() > 3, "{} chunks", chunks.len());
    assert!(chunks.iter().all(|chunk| chunk.bytes.len() < CHUNK_BYTES + CHUNK_BYTES / 4));
    assert_eq!(chunks.iter().map(|chunk| chunk.rows).sum::<usize>(), batch.num_rows());
    let read = |chunk: Chunk| read_chunk(chunk.bytes, 8192).unwrap();
    let back: Vec<_> = chunks.into_iter().flat_map(read).collect::<crate::Result<_>>().unwrap();
    assert_eq!(concat_batches(&batch.schema(), &back).unwrap(), batch);
}

#[cfg(feature = "parquet")]
#[test]
fn a_changed_schema_begins_a_chunk() {
    let (_, batches) = decoded(&[("share", "DECIMAL")], "share\n1\n2\n0.00001\n");
    let mut encoder = ChunkEncoder::new();
    let chunks: Vec<_> = batches.iter().flat_map(|batch| encoder.encode(batch).unwrap()).collect();
    let last = encoder.finish().unwrap().unwrap();
    assert_eq!((chunks.len(), chunks[0].rows, last.rows), (1, 2, 1));
    let back: Vec<_> = read_chunk(last.bytes, 10).unwrap().collect::<crate::Result<_>>().unwrap();
    assert_eq!(back[0], batches[1]);
}

#[cfg(feature = "parquet")]
#[test]
fn broken_chunks_are_said() {
    let error = read_chunk(b"PAR1 no".to_vec(), 10).err().unwrap();
    assert_eq!(error.code(), "chunk_unreadable");
}
