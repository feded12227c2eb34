//! Templates, as plain objects and as files.

use amc_fleet::templates::{self, Template};
use napi_derive::napi;
use serde_json::Value;

use crate::error::host;

pub(crate) fn read(written: Value) -> napi::Result<Template> {
    Template::read(written).map_err(host)
}

/// Lists the templates that come with this package, each with the role of its columns.
///
/// ```js
/// console.log(starterTemplates().length >= 12); // true
/// ```
#[napi(ts_return_type = "Record<string, any>[]")]
#[must_use]
pub fn starter_templates() -> Vec<Value> {
    templates::starter_as_json()
}

/// Reads a template of a file: its query under a comment of JSON that describes it.
///
/// Throws `template_invalid` or `declaration_invalid`.
///
/// ```js
/// const [template] = starterTemplates();
/// console.log(readTemplate(writeTemplate(template)).name === template.name); // true
/// ```
#[napi(ts_return_type = "Record<string, any>")]
pub fn read_template(file: String) -> napi::Result<Value> {
    file.parse().map(|template: Template| template.to_json()).map_err(host)
}

/// Writes a template as a file, for git.
///
/// Throws `template_invalid` or `declaration_invalid`.
///
/// ```js
/// console.log(writeTemplate(starterTemplates()[0]).split("\n")[0]); // /* amc-fleet template
/// ```
#[napi]
pub fn write_template(#[napi(ts_arg_type = "Record<string, any>")] template: Value) -> napi::Result<String> {
    read(template).map(|template| template.to_file())
}

/// Compares two versions of a template: lines of the query with `-`, `+` or a space before them, and the names of
/// parameters and columns that changed.
///
/// Throws `template_invalid` or `declaration_invalid`.
///
/// ```js
/// const [template] = starterTemplates();
/// console.log(diffTemplates(template, template).changed_parameters.length); // 0
/// ```
#[napi(ts_return_type = "Record<string, any>")]
pub fn diff_templates(
    #[napi(ts_arg_type = "Record<string, any>")] before: Value,
    #[napi(ts_arg_type = "Record<string, any>")] after: Value,
) -> napi::Result<Value> {
    Ok(templates::diff(&read(before)?, &read(after)?).to_json())
}
