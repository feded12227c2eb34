use std::collections::BTreeMap;

use arrow_array::types::{Decimal128Type, Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, StringArray};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

const WHOLE: Known = Known { missing: 0, asked: 3, marks_suppressed: true };

/// One row: instance, campaign, clicks, impressions, cost in hundredths, currency, reach, suppressed.
type Row = (u8, Option<u8>, Option<i64>, i64, i64, u8, Option<i64>, bool);

/// The rows of one instance as its batch.
fn batch(rows: &[Row]) -> RecordBatch {
    let texts = |values: Vec<Option<String>>| Arc::new(StringArray::from(values)) as ArrayRef;
    let longs = |values: Vec<Option<i64>>| Arc::new(Int64Array::from(values)) as ArrayRef;
    let of = |value: fn(&Row) -> Option<i64>| longs(rows.iter().map(value).collect());
    let cost: Decimal128Array = rows.iter().map(|row| Some(i128::from(row.4))).collect();
    RecordBatch::try_from_iter_with_nullable([
        (INSTANCE_ID, texts(rows.iter().map(|row| Some(format!("amc{}", row.0))).collect()), false),
        ("campaign", texts(rows.iter().map(|row| row.1.map(|c| format!("c{c}"))).collect()), true),
        ("clicks", of(|row| row.2), true),
        ("impressions", of(|row| Some(row.3)), true),
        ("cost", Arc::new(cost.with_precision_and_scale(38, 2).unwrap()) as ArrayRef, true),
        (
            "currency",
            texts(rows.iter().map(|row| Some(["EUR", "USD"][usize::from(row.5)].into())).collect()),
            true,
        ),
        ("reach", of(|row| row.6), true),
        ("rate", Arc::new(Float64Array::from_iter_values(rows.iter().map(|_| 0.25))) as ArrayRef, true),
        ("hidden", Arc::new(rows.iter().map(|row| Some(row.7)).collect::<BooleanArray>()) as ArrayRef, true),
    ])
    .unwrap()
}

/// Rolls batches up one by one, as they come from instances, and then together.
fn rolled(asked: &RollUp, batches: &[RecordBatch], known: &Known) -> Result<RecordBatch> {
    let schema = batches[0].schema();
    let plan = RollUpPlan::new(asked, &schema)?;
    let mut total = Partial::empty(&plan)?;
    for batch in batches {
        total.merge(plan.partial(&batch.project(plan.needed()).unwrap())?)?;
    }
    total.finish(&plan, known)
}

fn longs(table: &RecordBatch, column: &str) -> Vec<Option<i64>> {
    table.column_by_name(column).unwrap().as_primitive::<Int64Type>().iter().collect()
}

fn metadata<'a>(table: &'a RecordBatch, column: &str, key: &str) -> Option<&'a String> {
    table.schema_ref().field_with_name(column).unwrap().metadata().get(key)
}

fn three() -> Vec<RecordBatch> {
    vec![
        batch(&[
            (1, Some(1), Some(3), 100, 150, 0, Some(40), false),
            (1, Some(2), None, 10, 1, 0, Some(7), false),
        ]),
        batch(&[(2, Some(1), Some(4), 50, 250, 0, Some(25), false)]),
        batch(&[(3, Some(1), Some(1), 50, 5, 0, Some(30), false)]),
    ]
}

fn everything() -> RollUp {
    RollUp::by(["campaign"])
        .column("clicks", Role::additive())
        .column("cost", Role::money("currency"))
        .column("ctr", Role::ratio("clicks", "impressions"))
        .column("impressions", Role::Maximum)
        .column("rate", Role::weighted("impressions"))
        .column("reach", Role::Distinct)
}

#[test]
fn every_role_does_what_it_says() {
    let table = rolled(&everything(), &three(), &WHOLE).unwrap();
    let names: Vec<_> = table.schema_ref().fields().iter().map(|field| field.name().clone()).collect();
    let expected = [
        "campaign",
        "clicks",
        "cost",
        "currency",
        "ctr",
        "impressions",
        "rate",
        "reach_at_least",
        "reach_at_most",
        "_instances",
        "_rows",
        "_suppressed",
    ];
    assert_eq!(names, expected);
    assert_eq!(longs(&table, "clicks"), [Some(8), None]);
    assert_eq!(table.column(2).as_primitive::<Decimal128Type>().values(), &[405, 1]);
    assert_eq!(table.column(2).data_type(), &DataType::Decimal128(38, 2));
    assert_eq!(table.column(4).as_primitive::<Float64Type>().iter().collect::<Vec<_>>(), [Some(0.04), None]);
    assert_eq!(longs(&table, "impressions"), [Some(100), Some(10)]);
    assert_eq!(table.column(6).as_primitive::<Float64Type>().value(0), 0.25);
    assert_eq!(longs(&table, "reach_at_least"), [Some(40), Some(7)]);
    assert_eq!(longs(&table, "reach_at_most"), [Some(95), Some(7)]);
    assert_eq!(longs(&table, "_instances"), [Some(3), Some(1)]);
    assert_eq!(longs(&table, "_rows"), [Some(3), Some(1)]);
    assert_eq!(metadata(&table, "ctr", ROLE).unwrap(), "clicks / impressions");
    assert_eq!(metadata(&table, "reach_at_most", BOUND).unwrap(), "upper");
}

