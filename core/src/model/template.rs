//! Templates as a fleet keeps them: a name, and versions that never change.

use chrono::{DateTime, Utc};

use super::TemplateId;
use crate::templates::Template;

/// A version of a kept template. What it asks never changes; what it is called and filed under is the template's own.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateVersion {
    /// Our id of the template, equal for its versions.
    pub id: TemplateId,
    /// Whose it is.
    pub owner_id: String,
    /// Its number, from 1.
    pub number: i64,
    /// What it is, whatever it is called.
    pub content_hash: String,
    /// The template.
    pub template: Template,
    /// What changed, for people.
    pub note: Option<String>,
    /// Who saved it.
    pub created_by: Option<String>,
    /// When it was saved first.
    pub created_at: DateTime<Utc>,
    /// Since when the template should be used no more.
    pub deprecated_at: Option<DateTime<Utc>>,
    /// Why, and what to use.
    pub deprecation: Option<String>,
}

/// A template to keep. Content that is there already is no new version.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTemplate {
    /// The id it gets if the name is new.
    pub id: TemplateId,
    /// Whose it is.
    pub owner_id: String,
    /// Who saves it.
    pub created_by: Option<String>,
    /// The template.
    pub template: Template,
    /// What changed, for people.
    pub note: Option<String>,
}

/// What was made of a template, counted when it is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TemplateUsage {
    /// Workflows that are made of it.
    pub workflows: i64,
    /// Batches of those.
    pub batches: i64,
    /// Executions of those batches.
    pub executions: i64,
    /// Executions that completed.
    pub completed: i64,
    /// Executions that failed.
    pub failed: i64,
    /// When the last of those batches was written.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl TemplateUsage {
    /// The share of ended executions that completed; nothing where none has ended.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        let ended = self.completed + self.failed;
        let [completed, ended] = [self.completed, ended].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        (ended > 0).then(|| f64::from(completed) / f64::from(ended))
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            workflows: self.workflows + other.workflows,
            batches: self.batches + other.batches,
            executions: self.executions + other.executions,
            completed: self.completed + other.completed,
            failed: self.failed + other.failed,
            last_used_at: self.last_used_at.max(other.last_used_at),
        }
    }
}
