//! Arguments as Python gives them, in the form the core takes. What a word means the core says.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use amc_fleet::client::AmcWorkflow;
use amc_fleet::model::window::Readiness;
use amc_fleet::params::{Declaration, Presets, RenderOptions, declarations};
use amc_fleet::templates::{Template, TemplateSource};
use amc_fleet::{
    Database, Error, FleetOptions, Instances, LintSpec, PageRequest, ProfileChange, Selector, TemplateHead,
    WorkerChoice,
};
use arrow_array::RecordBatch;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use pyo3_arrow::input::AnyRecordBatch;
use serde_json::{Map, Value};

use crate::credentials::Credentials;
use crate::errors::python;
use crate::json;
use crate::records::{Instance, TemplateVersion, Workflow};
use crate::table::batches;

/// Reads a word of the core.
pub(crate) fn word<T: FromStr<Err = Error>>(text: &str) -> PyResult<T> {
    text.parse().map_err(python)
}

/// Reads a database: None, a path, or a URL.
pub(crate) fn database(given: Option<&Bound<'_, PyAny>>) -> PyResult<Database> {
    match given {
        None => Database::from_env().map_err(python),
        Some(text) if text.is_instance_of::<PyString>() => word(&text.extract::<String>()?),
        Some(path) => Ok(Database::Sqlite(path.extract::<PathBuf>()?)),
    }
}

/// How a fleet is opened, as the two classes of fleets take it.
pub(crate) struct Opening<'a, 'py> {
    pub(crate) credentials: Option<&'a Bound<'py, PyAny>>,
    pub(crate) owner: String,
    pub(crate) actor: Option<String>,
    pub(crate) worker: Option<&'a Bound<'py, PyAny>>,
    pub(crate) schedules: bool,
    pub(crate) migrate: &'a str,
    pub(crate) endpoint: Option<String>,
    pub(crate) results: Option<PathBuf>,
}

impl Opening<'_, '_> {
    pub(crate) fn options(self) -> PyResult<FleetOptions> {
        Ok(FleetOptions {
            credentials: self.credentials.map(credentials).transpose()?,
            owner: self.owner,
            actor: self.actor,
            worker: self.worker.map(worker).transpose()?.unwrap_or_default(),
            schedules: self.schedules,
            migrate: word(self.migrate)?,
            endpoint: self.endpoint,
            results: self.results.map(|place| place.to_string_lossy().into_owned()),
            ..FleetOptions::default()
        })
    }
}

/// A bool of Python is spelt True and False.
fn worker(given: &Bound<'_, PyAny>) -> PyResult<WorkerChoice> {
    word(&given.str()?.to_string().to_lowercase())
}

fn credentials(given: &Bound<'_, PyAny>) -> PyResult<amc_fleet::Credentials> {
    if let Ok(one) = given.cast::<Credentials>() {
        return Ok(amc_fleet::Credentials::one(one.get().credential()));
    }
    if let Ok(by_key) = given.cast::<PyDict>() {
        return by_key.iter().try_fold(amc_fleet::Credentials::default(), |all, (key, one)| {
            Ok(all.with(key.extract::<String>()?, one.cast::<Credentials>()?.get().credential()))
        });
    }
    if given.is_callable() {
        return credentials(&given.call0()?);
    }
    Err(PyTypeError::new_err(
        "credentials are a Credentials, a dict of them by key, or a function that returns either",
    ))
}

/// A workflow, by itself, by its id or by its name.
pub(crate) struct WorkflowRef(pub(crate) String);

impl<'py> FromPyObject<'_, 'py> for WorkflowRef {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match given.cast::<Workflow>() {
            Ok(workflow) => Ok(Self(workflow.get().id())),
            Err(_) => given.extract().map(Self),
        }
    }
}

/// The instances of a batch: objects, ids, or the word for all.
pub(crate) struct Chosen(pub(crate) Instances);

impl<'py> FromPyObject<'_, 'py> for Chosen {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<PyString>() {
            return word(&given.extract::<String>()?).map(Self);
        }
        if given.hasattr("keys")? {
            let selector = json::fields(&given)?;
            return Selector::from_json(selector.into()).map(Instances::Select).map(Self).map_err(python);
        }
        let ids: Vec<String> = given.try_iter()?.map(|item| instance_id(&item?)).collect::<PyResult<_>>()?;
        Ok(Self(Instances::ids(ids)))
    }
}

/// An instance, by itself or by its id.
pub(crate) struct InstanceRef(pub(crate) String);

impl<'py> FromPyObject<'_, 'py> for InstanceRef {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        instance_id(&given).map(Self)
    }
}

impl InstanceRef {
    pub(crate) fn ids(instances: Vec<Self>) -> Vec<String> {
        instances.into_iter().map(|instance| instance.0).collect()
    }
}

fn instance_id(given: &Bound<'_, PyAny>) -> PyResult<String> {
    match given.cast::<Instance>() {
        Ok(instance) => Ok(instance.get().id.clone()),
        Err(_) => given.extract(),
    }
}

/// A length of time: seconds, or a timedelta.
pub(crate) struct Span(pub(crate) Duration);

