use super::*;
use crate::ErrorKind;
use crate::results::INTEGER_DIGITS;
use arrow_array::cast::AsArray;
use arrow_array::types::{Decimal128Type, Int64Type};
use arrow_schema::DataType;
use arrow_select::concat::concat_batches;
use proptest::collection::vec;
use proptest::prelude::*;

fn decode(columns: Option<Vec<OutputColumn>>, parts: &[&str]) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let mut decoder = RunDecoder::new(Dialect::default(), columns, 1000);
    let mut batches = Vec::new();
    for part in parts {
        batches.extend(decoder.push(part.as_bytes())?);
        batches.extend(decoder.end_part()?);
    }
    let (schema, last) = decoder.finish()?;
    batches.extend(last);
    Ok((schema, batches))
}

fn columns(types: &[(&str, &str)]) -> Option<Vec<OutputColumn>> {
    Some(types.iter().map(|(name, amc_type)| OutputColumn::new(*name, *amc_type)).collect())
}

fn texts(batch: &RecordBatch, column: usize) -> Vec<Option<&str>> {
    batch.column(column).as_string::<i32>().iter().collect()
}

#[test]
fn every_amc_type_has_its_arrow_type() {
    let types = [
        ("s", "STRING", "x", DataType::Utf8),
        ("l", "LONG", "9007199254740993", DataType::Int64),
        ("i", "INTEGER", "-7", DataType::Int32),
        ("h", "SHORT", "-32768", DataType::Int16),
        ("b", "BYTE", "127", DataType::Int8),
        ("n", "DECIMAL", "1.5", DataType::Decimal128(38, 4)),
        ("d", "DOUBLE", "1.5E10", DataType::Float64),
        ("f", "FLOAT", "NaN", DataType::Float32),
        ("t", "BOOLEAN", "TRUE", DataType::Boolean),
        ("y", "DATE", "2025-09-01", DataType::Date32),
        ("z", "TIMESTAMP", "2022-10-25T22:11:00.000Z", crate::results::column::timestamp()),
        ("q", "CALENDAR_INTERVAL", "P1D", DataType::Utf8),
    ];
    let described = types.iter().map(|(name, amc, ..)| OutputColumn::new(*name, *amc)).collect();
    let line = |pick: fn(&(&str, &str, &str, DataType)) -> String| {
        types.iter().map(pick).collect::<Vec<_>>().join(",")
    };
    let file = format!("{}\n{}\n", line(|row| row.0.into()), line(|row| row.2.into()));
    let (schema, batches) = decode(Some(described), &[&file]).unwrap();
    assert_eq!(batches[0].num_rows(), 1);
    for (field, (_, amc, _, expected)) in schema.fields().iter().zip(&types) {
        assert_eq!(field.data_type(), expected, "{amc}");
        assert!(field.metadata()[crate::results::AMC_TYPE].starts_with(amc));
    }
}

#[test]
fn null_is_not_the_empty_text() {
    let (_, batches) = decode(columns(&[("a", "STRING"), ("b", "LONG")]), &["a,b\n,\n\"\",\"\"\n"]).unwrap();
    assert_eq!(texts(&batches[0], 0), [None, Some("")]);
    assert_eq!(batches[0].column(1).null_count(), 2);
}

#[test]
fn parts_may_repeat_the_header() {
    let described = columns(&[("Campaign", "STRING"), ("REACH", "LONG")]);
    let parts = ["campaign,reach\na,1\n", "campaign,reach\r\nb,2\r\n", "c,3", "", "campaign,reach"];
    let (schema, batches) = decode(described, &parts).unwrap();
    let all = concat_batches(&batches[0].schema(), &batches).unwrap();
    assert_eq!(texts(&all, 0), [Some("a"), Some("b"), Some("c")]);
    assert_eq!(all.column(1).as_primitive::<Int64Type>().values(), &[1, 2, 3]);
    assert_eq!(schema.field(0).name(), "campaign");
}

#[test]
fn undescribed_columns_are_text_and_equal_names_stay_apart() {
    let (schema, batches) = decode(columns(&[("a", "LONG")]), &["A,x,x\n1,2,3\n"]).unwrap();
    let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["A", "x", "x_2"]);
    assert_eq!(texts(&batches[0], 2), [Some("3")]);
    assert_eq!(schema.field(0).data_type(), &DataType::Int64);
}

#[test]
fn a_run_without_rows_still_has_its_columns() {
    let (schema, batches) = decode(columns(&[("a", "LONG")]), &["a\n"]).unwrap();
    assert_eq!((schema.fields().len(), batches.len()), (1, 0));
    let (schema, _) = decode(columns(&[("a", "LONG")]), &[]).unwrap();
    assert_eq!(schema.field(0).data_type(), &DataType::Int64);
    assert_eq!(decode(None, &[""]).unwrap_err().code(), "result_unreadable");
}

