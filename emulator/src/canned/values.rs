//! Canned values: a function of seed, instance, query, row and column.

use chrono::{DateTime, TimeDelta, Utc};

use super::guess::Type;
use crate::query::{OutputColumn, Query, Row, Window};

/// How many rows are made at a time.
const BATCH: usize = 1000;

/// How many days of a window a date may fall on, so that dates recur.
const MAX_DAYS: u64 = 400;

/// Makes the rows of one result.
#[derive(Debug)]
pub(super) struct Maker {
    columns: Vec<(String, Type)>,
    window: Window,
    base: u64,
    made: usize,
    rows: usize,
}

impl Maker {
    pub(super) fn new(seed: u64, query: &Query, columns: &[OutputColumn], rows: usize) -> Self {
        let name = format!("{}/{}/{}", query.instance_id, query.sql, query.window.start);
        Self {
            columns: columns.iter().map(|column| (column.name.clone(), Type::of(column))).collect(),
            window: query.window.clone(),
            base: crate::ids::number(seed, &name, 0),
            made: 0,
            rows,
        }
    }

    fn row(&self, index: usize) -> Row {
        let cells = self.columns.iter().enumerate();
        cells.map(|(column, (name, kind))| self.cell(index, column, name, *kind)).collect()
    }

    fn cell(&self, row: usize, column: usize, name: &str, kind: Type) -> Option<String> {
        let number = mix(self.base ^ mix((row as u64) << 8 | column as u64));
        // The first column tells rows apart; elsewhere a value is missing now and then.
        if column > 0 && number.is_multiple_of(61) {
            return None;
        }
        Some(match kind {
            Type::Text if column == 0 => format!("{name} {}", row + 1),
            Type::Text => text(name, number),
            Type::Long => (number % 100_000).to_string(),
            Type::Decimal => format!("{}.{:04}", number % 10_000, number / 10_000 % 10_000),
            Type::Double => format!("{:?}", (number % 1_000_000) as f64 / 8192.0),
            Type::Date => self.day(number).format("%Y-%m-%d").to_string(),
            Type::Timestamp => {
                let second = TimeDelta::milliseconds((number >> 20).cast_signed().rem_euclid(86_400_000));
                (self.day(number) + second).format("%Y-%m-%dT%H:%M:%S%.3f").to_string()
            }
        })
    }

    /// Gives a day that begins in the window.
    fn day(&self, number: u64) -> DateTime<Utc> {
        let days = (self.window.end - self.window.start).num_days().max(1);
        let day = (number % days.unsigned_abs().min(MAX_DAYS)).cast_signed();
        self.window.start + TimeDelta::days(day)
    }
}

impl Iterator for Maker {
    type Item = Vec<Row>;

    fn next(&mut self) -> Option<Vec<Row>> {
        let end = self.rows.min(self.made + BATCH);
        let batch = (self.made..end).map(|row| self.row(row)).collect();
        let done = self.made >= self.rows;
        self.made = end;
        (!done).then_some(batch)
    }
}

/// Gives a text; some hold what a careless CSV reader stumbles over.
fn text(name: &str, number: u64) -> String {
    match number % 37 {
        0 => format!("{name} \"{}\", boxed", number % 50),
        1 => format!("{name} C:\\{}", number % 50),
        2 => String::new(),
        _ => format!("{name} {}", number % 50),
    }
}

/// Mixes the bits of a number (SplitMix64).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
