//! What the functions that need no fleet tell.

use amc_fleet::{Position, params};
use chrono::{DateTime, Utc};
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::record::Host;

/// A remark on a query, a value or a window: it stops nothing by itself.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct Finding {
    /// A stable code, equal in every language.
    pub code: String,
    /// How much it matters.
    #[napi(ts_type = "'error' | 'warning' | 'info'")]
    pub severity: String,
    /// What was found, in one sentence.
    pub message: String,
    /// The line in the text that was given, from 1.
    pub line: Option<u32>,
    /// The column in that line, from 1.
    pub column: Option<u32>,
    /// What to do about it, or to write instead.
    pub fix: Option<String>,
}

impl Host<Finding> for amc_fleet::Finding {
    fn host(self) -> Finding {
        let Self { code, severity, message, position, fix } = self;
        let (line, column) = position.map(|Position { line, column }| (line, column)).unzip();
        Finding { code: code.into_owned(), severity: severity.to_string(), message, line, column, fix }
    }
}

/// A query with its parameters filled in.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The query, with no `{{name}}` outside its comments.
    pub sql: String,
    /// AMC's `inputParameters`: one object for every `CUSTOM_PARAMETER`.
    #[napi(ts_type = "Record<string, unknown>[]")]
    pub input_parameters: Vec<Value>,
    /// AMC's `parameterValues`.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameter_values: Map<String, Value>,
    /// What may surprise: values whose effect depends on how AMC reads them.
    pub findings: Vec<Finding>,
}

impl Host<Rendered> for params::Rendered {
    fn host(self) -> Rendered {
        let Self { sql, input_parameters, parameter_values, findings, .. } = self;
        Rendered { sql, input_parameters, parameter_values, findings: findings.host() }
    }
}

/// A parameter found in a query.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct Inferred {
    /// Its name.
    pub name: String,
    /// What its value is, or each element of its list.
    #[napi(js_name = "type")]
    pub kind: String,
    /// Whether its value is a list.
    pub list: bool,
    /// Whether AMC takes the value itself: it is mentioned in `CUSTOM_PARAMETER('name')`.
    pub native: bool,
    /// The line of its first mention, from 1.
    pub line: u32,
    /// The column of its first mention, from 1.
    pub column: u32,
}

impl Host<Inferred> for params::Inferred {
    fn host(self) -> Inferred {
        let Self { declaration: params::Declaration { name, parameter_type, list, .. }, native, position } =
            self;
        let Position { line, column } = position;
        Inferred { name, kind: parameter_type.as_str().to_owned(), list, native, line, column }
    }
}

record! {
    /// A window expression at one moment in one zone.
    ResolvedWindow of amc_fleet::model::ResolvedWindow {
        /// The first moment, in local time of the zone and in AMC's form.
        start: String,
        /// The moment after the last, likewise.
        end: String,
        /// The zone.
        timezone: String,
        /// The first moment.
        start_utc: DateTime<Utc>,
        /// The moment after the last.
        end_utc: DateTime<Utc>,
        /// The span for people: `1–30 Sep 2025`.
        name: String,
        /// What may surprise about it.
        findings: Vec<Finding>,
    }
}

/// What one instance would run.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct PreviewedRun {
    /// AMC's id of the instance; absent where the fleet knows no instances yet.
    pub instance_id: Option<String>,
    /// Its name.
    pub instance_name: Option<String>,
    /// The query exactly as AMC would get it.
    pub sql: String,
    /// The exact window.
    pub window: ResolvedWindow,
    /// The values of all parameters.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Map<String, Value>,
    /// AMC's `inputParameters`.
    #[napi(ts_type = "Record<string, unknown>[]")]
    pub input_parameters: Vec<Value>,
    /// AMC's `parameterValues`: the values that are not written into the query.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameter_values: Map<String, Value>,
}

impl Host<PreviewedRun> for amc_fleet::fleet::PreviewedRun {
    fn host(self) -> PreviewedRun {
        let Self { instance_id, instance_name, sql, window, parameters, input_parameters, parameter_values } =
            self;
        let window = window.host();
        PreviewedRun {
            instance_id,
            instance_name,
            sql,
            window,
            parameters,
            input_parameters,
            parameter_values,
        }
    }
}

record! {
    /// What a batch would run.
    Preview of amc_fleet::fleet::Preview {
        /// Its name with its window: `Reach · 1–30 Sep 2025`.
        title: String,
        /// What each instance would run.
        runs: Vec<PreviewedRun>,
        /// What was asked for and would be left out.
        skipped: Vec<crate::report::Skipped>,
        /// What is said about the query, its values and its windows.
        findings: Vec<Finding>,
    }
}

/// Declarations for forms and for other programs.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
pub struct ParameterSchema {
    /// A JSON Schema of the values.
    #[napi(ts_type = "Record<string, any>")]
    pub json_schema: Map<String, Value>,
    /// What a form shows: `fields`, each with its control, label, options, default and help.
    #[napi(ts_type = "Record<string, any>")]
    pub ui_schema: Map<String, Value>,
}

impl Host<ParameterSchema> for Vec<params::Declaration> {
    fn host(self) -> ParameterSchema {
        ParameterSchema { json_schema: params::json_schema(&self), ui_schema: params::ui_schema(&self) }
    }
}
