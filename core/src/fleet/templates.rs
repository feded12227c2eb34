//! Templates that a fleet keeps: versions, search, and what is made of them.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::{Fleet, WorkflowSpec};
use crate::error::{Error, Result};
use crate::model::{IdRef, NewTemplate, TemplateUsage, TemplateVersion, Workflow};
use crate::params::{Declaration, infer};
use crate::sql::{Aggregate, outputs};
use crate::templates::{ColumnRole, Template, TemplateSource, read_templates, write_templates};

/// Which templates to list; an absent field admits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateFilter {
    /// Each of whose words stands in the name, category, tags or description.
    pub text: Option<String>,
    /// Of this category.
    pub category: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// Also those that should be used no more.
    pub deprecated: bool,
}

impl TemplateFilter {
    fn admits(&self, version: &TemplateVersion) -> bool {
        let Template { category, tags, .. } = &version.template;
        let same = |left: &str, right: &str| left.to_lowercase() == right.to_lowercase();
        self.text.as_deref().is_none_or(|text| version.template.matches(text))
            && self.category.as_deref().is_none_or(|wanted| same(category, wanted))
            && self.tag.as_deref().is_none_or(|wanted| tags.iter().any(|tag| same(tag, wanted)))
            && (self.deprecated || version.deprecated_at.is_none())
    }
}

/// What a workflow does not say of the template that is made of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TemplateHead {
    /// Its name; the workflow's where absent.
    pub name: Option<String>,
    /// What it is about.
    pub category: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// What it answers; the workflow's own description where absent.
    pub description: Option<String>,
    /// The role of columns; where absent, those that the query itself tells.
    pub columns: Option<Map<String, Value>>,
    /// What changed, for people.
    pub note: Option<String>,
}

impl Fleet {
    /// Keeps a template under its name: as its next version, or as the version that has this content already.
    ///
    /// # Errors
    /// `InvalidInput`: `template_invalid` with line and column, `declaration_invalid`, `window_invalid`.
    pub async fn save_template(&self, template: Template, note: Option<String>) -> Result<TemplateVersion> {
        template.check()?;
        let now = self.0.surroundings.clock.now();
        let new = NewTemplate {
            id: self.0.surroundings.ids.next(now).into(),
            owner_id: self.0.owner.clone(),
            created_by: self.0.actor.clone(),
            template,
            note,
        };
        self.0.store.save_template(&new, now).await
    }

    /// Finds a template by its name or either id, in its newest version; or the version whose content has this hash.
    ///
    /// # Errors
    /// `NotFound` (`unknown_template`).
    pub async fn template(&self, id: &str) -> Result<TemplateVersion> {
        if is_hash(id)
            && let Some(found) = self.0.store.template_of(&self.scope(), id).await?
        {
            return Ok(found);
        }
        let newest =
            self.0.store.template_versions(&self.scope(), &id.parse::<IdRef>()?).await?.into_iter().next();
        newest.ok_or_else(|| unknown(id))
    }

    /// Lists all versions of a template, the newest first.
    ///
    /// # Errors
    /// `NotFound` (`unknown_template`).
    pub async fn template_versions(&self, id: &str) -> Result<Vec<TemplateVersion>> {
        let id = IdRef::from(self.template(id).await?.id);
        self.0.store.template_versions(&self.scope(), &id).await
    }

    /// Lists templates by name, each in its newest version.
    ///
    /// # Errors
    /// Only the store's own.
    pub async fn templates(&self, filter: &TemplateFilter) -> Result<Vec<TemplateVersion>> {
        let mut found = self.0.store.templates(&self.scope()).await?;
        found.retain(|version| filter.admits(version));
        Ok(found)
    }

    /// Says that a template should be used no more, and why. It stays, and so does what is made of it; its name makes
    /// nothing new, the hash of a version still does.
    ///
    /// # Errors
    /// `NotFound` (`unknown_template`).
    pub async fn deprecate_template(&self, id: &str, why: Option<&str>) -> Result<TemplateVersion> {
        let (kept, now) = (self.template(id).await?, self.0.surroundings.clock.now());
        self.0.store.deprecate_template(&self.scope(), kept.id, Some(now), why, now).await?;
        self.template(id).await
    }

    /// Says that a template may be used again.
    ///
    /// # Errors
    /// `NotFound` (`unknown_template`).
    pub async fn restore_template(&self, id: &str) -> Result<TemplateVersion> {
        let (kept, now) = (self.template(id).await?, self.0.surroundings.clock.now());
        self.0.store.deprecate_template(&self.scope(), kept.id, None, None, now).await?;
        self.template(id).await
    }

