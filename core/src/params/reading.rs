//! Declarations as people write them.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::declaration::{Declaration, DefaultBy};
use super::kind::ParameterType;
use super::presets::Presets;
use super::value::{Argument, typed};
use crate::{Error, Result};

/// A declaration as it is written, before its words are understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Written {
    name: String,
    #[serde(rename = "type", alias = "data_type", alias = "parameter_type")]
    kind: Option<String>,
    preset: Option<String>,
    list: Option<bool>,
    #[serde(alias = "help")]
    description: Option<String>,
    #[serde(alias = "display_name", alias = "title")]
    label: Option<String>,
    default: Option<Value>,
    default_by: Option<DefaultBy>,
    optional: Option<bool>,
    required: Option<bool>,
    #[serde(
        alias = "allowed_values",
        alias = "options",
        alias = "enum",
        alias = "choices",
        alias = "values"
    )]
    allowed: Vec<Value>,
    #[serde(alias = "minimum")]
    min: Option<Value>,
    #[serde(alias = "maximum")]
    max: Option<Value>,
    #[serde(alias = "maxLength")]
    max_length: Option<usize>,
    #[serde(alias = "minItems")]
    min_items: Option<usize>,
    #[serde(alias = "maxItems")]
    max_items: Option<usize>,
    /// What [`Inferred`](super::Inferred) says besides.
    #[serde(rename = "native")]
    _native: IgnoredAny,
    #[serde(rename = "line")]
    _line: IgnoredAny,
    #[serde(rename = "column")]
    _column: IgnoredAny,
}

/// Reads declarations: a list of `{"name", "type", …}`, or a mapping of names to those or to the names of types.
///
/// A type is one of [`ParameterType`]'s, a list of it (`asin_list`), or a preset of `presets` (`attribution_window`).
///
/// # Errors
/// `InvalidInput`, code `declaration_invalid`, which says what was wrong with which declaration.
///
/// ```
/// use amc_fleet::params::{Presets, declarations};
///
/// let written = serde_json::json!({"asins": "asin_list", "days": {"type": "lookback_days", "default": 30}});
/// let read = declarations(&written, &Presets::default())?;
/// assert!(read[0].list && read[1].allowed.contains(&90.into()));
/// # Ok::<(), amc_fleet::Error>(())
/// ```
pub fn declarations(written: &Value, presets: &Presets) -> Result<Vec<Declaration>> {
    let read = match written {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => items.iter().map(|item| one(item, presets)).collect(),
        Value::Object(by_name) => {
            by_name.iter().map(|(name, item)| one(&named(name, item), presets)).collect()
        }
        _ => Err(invalid("declarations are a list, or a mapping of names to types")),
    };
    let read: Vec<Declaration> = read?;
    match read.iter().enumerate().find(|(at, it)| read[..*at].iter().any(|first| first.name == it.name)) {
        Some((_, twice)) => Err(invalid(format!("parameter {:?} is declared twice", twice.name))),
        None => Ok(read),
    }
}

fn named(name: &str, item: &Value) -> Value {
    match item {
        Value::String(kind) => json!({"name": name, "type": kind}),
        Value::Object(fields) => {
            let own = Map::from_iter([("name".to_owned(), json!(name))]);
            own.into_iter().chain(fields.clone()).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn one(item: &Value, presets: &Presets) -> Result<Declaration> {
    let written: Written = serde_json::from_value(item.clone())
        .map_err(|error| invalid(format!("{item} is no declaration: {error}")))?;
    let declaration = written.read(presets)?;
    declaration.check()?;
    Ok(declaration)
}

pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::invalid("declaration_invalid", message)
        .hint("write {\"name\": \"asins\", \"type\": \"asin_list\"}; see the types and presets in the documentation")
}

impl Written {
    fn read(self, presets: &Presets) -> Result<Declaration> {
        let (word, name) = (self.preset.as_deref().or(self.kind.as_deref()), self.name.as_str());
        let mut read = match word.map(|word| (word, ParameterType::read(word))) {
            None => Declaration { parameter_type: ParameterType::Any, ..Declaration::default() },
            Some((_, Some((parameter_type, list)))) if self.preset.is_none() => {
                Declaration { parameter_type, list, ..Declaration::default() }
            }
            Some((word, _)) => presets.get(word).cloned().ok_or_else(|| {
                let known = presets.names().collect::<Vec<_>>().join(", ");
                invalid(format!("parameter {name:?}: {word:?} is neither a type nor a preset ({known})"))
            })?,
        };
        read.name.clone_from(&self.name);
        read.list = self.list.unwrap_or(read.list);
        read.optional = self.optional.or(self.required.map(|required| !required)).unwrap_or(read.optional);
        if !self.allowed.is_empty() {
            read.allowed = self.allowed;
        }
        let over = |own: Option<Value>, preset: Option<Value>| own.or(preset);
        (read.default, read.min) = (over(self.default, read.default), over(self.min, read.min));
        read.max = over(self.max, read.max);
        read.default_by = self.default_by.or(read.default_by);
        read.description = self.description.or(read.description);
        read.label = self.label.or(read.label);
        read.max_length = self.max_length.or(read.max_length);
        (read.min_items, read.max_items) =
            (self.min_items.or(read.min_items), self.max_items.or(read.max_items));
        Ok(read)
    }
}

impl Declaration {
    /// Checks that it can be kept: its name is one, its default is allowed, an identifier has its names.
    ///
    /// # Errors
    /// `InvalidInput`, code `declaration_invalid`.
    pub fn check(&self) -> Result<()> {
        let wrong = |why: String| invalid(format!("parameter {:?}: {why}", self.name));
        if self.name.is_empty() {
            return Err(invalid("a declaration has no name"));
        }
        if !crate::sql::is_parameter_name(&self.name) {
            return Err(wrong("a name is made of letters, digits and _".to_owned()));
        }
        if self.parameter_type == ParameterType::Identifier && self.allowed.is_empty() {
            return Err(wrong("an identifier needs its allowed names".to_owned()));
        }
        if let Some(other) = self.allowed.iter().find(|it| typed(it, self.parameter_type).is_none()) {
            return Err(wrong(format!("{other} is allowed, and is not {}", self.parameter_type.expected())));
        }
        let defaults = self.default_by.iter().flat_map(|by| by.values.values());
        for default in defaults.chain(&self.default) {
            Argument::read(default, Some(self))
                .map_err(|why| wrong(format!("the default is wrong: {why}")))?;
        }
        Ok(())
    }
}

impl TryFrom<Written> for Declaration {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self> {
        let read = written.read(&Presets::registered())?;
        read.check()?;
        Ok(read)
    }
}
