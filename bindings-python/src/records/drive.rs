//! What is left after a while of work.

use chrono::{DateTime, Utc};

use super::{mirrors, record};

record! {
    /// What is left after a while of work.
    DriveReport {
        /// Whether anything is unfinished: drive again.
        more_work: bool,
        /// When something becomes due, as far as it is known.
        next_due: Option<DateTime<Utc>>,
    }
    /// >>> with amc.fleet(worker=False) as frozen:
    /// ...     frozen.drive(max_seconds=1).to_dict()["more_work"]
    /// False
}

mirrors!(DriveReport of amc_fleet::DriveReport { more_work, next_due });

impl DriveReport {
    fn shown(&self) -> String {
        let more = if self.more_work { "more work" } else { "nothing left" };
        let due = self.next_due.map(|due| format!(", due {due}")).unwrap_or_default();
        format!("<DriveReport {more}{due}>")
    }
}
