//! The starter library of templates on this engine: each runs with its defaults, and returns the columns it promises.

use amc_fleet::params::render;
use amc_fleet::templates::{Template, starter};
use amc_fleet_emulator::query::QueryEngine;
use amc_fleet_emulator_sql::{Options, SqlEngine};
use serde_json::Map;

use crate::support::{answer, parameter, query};

#[tokio::test]
async fn every_template_runs_and_returns_its_columns() {
    let engine = SqlEngine::new(Options { rows: 5_000, thresholds: false, ..Options::default() });
    let mut failures = Vec::new();
    for template in starter() {
        if let Err(problem) = runs(&engine, template).await {
            failures.push(format!("{}: {problem}", template.name));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

async fn runs(engine: &SqlEngine, template: &Template) -> Result<(), String> {
    let rendered = render(&template.sql, &Map::new(), &template.parameters).map_err(|it| it.to_string())?;
    let mut asked = query(&rendered.sql);
    for described in &rendered.input_parameters {
        let name = described["name"].as_str().unwrap_or_default();
        let value = rendered.parameter_values.get(name).cloned();
        asked.parameters.push(parameter(name, described["dataType"].clone(), value));
    }
    engine.compile(&asked).await.map_err(|refusal| refusal.to_string())?;
    let (columns, rows) = answer(engine, &asked).await.map_err(|refusal| refusal.to_string())?;
    let returned: Vec<String> = columns.into_iter().map(|column| column.name).collect();
    let promised: Vec<String> = template.columns.keys().cloned().collect();
    if returned != promised {
        return Err(format!("returns {returned:?}, promises {promised:?}"));
    }
    if rows.is_empty() { Err("returns no row".to_owned()) } else { Ok(()) }
}
