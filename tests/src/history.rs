//! A backfill with faults on: every segment is compared with what AMC saw.
#![allow(clippy::unwrap_used, reason = "a panic is how a test says no")]

use std::collections::BTreeMap;

use amc_fleet::client::{Credential, Credentials};
use amc_fleet::{BackfillOptions, BackfillSpec, Fleet, FleetOptions, ReportSpec, SegmentRow, WorkerChoice};
use amc_fleet_emulator::{CannedEngine, Emulator, Fault, FaultKind, Options};
use chrono::{DateTime, Days, Utc};

use crate::database::{Kept, Kind};
use crate::settings::{hurried, hurried_http};

const SQL: &str = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

/// A history to fill.
#[derive(Debug, Clone, Copy)]
pub struct History {
    /// How many clients.
    pub clients: usize,
    /// How many days.
    pub days: u64,
    /// How long a segment is.
    pub segment_type: &'static str,
    /// What the faults follow from.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Segments in all.
    pub segments: usize,
    /// Segments that do not say truly where their data come from.
    pub without_lineage: usize,
    /// Runs at AMC.
    pub runs: usize,
    /// Faults that struck.
    pub faults: u64,
}

impl Filled {
    /// Whether every segment ran once and says so, with faults.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.without_lineage == 0 && self.runs == self.segments && self.faults > 0
    }
}

/// Fills a history; one call in twenty fails, before or after its effect.
///
/// # Panics
/// When something fails that is not to be counted.
pub async fn fill(history: History, kind: Kind) -> Filled {
    let options = Options { instances: history.clients, rows: 5, latency_ms: 50, ..Options::default() };
    let emulator = Emulator::start(options.clone(), CannedEngine::shared(&options)).await.unwrap();
    for after in [false, true] {
        let fault = Fault::new(FaultKind::GatewayTimeout { after }).path("/amc/*");
        emulator.fail(fault.chance(0.05, history.seed).times(0));
    }
    let kept = Kept::new(kind).await;
    let fleet = open(&emulator, &kept).await;
    while fleet.sync_instances().await.is_err() {}
    let report = ReportSpec {
        name: "History".into(),
        sql: Some(SQL.into()),
        window: Some("yesterday".into()),
        timezone: "Europe/Berlin".into(),
        ..ReportSpec::default()
    };
    let report = fleet.save_report(report).await.unwrap().id.public();
    let end = emulator.now().date_naive() - Days::new(5);
    let spec = BackfillSpec {
        end: Some(end),
        options: BackfillOptions { parallelism: 10, ..BackfillOptions::default() },
        ..BackfillSpec::new(end - Days::new(history.days), history.segment_type.parse().unwrap())
    };
    let id = fleet.backfill(&report, &spec).await.unwrap().collection.id.public();
    fleet.wait_backfill(&id, None).await.unwrap();
    let rows = fleet.backfill_segments(&id).await.unwrap();
    let told = compare(&emulator, &rows);
    fleet.close().await;
    told
}

async fn open(emulator: &Emulator, kept: &Kept) -> Fleet {
    let said = emulator.announcement();
    let credential = Credential::lwa(said.client_id, said.client_secret, said.refresh_token);
    let options = FleetOptions {
        credentials: Some(Credentials::one(credential.with_token_url(said.token_url))),
        endpoint: Some(emulator.url()),
        worker: WorkerChoice::Always,
        engine: hurried(),
        http: hurried_http(),
        ..FleetOptions::default()
    };
    Fleet::open(&kept.database, options).await.unwrap()
}

fn compare(emulator: &Emulator, rows: &[SegmentRow]) -> Filled {
    let answer = emulator.executions();
    let runs = answer["executions"].as_array().unwrap();
    let succeeded = runs.iter().filter(|run| run["status"] == "SUCCEEDED");
    let seen: BTreeMap<(String, DateTime<Utc>, DateTime<Utc>), String> = succeeded
        .map(|run| {
            let text = |name: &str| run[name].as_str().unwrap().to_owned();
            let instant = |name: &str| text(name).parse::<DateTime<Utc>>().unwrap();
            let window = (instant("timeWindowStart"), instant("timeWindowEnd"));
            ((text("instanceId"), window.0, window.1), text("workflowExecutionId"))
        })
        .collect();
    let has_lineage = |row: &&SegmentRow| {
        let run = seen.get(&(row.instance_id.clone(), row.segment_start, row.segment_end));
        run.is_some()
            && run == row.amc_execution_id.as_ref()
            && row.execution.is_some()
            && row.record_count == Some(5)
    };
    Filled {
        segments: rows.len(),
        without_lineage: rows.len() - rows.iter().filter(has_lineage).count(),
        runs: runs.len(),
        faults: emulator.faults().iter().map(|fault| fault.fired).sum(),
    }
}
