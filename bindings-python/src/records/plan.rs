//! What a batch would come to.

use chrono::{DateTime, Utc};

use super::{Plain, Skipped, mirrors, record};
use crate::json::Kept;

record! {
    /// An estimate in hours: with a probability of about 80 % the truth lies between.
    Hours {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// Of how many earlier runs it is drawn.
        from_runs: usize,
    }
    /// >>> hours.to_dict()["from_runs"]
    /// 6
}

mirrors!(Hours of amc_fleet::fleet::Hours { low, high, from_runs });

impl Hours {
    fn shown(&self) -> String {
        format!("<Hours {:.2} to {:.2}, from {} runs>", self.low, self.high, self.from_runs)
    }
}

record! {
    /// A run of a plan.
    PlannedRun {
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
        parameters: Kept,
    }
    /// >>> plan = fleet.plan(workflow, instances="all", window="last 30 days")
    /// >>> plan.instances[0].to_dict()["region"]
    /// 'EU'
}

mirrors!(PlannedRun of amc_fleet::fleet::PlannedRun {
    instance_id, instance_name, region, window_start, window_end, parameters,
});

impl PlannedRun {
    fn shown(&self) -> String {
        format!("<PlannedRun {} '{}'>", self.instance_id, self.instance_name)
    }
}

record! {
    /// Earlier runs that read the same days of a table of an instance.
    Overlap {
        /// AMC's id of the instance.
        instance_id: String,
        /// The table.
        data_source: String,
        /// How many runs.
        runs: u64,
        /// The first instant that one of them read.
        window_start: DateTime<Utc>,
        /// The first instant after all that they read.
        window_end: DateTime<Utc>,
    }
    /// >>> overlap.to_dict()["data_source"]
    /// 'wide'
}

mirrors!(Overlap of amc_fleet::fleet::Overlap { instance_id, data_source, runs, window_start, window_end });

impl Overlap {
    fn shown(&self) -> String {
        format!("<Overlap {} runs of {} of {}>", self.runs, self.data_source, self.instance_id)
    }
}

record! {
    /// A table that an instance does not have.
    MissingDataSource {
        /// AMC's id of the instance.
        instance_id: String,
        /// The table.
        data_source: String,
    }
    /// >>> missing.to_dict()["data_source"]
    /// 'uploaded_orders'
}

mirrors!(MissingDataSource of amc_fleet::fleet::MissingDataSource { instance_id, data_source });

impl MissingDataSource {
    fn shown(&self) -> String {
        format!("<MissingDataSource {} has no {}>", self.instance_id, self.data_source)
    }
}

record! {
    /// What a batch would come to. Printed, it says so in a few lines.
    PlanReport {
        /// The batch's name.
        name: String,
        /// How many runs it takes, one an instance.
        runs: usize,
        /// How many of them may be at AMC at once.
        slots: usize,
        /// The window in words.
        window_label: String,
        /// What would be left out.
        skipped: Vec<Skipped>,
        /// Each run.
        instances: Vec<PlannedRun>,
        /// The tables that the query reads.
        data_sources: Vec<String>,
        /// How long the whole takes, estimated from earlier runs; None where there were too few.
        expected_hours: Option<Hours>,
        /// How long all runs take together, one after another.
        slot_hours: Option<Hours>,
        /// Earlier runs that read the same days of the same tables of an instance.
        overlaps: Vec<Overlap>,
        /// Tables that an instance does not have and another has.
        missing_data_sources: Vec<MissingDataSource>,
        /// The whole in a few lines.
        summary: String,
    }
    /// >>> fleet.plan(workflow, instances="all", window="last 30 days").to_dict()["runs"]
    /// 3
}

impl From<amc_fleet::PlanReport> for PlanReport {
    #[rustfmt::skip]
    fn from(it: amc_fleet::PlanReport) -> Self {
        let summary = it.to_string();
        let amc_fleet::PlanReport {
            name, runs, slots, window_label, skipped, instances, data_sources, expected_hours, slot_hours, overlaps,
            missing_data_sources,
        } = it;
        Self {
            name, runs, slots, window_label, skipped: skipped.plain(), instances: instances.plain(), data_sources,
            expected_hours: expected_hours.plain(), slot_hours: slot_hours.plain(), overlaps: overlaps.plain(),
            missing_data_sources: missing_data_sources.plain(), summary,
        }
    }
}

impl PlanReport {
    fn shown(&self) -> String {
        self.summary.clone()
    }
}