#[test]
fn no_group_is_one_row() {
    let table = rolled(&RollUp::default().column("clicks", Role::Mean), &three(), &WHOLE).unwrap();
    assert_eq!(table.column(0).as_primitive::<Float64Type>().values(), &[8.0 / 3.0]);
    assert_eq!(longs(&table, "_instances"), [Some(3)]);
}

#[test]
fn an_upper_bound_needs_every_row() {
    let reach = RollUp::by(["campaign"]).column("reach", Role::Distinct);
    for (known, reason) in [
        (Known { missing: 2, asked: 120, ..WHOLE }, "2 of 120 instances are missing"),
        (Known { marks_suppressed: false, ..WHOLE }, "AMC was not asked to mark what it suppressed"),
    ] {
        let table = rolled(&reach, &three(), &known).unwrap();
        assert_eq!(longs(&table, "reach_at_most"), [None, None]);
        assert_eq!(longs(&table, "reach_at_least"), [Some(40), Some(7)]);
        assert_eq!(metadata(&table, "reach_at_most", REASON).unwrap(), reason);
    }
}

#[test]
fn suppressed_rows_are_what_remains() {
    let mut batches = three();
    batches.push(batch(&[(3, None, Some(2), 9, 70, 1, None, true), (3, None, None, 1, 2, 0, None, true)]));
    let asked = RollUp { suppressed: Some("hidden".into()), ..everything() };
    let table = rolled(&asked, &batches, &WHOLE).unwrap();
    assert_eq!(longs(&table, "clicks"), [Some(8), None, Some(2)]);
    assert_eq!(longs(&table, "_rows"), [Some(3), Some(1), Some(2)]);
    assert!(table.column_by_name("campaign").unwrap().is_null(2));
    assert!(table.column_by_name("cost").unwrap().is_null(2), "euros and dollars are no amount");
    let marks = table.column_by_name("_suppressed").unwrap().as_boolean();
    assert_eq!(marks.iter().collect::<Vec<_>>(), [Some(false), Some(false), Some(true)]);
    assert_eq!(metadata(&table, "reach_at_most", REASON).unwrap(), "2 rows are suppressed");
}

#[test]
fn what_cannot_be_added_is_refused() {
    let mixed =
        [batch(&[(1, Some(1), None, 1, 5, 0, None, false), (1, Some(1), None, 1, 5, 1, None, false)])];
    let spend = |by: &[&str]| RollUp::by(by.iter().copied()).column("cost", Role::money("currency"));
    let error = rolled(&spend(&["campaign"]), &mixed, &WHOLE).unwrap_err();
    assert_eq!(error.code(), "mixed_currencies");
    assert_eq!(error.message(), "cost cannot be added up where campaign = c1: amounts are in EUR and USD");
    assert_eq!(rolled(&spend(&["campaign", "currency"]), &mixed, &WHOLE).unwrap().num_rows(), 2);
    for (asked, code) in [
        (RollUp::by(["nowhere"]), "unknown_column"),
        (RollUp::by(["campaign"]).column("nowhere", Role::additive()), "unknown_column"),
        (RollUp::by(["campaign"]).column("currency", Role::additive()), "not_a_number"),
        (RollUp::by(["campaign"]).column("hidden", Role::Minimum), "not_a_number"),
        (RollUp::by(["campaign"]).column("campaign", Role::Minimum), "repeated_column"),
        (RollUp { suppressed: Some("campaign".into()), ..RollUp::default() }, "not_a_mark"),
    ] {
        assert_eq!(rolled(&asked, &three(), &WHOLE).unwrap_err().code(), code, "{asked:?}");
    }
}

