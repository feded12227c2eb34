//! The functions that need no fleet.

use std::path::Path;

use amc_fleet::lint::{Catalogue, LintOptions, lint};
use amc_fleet::model::window::{self, resolve_window};
use amc_fleet::params::{self, Declaration, Presets, RenderOptions, render_with};
use amc_fleet::{Error, Result};
use serde_json::{Value, json};

use super::path::at;

#[test]
fn every_function_answers_as_everywhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("functions");
    let mut number = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_none_or(|kind| kind != "json") {
            continue;
        }
        let file: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            check(case);
            number += 1;
        }
    }
    assert!(number > 200, "the cases are gone");
}

fn check(case: &Value) {
    match (call(case["call"].as_str().unwrap(), &case["args"]), case.get("error")) {
        (Ok(answer), None) => {
            for (path, wanted) in case["expect"].as_object().unwrap() {
                assert_eq!(&found(&answer, path), wanted, "{case}: {path}");
            }
        }
        (Err(error), Some(wanted)) => refused(case, wanted, &error),
        (Ok(answer), Some(_)) => panic!("{case} was not refused: {answer}"),
        (Err(error), None) => panic!("{case}: {error}"),
    }
}

fn call(function: &str, args: &Value) -> Result<Value> {
    let sql = args["sql"].as_str().unwrap_or_default();
    Ok(match function {
        "render" => {
            let word = args["literal_dialect"].as_str().map(str::parse).transpose()?;
            let prefer_native = args["prefer_native"].as_bool().unwrap_or_default();
            let options = RenderOptions { prefer_native, literal_dialect: word.unwrap_or_default() };
            let values = args["parameters"].as_object().cloned().unwrap_or_default();
            let it = render_with(sql, &values, &declared(&args["declarations"])?, options)?;
            json!({
                "sql": it.sql,
                "input_parameters": it.input_parameters,
                "parameter_values": it.parameter_values,
                "findings": it.findings,
            })
        }
        "lint" => {
            let sources = args.get("data_sources").map(Catalogue::read).transpose()?;
            let declared = args.get("declarations").map(declared).transpose()?;
            json!(lint(
                sql,
                LintOptions { data_sources: sources.as_ref(), declarations: declared.as_deref() }
            ))
        }
        "infer_parameters" => json!(params::infer(sql)),
        "parameter_schema" => {
            let declared = declared(&args["declarations"])?;
            json!({"json_schema": params::json_schema(&declared), "ui_schema": params::ui_schema(&declared)})
        }
        "parameter_presets" => json!(params::presets_as_json()),
        "resolve_window" => {
            let text = |name: &str| args[name].as_str().unwrap_or_default();
            json!(resolve_window(text("expression"), window::moment(text("now"))?, text("timezone"))?)
        }
        other => panic!("no function '{other}'"),
    })
}

fn declared(written: &Value) -> Result<Vec<Declaration>> {
    params::declarations(written, &Presets::default())
}

/// What a path leads to; `codes` are those of findings.
fn found(answer: &Value, path: &str) -> Value {
    match path.strip_suffix("codes") {
        Some(list) => at(answer, list).as_array().unwrap().iter().map(|it| it["code"].clone()).collect(),
        None => at(answer, path),
    }
}

fn refused(case: &Value, wanted: &Value, error: &Error) {
    let position = error.position();
    let shown = json!({
        "code": error.code(),
        "kind": error.kind().as_str(),
        "line": position.map(|at| at.line),
        "column": position.map(|at| at.column),
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&shown[name], value, "{case}: {name} of {error}");
    }
}
