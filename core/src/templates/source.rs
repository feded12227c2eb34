//! Which template is meant.

use serde_json::Value;

use super::Template;
use crate::Result;

/// A template by itself, or one that a fleet keeps.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplateSource {
    /// By itself.
    Given(Box<Template>),
    /// By its name, either id, or the hash of its content: then this version and no other.
    Kept(String),
}

impl TemplateSource {
    /// Reads what people give: a text names one, an object is one.
    ///
    /// # Errors
    /// `InvalidInput`: `template_invalid`, `declaration_invalid`.
    pub fn read(written: Value) -> Result<Self> {
        match written {
            Value::String(id) => Ok(Self::Kept(id)),
            other => Template::read(other).map(Self::from),
        }
    }
}

impl From<Template> for TemplateSource {
    fn from(template: Template) -> Self {
        Self::Given(Box::new(template))
    }
}

impl From<&Template> for TemplateSource {
    fn from(template: &Template) -> Self {
        template.clone().into()
    }
}

impl From<&str> for TemplateSource {
    fn from(id: &str) -> Self {
        Self::Kept(id.to_owned())
    }
}
