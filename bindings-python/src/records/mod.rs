//! What the core tells, as read-only Python objects: one class each, with the fields of its Rust twin.

mod amc_workflow;
mod attempt;
mod backfill;
mod batch;
mod broken;
mod calls;
mod drive;
mod event;
mod execution;
mod instance;
mod plan;
mod query;
mod report;
mod result;
mod schedule;
mod segment;
mod template;
mod workflow;

use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

pub(crate) use amc_workflow::AmcWorkflow;
pub(crate) use attempt::Attempt;
pub(crate) use backfill::{Backfill, BackfillPlan, BackfillSegment};
pub(crate) use batch::{BatchReport, CancelReport, Cause, Skipped};
pub(crate) use broken::Broken;
pub(crate) use calls::CallCounts;
pub(crate) use drive::DriveReport;
pub(crate) use event::Event;
pub(crate) use execution::ExecutionReport;
pub(crate) use instance::{Instance, SyncReport, UnreachableAccount};
pub(crate) use plan::{Hours, MissingDataSource, Overlap, PlanReport, PlannedRun};
pub(crate) use query::{Finding, Inferred, ParameterSchema, Preview, PreviewedRun, Rendered, ResolvedWindow};
pub(crate) use report::{Report, ReportOverview};
pub(crate) use result::{Export, InstanceResult, ResultSummary, Widening};
pub(crate) use schedule::{Overdue, Schedule, Tick};
pub(crate) use segment::Segment;
pub(crate) use template::{TemplateUsage, TemplateVersion};
pub(crate) use workflow::Workflow;

/// A field of the core in the form Python has for it.
pub(crate) trait Plain {
    type Python;

    fn plain(self) -> Self::Python;
}

macro_rules! as_it_is {
    ($($type:ty),*) => {$(
        impl Plain for $type {
            type Python = Self;

            fn plain(self) -> Self {
                self
            }
        }
    )*};
}

as_it_is!(String, bool, i64, u64, usize, f64, DateTime<Utc>, (String, String));

macro_rules! by_name {
    ($($type:ty),*) => {$(
        impl Plain for $type {
            type Python = String;

            fn plain(self) -> String {
                self.as_str().to_owned()
            }
        }
    )*};
}

impl Plain for serde_json::Map<String, serde_json::Value> {
    type Python = crate::json::Kept;

    fn plain(self) -> Self::Python {
        crate::json::Kept(self)
    }
}

by_name!(
    amc_fleet::BatchStatus,
    amc_fleet::ExecutionStatus,
    amc_fleet::EventKind,
    amc_fleet::model::Access,
    amc_fleet::results::Verdict
);

impl<T: Plain> Plain for Option<T> {
    type Python = Option<T::Python>;

    fn plain(self) -> Self::Python {
        self.map(T::plain)
    }
}

impl<T: Plain> Plain for Vec<T> {
    type Python = Vec<T::Python>;

    fn plain(self) -> Self::Python {
        self.into_iter().map(T::plain).collect()
    }
}

/// Makes a read-only class; below its fields stands an example of it as a dict, and `shown` says how it looks.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }
        $(#[$example:meta])*
    ) => {
        $(#[$doc])*
        #[pyo3::pyclass(module = "amc_fleet", frozen, get_all, eq)]
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct $name {
            $($(#[$field_doc])* pub(crate) $field: $type,)*
        }

        #[pyo3::pymethods]
        impl $name {
            fn __repr__(&self) -> String {
                self.shown()
            }

            /// Returns the same as plain dicts, lists, strings, numbers and datetimes.
            ///
            /// Returns
            /// -------
            /// dict
            ///     One entry for each attribute.
            ///
            /// Examples
            /// --------
            $(#[$example])*
            #[pyo3(signature = () -> "dict[str, Any]")]
            fn to_dict<'py>(slf: &pyo3::Bound<'py, Self>) -> pyo3::PyResult<pyo3::Bound<'py, pyo3::types::PyDict>> {
                $crate::records::dict(slf.as_any(), &[$(stringify!($field)),*])
            }
        }
    };
}

/// Takes every field of a type of the core by name: a new one breaks the build until somebody decides about it.
macro_rules! mirrors {
    ($name:ident of $core:path { $($field:ident),* $(,)? }) => {
        impl From<$core> for $name {
            fn from(it: $core) -> Self {
                let $core { $($field),* } = it;
                Self { $($field: $crate::records::Plain::plain($field)),* }
            }
        }

        impl $crate::records::Plain for $core {
            type Python = $name;

            fn plain(self) -> $name {
                self.into()
            }
        }
    };
}

use {mirrors, record};

fn dict<'py>(record: &Bound<'py, PyAny>, fields: &[&str]) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(record.py());
    for field in fields {
        dict.set_item(field, plain(&record.getattr(*field)?)?)?;
    }
    Ok(dict)
}

fn plain<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(items) = value.cast::<PyList>() {
        let plain: Vec<_> = items.iter().map(|item| plain(&item)).collect::<PyResult<_>>()?;
        return Ok(PyList::new(value.py(), plain)?.into_any());
    }
    if value.hasattr("to_dict")? { value.call_method0("to_dict") } else { Ok(value.clone()) }
}
