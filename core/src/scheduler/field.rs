//! The five fields of a cron expression, and the place of what is wrong in one.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use crate::error::Position;
use crate::{Error, Result};

struct Field {
    name: &'static str,
    allowed: &'static str,
    /// The letters it may hold, beside digits and `*/,-`.
    letters: &'static [&'static str],
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "L"];

const FIELDS: [Field; 5] = [
    Field { name: "minute", allowed: "0 to 59", letters: &[] },
    Field { name: "hour", allowed: "0 to 23", letters: &[] },
    Field {
        name: "day of month",
        allowed: "1 to 31, L for the last, 15W for the weekday nearest to the 15th",
        letters: &["L", "W", "LW"],
    },
    Field { name: "month", allowed: "1 to 12 or JAN to DEC", letters: &MONTHS },
    Field {
        name: "day of week",
        allowed: "0 to 7 (0 and 7 are Sunday) or SUN to SAT, MON#2 for the second, FRI#L for the last of a month",
        letters: &DAYS,
    },
];

/// Reads five fields; names the first part that is wrong.
pub(super) fn parse(text: &str) -> Result<Cron> {
    let fields = fields(text);
    if fields.len() != FIELDS.len() {
        return Err(wrong_count(text, &fields));
    }
    for (index, (start, field)) in fields.iter().enumerate() {
        let mut column = *start;
        for item in field.split(',') {
            if !stands(index, item) {
                return Err(wrong_item(text, index, item, column));
            }
            column += item.chars().count() + 1;
        }
    }
    // Debian's cron takes any field that begins with a star for "every": both must match, not either.
    let every = [2, 4].iter().any(|index| fields[*index].1.starts_with('*'));
    parser(every)
        .parse(text)
        .map_err(|error| invalid(text, 1, format!("{text:?} is no schedule")).caused_by(error))
}

fn parser(day_and_weekday: bool) -> CronParser {
    CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .dom_and_dow(day_and_weekday)
        .build()
}

/// The fields, each with the column of its first character, counted from 1.
fn fields(text: &str) -> Vec<(usize, &str)> {
    let column = |field: &str| {
        let offset = field.as_ptr() as usize - text.as_ptr() as usize;
        text[..offset].chars().count() + 1
    };
    text.split_whitespace().map(|field| (column(field), field)).collect()
}

/// Whether an item of a list is right in its field: alone, with a star in every other.
fn stands(index: usize, item: &str) -> bool {
    let mut alone = ["*"; FIELDS.len()];
    alone[index] = item;
    words_fit(index, item) && parser(false).parse(&alone.join(" ")).is_ok()
}

/// Names stand only in their own fields.
fn words_fit(index: usize, item: &str) -> bool {
    let words = item.split(|it: char| !it.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let known = |word: &str| FIELDS[index].letters.iter().any(|it| it.eq_ignore_ascii_case(word));
    item.is_ascii() && words.into_iter().all(known)
}

fn wrong_item(text: &str, index: usize, item: &str, column: usize) -> Error {
    let Field { name, allowed, .. } = &FIELDS[index];
    let message = match item {
        "" => format!("an item of the {name} is empty"),
        item => format!("{item:?} is no {name}"),
    };
    invalid(text, column, message)
        .hint(format!("a {name} is {allowed}; with *, lists (1,15), ranges (1-5), steps (*/2)"))
}

fn wrong_count(text: &str, fields: &[(usize, &str)]) -> Error {
    let column =
        fields.get(FIELDS.len()).map_or_else(|| text.trim_end().chars().count() + 1, |(column, _)| *column);
    let names = FIELDS.map(|field| field.name).join(", ");
    invalid(text, column, format!("a schedule has five fields, this has {}", fields.len())).hint(format!(
        "write {names}, for example \"0 6 * * MON\", or a word such as \"weekly on Monday at 06:00\""
    ))
}

pub(super) fn invalid(text: &str, column: usize, message: String) -> Error {
    let column = u32::try_from(column).unwrap_or(u32::MAX);
    Error::invalid("cron_invalid", message).at(Position { line: 1, column }).shown_in(text)
}