impl<'py> FromPyObject<'_, 'py> for Span {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match given.extract::<f64>() {
            Ok(value) => amc_fleet::fleet::seconds("seconds", value).map(Self).map_err(python),
            Err(_) => given.extract().map(Self),
        }
    }
}

/// Parameters: a mapping of names to values.
#[derive(Default)]
pub(crate) struct Values(pub(crate) Map<String, Value>);

impl<'py> FromPyObject<'_, 'py> for Values {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        json::fields(&given).map(Self)
    }
}

/// Anything JSON can say.
#[derive(Default)]
pub(crate) struct Anything(pub(crate) Value);

impl<'py> FromPyObject<'_, 'py> for Anything {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        json::anything(&given).map(Self)
    }
}

/// The declarations of parameters.
pub(crate) fn declared(given: Option<Anything>) -> PyResult<Vec<Declaration>> {
    declarations(&given.unwrap_or_default().0, &Presets::registered()).map_err(python)
}

/// What a query is read against.
pub(crate) fn lint_spec(
    data_sources: Option<Anything>,
    declarations: Option<Anything>,
    instance: Option<InstanceRef>,
) -> PyResult<LintSpec> {
    let declarations = declarations.map(|given| declared(Some(given))).transpose()?;
    let (data_sources, instance) = (data_sources.map(|given| given.0), instance.map(|given| given.0));
    Ok(LintSpec { data_sources, instance, declarations })
}

/// A template.
pub(crate) fn template(given: Anything) -> PyResult<Template> {
    Template::read(given.0).map_err(python)
}

/// A template by itself, or a kept one: by its name, an id, a hash, or a version as it was given.
pub(crate) struct TemplateRef(pub(crate) TemplateSource);

impl<'py> FromPyObject<'_, 'py> for TemplateRef {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match given.cast::<TemplateVersion>() {
            Ok(version) => Ok(Self(TemplateSource::Kept(version.get().content_hash.clone()))),
            Err(_) => TemplateSource::read(json::anything(&given)?).map(Self).map_err(python),
        }
    }
}

/// What a workflow does not say of the template that is made of it.
pub(crate) fn template_head(
    name: Option<String>,
    category: String,
    tags: Vec<String>,
    description: Option<String>,
    columns: Option<Values>,
    note: Option<String>,
) -> TemplateHead {
    TemplateHead { name, category, tags, description, columns: columns.map(|given| given.0), note }
}

/// How values are written.
pub(crate) fn rendering(prefer_native: bool, literal_dialect: &str) -> PyResult<RenderOptions> {
    Ok(RenderOptions { prefer_native, literal_dialect: word(literal_dialect)? })
}

/// What to do about windows that are too young.
pub(crate) fn readiness(freshness: &str, maturity: &str) -> PyResult<Readiness> {
    Ok(Readiness { freshness: word(freshness)?, maturity: word(maturity)?, ..Readiness::default() })
}

/// A list of JSON.
#[derive(Default)]
pub(crate) struct Items(Vec<Value>);

impl<'py> FromPyObject<'_, 'py> for Items {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let items: Vec<_> = given.try_iter()?.collect::<PyResult<_>>()?;
        let items = PyList::new(given.py(), items)?;
        json::list(&items).map(Self)
    }
}

/// A workflow of AMC's own.
pub(crate) fn amc_workflow(
    workflow_id: String,
    sql_query: String,
    input_parameters: Option<Items>,
    options: Option<Values>,
) -> AmcWorkflow {
    let (input_parameters, options) = (input_parameters.unwrap_or_default().0, options.unwrap_or_default().0);
    AmcWorkflow { workflow_id, sql_query, input_parameters, options }
}

/// A table of profiles: CSV as text or in a file, or anything that gives Arrow.
pub(crate) enum Profiles {
    Csv(String),
    Table(Vec<RecordBatch>),
}

impl<'py> FromPyObject<'_, 'py> for Profiles {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if given.is_instance_of::<PyString>() {
            return given.extract().map(Self::Csv);
        }
        match given.extract::<AnyRecordBatch>() {
            Ok(table) => batches(table).map(Self::Table),
            Err(_) => Ok(Self::Csv(std::fs::read_to_string(given.extract::<PathBuf>()?)?)),
        }
    }
}

impl Profiles {
    pub(crate) async fn import(self, fleet: &amc_fleet::Fleet) -> amc_fleet::Result<usize> {
        match self {
            Self::Csv(text) => fleet.import_profiles(&text).await,
            Self::Table(batches) => fleet.import_profile_table(&batches).await,
        }
    }
}

/// What is said about an instance.
pub(crate) fn profile_change(
    label: Option<String>,
    tags: Option<Vec<String>>,
    brands: Option<Vec<String>>,
    timezone: Option<String>,
    currency: Option<String>,
    parameters: Option<Values>,
) -> ProfileChange {
    let parameters = parameters.map(|it| it.0);
    ProfileChange { label, tags, brands, timezone, currency, parameters }
}

/// The part of a list; the core's own where it is not given.
pub(crate) fn page(limit: Option<u32>, offset: u32) -> PageRequest {
    PageRequest { limit: limit.unwrap_or(PageRequest::default().limit), offset }
}
