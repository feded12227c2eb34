//! An execution: what was asked for, where it stands, and what it left.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::advertiser::AdvertiserId;
use super::workflow::Workflow;
use crate::output::Output;
use crate::query::{OutputColumn, ParameterValues, Privacy, Query, Refusal, Window};
use crate::window::{WindowKind, Zone};

/// An execution's place in the order of creation.
pub(crate) type Key = usize;

/// Where an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Running,
    Publishing,
    Succeeded,
    Failed,
    Rejected,
    Cancelled,
}

impl Status {
    /// Tells whether a run that stands so can be cancelled.
    pub(crate) fn is_cancellable(self) -> bool {
        matches!(self, Self::Pending | Self::Running)
    }

    /// Tells whether a run that stands so takes a slot.
    pub(crate) fn holds_slot(self) -> bool {
        matches!(self, Self::Running | Self::Publishing)
    }

    /// Gives the word AMC uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Publishing => "PUBLISHING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Rejected => "REJECTED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// What a caller asked for.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) workflow: Workflow,
    pub(crate) window: WindowKind,
    pub(crate) zone: Zone,
    pub(crate) parameter_values: ParameterValues,
    pub(crate) timeout: Duration,
    pub(crate) ignore_data_gaps: bool,
    pub(crate) synthetic: bool,
    pub(crate) disable_aggregation_controls: bool,
    pub(crate) dry_run: bool,
    pub(crate) skip_publish: bool,
    pub(crate) advertisers: Vec<AdvertiserId>,
    pub(crate) category: String,
}

impl Order {
    /// Tells whether a run leaves a result; without synthetic data, leaving the controls out leaves it out.
    fn publishes(&self) -> bool {
        let withheld = self.disable_aggregation_controls && !self.synthetic;
        !self.skip_publish && !self.dry_run && !withheld
    }
}

/// What is wanted of an execution beside its query: by a fault plan, a script, a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// The status it never leaves by itself.
    pub(crate) stuck: Option<Status>,
    /// How it ends instead of as its query would.
    pub(crate) refusal: Option<Refusal>,
    /// How long it computes instead of the usual time.
    pub(crate) duration: Option<Duration>,
    /// How long after its creation lists begin to show it.
    pub(crate) hidden_for: Duration,
}

/// One run of a query in an instance.
#[derive(Debug)]
pub(crate) struct Execution {
    pub(crate) key: Key,
    pub(crate) id: String,
    pub(crate) instance: String,
    /// The index of the instance's account.
    pub(crate) account: usize,
    pub(crate) order: Order,
    pub(crate) script: Script,
    pub(crate) window: Window,
    pub(crate) status: Status,
    pub(crate) reason: Option<String>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) validated: Option<DateTime<Utc>>,
    pub(crate) started: Option<DateTime<Utc>>,
    pub(crate) ended: Option<DateTime<Utc>>,
    /// What the engine found before the run.
    pub(crate) compiled: Option<Result<Vec<OutputColumn>, Refusal>>,
    /// What the engine computed.
    pub(crate) outcome: Option<Result<Output, Refusal>>,
    /// Whether the engine takes longer than the clock allows: the run goes on when it is done.
    pub(crate) overdue: bool,
}

impl Execution {
    /// Makes an execution that has just been created, in no instance yet.
    pub(super) fn pending(key: Key, id: String, order: Order, script: Script, now: DateTime<Utc>) -> Self {
        Self {
            key,
            id,
            instance: String::new(),
            account: 0,
            window: order.zone.window(order.window.local(&order.zone, now)),
            order,
            script,
            status: Status::Pending,
            reason: None,
            created: now,
            updated: now,
            validated: None,
            started: None,
            ended: None,
            compiled: None,
            outcome: None,
            overdue: false,
        }
    }

    /// Gives the query for the engine.
    pub(crate) fn query(&self) -> Query {
        let Order { workflow, parameter_values, synthetic, disable_aggregation_controls, .. } = &self.order;
        Query {
            instance_id: self.instance.clone(),
            sql: workflow.sql().to_owned(),
            window: self.window.clone(),
            parameters: workflow.parameters(parameter_values),
            privacy: Privacy {
                disable_aggregation_controls: *disable_aggregation_controls,
                ..workflow.privacy()
            },
            synthetic: *synthetic,
            now: self.started.unwrap_or(self.created),
        }
    }

    /// Gives the output columns once the query has been checked.
    pub(crate) fn columns(&self) -> Option<&[OutputColumn]> {
        match (&self.outcome, &self.compiled) {
            (Some(Ok(output)), _) if self.status == Status::Succeeded => Some(&output.columns),
            (_, Some(Ok(columns))) if self.validated.is_some() => Some(columns),
            _ => None,
        }
    }

    /// Gives the result while it can be downloaded.
    pub(crate) fn output(&self) -> Option<&Output> {
        let published = self.status == Status::Succeeded && self.order.publishes();
        self.outcome.as_ref()?.as_ref().ok().filter(|_| published)
    }

    /// Tells whether a list made at `now` shows the execution.
    pub(crate) fn is_visible(&self, now: DateTime<Utc>) -> bool {
        now >= crate::clock::later(self.created, self.script.hidden_for)
    }
}
