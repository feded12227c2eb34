//! Runs one scenario on a fresh database and a fresh emulator.

use std::collections::HashMap;
use std::time::Duration;

use amc_fleet::client::{AmcWorkflow, Credential, Credentials};
use amc_fleet::model::AccountKey;
use amc_fleet::model::window::Readiness;
use amc_fleet::results::{Filter, MergeOptions, Order, RollUp};
use amc_fleet::{
    AccountSpec, BatchHandle, BatchSpec, CancelReport, Error, Fleet, FleetOptions, Instance, Instances,
    LintSpec, Missing, PageRequest, ProfileChange, ReportRunSpec, Result, ResultsOptions, Selector,
    SyncReport, WorkerChoice, Workflow, WorkflowSpec,
};
use amc_fleet_emulator::{CannedEngine, Emulator, Options};
use amc_fleet_tests::database::{Kept, Kind};
use amc_fleet_tests::settings::{hurried, hurried_http};
use clap::Parser;
use futures::TryStreamExt;
use serde_json::{Map, Value, json};

use super::management::{batch_filter, on_management};
use super::path::at;
use super::standing::{on_reports, table};
use super::templates::on_templates;

/// A call's answer: as every language shows it, and the batch where it is one.
type Answer = (Value, Option<BatchHandle>);

struct Runner {
    emulator: Emulator,
    kept: Kept,
    fleet: Fleet,
    stored: HashMap<String, Answer>,
}

pub(crate) async fn run(scenario: &Value, kind: Kind) {
    let arguments = scenario["emulator"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
    let options = Options::parse_from(std::iter::once("emulator").chain(arguments));
    let engine = CannedEngine::shared(&options);
    let emulator = Emulator::start(options, engine).await.unwrap();
    let kept = Kept::new(kind).await;
    let fleet = open(&emulator, &kept).await;
    let mut runner = Runner { emulator, kept, fleet, stored: HashMap::new() };
    for step in scenario["steps"].as_array().unwrap() {
        runner.step(step).await;
    }
    runner.fleet.close().await;
}

async fn open(emulator: &Emulator, kept: &Kept) -> Fleet {
    let said = emulator.announcement();
    let credential = Credential::lwa(said.client_id, said.client_secret, said.refresh_token);
    let options = FleetOptions {
        credentials: Some(Credentials::one(credential.with_token_url(said.token_url))),
        endpoint: Some(emulator.url()),
        worker: WorkerChoice::Always,
        engine: hurried(),
        http: hurried_http(),
        ..FleetOptions::default()
    };
    Fleet::open(&kept.database, options).await.unwrap()
}

impl Runner {
    async fn step(&mut self, step: &Value) {
        let arguments = self.resolve(&step["args"]);
        let answer = self.call(step, &arguments).await;
        let answer = match (step.get("error"), answer) {
            (None, answer) => answer.unwrap_or_else(|error| panic!("{step}: {error}")),
            (Some(wanted), Err(error)) => return refused(step, wanted, &error),
            (Some(_), Ok(answer)) => panic!("{step} was not refused: {}", answer.0),
        };
        for (path, wanted) in step["expect"].as_object().into_iter().flatten() {
            assert_eq!(at(&answer.0, path), self.resolve(wanted), "{step}: {path}");
        }
        if let Some(name) = step["as"].as_str() {
            self.stored.insert(name.to_owned(), answer);
        }
    }

    /// Replaces `$name.path` by what was stored.
    fn resolve(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if text.starts_with('$') => {
                let end = text[1..].find(['.', '[']).map_or(text.len(), |end| end + 1);
                at(&self.stored[&text[1..end]].0, &text[end..])
            }
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.resolve(value)))
                .collect::<Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    async fn call(&mut self, step: &Value, arguments: &Value) -> Result<Answer> {
        let verb = step["call"].as_str().unwrap();
        if let Some(name) = step["on"].as_str() {
            let batch = self.stored[name.trim_start_matches('$')].1.clone().unwrap();
            return on_batch(&batch, verb, arguments).await.map(|value| (value, None));
        }
        match verb {
            "plan" => Ok((serde_json::to_value(self.fleet.plan(spec(arguments)?).await?).unwrap(), None)),
            "run_batch" => self.fleet.run_batch(spec(arguments)?).await.map(batch),
            "run_report" => {
                let report = arguments["report"].as_str().unwrap();
                let triggered_by = arguments["triggered_by"].as_str().unwrap_or("manual").parse()?;
                let spec = ReportRunSpec { triggered_by, ..ReportRunSpec::default() };
                self.fleet.run_report(report, spec).await.map(batch)
            }
            "batch" => self.fleet.batch(arguments["id_or_key"].as_str().unwrap()).await.map(batch),
            "reopen" => {
                self.fleet.close().await;
                self.fleet = open(&self.emulator, &self.kept).await;
                Ok((Value::Null, None))
            }
            _ => self.on_fleet(verb, arguments).await.map(|value| (value, None)),
        }
    }

    async fn on_fleet(&self, verb: &str, arguments: &Value) -> Result<Value> {
        let fleet = &self.fleet;
        Ok(match verb {
            "sync_instances" => synced(&fleet.sync_instances().await?),
            "instances" => fleet.instances().await?.iter().map(instance).collect(),
            "all_instances" => fleet.all_instances().await?.iter().map(instance).collect(),
            "save_workflow" => workflow(&fleet.save_workflow(workflow_spec(arguments)).await?),
            "batches" => {
                let page = fleet.batches(&batch_filter(arguments)?, part(arguments)).await?;
                page.items.into_iter().map(|handle| batch(handle).0).collect()
            }
            "preview" => serde_json::to_value(fleet.preview(spec(arguments)?).await?).unwrap(),
            "lint" => {
                let sql = arguments["sql"].as_str().unwrap_or_default();
                let instance = arguments["instance"].as_str().map(str::to_owned);
                json!(fleet.lint(sql, LintSpec { instance, ..LintSpec::default() }).await?)
            }
            "workflow" => workflow(&fleet.workflow(named(arguments)).await?),
            "update_instance" => instance(
                &fleet.update_instance(arguments["instance"].as_str().unwrap(), change(arguments)).await?,
            ),
            "import_profiles" => fleet.import_profiles(arguments["table"].as_str().unwrap()).await?.into(),
            "archive_workflow" => fleet.archive_workflow(named(arguments)).await.map(|()| Value::Null)?,
            "add_account" => synced(&fleet.add_account(account(arguments)).await?),
            "cancel_execution" => cancelled(fleet.cancel_execution(execution_of(arguments)).await?),
            "cancel_all" => cancelled(fleet.cancel_all().await?),
            "attempts" => serde_json::to_value(fleet.attempts(execution_of(arguments)).await?).unwrap(),
            "executions" => self.emulator.executions()["executions"].clone(),
            "script" => script(&self.emulator, arguments).await,
            _ => rare(fleet, verb, arguments).await?,
        })
    }
}

