//! A batch to run, as JavaScript asks for it.

use std::collections::HashMap;
use std::str::FromStr;

use amc_fleet::fleet::seconds;
use amc_fleet::model::window::Readiness;
use amc_fleet::{BatchSpec, Error, Instances, Result, model};
use napi::Either;
use napi::bindgen_prelude::Either3;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::functions::{RenderOptions, declared};
use crate::instance::{Identified, id};

/// What a batch runs on, over which window, and how.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct RunOptions {
    /// The query, for a batch without a workflow.
    pub sql: Option<String>,
    /// The instances, as themselves or by id; `all` for every one that a query can run on; or what selects them.
    #[napi(
        ts_type = "ReadonlyArray<string | Pick<Instance, 'id'>> | 'all' | Partial<Record<'ids' | 'tags' | 'brand' | 'region' | 'account' | 'type', string | ReadonlyArray<string>>>"
    )]
    pub instances: Either3<Vec<Either<String, Identified>>, String, Selection>,
    /// The window, for example `last 30 days` or `2025-09-01..2025-10-01`; the workflow's own where absent.
    pub window: Option<String>,
    /// The zone of the window: a name, or `instance` for each instance's own; UTC where absent.
    pub timezone: Option<String>,
    /// Parameter values for all instances.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Option<Map<String, Value>>,
    /// Parameter values by instance id, over the shared ones.
    #[napi(ts_type = "Record<string, Record<string, unknown>>")]
    pub instance_parameters: Option<Map<String, Value>>,
    /// The same key with the same content gives the same batch, however often it is asked for.
    pub key: Option<String>,
    /// What to do about a named instance that cannot run a query: `refuse` where absent.
    #[napi(ts_type = "'refuse' | 'skip'")]
    pub on_unavailable: Option<String>,
    /// Which work goes first when places are scarce: `interactive` where absent.
    #[napi(ts_type = "'interactive' | 'scheduled' | 'backfill'")]
    pub priority: Option<String>,
    /// How many seconds the whole may take; what is not finished by then fails alone.
    pub deadline: Option<f64>,
    /// What is checked before anything is written: AMC compiles the query once for each set of tables that the instances
    /// have (`first`, where absent), or nothing more than what is known here.
    #[napi(ts_type = "'first' | 'none'")]
    pub check: Option<String>,
    /// Its name; the workflow's where absent.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// What the parameters are, as a list of `{ name, type, … }` or an object of types by name; what is not declared is
    /// what its value says it is.
    #[napi(ts_type = "ReadonlyArray<Record<string, unknown>> | Record<string, unknown>")]
    pub declarations: Option<Value>,
    /// Whether `{{name}}` becomes `CUSTOM_PARAMETER('name')` where AMC can take the value; not where absent.
    pub prefer_native: Option<bool>,
    /// What AMC is believed to take a backslash in a string for; `standard` where absent: for itself.
    #[napi(ts_type = "'standard' | 'backslash_escapes' | 'refuse'")]
    pub literal_dialect: Option<String>,
    /// What to do when the window ends within the last 48 hours, whose events AMC may lack: `flag` where absent.
    #[napi(ts_type = "'flag' | 'move' | 'refuse' | 'wait'")]
    pub freshness: Option<String>,
    /// The same for conversions, which are attributed for 14 days.
    #[napi(ts_type = "'flag' | 'move' | 'refuse' | 'wait'")]
    pub maturity: Option<String>,
    /// Whether an instance may be served with the result of an earlier or a running execution that asks AMC the same: query,
    /// parameters, window, zone, options, and data as mature; not where absent. Its `reuseOf` and `ageSeconds` say so.
    pub reuse: Option<bool>,
}

impl RunOptions {
    #[expect(clippy::too_many_lines, reason = "one field a line")]
    pub(crate) fn spec(self, workflow: Option<Either<String, Identified>>) -> Result<BatchSpec> {
        let Self {
            sql,
            instances,
            window,
            timezone,
            parameters,
            instance_parameters,
            key,
            on_unavailable,
            priority,
            deadline,
            check,
            name,
            description,
            declarations,
            prefer_native,
            literal_dialect,
            freshness,
            maturity,
            reuse,
        } = self;
        let readiness =
            Readiness { freshness: word(freshness)?, maturity: word(maturity)?, ..Readiness::default() };
        Ok(BatchSpec {
            workflow: workflow.map(id),
            sql,
            instances: chosen(instances)?,
            window,
            timezone,
            parameters: parameters.unwrap_or_default(),
            instance_parameters: instance_parameters.unwrap_or_default(),
            key,
            on_unavailable: word(on_unavailable)?,
            priority: word(priority)?,
            deadline: deadline.map(|deadline| seconds("deadline", deadline)).transpose()?,
            check: word(check)?,
            name,
            description,
            declarations: declared(declarations)?,
            render: RenderOptions { prefer_native, literal_dialect }.choices()?,
            readiness,
            reuse: reuse.unwrap_or_default(),
        })
    }
}

/// Reads a word the core knows; its default where none is given.
pub(crate) fn word<T: FromStr<Err = Error> + Default>(word: Option<String>) -> Result<T> {
    word.as_deref().map_or_else(|| Ok(T::default()), str::parse)
}

/// A selector as it came: what is no field of one the core says.
pub(crate) type Selection = HashMap<String, Either<String, Vec<String>>>;

fn written(selector: Selection) -> Value {
    let value = |texts| match texts {
        Either::A(text) => Value::from(text),
        Either::B(texts) => Value::from(texts),
    };
    selector.into_iter().map(|(name, texts)| (name, value(texts))).collect::<Map<_, _>>().into()
}

pub(crate) fn chosen(
    instances: Either3<Vec<Either<String, Identified>>, String, Selection>,
) -> Result<Instances> {
    match instances {
        Either3::A(listed) => Ok(Instances::ids(listed.into_iter().map(id))),
        Either3::B(word) => word.parse(),
        Either3::C(selector) => model::Selector::from_json(written(selector)).map(Instances::Select),
    }
}
