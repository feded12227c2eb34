//! Whether the data of a window are there yet, and whether they will still change.

use std::str::FromStr;

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Window;
use crate::{Error, Finding, Result};

/// What happens to a window whose data are not there, or not final.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadinessPolicy {
    /// It is read as it is, and said so.
    #[default]
    Flag,
    /// It is moved back by whole days until its data are there.
    Move,
    /// The batch is refused.
    Refuse,
    /// The run waits until the data are there.
    Wait,
}

impl FromStr for ReadinessPolicy {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "flag" => Ok(Self::Flag),
            "move" => Ok(Self::Move),
            "refuse" => Ok(Self::Refuse),
            "wait" => Ok(Self::Wait),
            _ => Err(Error::invalid("unknown_policy", format!("'{word}' is no policy for a window"))
                .hint("one of flag, move, refuse, wait")),
        }
    }
}

/// Two things a window may be too young for: that its events have arrived (48 hours at AMC), and that its conversions
/// have been attributed (14 days).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// Hours until events have arrived.
    pub freshness_hours: u32,
    /// What to do before.
    pub freshness: ReadinessPolicy,
    /// Days until conversions are attributed.
    pub maturity_days: u32,
    /// What to do before; asked only of queries that read conversions.
    pub maturity: ReadinessPolicy,
}

impl Default for Readiness {
    fn default() -> Self {
        let policy = ReadinessPolicy::default();
        Self { freshness_hours: 48, freshness: policy, maturity_days: 14, maturity: policy }
    }
}

/// A window as it will be read, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The window, moved where the policy says so.
    pub window: Window,
    /// The moment to wait for.
    pub not_before: Option<DateTime<Utc>>,
    /// What is said about it.
    pub findings: Vec<Finding>,
}

/// One of the two, as a rule.
struct Rule {
    code: &'static str,
    after: TimeDelta,
    policy: ReadinessPolicy,
    lacks: String,
}

impl Readiness {
    /// Applies the policies to a window seen at `now`.
    ///
    /// # Errors
    /// `InvalidInput`: `window_fresh` or `window_immature`, where the policy is to refuse.
    pub fn apply(self, window: Window, reads_conversions: bool, now: DateTime<Utc>) -> Result<Ready> {
        let findings = window.findings(now);
        let mut ready = Ready { window, not_before: None, findings };
        for rule in self.rules(reads_conversions) {
            rule.apply(&mut ready, now)?;
        }
        Ok(ready)
    }

    /// Whether AMC may have lacked events of a window that ends at `window_end` when it was read at `read_at`.
    #[must_use]
    pub fn may_lack_events(self, window_end: DateTime<Utc>, read_at: DateTime<Utc>) -> bool {
        window_end + TimeDelta::hours(self.freshness_hours.into()) > read_at
    }

    fn rules(self, reads_conversions: bool) -> impl Iterator<Item = Rule> {
        let Self { freshness_hours, freshness, maturity_days, maturity } = self;
        let fresh = Rule {
            code: "window_fresh",
            after: TimeDelta::hours(freshness_hours.into()),
            policy: freshness,
            lacks: format!("AMC may lack events of its last {freshness_hours} hours"),
        };
        let mature = Rule {
            code: "window_immature",
            after: TimeDelta::days(maturity_days.into()),
            policy: maturity,
            lacks: format!("conversions are attributed for {maturity_days} days more"),
        };
        [Some(fresh), reads_conversions.then_some(mature)].into_iter().flatten()
    }
}