async fn rare(fleet: &Fleet, verb: &str, arguments: &Value) -> Result<Value> {
    if let Some(answer) = on_reports(fleet, verb, arguments).await? {
        return Ok(answer);
    }
    if let Some(answer) = on_templates(fleet, verb, arguments).await? {
        return Ok(answer);
    }
    match on_management(fleet, verb, arguments).await? {
        Some(answer) => Ok(answer),
        None => on_amc_workflows(fleet, verb, arguments).await,
    }
}

fn workflow_spec(arguments: &Value) -> WorkflowSpec {
    let text = |name: &str| arguments[name].as_str().map(str::to_owned);
    WorkflowSpec {
        window: text("window"),
        amc_options: arguments["amc_options"].as_object().cloned().unwrap_or_default(),
        ..WorkflowSpec::new(text("name").unwrap_or_default(), text("sql").unwrap_or_default())
    }
}

fn account(arguments: &Value) -> AccountSpec {
    let text = |name: &str| arguments[name].as_str().unwrap_or_default().to_owned();
    let mut account = AccountSpec::new(text("account_id"), text("marketplace_id"));
    account.account_name = arguments["account_name"].as_str().map(str::to_owned);
    if let Some(key) = arguments["credential_key"].as_str() {
        key.clone_into(&mut account.credential_key);
    }
    account
}

pub(crate) fn part(arguments: &Value) -> PageRequest {
    let number = |name: &str| arguments[name].as_u64().map(|number| u32::try_from(number).unwrap());
    let defaults = PageRequest::default();
    PageRequest {
        limit: number("limit").unwrap_or(defaults.limit),
        offset: number("offset").unwrap_or(defaults.offset),
    }
}

