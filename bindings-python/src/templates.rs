//! Templates, as dicts and as files.

use amc_fleet::templates;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::arguments::{Anything, template, word};
use crate::json::{self, List};

/// Lists the templates that come with this package.
///
/// Returns
/// -------
/// list of dict
///     Each with ``name``, ``category``, ``tags``, ``description``, ``window``, ``parameters``, ``columns`` (the role of each:
///     dimension, additive, ratio, distinct_count) and ``sql``.
///
/// Examples
/// --------
/// >>> len(amc_fleet.starter_templates()) >= 12
/// True
#[pyfunction]
#[pyo3(signature = () -> "list[dict[str, Any]]")]
pub(crate) fn starter_templates<'py>(py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
    List(&templates::starter_as_json()).into_pyobject(py)
}

/// Reads a template of a file: its query under a comment of JSON that describes it.
///
/// Parameters
/// ----------
/// file : str
///     What is in the file.
///
/// Returns
/// -------
/// dict
///     The template.
///
/// Raises
/// ------
/// InvalidInputError
///     ``template_invalid``, ``declaration_invalid``.
///
/// Examples
/// --------
/// >>> template = amc_fleet.starter_templates()[0]
/// >>> amc_fleet.read_template(amc_fleet.write_template(template)) == template
/// True
#[pyfunction]
#[pyo3(signature = (file) -> "dict[str, Any]")]
pub(crate) fn read_template<'py>(py: Python<'py>, file: &str) -> PyResult<Bound<'py, PyAny>> {
    let template: templates::Template = word(file)?;
    json::object(py, &template.to_json())
}

/// Writes a template as a file, for git.
///
/// Parameters
/// ----------
/// template : dict
///     The template.
///
/// Returns
/// -------
/// str
///     What belongs into the file.
///
/// Raises
/// ------
/// InvalidInputError
///     ``template_invalid``, ``declaration_invalid``.
///
/// Examples
/// --------
/// >>> amc_fleet.write_template(amc_fleet.starter_templates()[0]).splitlines()[0]
/// '/* amc-fleet template'
#[pyfunction]
#[pyo3(signature = (template: "Mapping[str, Any]"))]
pub(crate) fn write_template(template: Anything) -> PyResult<String> {
    Ok(self::template(template)?.to_file())
}

/// Compares two versions of a template.
///
/// Parameters
/// ----------
/// before : dict
///     The one.
/// after : dict
///     The other.
///
/// Returns
/// -------
/// dict
///     ``sql`` as lines with ``-``, ``+`` or a space before them, and the names of parameters and columns that changed.
///
/// Raises
/// ------
/// InvalidInputError
///     ``template_invalid``, ``declaration_invalid``.
///
/// Examples
/// --------
/// >>> template = amc_fleet.starter_templates()[0]
/// >>> amc_fleet.diff_templates(template, template)["changed_parameters"]
/// []
#[pyfunction]
#[pyo3(signature = (before: "Mapping[str, Any]", after: "Mapping[str, Any]") -> "dict[str, Any]")]
pub(crate) fn diff_templates<'py>(
    py: Python<'py>,
    before: Anything,
    after: Anything,
) -> PyResult<Bound<'py, PyAny>> {
    let diff = templates::diff(&template(before)?, &template(after)?);
    json::object(py, &diff.to_json())
}
