//! Amazon's own specification as judge, with the differences that recorded answers show.

use std::sync::LazyLock;

use amc_fleet_emulator::{Options, Wrapping};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::client::Answer;

/// Where recorded practice differs from the specification: what the README says of it, and how the specification
/// would read.
pub(crate) const DIFFERENCES: [Difference; 10] = [
    Difference {
        title: "`REJECTED` is a status of an execution",
        patches: &[
            ("/components/schemas/WorkflowExecution/properties/status/enum/-", r#""REJECTED""#),
            ("/components/schemas/WorkflowExecution/properties/status/enum/-", r#""PUBLISHING""#),
        ],
    },
    Difference {
        title: "`apiEndpoint` is null while an instance is created",
        patches: &[(
            "/components/schemas/Instance/properties/apiEndpoint",
            r#"{"type": ["string", "null"]}"#,
        )],
    },
    Difference {
        title: "`marketplaceId` of an advertiser can be null",
        patches: &[(
            "/components/schemas/Advertiser/properties/marketplaceId",
            r#"{"type": ["string", "null"]}"#,
        )],
    },
    Difference {
        title: "`dataType` of a parameter can be an object for arrays",
        patches: &[(
            "/components/schemas/Workflow/properties/inputParameters/items/properties/dataType",
            r#"{"type": ["string", "object"]}"#,
        )],
    },
    Difference {
        title: "`defaultValue` of a parameter is any JSON value",
        patches: &[(
            "/components/schemas/Workflow/properties/inputParameters/items/properties/defaultValue",
            "{}",
        )],
    },
    Difference {
        title: "`query` is an object of operations",
        patches: &[("/components/schemas/Workflow/properties/query", "{}")],
    },
    Difference { title: "Single objects are bare", patches: &[] },
    Difference { title: "`POST …/workflows` answers with `application/octet-stream`", patches: &[] },
    Difference { title: "`DELETE` of an instance answers with 204 and no body", patches: &[] },
    Difference { title: "An instance out of reach is a 404 for every operation", patches: &[] },
];

/// A difference between the specification and recorded answers.
pub(crate) struct Difference {
    pub(crate) title: &'static str,
    patches: &'static [(&'static str, &'static str)],
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
    texts.map(|text| {
        let mut spec = serde_json::from_str(text).unwrap();
        DIFFERENCES
            .iter()
            .flat_map(|difference| difference.patches)
            .for_each(|patch| apply(&mut spec, patch));
        spec
    })
});

fn apply(spec: &mut Value, (pointer, patch): &(&str, &str)) {
    let patch = serde_json::from_str(patch).unwrap();
    match pointer.strip_suffix("/-") {
        Some(list) => {
            if let Some(list) = spec.pointer_mut(list) {
                list.as_array_mut().unwrap().push(patch);
            }
        }
        None => {
            if let Some(place) = spec.pointer_mut(pointer) {
                *place = patch;
            }
        }
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
    let Some(response) = responses.get(&status) else {
        assert_eq!(answer.status, 404, "a status that is not specified: {place}");
        return;
    };
    let Some((media_type, content)) =
        response["content"].as_object().and_then(|content| content.iter().next())
    else {
        return;
    };
    if answer.status == 204 {
        assert_eq!(answer.body, "", "{place}");
        return;
    }
    check_media_type(&operation, media_type, answer, &place);
    let body = wrap(options, &operation, answer);
    let validator = validator(operation.spec, &content["schema"]);
    if let Err(error) = validator.validate(&body) {
        panic!("{place}: {error} at {}", error.instance_path());
    }
}

fn check_media_type(operation: &Operation, media_type: &str, answer: &Answer, place: &str) {
    let sent = answer.header("content-type");
    let new_workflow = operation.method == Method::POST && operation.template.ends_with("/workflows");
    let wanted = if new_workflow && answer.status == 200 { "application/octet-stream" } else { media_type };
    assert_eq!(sent, wanted, "the media type of {place}");
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
