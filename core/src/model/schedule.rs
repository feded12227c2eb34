//! Schedules of reports, and their ticks.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::words::words;
use super::{BatchId, BatchStatus, Report, ReportId, ScheduleId};
use crate::error::{Error, Result};

words! {
    /// What becomes of ticks that nobody was there to fire.
    CatchUp, "unknown_catch_up", "catch-up policy" {
        /// They are passed over.
        None = "none",
        /// The last of them fires.
        #[default]
        Last = "last",
        /// Each of them fires, so far back as the catch-up window reaches.
        All = "all",
    }
}

words! {
    /// What a tick does while the run before it has not ended.
    Overlap, "unknown_overlap", "overlap policy" {
        /// It is passed over.
        Skip = "skip",
        /// It waits for the end of that run.
        #[default]
        Queue = "queue",
        /// It fires all the same.
        Allow = "allow",
    }
}

words! {
    /// Whether a tick waits until the data of its window are complete at AMC.
    Freshness, "unknown_freshness", "freshness policy" {
        /// It fires when they are: 48 hours after the end of the window.
        #[default]
        Wait = "wait",
        /// It fires at its own time.
        Immediate = "immediate",
    }
}

words! {
    /// What became of a tick.
    TickOutcome, "unknown_tick_outcome", "outcome of a tick" {
        /// A batch was written.
        #[default]
        Fired = "fired",
        /// It was passed over, for the reason given.
        Skipped = "skipped",
        /// No batch could be made of it, for the reason given.
        Failed = "failed",
    }
}

/// How a schedule behaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScheduleOptions {
    /// The zone of the windows: a name, or `instance`; the report's own where absent.
    pub window_timezone: Option<String>,
    /// Parameter values over those of the report.
    pub parameters: Map<String, Value>,
    /// What becomes of ticks that nobody was there to fire.
    pub catch_up: CatchUp,
    /// How far back, in seconds, ticks are still made up.
    pub catch_up_seconds: u32,
    /// What a tick does while the run before it has not ended.
    pub overlap: Overlap,
    /// Whether a tick waits for complete data.
    pub freshness: Freshness,
    /// Ticks fire up to so many seconds late, each by its own amount, so that not all fire at once.
    pub jitter_seconds: u32,
    /// After so many failures in a row the schedule pauses itself.
    pub pause_after_failures: Option<u32>,
    /// Whether its runs may take results of runs that ask AMC the same.
    pub reuse: bool,
}

impl Default for ScheduleOptions {
    fn default() -> Self {
        Self {
            window_timezone: None,
            parameters: Map::new(),
            catch_up: CatchUp::default(),
            catch_up_seconds: 31 * 24 * 3600,
            overlap: Overlap::default(),
            freshness: Freshness::default(),
            jitter_seconds: 0,
            pause_after_failures: None,
            reuse: true,
        }
    }
}

/// When a report runs by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Our id.
    pub id: ScheduleId,
    /// Whose it is.
    pub owner_id: String,
    /// Who made it.
    pub created_by: Option<String>,
    /// What it runs.
    pub report: ReportId,
    /// When it fires, in five fields of cron.
    pub expression: String,
    /// The zone in whose local time it fires.
    pub timezone: String,
    /// How it behaves.
    pub options: ScheduleOptions,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// Why it is paused.
    pub pause_note: Option<String>,
    /// The nominal time of its next tick.
    pub next_run_at: Option<DateTime<Utc>>,
    /// When that tick fires: its nominal time, or later for jitter and complete data.
    pub due_at: Option<DateTime<Utc>>,
    /// What became of its ticks, worked out when it is read; empty where it is given with a tick that is due.
    pub history: ScheduleHistory,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// What became of the ticks of a schedule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScheduleHistory {
    /// How often it fired.
    pub run_count: i64,
    /// Ticks of which no batch could be made, or whose batch failed.
    pub failed_count: i64,
    /// When it fired last.
    pub last_run_at: Option<DateTime<Utc>>,
    /// What its last tick came to: the status of its batch, or `skipped` or `failed`.
    pub last_status: Option<String>,
}

/// The next tick of a schedule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NextTick {
    /// Its nominal time.
    pub next_run_at: Option<DateTime<Utc>>,
    /// When it fires.
    pub due_at: Option<DateTime<Utc>>,
}

/// A change of a schedule that keeps when it fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScheduleChange {
    /// It fires no more until it is resumed.
    Paused(Option<String>),
    /// It fires again, this tick next.
    Resumed(NextTick),
    /// It is found and listed no more and fires no more; its ticks stay.
    Archived,
}

/// A tick whose time has come.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// Its schedule.
    pub schedule: Schedule,
    /// What runs.
    pub report: Report,
    /// The time it stands for: windows are worked out at this moment, however late it fires.
    pub nominal_at: DateTime<Utc>,
}

/// A tick to write.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTick {
    /// Its schedule.
    pub schedule: ScheduleId,
    /// Whose it is.
    pub owner_id: String,
    /// The time it stands for.
    pub nominal_at: DateTime<Utc>,
    /// What became of it.
    pub outcome: TickOutcome,
    /// Why, where it did not fire.
    pub reason: Option<String>,
    /// The tick after it.
    pub next: NextTick,
}

/// A tick that was.
#[derive(Debug, Clone, PartialEq)]
pub struct TickRecord {
    /// The time it stands for.
    pub nominal_at: DateTime<Utc>,
    /// When it was written.
    pub fired_at: DateTime<Utc>,
    /// What became of it.
    pub outcome: TickOutcome,
    /// Why, where it did not fire.
    pub reason: Option<String>,
    /// Its batch.
    pub batch: Option<BatchId>,
    /// Where its batch stands.
    pub batch_status: Option<BatchStatus>,
}

impl TickRecord {
    /// Whether it came to nothing good.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.outcome == TickOutcome::Failed || self.batch_status == Some(BatchStatus::Failed)
    }

    /// Whether its batch has not ended.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.batch_status.is_some_and(|status| !status.is_terminal())
    }
}
