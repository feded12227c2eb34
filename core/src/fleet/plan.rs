//! Planning a batch: what each instance will run, over which window, with which parameters. No I/O.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::catalogues::{Listed, found_at};
use super::preview::{Preview, PreviewedRun};
use super::report_run::Asked;
use super::selection::Selected;
use super::written::Written;
use super::{BatchSpec, Check, Instances, OnUnavailable, reuse};
use crate::Finding;
use crate::clock::IdSource;
use crate::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::model::window::Ready;
use crate::model::{
    AmcOptions, BatchOptions, Instance, NewBatch, NewExecution, TriggeredBy, Window, WindowExpression,
    Workflow, WorkflowId, Zone,
};
use crate::params::Layers;
use crate::sql::{self, Reference};

/// The most instances of one batch.
const MOST_INSTANCES: usize = 1000;
/// The most bytes of one instance's parameters, as JSON.
const MOST_PARAMETER_BYTES: usize = 1 << 20;

/// What a batch runs.
pub(super) enum Query {
    /// A saved workflow.
    Saved(Box<Workflow>),
    /// A query of its own.
    Inline(String),
}

/// The zone of a batch's windows.
enum Zones {
    One(Zone),
    EachInstance,
}

/// A batch that is right so far as it can be told without its instances.
pub(super) struct Plan {
    spec: BatchSpec,
    sql: String,
    workflow: Option<WorkflowId>,
    name: String,
    mentioned: Vec<Reference>,
    defaults: Map<String, Value>,
    amc_options: Map<String, Value>,
    window: WindowExpression,
    zones: Zones,
    request_hash: String,
    triggered_by: TriggeredBy,
    windows_at: Option<DateTime<Utc>>,
    tick: Map<String, Value>,
}

impl Plan {
    pub(super) fn new(spec: BatchSpec, query: Query) -> Result<Self> {
        let (sql, workflow) = match query {
            Query::Saved(workflow) => (workflow.sql.clone(), Some(*workflow)),
            Query::Inline(sql) => (sql, None),
        };
        sql::readable(&sql)?;
        let window = window(&spec, workflow.as_ref())?;
        let zones = zones(spec.timezone.as_deref())?;
        let spec = declared_by(spec, workflow.as_ref());
        let own_name = spec.name.clone().or_else(|| workflow.as_ref().map(|workflow| workflow.name.clone()));
        Ok(Self {
            request_hash: request_hash(&spec, &sql, &window),
            name: own_name.unwrap_or_else(|| "Query".to_owned()),
            workflow: workflow.as_ref().map(|workflow| workflow.id),
            amc_options: workflow.as_ref().map(|workflow| workflow.amc_options.clone()).unwrap_or_default(),
            defaults: workflow.map(|workflow| workflow.defaults).unwrap_or_default(),
            mentioned: sql::references(&sql),
            spec,
            sql,
            window,
            zones,
            triggered_by: TriggeredBy::default(),
            windows_at: None,
            tick: Map::new(),
        })
    }

    /// Says what asked for it, for which moment, and with which values over all others.
    pub(super) fn triggered(self, asked: &Asked) -> Self {
        let Asked { triggered_by, windows_at, ref tick, .. } = *asked;
        Self { triggered_by, windows_at, tick: tick.clone(), ..self }
    }

    pub(super) fn instances(&self) -> &Instances {
        &self.spec.instances
    }

    pub(super) fn on_unavailable(&self) -> OnUnavailable {
        self.spec.on_unavailable
    }

    pub(super) fn check(&self) -> Check {
        self.spec.check
    }

    /// The query as the user wrote it.
    pub(super) fn sql(&self) -> &str {
        &self.sql
    }

    /// The tables that the query reads.
    pub(super) fn tables(&self) -> Vec<String> {
        sql::sources(&self.sql).into_iter().map(|source| source.name).collect()
    }

    pub(super) fn key(&self) -> Option<&str> {
        self.spec.key.as_deref()
    }

    pub(super) fn request_hash(&self) -> &str {
        &self.request_hash
    }

