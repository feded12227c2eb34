//! Functions that need no fleet.

use amc_fleet::clock::{Clock, SystemClock};
use amc_fleet::lint::{Catalogue, LintOptions};
use amc_fleet::model::window;
use amc_fleet::params::{self, Presets};
use pyo3::prelude::*;

use crate::arguments::{Anything, Values, declared, rendering};
use crate::errors::python;
use crate::json::List;
use crate::records::{Finding, Inferred, Plain, Rendered, ResolvedWindow};

/// Brings a query and the values of its parameters together, as a batch does before AMC hears anything.
///
/// ``{{name}}`` is written into the query in the form its place asks for and cannot change anything else of it;
/// ``CUSTOM_PARAMETER('name')`` goes to AMC as a parameter of its own.
///
/// Parameters
/// ----------
/// sql : str
///     The query.
/// parameters : dict, optional
///     A value by name.
/// declarations : list of dict or dict, optional
///     What the parameters are: ``[{"name": "asins", "type": "asin_list"}]``, or ``{"asins": "asin_list"}``. A
///     parameter that is not declared is what its value says it is.
/// prefer_native : bool, default False
///     Whether ``{{name}}`` becomes ``CUSTOM_PARAMETER('name')`` where AMC can take the value.
/// literal_dialect : {"standard", "backslash_escapes", "refuse"}, default "standard"
///     What AMC is believed to take a backslash in a string for.
///
/// Returns
/// -------
/// Rendered
///     The query, what goes to AMC beside it, and what may surprise.
///
/// Raises
/// ------
/// InvalidInputError
///     ``parameter_missing``, ``parameter_unused``, ``parameter_type``, ``parameter_place`` with line and column;
///     ``declaration_invalid``.
///
/// Examples
/// --------
/// >>> amc_fleet.render("SELECT a FROM t WHERE b IN ({{names}})", {"names": ["it's", "b"]}).sql
/// "SELECT a FROM t WHERE b IN ('it''s', 'b')"
#[pyfunction]
#[pyo3(signature = (
    sql,
    parameters: "Mapping[str, Any] | None" = None,
    declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
    *,
    prefer_native = false,
    literal_dialect: "Literal['standard', 'backslash_escapes', 'refuse']" = "standard",
))]
pub(crate) fn render(
    sql: &str,
    parameters: Option<Values>,
    declarations: Option<Anything>,
    prefer_native: bool,
    literal_dialect: &str,
) -> PyResult<Rendered> {
    let (declared, options) = (declared(declarations)?, rendering(prefer_native, literal_dialect)?);
    let values = parameters.unwrap_or_default().0;
    params::render_with(sql, &values, &declared, options).map(Plain::plain).map_err(python)
}

/// Says what AMC will refuse about a query, or may read in another way, without asking it.
///
/// Parameters
/// ----------
/// sql : str
///     The query.
/// data_sources : list of dict, optional
///     The tables of an instance, as AMC's ``dataSources`` gives them. Without them no table and no column is unknown.
/// declarations : list of dict or dict, optional
///     What the parameters are. Without them no parameter is an error.
///
/// Returns
/// -------
/// list of Finding
///     In the order of the text.
///
/// Examples
/// --------
/// >>> [finding.code for finding in amc_fleet.lint("SELECT user_id FROM t GROUP BY 1")]
/// ['raw_user_id']
#[pyfunction]
#[pyo3(signature = (
    sql,
    data_sources: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
    declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any] | None" = None,
))]
pub(crate) fn lint(
    sql: &str,
    data_sources: Option<Anything>,
    declarations: Option<Anything>,
) -> PyResult<Vec<Finding>> {
    linted(data_sources, declarations, |options| amc_fleet::lint::lint(sql, options))
}

