//! The table of schedules and segments that every language answers alike.

use amc_fleet::scheduler::{Day, Instant, describe, next_runs, segments};
use amc_fleet::{Error, Result};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

type Answer = fn(&Value) -> Result<Value>;

#[test]
fn the_table_of_schedules_holds() {
    let table: Value = serde_json::from_str(include_str!("../../tables/schedules.json")).unwrap();
    let verbs: [(&str, Answer, &str); 3] =
        [("next_runs", runs, "runs"), ("describe", said, "says"), ("segments", cut, "segments")];
    for (verb, answer, expected) in verbs {
        for case in table[verb].as_array().unwrap() {
            match answer(case) {
                Ok(answer) => assert_eq!(answer, case[expected], "{case}"),
                Err(error) => refused(case, &error),
            }
        }
    }
}

fn refused(case: &Value, error: &Error) {
    let column = error.position().map_or(Value::Null, |position| position.column.into());
    assert_eq!((&case["error"], &case["column"]), (&error.code().into(), &column), "{case}: {error}");
}

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_default()
}

fn instant(at: DateTime<Utc>) -> Value {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()
}

fn runs(case: &Value) -> Result<Value> {
    let after: Instant = text(case, "after").parse()?;
    let count = usize::try_from(case["count"].as_u64().unwrap()).unwrap();
    let runs = next_runs(text(case, "expression"), &text(case, "timezone").parse()?, after.0, count)?;
    Ok(runs.into_iter().map(instant).collect())
}

fn said(case: &Value) -> Result<Value> {
    describe(text(case, "expression")).map(Value::from)
}

fn cut(case: &Value) -> Result<Value> {
    let [start, end] = ["start", "end"].map(|name| text(case, name).parse::<Day>());
    let partial = case["partial"].as_str().unwrap_or("keep").parse()?;
    let kind = text(case, "segment_type").parse()?;
    let found = segments(start?.0, end?.0, kind, &text(case, "timezone").parse()?, partial)?;
    let shown = found.iter().map(|it| {
        let (start, end) = (instant(it.window.start_utc()), instant(it.window.end_utc()));
        json!({"start": start, "end": end, "name": it.window.label(), "is_partial": it.is_partial})
    });
    Ok(shown.collect())
}