    /// Works out every execution.
    pub(super) fn batch(
        self,
        selected: Selected,
        owner: &str,
        actor: Option<String>,
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<NewBatch> {
        refuse_too_many(&selected.instances)?;
        self.refuse_strangers(&selected)?;
        let mut texts = BTreeMap::from([(sha256(self.sql.as_bytes()), self.sql.clone())]);
        let mut rendering = Rendering::default();
        let mut runs = Vec::new();
        let mut executions = Vec::new();
        for instance in &selected.instances {
            let run = self.run(Some(instance), &mut rendering, now)?;
            let text = &run.written.line.sql;
            let sql_hash = sha256(text.as_bytes());
            texts.entry(sql_hash.clone()).or_insert_with(|| text.clone());
            executions.push(self.execution(instance, sql_hash, &run, ids, now));
            runs.push(run);
        }
        Ok(NewBatch {
            id: ids.next(now).into(),
            owner_id: owner.to_owned(),
            created_by: actor,
            workflow: self.workflow,
            description: self.spec.description.clone(),
            idempotency_key: self.spec.key.clone(),
            skipped: selected.skipped,
            base_parameters: self.spec.parameters.clone().into_iter().chain(self.tick.clone()).collect(),
            instance_parameters: self.spec.instance_parameters.clone(),
            options: self.options(&runs),
            sql: texts.into_iter().collect(),
            request_hash: self.request_hash,
            name: self.name,
            executions,
        })
    }

    /// What the batch would run, and what is said about it. Nothing is written.
    pub(super) fn preview(
        self,
        selected: Selected,
        listed: &[Listed],
        now: DateTime<Utc>,
    ) -> Result<Preview> {
        refuse_too_many(&selected.instances)?;
        self.refuse_strangers(&selected)?;
        let mut rendering = Rendering::default();
        let some = selected.instances.iter().map(Some);
        // A fleet that knows no instances yet can still show the query.
        let instances: Vec<_> = if selected.instances.is_empty() { vec![None] } else { some.collect() };
        let runs = instances.into_iter().map(|instance| {
            let run = self.run(instance, &mut rendering, now)?;
            Ok((instance, run))
        });
        let runs: Vec<_> = runs.collect::<Result<_>>()?;
        let (shown, runs): (Vec<_>, Vec<_>) =
            runs.into_iter().map(|(instance, run)| (PreviewedRun::new(instance, &run, now), run)).unzip();
        let label = runs.first().map(|run| run.window.label()).unwrap_or_default();
        let linted = found_at(&self.sql, listed, &self.spec.declarations).into_iter();
        // A parameter need not be declared: its value says what it is.
        let linted = linted.filter(|finding| finding.code != "undeclared_parameter");
        Ok(Preview {
            title: format!("{} · {label}", self.name),
            runs: shown,
            skipped: selected.skipped,
            findings: linted.chain(findings(&runs)).collect(),
        })
    }

    /// One run: its window, its values, its query.
    fn run(&self, instance: Option<&Instance>, rendering: &mut Rendering, now: DateTime<Utc>) -> Result<Run> {
        let concerned = |error: Error| match instance {
            Some(instance) => error.instances([instance.instance_id.as_str()]),
            None => error,
        };
        let zone = instance.map_or_else(|| Ok(self.zone_of_nobody()), |instance| self.zone(instance))?;
        let window = self.window.resolve(self.windows_at.unwrap_or(now), &zone)?;
        let Ready { window, not_before, findings } =
            self.spec.readiness.apply(window, self.reads_conversions(), now).map_err(concerned)?;
        let parameters = self.parameters(instance)?;
        let written = rendering.of(&self.sql, &parameters, &self.writing()).map_err(concerned)?;
        Ok(Run { window, not_before, findings, parameters, written })
    }

    fn zone_of_nobody(&self) -> Zone {
        match &self.zones {
            Zones::One(zone) => zone.clone(),
            Zones::EachInstance => Zone::utc(),
        }
    }

    /// Conversions are attributed for days after they happened; other events are not.
    fn reads_conversions(&self) -> bool {
        let sql = self.sql.to_lowercase();
        sql.contains("amazon_attributed_events") || sql.contains("conversions")
    }

    /// How values are written.
    fn writing(&self) -> BatchOptions {
        let (declarations, render) = (self.spec.declarations.clone(), self.spec.render);
        BatchOptions { declarations, render, ..BatchOptions::default() }
    }

    fn execution(
        &self,
        instance: &Instance,
        sql_hash: String,
        run: &Run,
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> NewExecution {
        let (window, query) = (&run.window, &run.written.rendered);
        let mut execution = NewExecution {
            id: ids.next(now).into(),
            instance: instance.id,
            instance_id: instance.instance_id.clone(),
            credential_key: instance.account.credential_key.clone(),
            triggered_by: self.triggered_by,
            priority: self.spec.priority,
            sql_hash,
            parameters: run.parameters.clone(),
            window_start: window.start_utc(),
            window_end: window.end_utc(),
            timezone: window.zone().name().to_owned(),
            amc: AmcOptions {
                input_parameters: query.input_parameters.clone(),
                parameter_values: query.parameter_values.clone(),
                workflow_options: self.amc_options.clone(),
                timeout_seconds: None,
                require_synthetic_data: instance.is_sandbox(),
            },
            not_before: run.not_before,
            deadline_at: self.spec.deadline.map(|deadline| now + deadline),
            reuse_key: String::new(),
            may_reuse: self.spec.reuse,
        };
        execution.reuse_key = reuse::key(&execution, now);
        execution
    }

    fn zone(&self, instance: &Instance) -> Result<Zone> {
        match &self.zones {
            Zones::One(zone) => Ok(zone.clone()),
            Zones::EachInstance => instance
                .zone()
                .parse()
                .map_err(|error: Error| error.instances([instance.instance_id.as_str()])),
        }
    }

    /// The workflow's values, under the profile's, under the batch's, under the instance's own, under those of the tick.
    fn parameters(&self, instance: Option<&Instance>) -> Result<Map<String, Value>> {
        let names = instance.map(|instance| [instance.instance_id.clone(), instance.id.0.to_string()]);
        let mut own = Map::new();
        for name in names.into_iter().flatten() {
            if let Some(Value::Object(given)) = self.spec.instance_parameters.get(&name) {
                own.extend(given.clone());
            }
        }
        let (workflow, base) = (self.defaults.clone(), self.spec.parameters.clone());
        let (tick, declarations) = (self.tick.clone(), self.spec.declarations.as_slice());
        let profile = instance.map(|instance| instance.profile.parameters.clone()).unwrap_or_default();
        let layers = Layers { declarations, workflow, profile, base, instance: own, tick };
        let values = layers.merged(&self.mentioned);
        let size = Value::Object(values.clone()).to_string().len();
        if size > MOST_PARAMETER_BYTES {
            let message = format!("the parameters take {size} bytes, {MOST_PARAMETER_BYTES} are allowed");
            return Err(Error::new(ErrorKind::TooLarge, "parameters_too_large", message)
                .instances(instance.map(|instance| instance.instance_id.as_str())));
        }
        Ok(values)
    }

    /// Parameters for an instance that the batch does not run on are a mistake, and so are ones that are no object.
    fn refuse_strangers(&self, selected: &Selected) -> Result<()> {
        let ours = |name: &str| {
            let mut known = selected.instances.iter();
            known.any(|instance| instance.instance_id == name || instance.id.0.to_string() == name)
                || selected.skipped.iter().any(|skipped| skipped.instance_id == name)
        };
        for (name, values) in &self.spec.instance_parameters {
            if !ours(name) {
                let message = format!("instance_parameters name {name}, which this batch does not run on");
                return Err(Error::invalid("unknown_instance", message)
                    .instances([name.as_str()])
                    .hint("name instances of this batch, by AMC's id or by ours"));
            }
            if !values.is_object() {
                let message = format!("the instance_parameters of {name} are no object");
                return Err(Error::invalid("parameters_no_object", message)
                    .instances([name.as_str()])
                    .hint("write a value for each parameter: {\"name\": value}"));
            }
        }
        Ok(())
    }

    fn options(&self, runs: &[Run]) -> BatchOptions {
        let windows = || runs.iter().map(|run| &run.window);
        BatchOptions {
            template: Some(sha256(self.sql.as_bytes())),
            findings: findings(runs),
            window: self.window.to_string(),
            timezone: self.spec.timezone.clone().unwrap_or_else(|| Zone::utc().name().to_owned()),
            window_start: windows().map(Window::start_utc).min(),
            window_end: windows().map(Window::end_utc).max(),
            window_label: windows().next().map(Window::label).unwrap_or_default(),
            selector: match &self.spec.instances {
                Instances::Select(selector) => Some(selector.clone()),
                _ => None,
            },
            ..self.writing()
        }
    }
}

/// Queries with their parameters filled in: instances with equal parameters share one.
#[derive(Default)]
struct Rendering(HashMap<String, Arc<Written>>);

impl Rendering {
    fn of(&mut self, sql: &str, values: &Map<String, Value>, writing: &BatchOptions) -> Result<Arc<Written>> {
        let key = Value::Object(values.clone()).to_string();
        if let Some(known) = self.0.get(&key) {
            return Ok(Arc::clone(known));
        }
        let fresh = Arc::new(Written::new(sql, values, writing)?);
        self.0.insert(key, Arc::clone(&fresh));
        Ok(fresh)
    }
}

/// What one instance runs.
pub(super) struct Run {
    pub(super) window: Window,
    not_before: Option<DateTime<Utc>>,
    findings: Vec<Finding>,
    pub(super) parameters: Map<String, Value>,
    pub(super) written: Arc<Written>,
}

/// What is said about all runs, each thing once.
fn findings(runs: &[Run]) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for finding in runs.iter().flat_map(|run| run.findings.iter().chain(&run.written.rendered.findings)) {
        if !all.contains(finding) {
            all.push(finding.clone());
        }
    }
    all
}

/// What the workflow declares holds where the batch declares nothing of that name.
fn declared_by(mut spec: BatchSpec, workflow: Option<&Workflow>) -> BatchSpec {
    for declaration in workflow.iter().flat_map(|workflow| &workflow.declarations) {
        if spec.declarations.iter().all(|own| own.name != declaration.name) {
            spec.declarations.push(declaration.clone());
        }
    }
    spec
}

fn window(spec: &BatchSpec, workflow: Option<&Workflow>) -> Result<WindowExpression> {
    let text = spec.window.as_deref().or_else(|| workflow.and_then(|workflow| workflow.window.as_deref()));
    text.ok_or_else(window_missing)?.parse()
}

pub(super) fn window_missing() -> Error {
    Error::invalid("window_missing", "no window is given and the workflow has none")
        .hint(format!("say which days to read: one of {}", WindowExpression::PRESETS.join(", ")))
}

fn zones(timezone: Option<&str>) -> Result<Zones> {
    match timezone {
        None => Ok(Zones::One(Zone::utc())),
        Some("instance") => Ok(Zones::EachInstance),
        Some(name) => name.parse().map(Zones::One),
    }
}

fn refuse_too_many(instances: &[Instance]) -> Result<()> {
    if instances.len() <= MOST_INSTANCES {
        return Ok(());
    }
    let message = format!("{} instances in one batch, {MOST_INSTANCES} are allowed", instances.len());
    Err(Error::new(ErrorKind::LimitExceeded, "too_many_instances", message).hint("split the batch"))
}

/// What makes two calls the same: everything asked for, not when or under which key.
fn request_hash(spec: &BatchSpec, sql: &str, window: &WindowExpression) -> String {
    let instances = match &spec.instances {
        Instances::All => Value::from("all"),
        Instances::Ids(ids) => {
            let mut sorted = ids.clone();
            sorted.sort();
            Value::from(sorted)
        }
        Instances::Select(selector) => json!(selector),
    };
    let content = json!({
        "sql": sql,
        "workflow": spec.workflow,
        "instances": instances,
        "window": window.to_string(),
        "timezone": spec.timezone,
        "parameters": spec.parameters,
        "instance_parameters": spec.instance_parameters,
        "declarations": spec.declarations,
        "render": spec.render,
        "readiness": spec.readiness,
        "name": spec.name,
    });
    hash_of(&content)
}

/// A hash of a value, whatever the order of its fields.
pub(super) fn hash_of(content: &Value) -> String {
    sha256(canonical(content).to_string().as_bytes())
}

/// The same value with the keys of every object in order.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, Value> =
                fields.iter().map(|(key, value)| (key, canonical(value))).collect();
            sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(canonical).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}
