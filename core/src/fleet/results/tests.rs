//! Results of files: what the merge of a fleet does, without a fleet.

use std::fmt::Write as _;
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_schema::DataType;
use tempfile::TempDir;

use super::*;
use crate::results::{Drift, Format, Role, RollUp};

/// A folder of files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

async fn opened(folder: &Path) -> Results {
    Results::of_folder(folder, FolderOptions::default()).await.unwrap()
}

async fn csv(results: &Results) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.csv");
    results.write_csv(&path).await.unwrap();
    std::fs::read_to_string(path).unwrap()
}

/// A file of numbers from 0, large enough to be entered in its middle.
fn long_file(rows: usize) -> String {
    format!("n,text\r\n{}", numbered("", rows))
}

fn numbered(before: &str, rows: usize) -> String {
    let mut text = String::new();
    (0..rows).for_each(|row| write!(text, "{before}{row},\"a \"\"quoted\"\"\r\n{row}\"\r\n").unwrap());
    text
}

#[tokio::test]
async fn types_are_guessed_over_all_files_together() {
    let folder = folder(&[
        ("amc2.csv", "id,n,when,late\n9007199254740993,1.5,2025-01-31,\n"),
        ("amc1.csv", "id,n,text\r\n1,2,\"two\r\nlines, \"\"quoted\"\"\"\r\n,,\r\n"),
        ("notes.txt", "no result"),
    ]);
    let results = opened(folder.path()).await;
    let types: Vec<_> = results.schema().fields().iter().map(|field| field.data_type().clone()).collect();
    let decimal = DataType::Decimal128(38, 1);
    assert_eq!(
        types,
        [DataType::Utf8, DataType::Int64, decimal, DataType::Utf8, DataType::Date32, DataType::Utf8]
    );
    let expected = "_instance_id,id,n,text,when,late\r\n\
        amc1,1,2.0,\"two\r\nlines, \"\"quoted\"\"\",,\r\namc1,,,,,\r\n\
        amc2,9007199254740993,1.5,,2025-01-31,\r\n";
    assert_eq!(csv(&results).await, expected);
    let widenings = &results.summary().widenings;
    assert_eq!(widenings.len(), 1, "{widenings:?}");
    assert_eq!(
        (widenings[0].from.as_str(), widenings[0].instances.as_slice()),
        ("LONG", &["amc1".to_owned()][..])
    );
}

#[tokio::test]
async fn a_page_is_that_part_of_the_whole() {
    let (long, short) = (long_file(70_000), "n,text\n-1,x\n");
    let folder = folder(&[("a.csv", short), ("b.csv", &long), ("c.csv", "n,text\n"), ("d.csv", short)]);
    let results = opened(folder.path()).await;
    assert_eq!(results.total_rows(), 70_002);
    for (offset, rows) in [(0, 3), (1, 2), (8_190, 10), (43_210, 20_000), (69_999, 10), (70_002, 5)] {
        let batches = results.page(offset, rows).await.unwrap();
        let numbers: Vec<i64> = batches
            .iter()
            .flat_map(|batch| batch.column(1).as_primitive::<Int64Type>().values().to_vec())
            .collect();
        let number = |row: usize| match row {
            0 | 70_001 => -1,
            row => i64::try_from(row).unwrap() - 1,
        };
        assert_eq!(
            numbers,
            (offset..(offset + rows).min(70_002)).map(number).collect::<Vec<_>>(),
            "{offset}"
        );
    }
}

#[tokio::test]
async fn everything_comes_once_and_in_order() {
    let folder = folder(&[("b.csv", &long_file(70_000)), ("a.csv", &long_file(10))]);
    let results = opened(folder.path()).await;
    let expected = numbered("a,", 10) + &numbered("b,", 70_000);
    assert!(csv(&results).await == format!("_instance_id,n,text\r\n{expected}"));
}

