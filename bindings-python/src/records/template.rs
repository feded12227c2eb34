//! Kept templates.

use amc_fleet::model::TemplateId;
use amc_fleet::templates::Template;
use chrono::{DateTime, Utc};

use super::{Plain, mirrors, record};
use crate::json::Json;

record! {
    /// A version of a template that a fleet keeps. What it asks never changes.
    TemplateVersion {
        /// Our id of the template (``tpl_…``), equal for its versions.
        id: String,
        /// Whose it is.
        owner_id: String,
        /// Its number, from 1.
        number: i64,
        /// What it is, whatever it is called: names this version wherever a template is asked for.
        content_hash: String,
        /// The template, as ``starter_templates`` gives it.
        template: Json,
        /// What changed, for people.
        note: Option<String>,
        /// Who saved it.
        created_by: Option<String>,
        /// When it was saved first.
        created_at: DateTime<Utc>,
        /// Since when the template should be used no more.
        deprecated_at: Option<DateTime<Utc>>,
        /// Why, and what to use.
        deprecation: Option<String>,
    }
    /// >>> fleet.save_template(amc_fleet.starter_templates()[0]).to_dict()["number"]
    /// 1
}

mirrors!(TemplateVersion of amc_fleet::TemplateVersion {
    id, owner_id, number, content_hash, template, note, created_by, created_at, deprecated_at, deprecation,
});

impl TemplateVersion {
    fn shown(&self) -> String {
        format!("<TemplateVersion {} {} {}>", self.id, self.number, self.template.0["name"])
    }
}

impl Plain for TemplateId {
    type Python = String;

    fn plain(self) -> String {
        self.public()
    }
}

impl Plain for Template {
    type Python = Json;

    fn plain(self) -> Json {
        Json(self.to_json())
    }
}

record! {
    /// What was made of a template.
    TemplateUsage {
        /// Workflows that are made of it.
        workflows: i64,
        /// Batches of those.
        batches: i64,
        /// Executions of those batches.
        executions: i64,
        /// Executions that completed.
        completed: i64,
        /// Executions that failed.
        failed: i64,
        /// The share of ended executions that completed; None where none has ended.
        success_rate: Option<f64>,
        /// When the last of those batches was written.
        last_used_at: Option<DateTime<Utc>>,
    }
    /// >>> kept = fleet.save_template(amc_fleet.starter_templates()[0])
    /// >>> fleet.template_usage(kept.id).to_dict()["batches"]
    /// 0
}

impl Plain for amc_fleet::TemplateUsage {
    type Python = TemplateUsage;

    fn plain(self) -> TemplateUsage {
        let success_rate = self.success_rate();
        let Self { workflows, batches, executions, completed, failed, last_used_at } = self;
        TemplateUsage { workflows, batches, executions, completed, failed, success_rate, last_used_at }
    }
}

impl TemplateUsage {
    fn shown(&self) -> String {
        format!("<TemplateUsage {} workflows, {} executions>", self.workflows, self.executions)
    }
}
