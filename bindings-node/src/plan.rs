//! What a batch would come to.

use chrono::{DateTime, Utc};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::record::Host;
use crate::report::Skipped;

record! {
    /// An estimate in hours: with a probability of about 80 % the truth lies between.
    Hours of amc_fleet::fleet::Hours {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// Of how many earlier runs it is drawn.
        from_runs: i64,
    }
}

record! {
    /// A run of a plan.
    PlannedRun of amc_fleet::fleet::PlannedRun {
        /// AMC's id of the instance.
        instance_id: String,
        /// The instance's name.
        instance_name: String,
        /// The region of its account.
        region: String,
        /// The first instant of its window.
        window_start: DateTime<Utc>,
        /// The first instant after its window.
        window_end: DateTime<Utc>,
        /// The values of its parameters.
        #[napi(ts_type = "Record<string, unknown>")]
        parameters: Map<String, Value>,
    }
}

record! {
    /// Earlier runs that read the same days of a table of an instance.
    Overlap of amc_fleet::fleet::Overlap {
        /// AMC's id of the instance.
        instance_id: String,
        /// The table.
        data_source: String,
        /// How many runs.
        runs: i64,
        /// The first instant that one of them read.
        window_start: DateTime<Utc>,
        /// The first instant after all that they read.
        window_end: DateTime<Utc>,
    }
}

record! {
    /// A table that an instance does not have.
    MissingDataSource of amc_fleet::fleet::MissingDataSource {
        /// AMC's id of the instance.
        instance_id: String,
        /// The table.
        data_source: String,
    }
}

/// What a batch would come to.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct PlanReport {
    /// The batch's name.
    pub name: String,
    /// How many runs it takes, one an instance.
    pub runs: i64,
    /// How many of them may be at AMC at once.
    pub slots: i64,
    /// The window in words.
    pub window_label: String,
    /// What would be left out.
    pub skipped: Vec<Skipped>,
    /// Each run.
    pub instances: Vec<PlannedRun>,
    /// The tables that the query reads.
    pub data_sources: Vec<String>,
    /// How long the whole takes, estimated from earlier runs; absent where there were too few.
    pub expected_hours: Option<Hours>,
    /// How long all runs take together, one after another.
    pub slot_hours: Option<Hours>,
    /// Earlier runs that read the same days of the same tables of an instance.
    pub overlaps: Vec<Overlap>,
    /// Tables that an instance does not have and another has.
    pub missing_data_sources: Vec<MissingDataSource>,
    /// The whole in a few lines.
    pub summary: String,
}

impl Host<PlanReport> for amc_fleet::PlanReport {
    fn host(self) -> PlanReport {
        let summary = self.to_string();
        let Self {
            name,
            runs,
            slots,
            window_label,
            skipped,
            instances,
            data_sources,
            expected_hours,
            slot_hours,
            overlaps,
            missing_data_sources,
        } = self;
        PlanReport {
            name,
            runs: runs.host(),
            slots: slots.host(),
            window_label,
            skipped: skipped.host(),
            instances: instances.host(),
            data_sources,
            expected_hours: expected_hours.host(),
            slot_hours: slot_hours.host(),
            overlaps: overlaps.host(),
            missing_data_sources: missing_data_sources.host(),
            summary,
        }
    }
}
