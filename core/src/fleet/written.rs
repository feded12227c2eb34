//! A query as it goes to AMC, and the way back from there to what the user wrote.

use serde_json::{Map, Value};

use crate::error::{Position, Result};
use crate::model::BatchOptions;
use crate::params::{Rendered, render_with};
use crate::sql::{self, OneLine, one_line, position};

/// A query with its parameters, in the form AMC asks for.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) rendered: Rendered,
    pub(super) line: OneLine,
}

impl Written {
    /// Writes the values into a query as the options say.
    pub(super) fn new(template: &str, values: &Map<String, Value>, options: &BatchOptions) -> Result<Self> {
        let rendered = render_with(template, values, &options.declarations, options.render)?;
        let line = one_line(&rendered.sql);
        Ok(Self { rendered, line })
    }

    /// Where in the user's own text something stands that AMC found in what it got.
    pub(super) fn origin(&self, template: &str, place: Position) -> Option<Position> {
        let offset = sql::offset(&self.line.sql, place)?;
        Some(position(template, self.rendered.origin(self.line.origin(offset))))
    }
}
