use super::*;
use crate::results::{Dialect, OutputColumn, RunDecoder};
use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

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
    ,9007199254740993,0.0001,1e+300,0001-01-01,2025-09-01T06:00:00.000001Z\r\n";

fn csv(schema: &SchemaRef, batches: &[RecordBatch]) -> String {
    csv_with(CsvOptions::default(), schema, batches)
}

fn csv_with(options: CsvOptions, schema: &SchemaRef, batches: &[RecordBatch]) -> String {
    let encoder = CsvEncoder::new(options);
    let mut bytes = encoder.header(schema);
    bytes.extend(batches.iter().flat_map(|batch| encoder.encode(batch).unwrap()));
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
fn csv_for_spreadsheets_holds_no_formula() {
    let columns = [("=a", "STRING"), ("n", "LONG")];
    let (schema, batches) = decoded(&columns, "=a,n\n\"=cmd|'/C calc'!A0\",-1\n@x,2\n\"-1,5\",3\nplain,\n");
    let options = CsvOptions { byte_order_mark: true, spreadsheet_safe: true };
    let expected = "\u{feff}'=a,n\r\n'=cmd|'/C calc'!A0,-1\r\n'@x,2\r\n\"'-1,5\",3\r\nplain,\r\n";
    assert_eq!(csv_with(options, &schema, &batches), expected);
}

#[test]
fn ipc_gives_the_same_batches_back() {
    let (_, batches) = decoded(&COLUMNS, FILE);
    let mut encoder = IpcEncoder::new(&batches[0].schema()).unwrap();
    let mut stream: Vec<u8> = batches.iter().flat_map(|batch| encoder.encode(batch).unwrap()).collect();
    stream.extend(encoder.finish().unwrap());
    assert_eq!(read_ipc(&stream).unwrap(), (batches[0].schema(), batches.clone()));
    let mut apart = IpcEncoder::new(&batches[0].schema()).unwrap();
    let mut parts = vec![apart.take()];
    parts.extend(batches.iter().map(|batch| IpcEncoder::message(batch).unwrap()));
    parts.push(apart.finish().unwrap());
    assert_eq!(parts.concat(), stream, "messages made apart are those of the stream");
    for broken in [b"".as_slice(), b"no stream", &stream[..stream.len() / 2]] {
        assert_eq!(read_ipc(broken).unwrap_err().code(), "stream_unreadable");
    }
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