#[test]
fn a_decimal_is_widened_never_rounded() {
    let described = Some(vec![OutputColumn::decimal("ratio", 38, 2)]);
    let mut decoder = RunDecoder::new(Dialect::default(), described, 1);
    let batches = decoder.push(b"ratio\n12.5\n0.66505\n1\n").unwrap();
    let (schema, _) = decoder.finish().unwrap();
    let scales: Vec<_> = batches.iter().map(|batch| batch.schema().field(0).data_type().clone()).collect();
    assert_eq!(scales, [2, 5, 5].map(|scale| DataType::Decimal128(38, scale)));
    assert_eq!(batches[1].column(0).as_primitive::<Decimal128Type>().value(0), 66_505);
    assert_eq!(schema.field(0).data_type(), &DataType::Decimal128(38, 5));
    assert_eq!(schema.field(0).metadata()[INTEGER_DIGITS], "2");
}

#[test]
fn errors_say_row_column_and_text() {
    let error =
        decode(columns(&[("a", "STRING"), ("reach", "LONG")]), &["a,reach\nx,1\nx,12.5\n"]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unexpected);
    assert_eq!(
        error.message(),
        "the result cannot be read: part 1, line 3 (row 2), column \"reach\": \"12.5\" is no LONG"
    );
    for (file, says) in [
        ("a,reach\nx\n", "1 fields where the header has 2"),
        ("a,reach\n\"x,1\n", "ends inside a quoted field"),
        ("x,1\n", "none of the columns AMC described"),
    ] {
        let error = decode(columns(&[("a", "STRING"), ("reach", "LONG")]), &[file]).unwrap_err();
        assert!(error.message().contains(says), "{error}");
    }
    let mut decoder = RunDecoder::new(Dialect::default(), None, 10);
    let error = decoder.push(b"a\n\xff\n").unwrap_err();
    assert!(error.message().contains("UTF-8"), "{error}");
}

#[test]
fn errors_count_parts_and_lines() {
    let described = columns(&[("a", "STRING"), ("reach", "LONG")]);
    let parts = ["a,reach\n\"x\ny\",1\n", "a,reach\n\"one\ntwo\",2\n\n\"\",x\n"];
    let error = decode(described, &parts).unwrap_err();
    assert!(
        error.message().contains("part 2, line 5 (row 3), column \"reach\": \"x\" is no LONG"),
        "{error}"
    );
    let mut decoder = RunDecoder::new(Dialect::default(), columns(&[("a", "STRING"), ("b", "STRING")]), 10);
    decoder.push("a,b\né,ß\n".as_bytes()).unwrap();
    let error = decoder.push(b"ok,\xc3\n\xa9,ok\n").unwrap_err();
    assert!(
        error.message().contains("part 1, line 3 (row 2), column \"b\": \"\u{fffd}\" is not valid UTF-8"),
        "{error}"
    );
}

#[test]
fn an_unclosed_quote_does_not_swallow_everything() {
    let mut decoder = RunDecoder::new(Dialect::default(), None, 10);
    decoder.push(b"a\n\"").unwrap();
    let megabyte = vec![b'x'; 1 << 20];
    let error = (0..40).find_map(|_| decoder.push(&megabyte).err()).unwrap();
    assert!(error.message().contains("longer than 16777216 bytes"), "{error}");
}

#[test]
fn a_byte_order_mark_is_no_name_wherever_it_is_cut() {
    for size in 1..6 {
        let mut decoder = RunDecoder::new(Dialect::default(), columns(&[("a", "LONG")]), 10);
        for piece in "\u{feff}a\r\n7\r\n".as_bytes().chunks(size) {
            decoder.push(piece).unwrap();
        }
        let (schema, batches) = decoder.finish().unwrap();
        assert_eq!((schema.field(0).name().as_str(), batches[0].num_rows()), ("a", 1), "pieces of {size}");
    }
}

#[test]
fn empty_lines_say_nothing_beside_other_columns_and_null_alone() {
    let (_, batches) = decode(None, &["a,b\n1,2\n\n"]).unwrap();
    assert_eq!(batches[0].num_rows(), 1);
    let (_, batches) = decode(None, &["a\n1\n\n"]).unwrap();
    assert_eq!(texts(&batches[0], 0), [Some("1"), None]);
}

#[test]
fn batches_are_bounded() {
    let mut decoder = RunDecoder::new(Dialect::default(), None, 2);
    let batches = decoder.push(b"a\n1\n2\n3\n4\n5\n").unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(decoder.rows(), 5);
    assert_eq!(decoder.finish().unwrap().1[0].num_rows(), 1);
}

type Row = (Option<String>, Option<i64>, Option<String>);