/// Reads what a query is checked against, and gives what is found.
pub(crate) fn linted(
    data_sources: Option<Anything>,
    declarations: Option<Anything>,
    lint: impl FnOnce(LintOptions<'_>) -> Vec<amc_fleet::Finding>,
) -> PyResult<Vec<Finding>> {
    let sources = data_sources.map(|given| Catalogue::read(&given.0)).transpose().map_err(python)?;
    let declared = declarations.map(|given| declared(Some(given))).transpose()?;
    Ok(lint(LintOptions { data_sources: sources.as_ref(), declarations: declared.as_deref() }).plain())
}

/// Finds the parameters of a query, and what they are from where they stand and what they are called.
///
/// Parameters
/// ----------
/// sql : str
///     The query.
///
/// Returns
/// -------
/// list of Inferred
///     In the order of their first mention, each usable as a declaration; an identifier lacks its allowed names.
///
/// Examples
/// --------
/// >>> [(it.name, it.type, it.list) for it in amc_fleet.infer_parameters("SELECT a FROM t WHERE b IN ({{asins}})")]
/// [('asins', 'asin', True)]
#[pyfunction]
pub(crate) fn infer_parameters(sql: &str) -> Vec<Inferred> {
    amc_fleet::infer_parameters(sql).plain()
}

/// Works out a window expression at a moment in a time zone.
///
/// Parameters
/// ----------
/// expression : str
///     ``"last 30 days"``, ``"month to date"``, ``"last full week"``, ``"2025-09-01..2025-10-01"``,
///     ``"today-14d..today-1d"``; the end is not included.
/// now : datetime or str, optional
///     The moment; one without an offset is in UTC; the present if not given.
/// timezone : str, default "UTC"
///     An IANA name such as ``"Europe/Berlin"``.
///
/// Returns
/// -------
/// ResolvedWindow
///     The exact bounds and a name.
///
/// Raises
/// ------
/// InvalidInputError
///     ``window_invalid``, ``window_empty``, ``zone_unknown``, ``moment_invalid``.
///
/// Examples
/// --------
/// >>> window = amc_fleet.resolve_window("last 30 days", "2025-10-01T06:00:00Z", "Europe/Berlin")
/// >>> window.start, window.end, window.name
/// ('2025-09-01T00:00:00', '2025-10-01T00:00:00', '1–30 Sep 2025')
#[pyfunction]
#[pyo3(signature = (expression, now: "datetime | str | None" = None, timezone: "str" = "UTC"))]
pub(crate) fn resolve_window(
    expression: &str,
    now: Option<&Bound<'_, PyAny>>,
    timezone: &str,
) -> PyResult<ResolvedWindow> {
    let now = now.map(|now| now.str()).transpose()?.map(|text| window::moment(&text.to_string()));
    let now = now.transpose().map_err(python)?.unwrap_or_else(|| SystemClock.now());
    amc_fleet::resolve_window(expression, now, timezone).map(Plain::plain).map_err(python)
}

/// Describes parameters for forms and for other programs.
///
/// Parameters
/// ----------
/// declarations : list of dict or dict
///     What the parameters are.
///
/// Returns
/// -------
/// ParameterSchema
///     A JSON Schema of the values, and what a form shows.
///
/// Raises
/// ------
/// InvalidInputError
///     ``declaration_invalid``.
///
/// Examples
/// --------
/// >>> amc_fleet.parameter_schema({"days": "lookback_days"}).json_schema["properties"]["days"]["default"]
/// 30
#[pyfunction]
#[pyo3(signature = (declarations: "Iterable[Mapping[str, Any]] | Mapping[str, Any]"))]
pub(crate) fn parameter_schema(declarations: Anything) -> PyResult<crate::records::ParameterSchema> {
    params::declarations(&declarations.0, &Presets::registered()).map(Into::into).map_err(python)
}

/// Lists the presets that a declaration may name as its type, each as a declaration.
///
/// Returns
/// -------
/// list of dict
///     The presets.
///
/// Examples
/// --------
/// >>> [preset["name"] for preset in amc_fleet.parameter_presets()][:3]
/// ['attribution_window', 'conversion_window', 'lookback_days']
#[pyfunction]
#[pyo3(signature = () -> "list[dict[str, Any]]")]
pub(crate) fn parameter_presets<'py>(py: Python<'py>) -> PyResult<Bound<'py, pyo3::types::PyList>> {
    List(&params::presets_as_json()).into_pyobject(py)
}

/// Makes a preset of one's own known in this process: as the type of a declaration, and for parameters of its name.
///
/// Parameters
/// ----------
/// preset : dict
///     A declaration; its name is the preset's.
///
/// Raises
/// ------
/// InvalidInputError
///     ``declaration_invalid``, also for a name that is a type's.
///
/// Examples
/// --------
/// >>> amc_fleet.register_preset({"name": "margin", "type": "decimal", "min": 0, "max": 1, "default": 0.2})
/// >>> amc_fleet.render("SELECT a FROM t WHERE b > {{floor}}", {}, {"floor": "margin"}).sql
/// 'SELECT a FROM t WHERE b > 0.2'
#[pyfunction]
#[pyo3(signature = (preset: "Mapping[str, Any]"))]
pub(crate) fn register_preset(preset: Anything) -> PyResult<()> {
    params::register_preset(&preset.0).map_err(python)
}
