//! The values of a run, by name, checked against the declarations.

use serde_json::{Map, Value};

use super::declaration::Declaration;
use super::value::Argument;
use crate::sql::Reference;
use crate::{Error, Position, Result};

/// What a run gives, and what its query says about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arguments<'a> {
    values: &'a Map<String, Value>,
    declarations: &'a [Declaration],
}

impl<'a> Arguments<'a> {
    pub(super) fn new(values: &'a Map<String, Value>, declarations: &'a [Declaration]) -> Self {
        Self { values, declarations }
    }

    /// The checked value of the parameter mentioned at `position`.
    pub(super) fn get(&self, name: &str, position: Position) -> Result<Argument> {
        Argument::read(self.value(name, position)?, self.declaration(name))
            .map_err(|why| wrong_type(name, position, &why))
    }

    /// The value of the parameter mentioned at `position`, as it was given.
    pub(super) fn value(&self, name: &str, position: Position) -> Result<&'a Value> {
        self.values.get(name).or_else(|| self.default(name)).ok_or_else(|| {
            Error::invalid("parameter_missing", format!("parameter {name:?} ({position}) has no value"))
                .hint("give it a value, or declare a default")
                .at(position)
        })
    }

    /// The value of a run that gives none.
    pub(super) fn default(&self, name: &str) -> Option<&'a Value> {
        let declaration = self.declaration(name)?;
        let follows = declaration.default_by.as_ref().and_then(|by| {
            let other = self
                .values
                .get(&by.parameter)
                .or_else(|| self.declaration(&by.parameter)?.default.as_ref())?;
            by.values.get(&other.as_str().map_or_else(|| other.to_string(), str::to_owned))
        });
        let unset = || declaration.optional.then_some(&Value::Null);
        follows.or(declaration.default.as_ref()).or_else(unset)
    }

    /// What the query declares about the parameter.
    pub(super) fn declaration(&self, name: &str) -> Option<&'a Declaration> {
        self.declarations.iter().find(|declaration| declaration.name == name)
    }

    /// Refuses values the query never mentions, not even in a comment.
    pub(super) fn refuse_unused(&self, references: &[Reference]) -> Result<()> {
        let is_used = |name: &String| references.iter().any(|reference| reference.name == *name);
        let Some(unused) = self.values.keys().find(|name| !is_used(name)) else { return Ok(()) };
        let mut names: Vec<&str> = references.iter().map(|reference| reference.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let hint = match names.as_slice() {
            [] => "the query has no parameters".to_owned(),
            names => format!("the query's parameters are {}", names.join(", ")),
        };
        Err(Error::invalid("parameter_unused", format!("the query has no parameter {unused:?}")).hint(hint))
    }
}

/// The error of a value that is not what its parameter takes.
pub(super) fn wrong_type(name: &str, position: Position, why: &str) -> Error {
    Error::invalid("parameter_type", format!("the value of parameter {name:?} ({position}) is wrong: {why}"))
        .hint("give a value of the declared type")
        .at(position)
}
