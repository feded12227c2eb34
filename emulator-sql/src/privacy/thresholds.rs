//! What becomes of rows that too few users are behind.

use std::collections::HashMap;

use amc_fleet_emulator::query::{OutputColumn, Privacy, Row};

use super::{Origin, Paths};
use crate::functions::weights::{Shortfall, Weight};

/// The aggregation thresholds of one run.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    /// What is behind each column, in order.
    columns: Vec<Origin>,
    /// The paths that rows' users came by.
    paths: Paths,
    privacy: Privacy,
    /// Whether rows are filtered at all.
    enforced: bool,
}

/// A row with the distinct users of each path.
pub(crate) struct Counted {
    /// The row.
    pub(crate) row: Row,
    /// (number of the path, users).
    pub(crate) users: Vec<(u64, u64)>,
    /// Totals in the row that too few users are behind.
    pub(crate) shortfalls: Vec<Shortfall>,
}

impl Policy {
    /// The policy for a result of these columns.
    pub(crate) fn new(origins: &[Origin], paths: Paths, privacy: &Privacy, enforced: bool) -> Self {
        Self { columns: origins.to_vec(), paths, privacy: privacy.clone(), enforced }
    }

    /// The columns that the workflow asked for besides.
    pub(crate) fn added(&self) -> Vec<OutputColumn> {
        let column = |name: &Option<String>, data_type: &str| {
            name.as_ref().map(|name| OutputColumn {
                name: name.to_lowercase(),
                data_type: data_type.to_owned(),
                column_type: "DIMENSION".to_owned(),
                precision: None,
                scale: None,
            })
        };
        let asked = [
            column(&self.privacy.discriminator_column, "BOOLEAN"),
            column(&self.privacy.user_count_column, "LONG"),
            column(&self.privacy.reason_column, "STRING"),
        ];
        asked.into_iter().flatten().collect()
    }

    /// Whether rows of too few users stay without their values, and so may become equal to others.
    pub(crate) fn blanks(&self) -> bool {
        self.privacy.discriminator_column.is_some()
            || self.privacy.filtering_behavior.as_deref() == Some("REMOVE_VALUES")
    }

    /// The rows as they may be returned, where those of too few users go.
    pub(crate) fn kept(&self, rows: Vec<Counted>) -> Vec<Row> {
        let kept = rows.into_iter().filter(|counted| self.lacking(counted).is_none());
        kept.map(|counted| self.complete(counted, None)).collect()
    }

    /// The rows as they may be returned, where those of too few users lose their values.
    pub(crate) fn blanked(&self, rows: Vec<Counted>, columns: &[OutputColumn]) -> Vec<Row> {
        let rows = rows.into_iter().map(|counted| self.blank(counted)).collect();
        summed(rows, columns, self.columns.len())
    }

    /// Users that a row with all its columns needs.
    fn required(&self) -> u64 {
        self.columns.iter().filter_map(|column| column.class.required_users()).max().unwrap_or(1)
    }

    /// Why a row has too few users, if it has.
    fn lacking(&self, counted: &Counted) -> Option<String> {
        let required = self.required();
        let few = counted.users.iter().find(|(_, users)| *users < required);
        let reason = few.map(|(path, users)| self.reason(*path, *users, "", required));
        let weightless = || counted.shortfalls.first().map(|shortfall| self.shortfall(shortfall));
        reason.or_else(weightless).filter(|_| self.enforced)
    }

    fn blank(&self, mut counted: Counted) -> (Row, bool) {
        let reason = self.lacking(&counted);
        let least = counted.users.iter().map(|(_, users)| *users).min();
        let weight = counted.shortfalls.iter().map(|shortfall| shortfall.required).min();
        let enough = |column: &Origin| {
            let required = column.class.required_users().unwrap_or(1);
            let weighty =
                column.metric && weight.is_some_and(|weight| column.class.required_weight().0 >= weight);
            !self.enforced || least.is_none_or(|users| users >= required) && !weighty
        };
        for (field, _) in counted.row.iter_mut().zip(&self.columns).filter(|(_, column)| !enough(column)) {
            *field = None;
        }
        let filtered = reason.is_some();
        (self.complete(counted, reason), filtered)
    }

    /// The row with the added columns; `reason` says why it lost values.
    fn complete(&self, counted: Counted, reason: Option<String>) -> Row {
        let Counted { mut row, users, .. } = counted;
        if self.privacy.discriminator_column.is_some() {
            row.push(Some(reason.is_some().to_string()));
        }
        if self.privacy.user_count_column.is_some() {
            row.push(users.iter().map(|(_, users)| users).min().map(u64::to_string));
        }
        if self.privacy.reason_column.is_some() {
            row.push(reason);
        }
        row
    }

    fn shortfall(&self, shortfall: &Shortfall) -> String {
        let kind = match shortfall.weight {
            Weight::Effective => "effective ",
            Weight::Equivalent => "equivalent ",
        };
        self.reason(shortfall.path, shortfall.users, kind, shortfall.required)
    }

    /// `97 'dsp_impressions' users < 100 required`.
    fn reason(&self, path: u64, users: u64, kind: &str, required: u64) -> String {
        let source = self.paths.name(path).unwrap_or_default();
        format!("{users} {source} {kind}users < {required} required")
    }
}

/// Filtered rows that became equal in their dimensions, as one row with the sums of their metrics.
fn summed(rows: Vec<(Row, bool)>, columns: &[OutputColumn], own: usize) -> Vec<Row> {
    let metric = |place: usize| place < own && columns.get(place).is_some_and(is_summed);
    let mut kept: Vec<Row> = Vec::new();
    let mut places: HashMap<Vec<Option<String>>, usize> = HashMap::new();
    for (row, filtered) in rows {
        let dimensions: Vec<_> = row
            .iter()
            .enumerate()
            .filter(|(place, _)| !metric(*place))
            .map(|(_, field)| field.clone())
            .collect();
        match places.get(&dimensions).filter(|_| filtered) {
            Some(place) => add(&mut kept[*place], &row, metric),
            None => {
                if filtered {
                    places.insert(dimensions, kept.len());
                }
                kept.push(row);
            }
        }
    }
    kept
}

fn is_summed(column: &OutputColumn) -> bool {
    column.column_type == "METRIC"
        && matches!(column.data_type.as_str(), "LONG" | "INTEGER" | "DECIMAL" | "DOUBLE")
}

fn add(total: &mut Row, row: &Row, metric: impl Fn(usize) -> bool) {
    for (place, (sum, field)) in total.iter_mut().zip(row).enumerate().filter(|(place, _)| metric(*place)) {
        let _ = place;
        *sum = match (sum.take(), field) {
            (Some(first), Some(second)) => Some(plus(&first, second)),
            (first, second) => first.or_else(|| second.clone()),
        };
    }
}

/// The sum of two numbers written alike.
fn plus(first: &str, second: &str) -> String {
    let digits = |text: &str| text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let scale = digits(first).max(digits(second));
    let whole = |text: &str| {
        let padding = "0".repeat(scale - digits(text));
        (text.replace('.', "") + &padding).parse::<i128>()
    };
    match (whole(first), whole(second)) {
        (Ok(first), Ok(second)) => point(first + second, scale),
        _ => {
            let number = |text: &str| text.parse::<f64>().unwrap_or_default();
            (number(first) + number(second)).to_string()
        }
    }
}

fn point(number: i128, scale: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_their_digits() {
        assert_eq!(plus("12.50", "0.25"), "12.75");
        assert_eq!(plus("-1", "3"), "2");
        assert_eq!(plus("-0.75", "0.5"), "-0.25");
    }
}
