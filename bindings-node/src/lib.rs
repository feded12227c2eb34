//! The native half of the npm package `amc-fleet`.
//!
//! One file for each exposed class. A body converts in, makes one call of the core, and converts out; `index.cjs` adds
//! what JavaScript alone can do: async iterators, `AbortSignal`, `FleetError`.

#[macro_use]
mod record;

mod account;
mod amc_workflow;
mod attempt;
mod batch;
mod chunks;
mod credentials;
mod detach;
mod error;
mod fleet;
mod fleet_amc_workflows;
mod fleet_backfills;
mod fleet_dataset;
mod fleet_lineage;
mod fleet_lists;
mod fleet_management;
mod fleet_reports;
mod fleet_schedules;
mod fleet_templates;
mod functions;
mod instance;
mod log;
mod preview;
mod query;
mod report;
mod results;
mod run;
mod schedules;
mod standing;
mod standing_options;
mod table;
mod templates;
mod workflow;

use napi_derive::napi;

pub use error::{error_kinds, fail};
pub use functions::{
    infer_parameters, lint, parameter_presets, parameter_schema, register_preset, render, resolve_window,
};
pub use log::{LogRecord, on_log};
pub use schedules::{describe, next_runs, segments};
pub use table::ipc_as_json;
pub use templates::{diff_templates, read_template, starter_templates, write_template};

/// The version of this package, equal in every language.
#[napi]
pub const VERSION: &str = amc_fleet::VERSION;
