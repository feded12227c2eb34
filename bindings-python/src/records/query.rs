//! What the functions that need no fleet tell.

use amc_fleet::Position;
use amc_fleet::params;
use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use serde_json::{Map, Value};

use super::{Plain, mirrors, record};
use crate::json::{Fields, List};

record! {
    /// A remark on a query, a value or a window: it stops nothing by itself.
    Finding {
        /// A stable code, equal in every language.
        code: String,
        /// How much it matters: ``error``, ``warning`` or ``info``.
        severity: String,
        /// What was found, in one sentence.
        message: String,
        /// The line in the text that was given, from 1.
        line: Option<u32>,
        /// The column in that line, from 1.
        column: Option<u32>,
        /// What to do about it, or to write instead.
        fix: Option<String>,
    }
    /// >>> amc_fleet.lint("SELECT user_id FROM t GROUP BY 1")[0].to_dict()["code"]
    /// 'raw_user_id'
}

impl Plain for amc_fleet::Finding {
    type Python = Finding;

    fn plain(self) -> Finding {
        let Self { code, severity, message, position, fix } = self;
        let (line, column) = position.map(|Position { line, column }| (line, column)).unzip();
        Finding { code: code.into_owned(), severity: severity.to_string(), message, line, column, fix }
    }
}

impl Finding {
    fn shown(&self) -> String {
        let place =
            self.line.zip(self.column).map(|(line, column)| format!(" {line}:{column}")).unwrap_or_default();
        format!("<Finding {} {}{place}: {}>", self.severity, self.code, self.message)
    }
}

/// A query with its parameters filled in.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Rendered(params::Rendered);

impl Plain for params::Rendered {
    type Python = Rendered;

    fn plain(self) -> Rendered {
        Rendered(self)
    }
}

#[pymethods]
impl Rendered {
    /// The query, with no ``{{name}}`` outside its comments.
    #[getter]
    fn sql(&self) -> &str {
        &self.0.sql
    }

    /// AMC's ``inputParameters``: one dict for every ``CUSTOM_PARAMETER``.
    #[getter]
    fn input_parameters(&self) -> List<'_> {
        List(&self.0.input_parameters)
    }

    /// AMC's ``parameterValues``.
    #[getter]
    fn parameter_values(&self) -> Fields<'_> {
        Fields(&self.0.parameter_values)
    }

    /// What may surprise: values whose effect depends on how AMC reads them.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        self.0.findings.clone().plain()
    }

    fn __repr__(&self) -> String {
        format!("<Rendered {:?}, {} findings>", self.0.sql, self.0.findings.len())
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
    /// >>> amc_fleet.render("SELECT {{x}}", {"x": 1}).to_dict()["sql"]
    /// 'SELECT 1'
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        super::dict(slf.as_any(), &["sql", "input_parameters", "parameter_values", "findings"])
    }
}

/// A parameter found in a query.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Inferred(params::Inferred);

impl Plain for params::Inferred {
    type Python = Inferred;

    fn plain(self) -> Inferred {
        Inferred(self)
    }
}

#[pymethods]
impl Inferred {
    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.0.declaration.name
    }

    /// What its value is, or each element of its list.
    #[getter]
    fn r#type(&self) -> &str {
        self.0.declaration.parameter_type.as_str()
    }

    /// Whether its value is a list.
    #[getter]
    fn list(&self) -> bool {
        self.0.declaration.list
    }

    /// Whether AMC takes the value itself: it is mentioned in ``CUSTOM_PARAMETER('name')``.
    #[getter]
    fn native(&self) -> bool {
        self.0.native
    }

    /// The line of its first mention, from 1.
    #[getter]
    fn line(&self) -> u32 {
        self.0.position.line
    }

    /// The column of its first mention, from 1.
    #[getter]
    fn column(&self) -> u32 {
        self.0.position.column
    }

    fn __repr__(&self) -> String {
        let list = if self.list() { " list" } else { "" };
        format!("<Inferred {} {}{list}>", self.name(), self.r#type())
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
    /// >>> amc_fleet.infer_parameters("SELECT {{days}}")[0].to_dict()["type"]
    /// 'integer'
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        super::dict(slf.as_any(), &["name", "type", "list", "native", "line", "column"])
    }
}

record! {
    /// A window expression at one moment in one zone.
    ResolvedWindow {
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
        /// The span for people: ``1–30 Sep 2025``.
        name: String,
        /// What may surprise about it.
        findings: Vec<Finding>,
    }
    /// >>> amc_fleet.resolve_window("yesterday", "2025-10-01").to_dict()["name"]
    /// '30 Sep 2025'
}

