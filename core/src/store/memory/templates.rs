//! Kept templates in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use super::state::State;
use crate::error::Result;
use crate::model::{IdRef, NewTemplate, Scope, TemplateId, TemplateUsage, TemplateVersion};
use crate::store::TemplateStore;

impl State {
    fn shown_templates<'s>(&'s self, scope: &'s Scope) -> impl Iterator<Item = &'s TemplateVersion> {
        self.templates.iter().filter(|version| scope.admits(&version.owner_id))
    }

    /// Gives every version of a template the category, tags and description it has now.
    fn file_under(&mut self, new: &NewTemplate) -> Option<TemplateVersion> {
        let is_own = |version: &&mut TemplateVersion| {
            version.owner_id == new.owner_id && version.template.name == new.template.name
        };
        let mut newest = None;
        for version in self.templates.iter_mut().filter(is_own) {
            version.template.category.clone_from(&new.template.category);
            version.template.tags.clone_from(&new.template.tags);
            version.template.description.clone_from(&new.template.description);
            newest = Some(version.clone());
        }
        newest
    }

    fn next_version(
        &self,
        new: &NewTemplate,
        newest: Option<TemplateVersion>,
        at: DateTime<Utc>,
    ) -> TemplateVersion {
        let content_hash = new.template.content_hash();
        let same = |version: &&TemplateVersion| {
            newest.as_ref().is_some_and(|newest| newest.id == version.id)
                && version.content_hash == content_hash
        };
        if let Some(known) = self.templates.iter().find(same) {
            return known.clone();
        }
        TemplateVersion {
            id: newest.as_ref().map_or(new.id, |newest| newest.id),
            owner_id: new.owner_id.clone(),
            number: newest.as_ref().map_or(1, |newest| newest.number + 1),
            content_hash,
            template: new.template.clone(),
            note: new.note.clone(),
            created_by: new.created_by.clone(),
            created_at: at,
            deprecated_at: newest.as_ref().and_then(|newest| newest.deprecated_at),
            deprecation: newest.and_then(|newest| newest.deprecation),
        }
    }
}

#[async_trait]
impl TemplateStore for MemoryStore {
    async fn save_template(&self, new: &NewTemplate, now: DateTime<Utc>) -> Result<TemplateVersion> {
        let mut state = self.state.lock();
        let newest = state.file_under(new);
        let version = state.next_version(new, newest, now);
        if !state.templates.contains(&version) {
            state.templates.push(version.clone());
        }
        Ok(version)
    }

    async fn template_versions(&self, scope: &Scope, id: &IdRef) -> Result<Vec<TemplateVersion>> {
        let state = self.state.lock();
        let meant = |version: &&TemplateVersion| match id {
            IdRef::Uuid(uuid) => version.id.0 == *uuid,
            IdRef::Public(name) => version.id.public() == *name || version.template.name == *name,
        };
        let mut found: Vec<TemplateVersion> = state.shown_templates(scope).filter(meant).cloned().collect();
        found.sort_by_key(|version| std::cmp::Reverse(version.number));
        Ok(found)
    }

    async fn template_of(&self, scope: &Scope, content_hash: &str) -> Result<Option<TemplateVersion>> {
        let state = self.state.lock();
        let found = state.shown_templates(scope).find(|version| version.content_hash == content_hash);
        Ok(found.cloned())
    }

    async fn templates(&self, scope: &Scope) -> Result<Vec<TemplateVersion>> {
        let state = self.state.lock();
        let is_newest = |version: &&TemplateVersion| {
            !state.templates.iter().any(|other| other.id == version.id && other.number > version.number)
        };
        let mut found: Vec<TemplateVersion> =
            state.shown_templates(scope).filter(is_newest).cloned().collect();
        found.sort_by(|a, b| (&a.template.name, a.id).cmp(&(&b.template.name, b.id)));
        Ok(found)
    }

    async fn deprecate_template(
        &self,
        scope: &Scope,
        id: TemplateId,
        since: Option<DateTime<Utc>>,
        why: Option<&str>,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        let mut state = self.state.lock();
        let own = |version: &&mut TemplateVersion| version.id == id && scope.admits(&version.owner_id);
        for version in state.templates.iter_mut().filter(own) {
            version.deprecated_at = since;
            version.deprecation = why.map(str::to_owned);
        }
        Ok(())
    }

    async fn template_usage(&self, scope: &Scope, content_hash: &str) -> Result<TemplateUsage> {
        let state = self.state.lock();
        let made = |it: &&crate::model::Workflow| {
            scope.admits(&it.owner_id) && it.template.as_deref() == Some(content_hash)
        };
        let workflows: Vec<_> = state.workflows.values().filter(made).map(|it| it.id).collect();
        let mut usage = TemplateUsage {
            workflows: i64::try_from(workflows.len()).unwrap_or(i64::MAX),
            ..TemplateUsage::default()
        };
        let of_them = |batch: &&crate::model::Batch| batch.workflow.is_some_and(|id| workflows.contains(&id));
        for batch in state.batches.values().filter(of_them) {
            usage = usage.and(TemplateUsage {
                workflows: 0,
                batches: 1,
                executions: batch.counts.total,
                completed: batch.counts.completed,
                failed: batch.counts.failed,
                last_used_at: Some(batch.created_at),
            });
        }
        Ok(usage)
    }
}
