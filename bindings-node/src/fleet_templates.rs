//! Templates that a fleet keeps.

use std::path::PathBuf;

use amc_fleet::model::TemplateId;
use amc_fleet::templates::{Template, TemplateSource};
use amc_fleet::{TemplateFilter, TemplateHead};
use chrono::{DateTime, Utc};
use napi::Either;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::error::host;
use crate::fleet::Fleet;
use crate::instance::{Identified, id};
use crate::record::Host;
use crate::templates::read;
use crate::workflow::Workflow;

record! {
    /// A version of a template that a fleet keeps. What it asks never changes.
    TemplateVersion of amc_fleet::TemplateVersion {
        /// Our id of the template (`tpl_…`), equal for its versions.
        id: String,
        /// Whose it is.
        owner_id: String,
        /// Its number, from 1.
        number: i64,
        /// What it is, whatever it is called: names this version wherever a template is asked for.
        content_hash: String,
        /// The template, as `starterTemplates` gives it.
        #[napi(ts_type = "Record<string, any>")]
        template: Value,
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
}

impl Host<String> for TemplateId {
    fn host(self) -> String {
        self.public()
    }
}

impl Host<Value> for Template {
    fn host(self) -> Value {
        self.to_json()
    }
}

/// What was made of a template.
#[napi(object, object_from_js = false, use_nullable = true)]
#[derive(Debug, Clone)]
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
    /// The share of ended executions that completed; null where none has ended.
    pub success_rate: Option<f64>,
    /// When the last of those batches was written.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl Host<TemplateUsage> for amc_fleet::TemplateUsage {
    fn host(self) -> TemplateUsage {
        let success_rate = self.success_rate();
        let Self { workflows, batches, executions, completed, failed, last_used_at } = self;
        TemplateUsage { workflows, batches, executions, completed, failed, success_rate, last_used_at }
    }
}

/// Which templates to list; what is absent admits all.
#[napi(object, object_to_js = false)]
#[derive(Debug, Clone, Default)]
pub struct TemplateListOptions {
    /// Words that all stand in the name, category, tags or description.
    pub text: Option<String>,
    /// Of this category.
    pub category: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// Also those that should be used no more; not where absent.
    pub deprecated: Option<bool>,
}

/// What a workflow does not say of the template that is made of it.
#[napi(object, object_to_js = false)]
#[derive(Debug, Clone, Default)]
pub struct SaveAsTemplateOptions {
    /// Its name; the workflow's where absent.
    pub name: Option<String>,
    /// What it is about.
    pub category: Option<String>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
    /// What it answers; the workflow's own where absent.
    pub description: Option<String>,
    /// The role of columns by name: dimension, additive, ratio, distinct_count; those the query tells where absent.
    #[napi(ts_type = "Record<string, string>")]
    pub columns: Option<Map<String, Value>>,
    /// What changed, for people.
    pub note: Option<String>,
}

impl From<TemplateListOptions> for TemplateFilter {
    fn from(given: TemplateListOptions) -> Self {
        let TemplateListOptions { text, category, tag, deprecated } = given;
        Self { text, category, tag, deprecated: deprecated.unwrap_or_default() }
    }
}

impl From<SaveAsTemplateOptions> for TemplateHead {
    fn from(given: SaveAsTemplateOptions) -> Self {
        let SaveAsTemplateOptions { name, category, tags, description, columns, note } = given;
        let (category, tags) = (category.unwrap_or_default(), tags.unwrap_or_default());
        Self { name, category, tags, description, columns, note }
    }
}

#[napi]
impl Fleet {
    /// Keeps a template under its name: as its next version, or as the version that has this content already.
    ///
    /// Rejects with `template_invalid`, its `line` and its `column`, `declaration_invalid` or `window_invalid`.
    ///
    /// ```js
    /// const rows = { name: "Rows", sql: "SELECT COUNT(*) AS n FROM dsp_impressions" };
    /// console.log((await fleet.saveTemplate(rows)).number); // 1
    /// ```
    #[napi]
    pub async fn save_template(
        &self,
        #[napi(ts_arg_type = "Record<string, any>")] template: Value,
        note: Option<String>,
    ) -> napi::Result<TemplateVersion> {
        let template = read(template)?;
        self.core()?.save_template(template, note).await.map(Host::host).map_err(host)
    }

    /// Finds a template by its name or id, in its newest version; or the version whose content has this hash.
    ///
    /// Rejects with `unknown_template`.
    ///
    /// ```js
    /// const { id, contentHash } = await fleet.saveTemplate(starterTemplates()[0]);
    /// console.log((await fleet.template(contentHash)).id === id); // true
    /// ```
    #[napi]
    pub async fn template(&self, id_or_name: String) -> napi::Result<TemplateVersion> {
        self.core()?.template(&id_or_name).await.map(Host::host).map_err(host)
    }

    /// Lists all versions of a template, the newest first; `diffTemplates(one.template, other.template)` compares two.
    ///
    /// Rejects with `unknown_template`.
    ///
    /// ```js
    /// const { id } = await fleet.saveTemplate(starterTemplates()[0]);
    /// console.log((await fleet.templateVersions(id)).length); // 1
    /// ```
    #[napi]
    pub async fn template_versions(&self, id_or_name: String) -> napi::Result<Vec<TemplateVersion>> {
        self.core()?.template_versions(&id_or_name).await.map(Host::host).map_err(host)
    }