#[test]
fn sums_are_exact_or_refused() {
    let huge = |cost| batch(&[(1, Some(1), Some(i64::MAX), 1, cost, 0, None, false)]);
    let clicks = RollUp::by(["campaign"]).column("clicks", Role::additive());
    let table = rolled(&clicks, &[huge(0), huge(0)], &WHOLE).unwrap();
    assert_eq!(table.column(1).as_primitive::<Decimal128Type>().value(0), i128::from(i64::MAX) * 2);
}

#[test]
fn roles_are_read_as_they_are_written() {
    let asked = everything();
    let text = serde_json::to_string(&asked).unwrap();
    assert!(
        text.contains(r#""ctr":{"role":"ratio","numerator":"clicks","denominator":"impressions"}"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<RollUp>(&text).unwrap(), asked);
    let error = RollUp::from_json(serde_json::json!({"columns": {"x": {"role": "average"}}})).unwrap_err();
    assert_eq!(error.code(), "roll_up_unreadable");
    assert!(error.message().contains("column \"x\"") && error.message().contains("average"), "{error}");
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0_u8..4, prop::option::of(0_u8..3), prop::option::of(0..1000_i64), 0..1000_i64, 0..1000_i64);
    let row = (row, prop::option::of(1..1_000_000_i64), any::<bool>());
    vec(row, 1..40).prop_map(|rows| {
        let mut rows: Vec<Row> =
            rows.into_iter().map(|((i, c, k, m, s), r, h)| (i, c, k, m, s, 0, r, h)).collect();
        rows.sort_by_key(|row| row.0);
        rows
    })
}

fn of_instances(rows: &[Row]) -> Vec<RecordBatch> {
    rows.chunk_by(|left, right| left.0 == right.0).map(batch).collect()
}

proptest! {
    #[test]
    fn reach_is_never_summed(rows in rows(), missing in 0_usize..2, marks in any::<bool>()) {
        let reach = RollUp::by(["campaign"]).column("reach", Role::Distinct);
        let known = Known { missing, asked: 4 + missing, marks_suppressed: marks };
        let asked = RollUp { suppressed: marks.then(|| "hidden".into()), ..reach };
        let table = rolled(&asked, &of_instances(&rows), &known).unwrap();
        prop_assert!(table.column_by_name("reach").is_none());
        let kept: Vec<&Row> = rows.iter().filter(|row| !(marks && row.7)).collect();
        let whole = missing == 0 && marks && kept.len() == rows.len();
        let mut groups: Vec<Option<u8>> = Vec::new();
        kept.iter().for_each(|row| if !groups.contains(&row.1) { groups.push(row.1) });
        for (at, group) in groups.iter().enumerate() {
            let counts: Vec<Option<i64>> = kept.iter().filter(|row| row.1 == *group).map(|row| row.6).collect();
            let upper = counts.iter().copied().sum::<Option<i64>>().filter(|_| whole);
            prop_assert_eq!(longs(&table, "reach_at_least")[at], counts.iter().copied().flatten().max());
            prop_assert_eq!(longs(&table, "reach_at_most")[at], upper);
        }
    }

    #[test]
    fn a_roll_up_of_parts_is_that_of_the_whole(rows in rows(), cut in 1_usize..8) {
        let asked = RollUp::by(["campaign"])
            .column("clicks", Role::additive())
            .column("cost", Role::Minimum)
            .column("ctr", Role::ratio("clicks", "impressions"));
        let parts: Vec<RecordBatch> = of_instances(&rows)
            .iter()
            .flat_map(|batch| (0..batch.num_rows()).step_by(cut).map(|at| batch.slice(at, cut.min(batch.num_rows() - at))))
            .collect();
        let table = rolled(&asked, &parts, &WHOLE).unwrap();
        prop_assert_eq!(&table, &rolled(&asked, &of_instances(&rows), &WHOLE).unwrap());
        let mut sums: BTreeMap<Option<u8>, (i64, i64)> = BTreeMap::new();
        for row in &rows {
            let sum = sums.entry(row.1).or_default();
            *sum = (sum.0 + row.2.unwrap_or(0), sum.1 + 1);
        }
        let total: i64 = longs(&table, "clicks").into_iter().flatten().sum();
        prop_assert_eq!(total, sums.values().map(|sum| sum.0).sum::<i64>());
        prop_assert_eq!(table.num_rows(), sums.len());
        prop_assert_eq!(longs(&table, "_rows").into_iter().flatten().sum::<i64>(), sums.values().map(|sum| sum.1).sum::<i64>());
    }
}
