//! Whether AMC still has the data a window asks for.

use chrono::{DateTime, Months, Utc};

use super::Window;
use super::zone::today;
use crate::Finding;

/// How long AMC keeps data (documented; single paid sources keep more).
const KEPT: Months = Months::new(13);

pub(super) fn check(window: &Window, now: DateTime<Utc>) -> Option<Finding> {
    let oldest = today(window.zone(), now).checked_sub_months(KEPT)?;
    let start = window.start().date();
    let message = format!("the window starts on {start}, but AMC keeps 13 months of data: since {oldest}");
    let found =
        || Finding::warning("window_beyond_retention", message).fix(format!("start on {oldest} or later"));
    (start < oldest).then(found)
}