#[tokio::test]
async fn a_roll_up_is_a_table_like_any_other() {
    let folder = folder(&[("a.csv", "c,n\nx,1\ny,2\n"), ("b.csv", "c,n\nx,40\n")]);
    let rolled =
        opened(folder.path()).await.roll_up(RollUp::by(["c"]).column("n", Role::additive())).await.unwrap();
    assert_eq!(csv(&rolled).await, "c,n,_instances,_rows\r\nx,41,2,2\r\ny,2,1,1\r\n");
    assert_eq!((rolled.total_rows(), rolled.summary().complete.as_str()), (2, "2 of 2"));
    let names = opened(folder.path()).await.roll_up(RollUp::by(["c"])).await.unwrap_err();
    assert_eq!((names.code(), names.message()), ("role_unknown", "nothing says how to roll up n"));
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_said_with_its_name() {
    let broken = folder(&[("a.csv", "n,m\n1,2\n"), ("b.csv", "n,m\n\"1\n\",2\n3\n")]);
    let error = Results::of_folder(broken.path(), FolderOptions::default()).await.unwrap_err();
    assert_eq!(error.code(), "result_unreadable");
    assert!(error.message().contains("b.csv") && error.message().contains("line 4 (row 2)"), "{error}");
    let empty = folder(&[]);
    let error = Results::of_folder(empty.path(), FolderOptions::default()).await.unwrap_err();
    assert_eq!(error.code(), "no_files");
}

#[tokio::test]
async fn drift_is_refused_where_it_is_not_wanted() {
    let folder = folder(&[("a.csv", "n,m\n1,2\n"), ("b.csv", "m,n\n2,1.5\n"), ("c.csv", "n\n1\n")]);
    for (drift, told) in [
        (Drift::ByName, "results differ from that of a: c lacks m"),
        (Drift::Strict, "results differ from that of a: b has its columns in another order; c lacks m"),
    ] {
        let mut options = FolderOptions::default();
        options.merge.drift = drift;
        let error = Results::of_folder(folder.path(), options).await.unwrap_err();
        assert_eq!((error.code(), error.message()), ("schema_drift", told));
    }
}

async fn written(results: &Results, format: Format) -> Vec<u8> {
    let chunks: Vec<Vec<u8>> = results.encoded(format).unwrap().try_collect().await.unwrap();
    chunks.concat()
}

const KINDS: &str = "id,share,day,at,flag,ratio,text\n\
    9007199254740993,12.50,2025-01-31,2025-01-31T06:00:00.5Z,true,1e-7,\"a \"\"b\"\"\"\n,,,,,,\n";

#[tokio::test]
async fn json_lines_keep_every_digit() {
    let folder = folder(&[("a.csv", KINDS)]);
    let lines = String::from_utf8(written(&opened(folder.path()).await, Format::JsonLines).await).unwrap();
    let expected = concat!(
        r#"{"_instance_id":"a","id":9007199254740993,"share":12.50,"day":"2025-01-31","#,
        r#""at":"2025-01-31T06:00:00.500Z","flag":true,"ratio":1e-7,"text":"a \"b\""}"#,
        "\n",
        r#"{"_instance_id":"a","id":null,"share":null,"day":null,"at":null,"flag":null,"ratio":null,"text":null}"#,
        "\n"
    );
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn every_arrow_format_gives_the_rows_back() {
    let folder = folder(&[("a.csv", &long_file(20_000)), ("b.csv", KINDS)]);
    let results = opened(folder.path()).await;
    let rows: Vec<RecordBatch> = results.stream().try_collect().await.unwrap();
    let whole = arrow_select::concat::concat_batches(&results.schema(), &rows).unwrap();
    let joined =
        |batches: &[RecordBatch]| arrow_select::concat::concat_batches(&results.schema(), batches).unwrap();
    let (schema, batches) = export::read_ipc(&written(&results, Format::ArrowStream).await).unwrap();
    assert_eq!(schema.metadata()["amc_fleet.complete"], "2 of 2");
    assert!(joined(&batches) == whole);
    let file = std::io::Cursor::new(written(&results, Format::ArrowFile).await);
    let batches: Vec<_> =
        arrow_ipc::reader::FileReader::try_new(file, None).unwrap().map(|it| it.unwrap()).collect();
    assert!(joined(&batches) == whole);
    let parquet = written(&results, Format::Parquet).await;
    let batches: Vec<_> =
        export::read_chunk(parquet.clone(), 8192, |_| true).unwrap().map(|it| it.unwrap()).collect();
    let file = bytes::Bytes::from(parquet);
    let file = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    assert_eq!(file.schema().metadata()["amc_fleet.complete"], "2 of 2");
    assert!(joined(&batches) == whole);
}

#[tokio::test]
async fn a_file_is_whole_or_not_there() {
    let (files, out) = (folder(&[("a.csv", "n\n1\n")]), tempfile::tempdir().unwrap());
    let results = opened(files.path()).await;
    std::fs::write(files.path().join("a.csv"), "").unwrap();
    let path = out.path().join("out.csv");
    assert_eq!(results.write(&path, None).await.unwrap_err().code(), "file_not_readable");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
    let error = results.write(out.path().join("out.doc"), None).await.unwrap_err();
    assert_eq!(error.code(), "unknown_format");
    let nowhere = out.path().join("none").join("out.parquet");
    assert_eq!(results.write(nowhere, None).await.unwrap_err().code(), "file_not_writable");
}

#[tokio::test]
async fn a_comparison_says_what_is_new_lost_and_changed() {
    let folder = folder(&[
        ("a.csv", "c,n,cost\nx,10,1.5\ny,5,2\nz,7,1\n"),
        ("b.csv", "c,n,cost\nx,10,1.50\ny,4,2.25\nw,1,9\n"),
    ]);
    let both = opened(folder.path()).await;
    let (a, b) = (both.of_instances(&["a"]).unwrap(), both.of_instances(&["b"]).unwrap());
    assert_eq!((a.total_rows(), a.summary().complete.as_str()), (3, "1 of 1"));
    let asked = RollUp::by(["c"]).column("n", Role::additive()).column("cost", Role::additive());
    let compared = a.compare(&b, asked).await.unwrap();
    let expected = "c,_change,n_before,n_after,n_difference,n_relative,cost_before,cost_after,cost_difference,cost_relative\r\n\
        x,same,10,10,0,0.0,1.50,1.50,0.00,0.0\r\n\
        y,changed,5,4,-1,-0.2,2.00,2.25,0.25,0.125\r\n\
        z,lost,7,,,,1.00,,,\r\n\
        w,new,,1,,,,9.00,,\r\n";
    assert_eq!(csv(&compared).await, expected);
    assert_eq!(compared.summary().complete, "1 of 1 before, 1 of 1 after");
    assert_eq!(both.of_instances(&["c"]).unwrap_err().code(), "unknown_instance");
}
