//! Amazon's own specification as judge, with the differences that recorded answers show.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use amc_fleet_emulator::{Options, Wrapping};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::Answer;

/// Where recorded practice differs from the specification: what the README says of it, and how the specification
/// would read. The Python tests read the same file.
pub(crate) static DIFFERENCES: LazyLock<Vec<Difference>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi/differences.json")).unwrap());

/// A difference between the specification and recorded answers.
#[derive(Debug, Deserialize)]
pub(crate) struct Difference {
    pub(crate) title: String,
    /// New values by JSON pointer; one that ends in `-` is added to a list.
    patches: Map<String, Value>,
}

/// The operations whose single object is specified in a wrapper: the last segment of their path, and the wrapper.
const WRAPPERS: [(&str, &str); 5] = [
    ("{workflowId}", "workflow"),
    ("workflowExecutions", "workflowExecution"),
    ("{workflowExecutionId}", "workflowExecution"),
    ("{scheduleId}", "schedule"),
    ("{dataSourceId}", "dataSource"),
];

static SPECS: LazyLock<[Value; 2]> = LazyLock::new(|| {
    let texts = [include_str!("../../openapi/AMCWorkflow.json"), include_str!("../../openapi/AMCAdmin.json")];
    let mut specs = texts.map(|text| serde_json::from_str(text).unwrap());
    for (pointer, value) in DIFFERENCES.iter().flat_map(|difference| &difference.patches) {
        let patched = specs.iter_mut().map(|spec| apply(spec, pointer, value)).filter(|it| *it).count();
        assert_ne!(patched, 0, "there is no place for {pointer}");
    }
    for spec in &mut specs {
        require_what_answers_hold(spec);
        close(&mut spec["components"]["schemas"]);
    }
    specs
});

/// Puts a value into the place that a pointer names; `false` if the object or list around it is missing.
fn apply(spec: &mut Value, pointer: &str, value: &Value) -> bool {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match spec.pointer_mut(parent) {
        Some(Value::Array(list)) => list.push(value.clone()),
        Some(Value::Object(fields)) => {
            fields.insert(name.replace("~1", "/"), value.clone());
        }
        _ => return false,
    }
    true
}

/// Requires every field of an answer but `nextToken`: the specification leaves all of them open, wrappers too.
fn require_what_answers_hold(spec: &mut Value) {
    let answers: BTreeSet<String> = references(&spec["paths"]);
    for name in answers {
        let Some(schema) = spec.pointer_mut(&name) else { continue };
        let fields =
            schema["properties"].as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
        let required = fields.unwrap_or_default().into_iter().filter(|field| field != "nextToken");
        schema["required"] = required.collect();
    }
}

/// Gives the pointers of the schemas of all answers.
fn references(paths: &Value) -> BTreeSet<String> {
    let operations = paths.as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let responses =
        operations.filter_map(|operation| operation["responses"].as_object()).flat_map(Map::values);
    let contents = responses.filter_map(|response| response["content"].as_object()).flat_map(Map::values);
    let named = contents.filter_map(|content| content["schema"]["$ref"].as_str());
    named.map(|reference| reference.trim_start_matches('#').to_owned()).collect()
}

/// Allows no fields beyond those that a schema names, at any depth.
fn close(schema: &mut Value) {
    if let Value::Object(fields) = schema {
        let names_fields =
            fields.get("properties").and_then(Value::as_object).is_some_and(|it| !it.is_empty());
        if names_fields || fields.get("type").is_some_and(|kind| kind == "object") {
            fields.entry("additionalProperties").or_insert(Value::Bool(false));
        }
    }
    match schema {
        Value::Object(fields) => fields.values_mut().for_each(close),
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// An operation of the specification.
pub(crate) struct Operation {
    pub(crate) spec: &'static Value,
    pub(crate) method: Method,
    pub(crate) template: &'static str,
}

/// Lists every operation.
pub(crate) fn operations() -> Vec<Operation> {
    let paths =
        SPECS.iter().flat_map(|spec| spec["paths"].as_object().unwrap().iter().map(move |path| (spec, path)));
    paths
        .flat_map(|(spec, (template, methods))| {
            let methods = methods.as_object().unwrap().keys();
            methods.filter_map(move |name| {
                let method = Method::from_bytes(name.to_uppercase().as_bytes()).ok()?;
                ["GET", "POST", "PUT", "DELETE"].contains(&method.as_str()).then_some(Operation {
                    spec,
                    method,
                    template,
                })
            })
        })
        .collect()
}

fn find(method: &Method, path: &str) -> Option<Operation> {
    let path = path.split('?').next().unwrap();
    operations().into_iter().find(|operation| operation.method == *method && fits(operation.template, path))
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(wanted, segment)| wanted.starts_with('{') || wanted == segment)
}

/// Panics if an answer is not what the specification and the differences say.
pub(crate) fn check(options: &Options, method: &Method, path: &str, answer: &Answer) {
    let Some(operation) = find(method, path) else { return };
    let responses = &operation.spec["paths"][operation.template][method.as_str().to_lowercase()]["responses"];
    let status = answer.status.to_string();
    let place = format!("{method} {path} → {status}: {}", answer.body);
    let response = responses.get(&status);
    let response = response.unwrap_or_else(|| panic!("a status that is not specified: {place}"));
    let is_added = DIFFERENCES.iter().any(|difference| {
        let added = |pointer: &String| pointer.ends_with(&format!("{}/responses/404", key(&operation)));
        answer.status == 404 && difference.patches.keys().any(added)
    });
    if is_added {
        assert!(
            answer.details().ends_with(" was not found."),
            "only an instance out of reach is a 404: {place}"
        );
    }
    let Some((media_type, content)) =
        response["content"].as_object().and_then(|content| content.iter().next())
    else {
        assert_eq!(answer.body, "", "{place}");
        return;
    };
    assert_eq!(answer.header("content-type"), media_type, "the media type of {place}");
    let body = wrap(options, &operation, answer);
    let validator = validator(operation.spec, &content["schema"]);
    if let Err(error) = validator.validate(&body) {
        panic!("{place}: {error} at {}", error.instance_path());
    }
}

/// Names an operation as pointers do.
fn key(operation: &Operation) -> String {
    format!("{}/{}", operation.template.replace('/', "~1"), operation.method.as_str().to_lowercase())
}

fn wrap(options: &Options, operation: &Operation, answer: &Answer) -> Value {
    let last = operation.template.rsplit('/').next().unwrap();
    let wrapper = WRAPPERS.iter().find(|(segment, _)| *segment == last);
    let shown = operation.method == Method::GET && last.starts_with('{')
        || operation.method == Method::POST && last == "workflowExecutions";
    let bare = options.switches.wrapping == Wrapping::Bare;
    match wrapper {
        Some((_, name)) if bare && shown && answer.status == 200 => json!({ *name: answer.body }),
        _ => answer.body.clone(),
    }
}

fn validator(spec: &Value, schema: &Value) -> jsonschema::Validator {
    let mut root = schema.as_object().cloned().unwrap_or_else(Map::new);
    root.insert("components".to_owned(), spec["components"].clone());
    jsonschema::validator_for(&Value::Object(root)).unwrap()
}
