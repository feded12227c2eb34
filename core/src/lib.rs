#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![allow(clippy::duplicate_mod, reason = "store/sql is compiled once for each database")]

pub mod client;
pub mod clock;
mod digest;
pub mod engine;
mod error;
mod finding;
pub mod fleet;
pub mod lint;
pub mod model;
pub mod params;
pub mod results;
pub mod scheduler;
pub mod sql;
pub mod store;
pub mod templates;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use client::{Credential, Credentials};
pub use error::{Error, ErrorKind, Position, Result};
pub use finding::{Finding, Severity};
pub use fleet::{
    AccountSpec, AttemptReport, BatchHandle, BatchReport, BatchSpec, CancelReport, Database, ExecutionReport,
    Export, Fleet, FleetOptions, FolderOptions, InstanceResult, Instances, Missing, OnUnavailable,
    ResultSummary, Results, ResultsOptions, SyncReport, WorkerChoice, WorkflowSpec,
};
pub use lint::lint;
pub use model::window::resolve_window;
pub use model::{
    BatchStatus, CallCounts, Event, EventKind, ExecutionStatus, Instance, Page, PageRequest, Priority,
    Skipped, Workflow,
};
pub use params::{infer as infer_parameters, render};
pub use store::BatchFilter;

pub use fleet::{
    BackfillPlan, BackfillReport, BackfillSpec, Definitions, History, HistoryDay, Imported, Overdue,
    ReportRunSpec, ReportSpec, ScheduleSpec, Trace,
};
pub use fleet::{LintSpec, TemplateFilter, TemplateHead};
pub use model::{BackfillOptions, Report, ReportOverview, Schedule, ScheduleOptions, SegmentRow, TickRecord};
pub use model::{TemplateUsage, TemplateVersion};
pub use store::{
    BatchSort, Broken, ExecutionFilter, ExecutionSort, ReportFilter, WorkflowFilter, WorkflowSort,
};

/// The version of this crate, and of every package made of it.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