mirrors!(ResolvedWindow of amc_fleet::model::ResolvedWindow {
    start, end, timezone, start_utc, end_utc, name, findings,
});

impl ResolvedWindow {
    fn shown(&self) -> String {
        format!("<ResolvedWindow {}..{} {}>", self.start, self.end, self.timezone)
    }
}

/// What one instance would run.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct PreviewedRun(amc_fleet::fleet::PreviewedRun);

#[pymethods]
impl PreviewedRun {
    /// AMC's id of the instance; None where the fleet knows no instances yet.
    #[getter]
    fn instance_id(&self) -> Option<&str> {
        self.0.instance_id.as_deref()
    }

    /// Its name.
    #[getter]
    fn instance_name(&self) -> Option<&str> {
        self.0.instance_name.as_deref()
    }

    /// The query exactly as AMC would get it.
    #[getter]
    fn sql(&self) -> &str {
        &self.0.sql
    }

    /// The exact window.
    #[getter]
    fn window(&self) -> ResolvedWindow {
        self.0.window.clone().plain()
    }

    /// The values of all parameters.
    #[getter]
    fn parameters(&self) -> Fields<'_> {
        Fields(&self.0.parameters)
    }

    /// AMC's ``inputParameters``.
    #[getter]
    fn input_parameters(&self) -> List<'_> {
        List(&self.0.input_parameters)
    }

    /// AMC's ``parameterValues``: the values that are not written into the query.
    #[getter]
    fn parameter_values(&self) -> Fields<'_> {
        Fields(&self.0.parameter_values)
    }

    fn __repr__(&self) -> String {
        format!("<PreviewedRun {}: {}>", self.instance_id().unwrap_or("no instance"), self.0.sql)
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
    /// >>> fleet.preview(sql="SELECT 1 AS n", window="last 30 days").runs[0].to_dict()["sql"]
    /// 'SELECT 1 AS n'
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        let fields = [
            "instance_id",
            "instance_name",
            "sql",
            "window",
            "parameters",
            "input_parameters",
            "parameter_values",
        ];
        super::dict(slf.as_any(), &fields)
    }
}

/// What a batch would run.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Preview(amc_fleet::fleet::Preview);

impl From<amc_fleet::fleet::Preview> for Preview {
    fn from(preview: amc_fleet::fleet::Preview) -> Self {
        Self(preview)
    }
}

#[pymethods]
impl Preview {
    /// Its name with its window: ``Reach · 1–30 Sep 2025``.
    #[getter]
    fn title(&self) -> &str {
        &self.0.title
    }

    /// What each instance would run.
    #[getter]
    fn runs(&self) -> Vec<PreviewedRun> {
        self.0.runs.iter().cloned().map(PreviewedRun).collect()
    }

    /// What was asked for and would be left out.
    #[getter]
    fn skipped(&self) -> Vec<super::Skipped> {
        self.0.skipped.clone().plain()
    }

    /// What is said about the query, its values and its windows.
    #[getter]
    fn findings(&self) -> Vec<Finding> {
        self.0.findings.clone().plain()
    }

    fn __repr__(&self) -> String {
        format!("<Preview {}, {} runs, {} findings>", self.0.title, self.0.runs.len(), self.0.findings.len())
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
    /// >>> len(fleet.preview(sql="SELECT 1 AS n", window="last 30 days").to_dict()["runs"]) > 0
    /// True
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        super::dict(slf.as_any(), &["title", "runs", "skipped", "findings"])
    }
}

/// Declarations for forms and for other programs.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct ParameterSchema {
    json_schema: Map<String, Value>,
    ui_schema: Map<String, Value>,
}

impl From<Vec<params::Declaration>> for ParameterSchema {
    fn from(declarations: Vec<params::Declaration>) -> Self {
        let [json_schema, ui_schema] = [params::json_schema(&declarations), params::ui_schema(&declarations)];
        Self { json_schema, ui_schema }
    }
}

#[pymethods]
impl ParameterSchema {
    /// A JSON Schema of the values.
    #[getter]
    fn json_schema(&self) -> Fields<'_> {
        Fields(&self.json_schema)
    }

    /// What a form shows: ``fields``, each with its control, label, options, default and help.
    #[getter]
    fn ui_schema(&self) -> Fields<'_> {
        Fields(&self.ui_schema)
    }

    fn __repr__(&self) -> String {
        "<ParameterSchema>".to_owned()
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
    /// >>> amc_fleet.parameter_schema({"days": "lookback_days"}).to_dict()["json_schema"]["type"]
    /// 'object'
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        super::dict(slf.as_any(), &["json_schema", "ui_schema"])
    }
}
