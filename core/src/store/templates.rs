//! Kept templates.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::model::{IdRef, NewTemplate, Scope, TemplateId, TemplateUsage, TemplateVersion};

/// Templates and their versions.
#[async_trait]
pub trait TemplateStore {
    /// Keeps a template under its name: as a new version, or as the version that has this content already. Its category,
    /// tags and description become those of the template.
    async fn save_template(&self, template: &NewTemplate, now: DateTime<Utc>) -> Result<TemplateVersion>;

    /// Lists the versions of a template by either id, or by name, the newest first; none if there is no such template.
    async fn template_versions(&self, scope: &Scope, id: &IdRef) -> Result<Vec<TemplateVersion>>;

    /// Finds the version with this content; of equal ones the one that was saved first.
    async fn template_of(&self, scope: &Scope, content_hash: &str) -> Result<Option<TemplateVersion>>;

    /// Lists the newest version of every template, by name.
    async fn templates(&self, scope: &Scope) -> Result<Vec<TemplateVersion>>;

    /// Says since when and why a template should be used no more; or, with neither, that it may be.
    async fn deprecate_template(
        &self,
        scope: &Scope,
        id: TemplateId,
        since: Option<DateTime<Utc>>,
        why: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()>;

    /// Counts what was made of a version.
    async fn template_usage(&self, scope: &Scope, content_hash: &str) -> Result<TemplateUsage>;
}