async fn on_amc_workflows(fleet: &Fleet, verb: &str, arguments: &Value) -> Result<Value> {
    let (instance, spec) = (instance_of(arguments), amc_spec(arguments));
    match verb {
        "amc_workflows" => Ok(fleet.amc_workflows(instance).await?.iter().map(amc_workflow).collect()),
        "amc_workflow" => Ok(amc_workflow(&fleet.amc_workflow(instance, &spec.workflow_id).await?)),
        "create_amc_workflow" => fleet.create_amc_workflow(instance, &spec).await.map(|()| Value::Null),
        "update_amc_workflow" => fleet.update_amc_workflow(instance, &spec).await.map(|()| Value::Null),
        "delete_amc_workflow" => {
            fleet.delete_amc_workflow(instance, &spec.workflow_id).await.map(|()| Value::Null)
        }
        other => panic!("no verb '{other}'"),
    }
}

async fn on_batch(batch: &BatchHandle, verb: &str, arguments: &Value) -> Result<Value> {
    let shown = |report| serde_json::to_value(report).unwrap();
    Ok(match verb {
        "wait" => {
            let timeout = arguments["timeout"].as_f64().unwrap_or(120.0);
            shown(batch.wait(Some(Duration::from_secs_f64(timeout))).await?)
        }
        "status" => shown(batch.status().await?),
        "results" => {
            serde_json::to_value(batch.results(results_options(arguments)?).await?.summary()).unwrap()
        }
        "csv" => json!({"lines": csv_lines(batch, arguments).await?}),
        "roll_up" => {
            let missing: Missing = arguments["missing"].as_str().unwrap_or("raise").parse()?;
            let mut asked = arguments.clone();
            asked.as_object_mut().unwrap().remove("missing");
            let rolled = batch.results(missing).await?.roll_up(RollUp::from_json(asked)?).await?;
            table(&rolled)
        }
        "events" => {
            let events: Vec<_> = batch.events(0).try_collect().await?;
            events.iter().map(|it| json!({"kind": it.kind.as_str(), "sequence": it.sequence})).collect()
        }
        "retry" => batch.retry(arguments["only"].as_str().unwrap_or("failed").parse()?).await?.into(),
        "cancel" => cancelled(batch.cancel().await?),
        other => panic!("no verb '{other}'"),
    })
}

fn results_options(arguments: &Value) -> Result<ResultsOptions> {
    let word = |name: &str| arguments[name].as_str();
    let drift = word("drift").map(str::parse).transpose()?.unwrap_or_default();
    let missing: Missing = word("missing").unwrap_or("raise").parse()?;
    Ok(ResultsOptions { missing, merge: MergeOptions { drift, ..MergeOptions::default() } })
}

/// The lines of the CSV file, without the two columns that say of which instance they are.
async fn csv_lines(batch: &BatchHandle, arguments: &Value) -> Result<Vec<String>> {
    let mut results = batch.results(results_options(arguments)?).await?;
    if let Some(conditions) = arguments.get("filter") {
        results = results.filter(&Filter::from_json(conditions.clone())?).await?;
    }
    if let Some(sort) = arguments.get("sort") {
        let by = sort["by"].as_array().unwrap().iter().map(|column| column.as_str().unwrap());
        let order = Order::by(by, sort["descending"].as_bool().unwrap_or_default());
        results = results.sort(&order, sort["limit"].as_u64().map(|rows| rows.try_into().unwrap())).await?;
    }
    let folder = tempfile::tempdir().unwrap();
    let written = results.write_csv(folder.path().join("rows.csv")).await?;
    let text = std::fs::read_to_string(written.path).unwrap();
    Ok(text.split_terminator("\r\n").map(|line| line.splitn(3, ',').nth(2).unwrap().to_owned()).collect())
}

async fn script(emulator: &Emulator, arguments: &Value) -> Value {
    let asked = json!({
        "contains": arguments["contains"],
        "instance": arguments["instance"],
        "csv": arguments["data"],
        "dataTypes": arguments.get("data_types").cloned().unwrap_or_else(|| json!({})),
    });
    // Another test of this process may have been first; either provider will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let answer = reqwest::Client::new().post(format!("{}/_emulator/results", emulator.url())).json(&asked);
    answer.send().await.unwrap().error_for_status().unwrap();
    Value::Null
}

fn cancelled(report: CancelReport) -> Value {
    let CancelReport { cancelled, already_finished, not_cancelled } = report;
    json!({"cancelled": cancelled, "already_finished": already_finished, "not_cancelled": not_cancelled})
}

fn execution_of(arguments: &Value) -> &str {
    arguments["execution_id"].as_str().unwrap_or_default()
}

fn batch(handle: BatchHandle) -> Answer {
    let shown = json!({"id": handle.id().public(), "name": handle.name(), "skipped": handle.skipped()});
    (shown, Some(handle))
}

