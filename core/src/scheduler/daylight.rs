//! From local times to instants, by Debian cron's rule for changes of clocks.
//!
//! Time is walked in spans of one offset. Local times of a span are instants of it. At a small change, fixed times go on
//! where the clock stood before the change: what was skipped falls on the moment of the change, what comes again is over.

use chrono::{DateTime, Utc};
use jiff::{Timestamp, ToSpan, civil};

use super::CronExpression;
use crate::model::{OffsetSpan, Zone};

/// The largest change, in seconds, that is a change of clocks and not a correction.
const FORWARD: i64 = 179 * 60;
const BACK: i64 = 180 * 60;

/// The runs of a schedule, in order.
pub(super) struct Runs {
    expression: CronExpression,
    zone: Zone,
    span: OffsetSpan,
    /// Seconds of local time from which to search on in this span.
    from: i64,
    /// The last instant given, or the one to begin after.
    last: i64,
}

impl Runs {
    pub(super) fn new(expression: CronExpression, zone: &Zone, after: DateTime<Utc>) -> Self {
        let last = after.timestamp();
        let span = zone.offset_span(last);
        let from = begin(&expression, span).max(last + span.offset);
        Self { expression, zone: zone.clone(), span, from, last }
    }

    /// Goes on to the next span; `None` after the last.
    fn advance(&mut self) -> Option<()> {
        self.span = self.zone.offset_span(self.span.end?);
        self.from = begin(&self.expression, self.span);
        Some(())
    }

    /// The next local time in this span, as an instant.
    fn next_in_span(&mut self) -> Option<i64> {
        let matched = seconds(self.expression.first_match(local(self.from)?)?);
        let instant = (matched - self.span.offset).max(self.span.start.unwrap_or(i64::MIN));
        self.from = matched + 60;
        self.span.end.is_none_or(|end| instant < end).then_some(instant)
    }
}

impl Iterator for Runs {
    type Item = DateTime<Utc>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.next_in_span() {
                Some(instant) if instant > self.last => {
                    self.last = instant;
                    return DateTime::from_timestamp(instant, 0);
                }
                Some(_) => {}
                None => self.advance()?,
            }
        }
    }
}

/// The local time at which a span begins for this schedule.
fn begin(expression: &CronExpression, span: OffsetSpan) -> i64 {
    let Some(start) = span.start else { return i64::MIN };
    let change = span.offset - span.offset_before;
    let goes_on = expression.is_fixed() && (-BACK..=FORWARD).contains(&change);
    start + if goes_on { span.offset_before } else { span.offset }
}

fn local(seconds: i64) -> Option<civil::DateTime> {
    let seconds = seconds.max(Timestamp::MIN.as_second());
    // A schedule fires at whole minutes.
    let whole = seconds + (60 - seconds.rem_euclid(60)) % 60;
    civil::date(1970, 1, 1).at(0, 0, 0, 0).checked_add(whole.seconds()).ok()
}

fn seconds(local: civil::DateTime) -> i64 {
    local.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_secs()
}
