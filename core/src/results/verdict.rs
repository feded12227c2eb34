//! What a result says about its instance, beside its rows.

use std::fmt;

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use serde::Serialize;

/// What a result says about its instance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// There are rows, and AMC marked none of them as suppressed, if it was asked to mark them.
    Rows,
    /// There is nothing to tell: AMC was asked to keep rows under its thresholds, and there are none of those either.
    Empty,
    /// Some rows are under AMC's thresholds: they are there, marked and without their values.
    Suppressed,
    /// There are no rows, and AMC may lack events of the last hours of the window.
    NoDataYet,
    /// There are no rows, for nothing happened or all of it is under AMC's thresholds: AMC was not asked to tell, by
    /// `filteredMetricsDiscriminatorColumn`.
    #[default]
    Unknown,
}

impl Verdict {
    /// The verdict on a result: how many rows it has, how many of them AMC marked as suppressed where it was asked to, and
    /// whether AMC may still have lacked events of its window.
    #[must_use]
    pub const fn new(row_count: u64, marked_rows: Option<u64>, may_lack_events: bool) -> Self {
        match (row_count, marked_rows) {
            (0, _) if may_lack_events => Self::NoDataYet,
            (0, Some(_)) => Self::Empty,
            (0, None) => Self::Unknown,
            (_, Some(1..)) => Self::Suppressed,
            _ => Self::Rows,
        }
    }

    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rows => "rows",
            Self::Empty => "empty",
            Self::Suppressed => "suppressed",
            Self::NoDataYet => "no_data_yet",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How many rows of a batch are marked as suppressed in a column.
pub(crate) fn marked_rows(batch: &RecordBatch, column: &str) -> u64 {
    let schema = batch.schema();
    let found = schema.fields().iter().position(|field| field.name().eq_ignore_ascii_case(column));
    let marks = found.map(|at| batch.column(at));
    let count = marks.map_or(0, |marks| match (marks.as_boolean_opt(), marks.as_string_opt::<i32>()) {
        (Some(marks), _) => marks.true_count(),
        (_, Some(texts)) => texts.iter().flatten().filter(|text| text.eq_ignore_ascii_case("true")).count(),
        _ => 0,
    });
    u64::try_from(count).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, BooleanArray, StringArray};

    use super::*;

    #[test]
    fn nothing_is_said_that_is_not_known() {
        for (rows, marked, fresh, expected) in [
            (5, None, false, Verdict::Rows),
            (5, Some(0), true, Verdict::Rows),
            (5, Some(2), false, Verdict::Suppressed),
            (0, Some(0), false, Verdict::Empty),
            (0, Some(0), true, Verdict::NoDataYet),
            (0, None, true, Verdict::NoDataYet),
            (0, None, false, Verdict::Unknown),
        ] {
            assert_eq!(Verdict::new(rows, marked, fresh), expected, "{rows} {marked:?} {fresh}");
        }
    }

    #[test]
    fn marks_are_counted_whatever_they_were_read_as() {
        let flags: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None, Some(false), Some(true)]));
        let texts: ArrayRef =
            Arc::new(StringArray::from(vec![Some("true"), None, Some("false"), Some("TRUE")]));
        for marks in [flags, texts] {
            let batch = RecordBatch::try_from_iter_with_nullable([("Filtered", marks, true)]).unwrap();
            assert_eq!((marked_rows(&batch, "filtered"), marked_rows(&batch, "other")), (2, 0));
        }
    }
}