fn write(rows: &[Row], dialect: Dialect, line_end: &str) -> String {
    let quote = char::from(dialect.quote());
    let escape = char::from(dialect.escape());
    let text = |field: &Option<String>| match field {
        None => String::new(),
        Some(field) => {
            let special = |c: char| c == quote || c == escape;
            let inner = field.chars().flat_map(|c| special(c).then_some(escape).into_iter().chain([c]));
            format!("{quote}{}{quote}", inner.collect::<String>())
        }
    };
    let separator = char::from(dialect.separator());
    let line = |(a, n, b): &Row| {
        let number = n.map(|n| n.to_string()).unwrap_or_default();
        format!("{}{separator}{number}{separator}{}", text(a), text(b))
    };
    rows.iter().map(line).collect::<Vec<_>>().join(line_end)
}

fn read_back(file: &str, dialect: Dialect, cuts: &[usize], batch_rows: usize) -> Vec<Row> {
    let described = columns(&[("a", "STRING"), ("n", "LONG"), ("b", "STRING")]);
    let mut decoder = RunDecoder::new(dialect, described, batch_rows);
    let header = format!("a{0}n{0}b\n", char::from(dialect.separator()));
    let mut batches = decoder.push(header.as_bytes()).unwrap();
    let mut rest = file.as_bytes();
    for cut in cuts.iter().cycle() {
        let (chunk, after) = rest.split_at((*cut).min(rest.len()));
        batches.extend(decoder.push(chunk).unwrap());
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    batches.extend(decoder.finish().unwrap().1);
    batches.iter().flat_map(rows_of).collect()
}

fn rows_of(batch: &RecordBatch) -> Vec<Row> {
    let numbers: Vec<_> = batch.column(1).as_primitive::<Int64Type>().iter().collect();
    let owned = |column: usize| texts(batch, column).into_iter().map(|text| text.map(str::to_owned));
    owned(0).zip(numbers).zip(owned(2)).map(|((a, n), b)| (a, n, b)).collect()
}

fn dialects() -> impl Strategy<Value = Dialect> {
    prop::sample::select(vec![
        Dialect::default(),
        Dialect::RFC_4180,
        Dialect::new('\t', '\'', '\\').unwrap(),
        Dialect::new('|', '"', '!').unwrap(),
    ])
}

proptest! {
    #[test]
    fn decoding_at_any_chunking_gives_the_rows_back(
        rows in vec((any::<Option<String>>(), any::<Option<i64>>(), any::<Option<String>>()), 1..20),
        cuts in vec(1_usize..40, 1..8),
        dialect in dialects(),
        line_end in prop::sample::select(vec!["\n", "\r\n"]),
        batch_rows in 1_usize..7,
    ) {
        let file = write(&rows, dialect, line_end);
        prop_assert_eq!(read_back(&file, dialect, &cuts, batch_rows), rows);
    }

    #[test]
    fn decoding_anything_never_panics(
        file in vec(prop_oneof![1 => any::<u8>(), 9 => prop::sample::select(b"a1,\"\\\n\r".to_vec())], 0..300),
        piece in 1_usize..90,
        dialect in prop::sample::select(vec![Dialect::default(), Dialect::RFC_4180]),
    ) {
        let rows = |piece: usize| {
            let mut decoder = RunDecoder::new(dialect, None, 3);
            let read = file.chunks(piece).try_for_each(|piece| decoder.push(piece).map(drop));
            let read = read.and_then(|()| decoder.end_part().map(drop));
            read.map(|()| decoder.rows()).map_err(|error| error.message().to_owned())
        };
        prop_assert_eq!(rows(piece), rows(file.len().max(1)));
    }
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn parts_that_come_packed_are_unpacked() {
    let rows: String = (0..5000).map(|row| format!("c{row},{row}\n")).collect();
    let (packed, plain) = (gzip(&format!("a,b\n{rows}")), b"a,b\nlast,1\n");
    let mut decoder = RunDecoder::new(Dialect::default(), columns(&[("a", "STRING"), ("b", "LONG")]), 1000);
    packed.chunks(7).for_each(|piece| drop(decoder.push(piece).unwrap()));
    decoder.end_part().unwrap();
    decoder.push(plain).unwrap();
    decoder.end_part().unwrap();
    assert_eq!(decoder.rows(), 5001);
}

#[test]
fn gzip_that_ends_too_early_is_said() {
    let packed = gzip("a,b\nx,1\n");
    let mut decoder = RunDecoder::new(Dialect::default(), None, 10);
    let read = decoder.push(&packed[..packed.len() - 6]).and_then(|_| decoder.end_part());
    let error = read.unwrap_err();
    assert_eq!(error.code(), "result_unreadable");
    assert!(error.message().contains("part 1") && error.message().contains("gzip"), "{error}");
}
