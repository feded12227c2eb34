//! Functions that need no fleet.

use amc_fleet::Result;
use amc_fleet::clock::{Clock, SystemClock};
use amc_fleet::lint::{Catalogue, LintOptions};
use amc_fleet::model::window;
use amc_fleet::params::{self, Declaration, Presets, RenderOptions as Choices};
use chrono::{DateTime, Utc};
use napi::Either;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::error::host;
use crate::query::{Finding, Inferred, ParameterSchema, Rendered, ResolvedWindow};
use crate::record::Host;
use crate::run::word;

/// How values are written into a query.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct RenderOptions {
    /// Whether `{{name}}` becomes `CUSTOM_PARAMETER('name')` where AMC can take the value; not where absent.
    pub prefer_native: Option<bool>,
    /// What AMC is believed to take a backslash in a string for; `standard` where absent: for itself.
    #[napi(ts_type = "'standard' | 'backslash_escapes' | 'refuse'")]
    pub literal_dialect: Option<String>,
}

impl RenderOptions {
    pub(crate) fn choices(self) -> Result<Choices> {
        let prefer_native = self.prefer_native.unwrap_or_default();
        Ok(Choices { prefer_native, literal_dialect: word(self.literal_dialect)? })
    }
}

pub(crate) fn declared(written: Option<Value>) -> Result<Vec<Declaration>> {
    params::declarations(&written.unwrap_or_default(), &Presets::registered())
}

/// Brings a query and the values of its parameters together, as a batch does before AMC hears anything.
///
/// `{{name}}` is written into the query in the form its place asks for and cannot change anything else of it;
/// `CUSTOM_PARAMETER('name')` goes to AMC as a parameter of its own. Declarations are a list of
/// `{ name, type, … }`, or an object of types by name; what is not declared is what its value says it is.
///
/// Throws `parameter_missing`, `parameter_unused`, `parameter_type` and `parameter_place` with line and column.
///
/// ```js
/// const { sql } = render("SELECT a FROM t WHERE b IN ({{names}})", { names: ["it's", "b"] });
/// console.log(sql); // SELECT a FROM t WHERE b IN ('it''s', 'b')
/// ```
#[napi]
pub fn render(
    sql: String,
    #[napi(ts_arg_type = "Record<string, unknown> | null")] parameters: Option<Map<String, Value>>,
    #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown> | null")]
    declarations: Option<Value>,
    options: Option<RenderOptions>,
) -> napi::Result<Rendered> {
    let rendered = || {
        let (declared, choices) = (declared(declarations)?, options.unwrap_or_default().choices()?);
        params::render_with(&sql, &parameters.unwrap_or_default(), &declared, choices)
    };
    rendered().map(Host::host).map_err(host)
}

/// Says what AMC will refuse about a query, or may read in another way, without asking it.
///
/// Without `dataSources`, as AMC gives them, no table and no column is unknown; without `declarations` no parameter is an
/// error.
///
/// ```js
/// const codes = lint("SELECT user_id FROM t GROUP BY 1").map((finding) => finding.code);
/// console.log(codes); // ["raw_user_id"]
/// ```
#[napi]
pub fn lint(
    sql: String,
    #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown> | null")]
    data_sources: Option<Value>,
    #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown> | null")]
    declarations: Option<Value>,
) -> napi::Result<Vec<Finding>> {
    linted(data_sources.as_ref(), declarations, |options| amc_fleet::lint::lint(&sql, options))
}

/// Reads what a query is checked against, and gives what is found.
pub(crate) fn linted(
    data_sources: Option<&Value>,
    declarations: Option<Value>,
    lint: impl FnOnce(LintOptions<'_>) -> Vec<amc_fleet::Finding>,
) -> napi::Result<Vec<Finding>> {
    let sources = data_sources.map(Catalogue::read).transpose().map_err(host)?;
    let declared = declarations.map(|given| declared(Some(given))).transpose().map_err(host)?;
    let options = LintOptions { data_sources: sources.as_ref(), declarations: declared.as_deref() };
    Ok(lint(options).host())
}

/// Finds the parameters of a query, and what they are from where they stand and what they are called.
///
/// ```js
/// const [{ name, type, list }] = inferParameters("SELECT a FROM t WHERE b IN ({{asins}})");
/// console.log(name, type, list); // asins asin true
/// ```
#[napi]
#[must_use]
pub fn infer_parameters(sql: String) -> Vec<Inferred> {
    amc_fleet::infer_parameters(&sql).host()
}

/// Works out a window expression at a moment in a time zone, UTC where absent. The end is not included.
///
/// Throws `window_invalid`, `window_empty`, `zone_unknown` or `moment_invalid`.
///
/// ```js
/// const { start, end, name } = resolveWindow("last 30 days", "2025-10-01T06:00:00Z", "Europe/Berlin");
/// console.log(start, end, name); // 2025-09-01T00:00:00 2025-10-01T00:00:00 1–30 Sep 2025
/// ```
#[napi]
pub fn resolve_window(
    expression: String,
    #[napi(ts_arg_type = "Date | string | null")] now: Option<Either<DateTime<Utc>, String>>,
    timezone: Option<String>,
) -> napi::Result<ResolvedWindow> {
    let resolved = || {
        let now = match now {
            Some(Either::A(now)) => now,
            Some(Either::B(text)) => window::moment(&text)?,
            None => SystemClock.now(),
        };
        amc_fleet::resolve_window(&expression, now, timezone.as_deref().unwrap_or("UTC"))
    };
    resolved().map(Host::host).map_err(host)
}

/// Describes parameters for forms and for other programs: a JSON Schema of the values, and what a form shows.
///
/// Throws `declaration_invalid`.
///
/// ```js
/// const { jsonSchema } = parameterSchema({ days: "lookback_days" });
/// console.log(jsonSchema.properties.days.default); // 30
/// ```
#[napi]
pub fn parameter_schema(
    #[napi(ts_arg_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown>")]
    declarations: Value,
) -> napi::Result<ParameterSchema> {
    declared(Some(declarations)).map(Host::host).map_err(host)
}

/// Lists the presets that a declaration may name as its type, each as a declaration.
///
/// ```js
/// console.log(parameterPresets()[0].name); // attribution_window
/// ```
#[napi(ts_return_type = "Record<string, unknown>[]")]
#[must_use]
pub fn parameter_presets() -> Vec<Value> {
    params::presets_as_json()
}

/// Makes a preset of one's own known in this process: as the type of a declaration, and for parameters of its name.
///
/// Throws `declaration_invalid`, also for a name that is a type's.
///
/// ```js
/// registerPreset({ name: "margin", type: "decimal", min: 0, max: 1, default: 0.2 });
/// const { sql } = render("SELECT a FROM t WHERE b > {{floor}}", {}, { floor: "margin" });
/// console.log(sql); // SELECT a FROM t WHERE b > 0.2
/// ```
#[napi]
pub fn register_preset(#[napi(ts_arg_type = "Record<string, unknown>")] preset: Value) -> napi::Result<()> {
    params::register_preset(&preset).map_err(host)
}
