//! A schedule as a user writes it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use croner::Cron;
use jiff::civil;
use serde::{Deserialize, Serialize};

use super::{daylight, field, shorthand};
use crate::model::Zone;
use crate::{Error, Result};

/// When a schedule fires, in local time of a zone that is given with each question.
///
/// - Five fields: minute, hour, day of month, month, day of week. Lists, ranges, steps, the names `JAN` to `DEC` and `SUN`
///   to `SAT` (any case; 0 and 7 are Sunday), `L` for the last day, `MON#2` for the second and `FRI#L` for the last of a
///   month. Where both a day of month and a day of week are given, either is enough, as in every cron.
/// - `@hourly`, `@daily`, `@weekly` (Sunday), `@monthly`, `@yearly`, as in every cron.
/// - `daily`, `weekly` (Monday), `monthly` (the 1st), `quarterly` (the 1st of January, April, July, October), each with
///   `at 06:30`, weekly with `on Friday`, monthly with `on 15` or `on last`. Without a time they fire at midnight.
///
/// # Changes of clocks
/// As Debian's cron. A schedule of fixed times (neither minute nor hour begins with `*`) fires once a day: a time that is
/// skipped fires when the clocks have gone forward, a time that comes twice fires the first time. A schedule of intervals
/// fires whenever the clock shows its time. Changes of more than three hours count as corrections of the clock: what they
/// skip is not made up.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CronExpression {
    text: String,
    cron: Cron,
}

impl CronExpression {
    /// The expression in five fields, whatever words it was written in.
    #[must_use]
    pub fn fields(&self) -> &str {
        &self.text
    }

    /// Says it in plain words, for example `At 06:00, on Monday.`
    #[must_use]
    pub fn describe(&self) -> String {
        self.cron.describe()
    }

    /// Gives the runs strictly after an instant, in order.
    pub fn runs_after(&self, zone: &Zone, after: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        daylight::Runs::new(self.clone(), zone, after)
    }

    /// Whether it says times of day, not intervals.
    pub(super) fn is_fixed(&self) -> bool {
        !self.text.split_whitespace().take(2).any(|field| field.starts_with('*'))
    }

    /// The first local time it matches at or after `from`; none where the calendar ends.
    pub(super) fn first_match(&self, from: civil::DateTime) -> Option<civil::DateTime> {
        self.cron.find_next_occurrence(&from, true).ok()
    }
}

impl FromStr for CronExpression {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let in_words = shorthand::fields(text)?;
        let fields = in_words.as_deref().unwrap_or(text);
        let cron = field::parse(fields)?;
        let expression = Self { cron, text: one_spelling(fields) };
        // A pattern repeats within 28 years, but for the days that a century leaves out.
        let epoch = civil::date(2000, 1, 1).at(0, 0, 0, 0);
        match expression.first_match(epoch) {
            Some(_) => Ok(expression),
            None => Err(Error::invalid("cron_never", format!("{text:?} never comes"))
                .hint("no month has that day; write L for the last day of a month")),
        }
    }
}

fn one_spelling(fields: &str) -> String {
    fields.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase()
}

impl fmt::Display for CronExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for CronExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CronExpression({})", self.text)
    }
}

impl PartialEq for CronExpression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for CronExpression {}

impl From<CronExpression> for String {
    fn from(expression: CronExpression) -> Self {
        expression.text
    }
}

impl TryFrom<String> for CronExpression {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}
