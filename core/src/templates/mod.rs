//! Templates: queries with parameters and column roles, kept in versions that never change.
//!
//! A template is one file, an SQL query under a comment that describes it, so that it lives in git as well as in a fleet.
//! [`starter`] is the library that comes with this crate.

mod diff;
mod file;
mod folder;
mod source;
mod starter;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use diff::{TemplateDiff, diff};
pub use folder::{read_templates, write_templates};
pub use source::TemplateSource;
pub use starter::starter;

use crate::digest::sha256;
use crate::model::WindowExpression;
use crate::params::{Declaration, json_schema, ui_schema};
use crate::{Error, Finding, Result, Severity};

/// What the values of a column are to somebody who adds them up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    /// What rows are told apart by.
    Dimension,
    /// May be added over rows and instances: impressions, cost.
    Additive,
    /// Must be worked out anew from its parts: a rate, a frequency.
    Ratio,
    /// Counts different things, and may never be added: reach.
    DistinctCount,
}

/// A query to be used again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// What it is about: `reach`, `path`, …
    #[serde(default)]
    pub category: String,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// What it answers, for people.
    #[serde(default)]
    pub description: String,
    /// The window of runs that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Its parameters.
    #[serde(default)]
    pub parameters: Vec<Declaration>,
    /// The role of each column of its result.
    #[serde(default)]
    pub columns: Map<String, Value>,
    /// The query.
    #[serde(default)]
    pub sql: String,
}

impl Template {
    /// Checks that it can be kept: it has a name, its query is one, its parameters are declared, its window is one.
    ///
    /// # Errors
    /// `InvalidInput`: `template_invalid`, `declaration_invalid`, `window_invalid`.
    pub fn check(&self) -> Result<()> {
        if self.name.trim().is_empty() {
            return Err(invalid("a template needs a name"));
        }
        self.parameters.iter().try_for_each(Declaration::check)?;
        self.window.as_deref().map(str::parse::<WindowExpression>).transpose()?;
        self.roles()?;
        let found = self.findings().into_iter().find(|finding| finding.severity == Severity::Error);
        found.map_or(Ok(()), |finding| Err(refused(&finding).shown_in(&self.sql)))
    }

    /// Itself as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!(self)
    }

    /// What lint says about it.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let options = crate::lint::LintOptions { declarations: Some(&self.parameters), ..Default::default() };
        crate::lint::lint(&self.sql, options)
    }

    /// The role of each column.
    ///
    /// # Errors
    /// `InvalidInput` (`template_invalid`) for a role there is not.
    pub fn roles(&self) -> Result<Vec<(String, ColumnRole)>> {
        let role = |(name, role): (&String, &Value)| {
            let read = serde_json::from_value(role.clone());
            let read = read.map_err(|error| invalid(format!("column {name:?}: {error}")))?;
            Ok((name.clone(), read))
        };
        self.columns.iter().map(role).collect()
    }

    /// What it is, whatever it is called: equal for equal queries, parameters and roles.
    #[must_use]
    pub fn content_hash(&self) -> String {
        let content = json!([self.sql, self.parameters, self.columns, self.window]);
        sha256(content.to_string().as_bytes())
    }

    /// A JSON Schema of the values of its parameters.
    #[must_use]
    pub fn json_schema(&self) -> Map<String, Value> {
        json_schema(&self.parameters)
    }

    /// What a form for its parameters shows.
    #[must_use]
    pub fn ui_schema(&self) -> Map<String, Value> {
        ui_schema(&self.parameters)
    }

    /// Whether every word of a search stands in its name, category, tags or description.
    #[must_use]
    pub fn matches(&self, search: &str) -> bool {
        let Self { name, category, tags, description, .. } = self;
        let text = format!("{name} {category} {} {description}", tags.join(" ")).to_lowercase();
        search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// The templates of the starter library as JSON.
#[must_use]
pub fn starter_as_json() -> Vec<Value> {
    starter().iter().map(|template| json!(template)).collect()
}

fn invalid(message: impl Into<String>) -> Error {
    Error::invalid("template_invalid", message)
}

fn refused(finding: &Finding) -> Error {
    let error = invalid(format!("{}: {}", finding.code, finding.message));
    let error = finding.fix.iter().fold(error, |error, fix| error.hint(fix));
    finding.position.iter().fold(error, |error, position| error.at(*position))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(sql: &str) -> Template {
        serde_json::from_value(json!({"name": "Reach", "category": "reach", "tags": ["dsp"], "sql": sql}))
            .unwrap()
    }

    #[test]
    fn a_template_is_checked() {
        assert!(template("SELECT campaign, COUNT(*) AS n FROM t GROUP BY 1").check().is_ok());
        let open = template("SELECT (1").check().unwrap_err();
        assert_eq!((open.code(), open.position().is_some()), ("template_invalid", true));
        let undeclared = template("SELECT COUNT(*) AS n FROM t WHERE a = {{x}}").check().unwrap_err();
        assert!(undeclared.message().contains("undeclared_parameter"));
        let window = Template { window: Some("soon".to_owned()), ..template("SELECT 1 AS x") };
        assert_eq!(window.check().unwrap_err().code(), "window_invalid");
    }

    #[test]
    fn equal_contents_have_one_hash_whatever_they_are_called() {
        let one = template("SELECT 1 AS x");
        assert_eq!(Template { name: "Other".to_owned(), ..one.clone() }.content_hash(), one.content_hash());
        assert_ne!(template("SELECT 2 AS x").content_hash(), one.content_hash());
        assert_eq!(one.content_hash().len(), 64);
    }

    #[test]
    fn templates_are_found_by_every_word() {
        let one = template("SELECT 1 AS x");
        assert!(one.matches("DSP reach") && one.matches("") && !one.matches("reach tv"));
    }
}
