use super::*;
use crate::results::{Dialect, OutputColumn, RunDecoder, column};
use arrow_array::types::{Date32Type, Decimal128Type, Float64Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, cast::AsArray};
use arrow_buffer::i256;
use proptest::collection::vec;
use proptest::prelude::*;

/// One decoded result.
#[derive(Debug)]
struct Run {
    instance: String,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

fn run(instance: &str, columns: &[(&str, &str)], file: &str) -> Run {
    let columns = columns.iter().map(|(name, amc_type)| OutputColumn::new(*name, *amc_type)).collect();
    let mut decoder = RunDecoder::new(Dialect::RFC_4180, Some(columns), 2);
    let mut batches = decoder.push(file.as_bytes()).unwrap();
    let (schema, last) = decoder.finish().unwrap();
    batches.extend(last);
    Run { instance: instance.to_owned(), schema, batches }
}

fn plan(runs: &[Run]) -> Result<MergePlan> {
    plan_with(runs, Drift::Union)
}

fn plan_with(runs: &[Run], drift: Drift) -> Result<MergePlan> {
    let options = MergeOptions { drift, ..MergeOptions::default() };
    MergePlan::new(runs.iter().map(|run| (run.instance.as_str(), run.schema.as_ref())), &options)
}

fn origin(instance: &str) -> Origin {
    Origin { instance_id: instance.to_owned(), instance_name: "Name".to_owned(), ..Origin::default() }
}

fn merged(plan: &MergePlan, runs: &[Run]) -> RecordBatch {
    let conform = |run: &Run| -> Vec<RecordBatch> {
        let conform = |batch: &RecordBatch| plan.conform(batch, &origin(&run.instance)).unwrap();
        run.batches.iter().map(conform).collect()
    };
    let batches: Vec<_> = runs.iter().flat_map(conform).collect();
    arrow_select::concat::concat_batches(&plan.schema(), &batches).unwrap()
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = as_text(batch.column_by_name(name).unwrap()).unwrap();
    column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

#[test]
fn columns_unite_in_order_of_appearance() {
    let runs = [
        run("amc1", &[("b", "LONG"), ("a", "STRING")], "b,a\n1,x\n"),
        run("amc2", &[("a", "STRING"), ("c", "DATE")], "a,c\ny,2025-01-01\n"),
    ];
    let plan = plan(&runs).unwrap();
    let names: Vec<_> = plan.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, [INSTANCE_ID, INSTANCE_NAME, "b", "a", "c"]);
    let merged = merged(&plan, &runs);
    assert_eq!(texts(&merged, INSTANCE_ID), [Some("amc1".into()), Some("amc2".into())]);
    assert_eq!(texts(&merged, "b"), [Some("1".into()), None]);
    assert_eq!(texts(&merged, "c"), [None, Some("2025-01-01".into())]);
    assert!(plan.widenings().is_empty());
}

#[test]
fn every_widening_is_listed_once() {
    let runs = [
        run("amc1", &[("n", "INTEGER")], "n\n7\n"),
        run("amc2", &[("n", "LONG")], "n\n9007199254740993\n"),
        run("amc3", &[("n", "INTEGER")], "n\n8\n"),
    ];
    let plan = plan(&runs).unwrap();
    let (from, to) = ("INTEGER".to_owned(), "LONG".to_owned());
    let instances = vec!["amc1".to_owned(), "amc3".to_owned()];
    assert_eq!(plan.widenings(), [Widening { column: "n".into(), from, to, instances }]);
    assert_eq!(texts(&merged(&plan, &runs), "n")[1].as_deref(), Some("9007199254740993"));
}

#[test]
fn long_beside_double_becomes_text() {
    let runs =
        [run("amc1", &[("n", "LONG")], "n\n9007199254740993\n"), run("amc2", &[("n", "DOUBLE")], "n\n0.1\n")];
    let plan = plan(&runs).unwrap();
    assert_eq!(texts(&merged(&plan, &runs), "n"), [Some("9007199254740993".into()), Some("0.1".into())]);
    assert_eq!(plan.widenings().len(), 2);
    assert!(!plan.schema().field(2).metadata().contains_key(AMC_TYPE));
}

#[test]
fn decimals_of_one_run_and_of_many_come_to_one_scale() {
    let runs = [
        run("amc1", &[("n", "DECIMAL")], "n\n1.5\n2\n0.00001\n"),
        run("amc2", &[("n", "DECIMAL")], "n\n123456789.25\n"),
    ];
    let plan = plan(&runs).unwrap();
    assert_eq!(plan.schema().field(2).data_type(), &DataType::Decimal128(38, 5));
    let expected = ["1.50000", "2.00000", "0.00001", "123456789.25000"].map(|text| Some(text.to_owned()));
    assert_eq!(texts(&merged(&plan, &runs), "n"), expected);
    assert_eq!(plan.widenings()[0].instances, ["amc2"]);
}

#[test]
fn a_column_of_ours_in_the_query_is_refused() {
    let error = plan(&[run("amc1", &[("_Instance_ID", "STRING")], "_Instance_ID\nx\n")]).unwrap_err();
    assert_eq!(error.code(), "reserved_column");
    assert_eq!(error.concerned_instances(), ["amc1"]);
}

#[test]
fn a_batch_of_another_result_is_refused() {
    let runs = [run("amc1", &[("a", "LONG")], "a\n1\n"), run("amc2", &[("b", "LONG")], "b\n1\n")];
    let plan = plan(&runs[..1]).unwrap();
    assert!(plan.conform(&runs[1].batches[0], &origin("amc2")).unwrap_err().message().contains("\"b\""));
}

/// A column as one instance has it: its AMC type and the fields of its rows.
type Fields = (&'static str, Vec<Option<String>>);

fn fields() -> impl Strategy<Value = Fields> {
    let of = |amc_type, text: BoxedStrategy<String>| {
        vec(prop::option::of(text), 0..6).prop_map(move |fields| (amc_type, fields))
    };
    prop_oneof![
        of("BYTE", any::<i8>().prop_map(|n| n.to_string()).boxed()),
        of("SHORT", any::<i16>().prop_map(|n| n.to_string()).boxed()),
        of("INTEGER", any::<i32>().prop_map(|n| n.to_string()).boxed()),
        of("LONG", any::<i64>().prop_map(|n| n.to_string()).boxed()),
        of("DECIMAL", "-?[0-9]{1,18}(\\.[0-9]{1,18})?".boxed()),
        of("DOUBLE", any::<f64>().prop_map(|n| n.to_string()).boxed()),
        of("BOOLEAN", any::<bool>().prop_map(|flag| flag.to_string()).boxed()),
        of("DATE", "20[0-9]{2}-0[1-9]-(1[0-9]|2[0-8])".boxed()),
        of("TIMESTAMP", "20[0-9]{2}-0[1-9]-(1[0-9]|2[0-8])T1[0-9]:[0-5][0-9]:[0-5][0-9]\\.[0-9]{6}Z".boxed()),
        of("STRING", "\\PC{0,8}".boxed()),
    ]
}

fn fleet() -> impl Strategy<Value = Vec<Run>> {
    let quoted = |field: &Option<String>| match field {
        None => String::new(),
        Some(text) => format!("\"{}\"", text.replace('"', "\"\"")),
    };
    vec(fields(), 1..5).prop_map(move |columns| {
        let make = |(index, (amc_type, fields)): (usize, &Fields)| {
            let lines: Vec<_> = fields.iter().map(|field| format!("{},{index}", quoted(field))).collect();
            let columns = [("v", *amc_type), ("k", "LONG")];
            run(&format!("amc{index}"), &columns, &format!("v,k\n{}", lines.join("\n")))
        };
        columns.iter().enumerate().map(make).collect()
    })
}

/// Whether a merged value is the value that was there before, judged by the type it had.
fn same_value(before: &ArrayRef, after: &ArrayRef, row: usize) -> bool {
    if before.is_null(row) || after.is_null(row) {
        return before.is_null(row) && after.is_null(row);
    }
    let text = |array: &ArrayRef| as_text(array).unwrap().as_string::<i32>().value(row).to_owned();
    match (before.data_type(), after.data_type()) {
        (DataType::Float64, DataType::Utf8) => {
            text(after).parse::<f64>().unwrap().to_bits()
                == before.as_primitive::<Float64Type>().value(row).to_bits()
        }
        (_, DataType::Float64) => text(before).parse::<f64>().unwrap() == text(after).parse::<f64>().unwrap(),
        (from, to) if from == to || to == &DataType::Utf8 => text(before) == text(after),
        _ => digits(&text(before)) == digits(&text(after)),
    }
}

/// An exact number without its sign's and scale's freedom: sign, whole part, fraction without trailing zeros.
fn digits(number: &str) -> (bool, String, String) {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    (
        number.starts_with('-'),
        whole.trim_start_matches('-').to_owned(),
        fraction.trim_end_matches('0').to_owned(),
    )
}

proptest! {
    #[test]
    fn merge_loses_nothing(runs in fleet()) {
        let plan = plan(&runs).unwrap();
        let mut rows = 0;
        for run in &runs {
            for batch in &run.batches {
                let conformed = plan.conform(batch, &origin(&run.instance)).unwrap();
                prop_assert_eq!(conformed.num_rows(), batch.num_rows());
                let (before, after) = (&batch.columns()[0], conformed.column_by_name("v").unwrap());
                for row in 0..batch.num_rows() {
                    prop_assert!(same_value(before, after, row), "{before:?} became {after:?}");
                }
                rows += batch.num_rows();
            }
            let (from, to) = (run.schema.field(0).data_type(), plan.schema().field(2).data_type().clone());
            let listed = plan.widenings().iter().any(|widening| {
                widening.column == "v" && widening.from == column::type_name(from)
                    && widening.to == column::type_name(&to) && widening.instances.contains(&run.instance)
            });
            prop_assert_eq!(listed, *from != to);
        }
        prop_assert_eq!(merged(&plan, &runs).num_rows(), rows);
    }
}

#[test]
fn equal_types_keep_their_very_values() {
    let columns = [
        ("s", "STRING"),
        ("n", "LONG"),
        ("d", "DATE"),
        ("m", "DECIMAL"),
        ("f", "DOUBLE"),
        ("t", "TIMESTAMP"),
    ];
    let file = "s,n,d,m,f,t\n\"\",-1,2025-02-28,1.2500,0.1,2025-01-01T00:00:00.5Z\n";
    let runs = [run("amc1", &columns, file), run("amc2", &columns, file)];
    let plan = plan(&runs).unwrap();
    let merged = merged(&plan, &runs);
    let columns = &merged.columns()[2..];
    assert_eq!(columns[0].as_string::<i32>().value(1), "");
    assert_eq!(columns[1].as_primitive::<Int64Type>().value(1), -1);
    assert_eq!(columns[2].as_primitive::<Date32Type>().value(1), 20_147);
    assert_eq!(columns[3].as_primitive::<Decimal128Type>().value(1), 12_500);
    assert_eq!(columns[4].as_primitive::<Float64Type>().value(1).to_bits(), 0.1_f64.to_bits());
    assert_eq!(columns[5].as_primitive::<TimestampMicrosecondType>().value(1), 1_735_689_600_500_000);
    assert!(plan.widenings().is_empty());
}

#[test]
fn what_128_bits_cannot_hold_goes_to_256() {
    let whole = "9".repeat(34);
    let runs = [
        run("amc1", &[("n", "DECIMAL")], &format!("n\n{whole}\n")),
        run("amc2", &[("n", "DECIMAL")], "n\n0.00000000000000001\n"),
    ];
    let plan = plan(&runs).unwrap();
    let merged = merged(&plan, &runs);
    let column = merged.column(2).as_primitive::<arrow_array::types::Decimal256Type>();
    assert_eq!(column.value(1), i256::from(1));
    assert_eq!(texts(&merged, "n")[0].as_deref(), Some(format!("{whole}.00000000000000000").as_str()));
}