    /// Lists kept templates by name, each in its newest version.
    ///
    /// ```js
    /// await fleet.saveTemplate(starterTemplates()[0]);
    /// console.log((await fleet.templates({ text: "nothing like it" })).length); // 0
    /// ```
    #[napi]
    pub async fn templates(
        &self,
        options: Option<TemplateListOptions>,
    ) -> napi::Result<Vec<TemplateVersion>> {
        let filter = options.unwrap_or_default().into();
        self.core()?.templates(&filter).await.map(Host::host).map_err(host)
    }

    /// Says that a template should be used no more, and why. It stays, and so does what is made of it; its name makes
    /// nothing new.
    ///
    /// Rejects with `unknown_template`.
    ///
    /// ```js
    /// const { id } = await fleet.saveTemplate(starterTemplates()[0]);
    /// console.log((await fleet.deprecateTemplate(id, "use Overlap")).deprecation); // use Overlap
    /// console.log((await fleet.restoreTemplate(id)).deprecatedAt); // null
    /// ```
    #[napi]
    pub async fn deprecate_template(
        &self,
        id_or_name: String,
        why: Option<String>,
    ) -> napi::Result<TemplateVersion> {
        self.core()?.deprecate_template(&id_or_name, why.as_deref()).await.map(Host::host).map_err(host)
    }

    /// Says that a template may be used again.
    ///
    /// Rejects with `unknown_template`.
    ///
    /// ```js
    /// const { id } = await fleet.saveTemplate(starterTemplates()[0]);
    /// console.log((await fleet.restoreTemplate(id)).deprecatedAt); // null
    /// ```
    #[napi]
    pub async fn restore_template(&self, id_or_name: String) -> napi::Result<TemplateVersion> {
        self.core()?.restore_template(&id_or_name).await.map(Host::host).map_err(host)
    }

    /// Counts what was made of a template: of all its versions, or of one that is named by its hash.
    ///
    /// Rejects with `unknown_template`.
    ///
    /// ```js
    /// const { id } = await fleet.saveTemplate(starterTemplates()[0]);
    /// console.log((await fleet.templateUsage(id)).executions); // 0
    /// ```
    #[napi]
    pub async fn template_usage(&self, id_or_name: String) -> napi::Result<TemplateUsage> {
        self.core()?.template_usage(&id_or_name).await.map(Host::host).map_err(host)
    }

    /// Saves a workflow that is made of a template, under the template's name where none is given, and stays with its
    /// version whatever becomes of the template. A template that is given itself is kept; a kept one is named by its name,
    /// its id or the hash of a version.
    ///
    /// Rejects with `template_invalid`, its `line` and its `column`, `template_deprecated` or `unknown_template`.
    ///
    /// ```js
    /// const [template] = starterTemplates();
    /// const { name } = await fleet.useTemplate(template);
    /// console.log(name === template.name); // true
    /// ```
    #[napi]
    pub async fn use_template(
        &self,
        #[napi(ts_arg_type = "Record<string, any> | string")] template: Value,
        name: Option<String>,
    ) -> napi::Result<Workflow> {
        let source = TemplateSource::read(template).map_err(host)?;
        self.core()?.use_template(source, name).await.map(Host::host).map_err(host)
    }

    /// Keeps a workflow as a template: its query, its window, and its parameters with the workflow's values as defaults.
    ///
    /// Rejects with `unknown_workflow`, `template_invalid`, its `line` and its `column`, or `declaration_invalid`.
    ///
    /// ```js
    /// const sql = "SELECT COUNT(*) AS n FROM dsp_impressions";
    /// await fleet.saveWorkflow("Rows", { sql });
    /// const { template } = await fleet.saveAsTemplate("Rows", { category: "basics" });
    /// console.log(template.columns.n); // additive
    /// ```
    #[napi]
    pub async fn save_as_template(
        &self,
        #[napi(ts_arg_type = "string | Pick<Workflow, 'id'>")] workflow: Either<String, Identified>,
        options: Option<SaveAsTemplateOptions>,
    ) -> napi::Result<TemplateVersion> {
        let head = options.unwrap_or_default().into();
        self.core()?.save_as_template(&id(workflow), head).await.map(Host::host).map_err(host)
    }

    /// Writes every template that is in use to a file of its own, for git, and gives their paths.
    ///
    /// Rejects with `folder_unusable` or `template_names_alike`.
    ///
    /// ```js
    /// await fleet.saveTemplate(starterTemplates()[0]);
    /// const [first] = await fleet.exportTemplates("templates");
    /// console.log(first.endsWith(".sql")); // true
    /// ```
    #[napi]
    pub async fn export_templates(&self, folder: String) -> napi::Result<Vec<String>> {
        let written = self.core()?.export_templates(&PathBuf::from(folder)).await.map_err(host)?;
        Ok(written.into_iter().map(|path| path.display().to_string()).collect())
    }

    /// Keeps every template of a folder: its files that end in `.sql`. All are read before one is kept.
    ///
    /// Rejects with `folder_unusable`, `template_invalid` or `declaration_invalid`, each with the file.
    ///
    /// ```js
    /// await fleet.saveTemplate(starterTemplates()[0]);
    /// const written = await fleet.exportTemplates("templates");
    /// console.log((await fleet.importTemplates("templates")).length === written.length); // true
    /// ```
    #[napi]
    pub async fn import_templates(&self, folder: String) -> napi::Result<Vec<TemplateVersion>> {
        self.core()?.import_templates(&PathBuf::from(folder)).await.map(Host::host).map_err(host)
    }
}
