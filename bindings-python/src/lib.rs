//! The Python package `amc_fleet`: convert in, one call to the core, convert out.

mod arguments;
mod async_batch;
mod async_fleet;
mod async_results;
mod batch;
mod bytes;
mod credentials;
mod ctrl_c;
mod errors;
mod events;
mod fleet;
mod fork;
mod functions;
mod json;
mod local;
mod logging;
mod notices;
mod records;
mod results;
mod roles;
mod rows;
mod runtime;
mod schedules;
mod standing;
mod table;
mod templates;

use pyo3::prelude::*;

/// The compiled part of `amc_fleet`.
#[pymodule]
mod _amc_fleet {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::async_batch::AsyncBatch;
    #[pymodule_export]
    use crate::async_fleet::AsyncFleet;
    #[pymodule_export]
    use crate::async_results::AsyncResults;
    #[pymodule_export]
    use crate::batch::Batch;
    #[pymodule_export]
    use crate::bytes::{AsyncChunks, Chunks};
    #[pymodule_export]
    use crate::credentials::Credentials;
    #[pymodule_export]
    use crate::errors::error_kinds;
    #[pymodule_export]
    use crate::events::{AsyncEvents, Events};
    #[pymodule_export]
    use crate::fleet::Fleet;
    #[pymodule_export]
    use crate::functions::{
        infer_parameters, lint, parameter_presets, parameter_schema, register_preset, render, resolve_window,
    };
    #[pymodule_export]
    use crate::records::{
        AmcWorkflow, Attempt, BatchReport, CallCounts, CancelReport, Cause, DriveReport, Event,
        ExecutionReport, Export, Finding, Hours, Inferred, Instance, InstanceResult, MissingDataSource,
        Overlap, ParameterSchema, PlanReport, PlannedRun, Preview, PreviewedRun, Rendered, ResolvedWindow,
        ResultSummary, Segment, Skipped, SyncReport, UnreachableAccount, Widening, Workflow,
    };
    #[pymodule_export]
    use crate::records::{
        Backfill, BackfillPlan, BackfillSegment, Broken, Overdue, Report, ReportOverview, Schedule, Tick,
    };
    #[pymodule_export]
    use crate::records::{TemplateUsage, TemplateVersion};
    #[pymodule_export]
    use crate::results::Results;
    #[pymodule_export]
    use crate::roles::{Role, additive, distinct, maximum, mean, minimum, ratio, weighted};
    #[pymodule_export]
    use crate::rows::Rows;
    #[pymodule_export]
    use crate::schedules::{describe, next_runs, segments};
    #[pymodule_export]
    use crate::table::json_table;
    #[pymodule_export]
    use crate::templates::{diff_templates, read_template, starter_templates, write_template};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "the name Python has for it")]
    const __version__: &str = amc_fleet::VERSION;

    #[pymodule_init]
    fn init(py: Python<'_>) -> PyResult<()> {
        crate::fork::watch(py)
    }
}

/// A value read by name from a module of the package, imported when it is first needed.
fn from_package<'py>(py: Python<'py>, module: &str, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(module)?.getattr(name)
}
