//! Whether AMC still has the data a window asks for.

use chrono::{DateTime, Months, Utc};

use super::{Finding, Window};

/// How long AMC keeps data (documented; single paid sources keep more).
const KEPT: Months = Months::new(13);

pub(super) fn check(window: &Window, now: DateTime<Utc>) -> Option<Finding> {
    let oldest = now.checked_sub_months(KEPT)?;
    (window.start_utc() < oldest).then(|| Finding {
        code: "window_beyond_retention",
        message: format!(
            "the window starts on {}, but AMC keeps 13 months of data: since {}",
            window.start().date(),
            oldest.date_naive(),
        ),
        hint: "start later; what is older comes back empty".to_owned(),
        position: None,
    })
}