fn instance(instance: &Instance) -> Value {
    let AccountKey { account_id, marketplace_id } = &instance.account.key;
    json!({
        "id": instance.id.0,
        "instance_id": instance.instance_id,
        "name": instance.name,
        "label": instance.profile.label,
        "tags": instance.profile.tags,
        "brands": instance.profile.brands,
        "currency": instance.profile.currency,
        "timezone": instance.zone(),
        "parameters": instance.profile.parameters,
        "account_id": account_id,
        "marketplace_id": marketplace_id,
    })
}

fn synced(report: &SyncReport) -> Value {
    let SyncReport { accounts, added, changed, unchanged, gone, unreachable } = report;
    let unreachable: Vec<_> = unreachable
        .iter()
        .map(|it| json!({"account_id": it.account_id, "instances": it.instances}))
        .collect();
    json!({
        "accounts": accounts, "added": added, "changed": changed, "unchanged": unchanged, "gone": gone,
        "unreachable": unreachable,
    })
}

fn change(arguments: &Value) -> ProfileChange {
    let mut fields = arguments.as_object().cloned().unwrap_or_default();
    fields.remove("instance");
    serde_json::from_value(fields.into()).unwrap()
}

fn named(arguments: &Value) -> &str {
    arguments["id_or_name"].as_str().unwrap_or_default()
}

fn instance_of(arguments: &Value) -> &str {
    arguments["instance"].as_str().unwrap_or_default()
}

fn amc_spec(arguments: &Value) -> AmcWorkflow {
    let text = |name: &str| arguments[name].as_str().unwrap_or_default();
    AmcWorkflow {
        input_parameters: arguments["input_parameters"].as_array().cloned().unwrap_or_default(),
        options: arguments["options"].as_object().cloned().unwrap_or_default(),
        ..AmcWorkflow::new(text("workflow_id"), text("sql_query"))
    }
}

fn amc_workflow(saved: &AmcWorkflow) -> Value {
    let AmcWorkflow { workflow_id, sql_query, input_parameters, options } = saved;
    json!({
        "workflow_id": workflow_id,
        "sql_query": sql_query,
        "input_parameters": input_parameters,
        "options": options,
    })
}

pub(crate) fn workflow(saved: &Workflow) -> Value {
    json!({"id": saved.id.public(), "name": saved.name, "sql": saved.sql, "window": saved.window})
}

fn spec(arguments: &Value) -> Result<BatchSpec> {
    let text = |name: &str| arguments[name].as_str().map(str::to_owned);
    let object = |name: &str| arguments[name].as_object().cloned().unwrap_or_default();
    let id = |it: &Value| it["instance_id"].as_str().or(it.as_str()).unwrap().to_owned();
    Ok(BatchSpec {
        workflow: text("workflow"),
        sql: text("sql"),
        instances: match &arguments["instances"] {
            Value::String(word) => word.parse()?,
            selector @ Value::Object(_) => Instances::Select(Selector::from_json(selector.clone())?),
            listed => Instances::Ids(listed.as_array().into_iter().flatten().map(id).collect()),
        },
        window: text("window"),
        timezone: text("timezone"),
        parameters: object("parameters"),
        instance_parameters: object("instance_parameters"),
        key: text("key"),
        on_unavailable: text("on_unavailable").map(|word| word.parse()).transpose()?.unwrap_or_default(),
        priority: text("priority").map(|word| word.parse()).transpose()?.unwrap_or_default(),
        check: text("check").map(|word| word.parse()).transpose()?.unwrap_or_default(),
        deadline: arguments["deadline"].as_f64().map(Duration::from_secs_f64),
        name: text("name"),
        description: text("description"),
        readiness: readiness(arguments)?,
        reuse: arguments["reuse"].as_bool().unwrap_or_default(),
        ..BatchSpec::default()
    })
}

fn readiness(arguments: &Value) -> Result<Readiness> {
    let policy =
        |name: &str| arguments[name].as_str().map(str::parse).transpose().map(Option::unwrap_or_default);
    Ok(Readiness { freshness: policy("freshness")?, maturity: policy("maturity")?, ..Readiness::default() })
}

fn refused(step: &Value, wanted: &Value, error: &Error) {
    let position = error.position();
    let shown = json!({
        "code": error.code(),
        "kind": error.kind().as_str(),
        "line": position.map(|at| at.line),
        "column": position.map(|at| at.column),
        "hint": error.what_to_do(),
        "instances": error.concerned_instances(),
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&shown[name], value, "{step}: {name} of {error}");
    }
}