impl Rule {
    fn apply(&self, ready: &mut Ready, now: DateTime<Utc>) -> Result<()> {
        let complete = ready.window.end_utc() + self.after;
        if complete <= now {
            return Ok(());
        }
        let message = format!("the window ends on {}, and {}", ready.window.end(), self.lacks);
        match self.policy {
            ReadinessPolicy::Refuse => {
                let error = Error::invalid(self.code, message);
                return Err(error.hint(format!("end it earlier, or run it after {}", complete.to_rfc3339())));
            }
            ReadinessPolicy::Flag => {
                ready
                    .findings
                    .push(Finding::warning(self.code, message).fix("end it earlier, or run it again later"));
            }
            ReadinessPolicy::Wait => {
                ready.not_before = ready.not_before.max(Some(complete));
                let message = format!("{message}; the run waits until {}", complete.to_rfc3339());
                ready.findings.push(Finding::info(self.code, message));
            }
            ReadinessPolicy::Move => self.moved(ready, complete, now)?,
        }
        Ok(())
    }

    fn moved(&self, ready: &mut Ready, complete: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        // A day of changing clocks may make one more day necessary.
        for extra in 0..2 {
            let days = (complete - now).num_seconds().unsigned_abs().div_ceil(86_400);
            let back = Days::new(days + extra);
            let bounds =
                ready.window.start().checked_sub_days(back).zip(ready.window.end().checked_sub_days(back));
            let (start, end) =
                bounds.ok_or_else(|| Error::invalid(self.code, "the window cannot be moved so far back"))?;
            let moved = Window::new(start, end, ready.window.zone())?;
            if moved.end_utc() + self.after <= now {
                let message = format!("the window was moved back to {}, since {}", moved.label(), self.lacks);
                ready.findings.push(Finding::info(self.code, message));
                ready.window = moved;
                return Ok(());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{WindowExpression, Zone};

    fn window(text: &str, now: DateTime<Utc>, zone: &str) -> Window {
        text.parse::<WindowExpression>().unwrap().resolve(now, &zone.parse::<Zone>().unwrap()).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn with(policy: ReadinessPolicy) -> Readiness {
        Readiness { freshness: policy, ..Readiness::default() }
    }

    #[test]
    fn a_young_window_is_never_read_silently() {
        let now = at("2025-10-15T12:00:00Z");
        let young = || window("last 30 days", now, "UTC");
        let flagged = with(ReadinessPolicy::Flag).apply(young(), false, now).unwrap();
        assert_eq!((flagged.findings[0].code.as_ref(), flagged.not_before), ("window_fresh", None));
        assert_eq!(flagged.window, young());
        let refused = with(ReadinessPolicy::Refuse).apply(young(), false, now).unwrap_err();
        assert_eq!(refused.code(), "window_fresh");
        let waits = with(ReadinessPolicy::Wait).apply(young(), false, now).unwrap();
        assert_eq!(waits.not_before, Some(at("2025-10-17T00:00:00Z")));
        let moved = with(ReadinessPolicy::Move).apply(young(), false, now).unwrap();
        assert_eq!(moved.window.amc_end(), "2025-10-13T00:00:00");
        assert_eq!(moved.window.amc_start(), "2025-09-13T00:00:00");
        assert_eq!(moved.findings.len(), 1);
    }

    #[test]
    fn maturity_is_asked_of_queries_that_read_conversions() {
        let now = at("2025-10-15T12:00:00Z");
        let older = || window("2025-09-01..2025-10-10", now, "UTC");
        assert!(Readiness::default().apply(older(), false, now).unwrap().findings.is_empty());
        let immature = Readiness::default().apply(older(), true, now).unwrap();
        assert_eq!(immature.findings[0].code, "window_immature");
        let mature = window("2025-09-01..2025-10-01", now, "UTC");
        assert!(Readiness::default().apply(mature, true, now).unwrap().findings.is_empty());
    }

    #[test]
    fn a_moved_window_is_complete_whatever_the_clocks_do() {
        for zone in ["Europe/Berlin", "America/Santiago", "Pacific/Apia"] {
            for day in 1..=31 {
                let now = at(&format!("2025-10-{day:02}T00:30:00Z"));
                let moved =
                    with(ReadinessPolicy::Move).apply(window("last 7 days", now, zone), false, now).unwrap();
                assert!(moved.window.end_utc() + TimeDelta::hours(48) <= now, "{zone} {now}");
            }
        }
    }
}
