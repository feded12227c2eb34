//! What becomes of rows that too few users are behind.

use std::collections::HashMap;

use amc_fleet_emulator::query::{OutputColumn, Privacy, Row};

use super::Origin;
use crate::catalogue::{Catalogue, Class};

/// The aggregation thresholds of one run.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    /// The class of each column, in order.
    classes: Vec<Class>,
    /// The data source behind each number of a row's users.
    sources: Vec<String>,
    privacy: Privacy,
    /// Whether rows are filtered at all.
    enforced: bool,
}

/// A row with the distinct users of each source.
pub(crate) struct Counted {
    /// The row.
    pub(crate) row: Row,
    /// (number of the source, users).
    pub(crate) users: Vec<(u64, u64)>,
}

impl Policy {
    /// The policy for a result of these columns.
    pub(crate) fn new(origins: &[Origin], catalogue: &Catalogue, privacy: &Privacy, enforced: bool) -> Self {
        Self {
            classes: origins.iter().map(|origin| origin.class).collect(),
            sources: catalogue.keys().cloned().collect(),
            privacy: privacy.clone(),
            enforced,
        }
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

    /// The rows as they may be returned.
    pub(crate) fn apply(&self, rows: Vec<Counted>, columns: &[OutputColumn]) -> Vec<Row> {
        let blanks = self.privacy.discriminator_column.is_some()
            || self.privacy.filtering_behavior.as_deref() == Some("REMOVE_VALUES");
        if blanks {
            let rows = rows.into_iter().map(|counted| self.blanked(counted)).collect();
            return summed(rows, columns, self.classes.len());
        }
        let kept = rows.into_iter().filter(|counted| self.missing(self.required(), counted).is_none());
        kept.map(|counted| self.complete(counted, false)).collect()
    }

    /// Users that a row with all its columns needs.
    fn required(&self) -> u64 {
        self.classes.iter().filter_map(|class| class.required_users()).max().unwrap_or(1)
    }

    /// The source that has too few users, with their number.
    fn missing(&self, required: u64, counted: &Counted) -> Option<(u64, u64)> {
        let few = |(_, users): &&(u64, u64)| self.enforced && *users < required;
        counted.users.iter().find(few).copied()
    }

    fn blanked(&self, counted: Counted) -> (Row, bool) {
        let least = counted.users.iter().map(|(_, users)| *users).min();
        let enough = |class: &Class| {
            let required = class.required_users().unwrap_or(1);
            !self.enforced || least.is_none_or(|users| users >= required)
        };
        let fields = counted.row.iter().zip(&self.classes);
        let row = fields.map(|(field, class)| field.clone().filter(|_| enough(class))).collect();
        let filtered = self.missing(self.required(), &counted).is_some();
        (self.complete(Counted { row, ..counted }, filtered), filtered)
    }

    /// The row with the added columns.
    fn complete(&self, counted: Counted, filtered: bool) -> Row {
        let Counted { mut row, users } = counted;
        if self.privacy.discriminator_column.is_some() {
            row.push(Some(filtered.to_string()));
        }
        if self.privacy.user_count_column.is_some() {
            row.push(users.iter().map(|(_, users)| users).min().map(u64::to_string));
        }
        if self.privacy.reason_column.is_some() {
            row.push(filtered.then(|| self.reason(&users)).flatten());
        }
        row
    }

    /// `97 'dsp_impressions' users < 100 required`.
    fn reason(&self, users: &[(u64, u64)]) -> Option<String> {
        let required = self.required();
        let (source, count) = users.iter().find(|(_, count)| *count < required)?;
        let name = usize::try_from(*source).ok().and_then(|source| self.sources.get(source))?;
        Some(format!("{count} '{name}' users < {required} required"))
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
