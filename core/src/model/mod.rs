//! The plain nouns of a fleet: no I/O, no clock, no database.

mod account;
mod attempt;
mod backfill;
mod batch;
mod calls;
mod data_source;
mod event;
mod execution;
mod fold;
mod id;
mod instance;
mod lease;
mod page;
mod report;
mod schedule;
mod template;
mod transition;
pub mod window;
pub(crate) mod words;
mod workflow;

pub use account::{Account, AccountKey, SyncedAccount, SyncedInstance};
pub use attempt::{Attempt, AttemptNote, Receipt};
pub use backfill::{BackfillOptions, Collection, CollectionStatus, SegmentOrder, SegmentRow, SegmentStatus};
pub use batch::{Batch, BatchOptions, BatchStatus, Counts, NewBatch, Skipped};
pub use calls::{CallCounts, CallKind};
pub use data_source::{DataSourceSet, KnownDataSources};
pub use event::{Event, EventKind};
pub use execution::{AmcOptions, Execution, ExecutionStatus, Failure, NewExecution, Priority, TriggeredBy};
pub use fold::{Story, fold};
pub use id::{
    AccountUuid, BatchId, CollectionId, ExecutionId, IdRef, InstanceUuid, ReportId, ScheduleId, SegmentId,
    TemplateId, WorkerId, WorkflowId,
};
pub use instance::{Access, Instance, Unavailability};
pub use lease::{Fence, Lease, Limits, Worker};
pub use page::{Page, PageRequest};
pub use report::{Origin, Report, ReportChange, ReportOverview};
pub use schedule::{
    CatchUp, Due, Freshness, NewTick, NextTick, Overlap, Schedule, ScheduleChange, ScheduleHistory,
    ScheduleOptions, TickOutcome, TickRecord,
};
pub use template::{NewTemplate, TemplateUsage, TemplateVersion};
pub use transition::{Change, SlotEffect, Transition};
pub(crate) use window::OffsetSpan;
pub use window::{ResolvedWindow, Window, WindowExpression, Zone};
pub use workflow::{NewWorkflow, Workflow};

/// Whose things a call may see and change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything: workers and maintenance.
    System,
    /// One owner's own things.
    Owner(String),
}

impl Scope {
    /// Whether a thing of `owner` is inside.
    #[must_use]
    pub fn admits(&self, owner: &str) -> bool {
        match self {
            Self::System => true,
            Self::Owner(own) => own == owner,
        }
    }

    /// The owner, where there is one.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        match self {
            Self::System => None,
            Self::Owner(owner) => Some(owner),
        }
    }
}