    /// Counts what was made of a template: of all its versions, or of one if it is named by its hash.
    ///
    /// # Errors
    /// `NotFound` (`unknown_template`).
    pub async fn template_usage(&self, id: &str) -> Result<TemplateUsage> {
        let versions =
            if is_hash(id) { vec![self.template(id).await?] } else { self.template_versions(id).await? };
        let mut usage = TemplateUsage::default();
        for version in versions {
            usage = usage.and(self.0.store.template_usage(&self.scope(), &version.content_hash).await?);
        }
        Ok(usage)
    }

    /// Saves a workflow that is made of a template, under the template's name or another. The template is kept, and the
    /// workflow stays with its version whatever becomes of the template.
    ///
    /// # Errors
    /// `InvalidInput`: `template_invalid`, `template_deprecated`, and as [`save_workflow`](Self::save_workflow).
    /// `NotFound`: `unknown_template`.
    pub async fn use_template(
        &self,
        source: impl Into<TemplateSource>,
        name: Option<String>,
    ) -> Result<Workflow> {
        let version = match source.into() {
            TemplateSource::Given(template) => self.save_template(*template, None).await?,
            TemplateSource::Kept(id) => in_use(self.template(&id).await?, &id)?,
        };
        let template = version.template;
        self.save_workflow(WorkflowSpec {
            description: Some(template.description),
            window: template.window,
            declarations: template.parameters,
            template: Some(version.content_hash),
            ..WorkflowSpec::new(name.unwrap_or(template.name), template.sql)
        })
        .await
    }

    /// Keeps a workflow as a template: its query, its window, and its parameters with the workflow's values as their
    /// defaults.
    ///
    /// # Errors
    /// `NotFound` (`unknown_workflow`), and as [`save_template`](Self::save_template).
    pub async fn save_as_template(&self, workflow: &str, head: TemplateHead) -> Result<TemplateVersion> {
        let workflow = self.workflow(workflow).await?;
        let note = head.note.clone();
        self.save_template(made_of(workflow, head), note).await
    }

    /// Writes every template that is in use to a file of its own.
    ///
    /// # Errors
    /// As [`write_templates`].
    pub async fn export_templates(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let kept = self.templates(&TemplateFilter::default()).await?;
        let templates: Vec<Template> = kept.into_iter().map(|version| version.template).collect();
        write_templates(folder, &templates)
    }

    /// Keeps every template of a folder; all of them are read before one is kept.
    ///
    /// # Errors
    /// As [`read_templates`].
    pub async fn import_templates(&self, folder: &Path) -> Result<Vec<TemplateVersion>> {
        let mut kept = Vec::new();
        for template in read_templates(folder)? {
            kept.push(self.save_template(template, None).await?);
        }
        Ok(kept)
    }
}

/// Whether a text is the hash of a content, and no name.
fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn unknown(id: &str) -> Error {
    Error::not_found("unknown_template", format!("no template '{id}'"))
        .hint("give its name, its id (tpl_…), or the hash of a version; list them with templates()")
}

fn in_use(version: TemplateVersion, id: &str) -> Result<TemplateVersion> {
    if version.deprecated_at.is_none() || is_hash(id) {
        return Ok(version);
    }
    let why = version.deprecation.as_deref().unwrap_or("no reason was given");
    let message = format!("template '{}' should be used no more: {why}", version.template.name);
    Err(Error::invalid("template_deprecated", message)
        .hint(format!("use another one, or this very version by its hash, {}", version.content_hash)))
}

/// What a workflow is as a template.
fn made_of(workflow: Workflow, head: TemplateHead) -> Template {
    let TemplateHead { name, category, tags, description, columns, .. } = head;
    let mut parameters = workflow.declarations;
    for found in infer(&workflow.sql) {
        if parameters.iter().all(|known| known.name != found.declaration.name) {
            parameters.push(found.declaration);
        }
    }
    let default = |it: Declaration| match workflow.defaults.get(&it.name) {
        Some(value) => Declaration { default: Some(value.clone()), ..it },
        None => it,
    };
    Template {
        name: name.unwrap_or(workflow.name),
        category,
        tags,
        description: description.or(workflow.description).unwrap_or_default(),
        window: workflow.window,
        parameters: parameters.into_iter().map(default).collect(),
        columns: columns.unwrap_or_else(|| roles(&workflow.sql)),
        sql: workflow.sql,
    }
}

/// The roles that a query tells of its columns itself.
fn roles(sql: &str) -> Map<String, Value> {
    let role = |aggregate: Aggregate| match aggregate {
        Aggregate::Sum => Some(ColumnRole::Additive),
        Aggregate::Distinct => Some(ColumnRole::DistinctCount),
        _ => None,
    };
    let columns = outputs(sql).columns.into_iter();
    columns.filter_map(|column| Some((column.name, json!(role(column.aggregate)?)))).collect()
}
