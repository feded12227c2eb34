//! Brings a query and the values of a run together.

use std::ops::Range;

use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::declaration::Declaration;
use super::native::Native;
use super::place::{Form, Slot, slots};
use super::structure::Edit;
use super::value::{Argument, Scalar};
use super::{structure, write};
use crate::model::Finding;
use crate::sql::{self, Place, Reference, ReferenceKind};
use crate::{Error, Position, Result};

/// What to do with a backslash before the end of a string, where AMC's reading of it would matter.
///
/// Whether AMC takes a backslash in a string for itself or as an escape is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Backslash {
    /// Refuse a value whose string would end in two different places under the two readings.
    #[default]
    Refuse,
    /// Trust that a backslash stands for itself.
    Literal,
}

/// What goes to AMC.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// The query, with no `{{name}}` outside its comments.
    pub sql: String,
    /// AMC's `inputParameters`: one object for every `CUSTOM_PARAMETER`.
    pub input_parameters: Vec<Value>,
    /// AMC's `parameterValues`.
    pub parameter_values: Map<String, Value>,
    /// What may surprise: values whose effect depends on how AMC reads them.
    pub findings: Vec<Finding>,
}

/// Brings `sql` and the values of a run together, refusing what AMC might read in two ways.
///
/// A value the run does not give is taken from its declaration's default. Without a declaration the JSON value says
/// what it is.
///
/// # Errors
/// `InvalidInput` with the parameter's name and position: `parameter_missing`, `parameter_unused`, `parameter_type`
/// when the value is not what was declared, `parameter_place` when it cannot stand where the query has it.
///
/// ```
/// let values = serde_json::json!({"asins": ["B000000001", "B000000002"], "days": 30});
/// let sql = "SELECT a FROM t WHERE b IN ({{asins}}) AND c > CUSTOM_PARAMETER('days')";
/// let rendered = amc_fleet::params::render(sql, values.as_object().unwrap(), &[])?;
/// assert_eq!(
///     rendered.sql,
///     "SELECT a FROM t WHERE b IN ('B000000001', 'B000000002') AND c > CUSTOM_PARAMETER('days')"
/// );
/// assert_eq!(rendered.parameter_values["days"], 30);
/// # Ok::<(), amc_fleet::Error>(())
/// ```
pub fn render(sql: &str, values: &Map<String, Value>, declarations: &[Declaration]) -> Result<Rendered> {
    render_with(sql, values, declarations, Backslash::default())
}

/// [`render`], with a choice about the backslash.
///
/// # Errors
/// As [`render`].
pub fn render_with(
    sql: &str,
    values: &Map<String, Value>,
    declarations: &[Declaration],
    backslash: Backslash,
) -> Result<Rendered> {
    bring_together(sql, values, declarations, backslash).map_err(|error| error.shown_in(sql))
}

fn bring_together(
    sql: &str,
    values: &Map<String, Value>,
    declarations: &[Declaration],
    backslash: Backslash,
) -> Result<Rendered> {
    let references = sql::references(sql);
    let arguments = Arguments::new(values, declarations);
    arguments.refuse_unused(&references)?;
    let mut inline = Inline {
        source: sql,
        sql: String::with_capacity(sql.len()),
        edits: Vec::new(),
        findings: Vec::new(),
    };
    for slot in slots(sql) {
        inline.fill(&slot, &arguments)?;
    }
    let (sql, findings) = inline.finish(backslash)?;
    let Native { input_parameters, parameter_values } = Native::of(&natives(&references), &arguments)?;
    Ok(Rendered { sql, input_parameters, parameter_values, findings })
}

fn natives(references: &[Reference]) -> Vec<&Reference> {
    let is_native = |it: &&Reference| it.kind == ReferenceKind::Native && it.place == Place::Code;
    references.iter().filter(is_native).collect()
}

/// A query being written, its placeholders replaced one after the other.
struct Inline<'a> {
    source: &'a str,
    sql: String,
    edits: Vec<Edit>,
    findings: Vec<Finding>,
}

impl Inline<'_> {
    fn fill(&mut self, slot: &Slot, arguments: &Arguments<'_>) -> Result<()> {
        let position = sql::position(self.source, slot.start);
        let argument = arguments.get(&slot.name, position)?;
        let text = self.text(slot, &argument).map_err(|why| refused(&slot.name, position, &why))?;
        self.findings.extend(remarks(slot, &argument, position));
        self.copy_until(slot.start);
        let start = self.sql.len();
        self.sql.push_str(&text);
        self.edits.push(Edit {
            old: slot.start..slot.end,
            new: start..self.sql.len(),
            name: slot.name.clone(),
        });
        Ok(())
    }

    fn text(&self, slot: &Slot, argument: &Argument) -> Result<String, String> {
        let text = write::write(slot, argument)?;
        let (before, after) = (&self.source[..slot.start], &self.source[slot.end..]);
        if !matches!(slot.form, Form::Text | Form::QuotedName) && is_glued(before, after, slot.form) {
            return Err("it must stand apart from what is beside it; put spaces around it".to_owned());
        }
        // `-{{x}}` with a negative number would otherwise begin a comment.
        let apart = text.starts_with('-') && before.ends_with('-') && slot.form != Form::Text;
        Ok(if apart { format!(" {text}") } else { text })
    }

    fn copy_until(&mut self, end: usize) {
        let from = self.edits.last().map_or(0, |edit| edit.old.end);
        self.sql.push_str(&self.source[Range { start: from, end }]);
    }

    fn finish(mut self, backslash: Backslash) -> Result<(String, Vec<Finding>)> {
        self.copy_until(self.source.len());
        let at = |edit: &Edit| sql::position(self.source, edit.old.start);
        if !structure::is_kept(self.source, &self.sql, &self.edits) {
            return Err(Error::unexpected("writing the parameters would change the structure of the query"));
        }
        match structure::ambiguous_string(&self.sql, &self.edits) {
            Some(edit) if backslash == Backslash::Refuse => Err(refused(&edit.name, at(edit), BACKSLASH)),
            _ => Ok((self.sql, self.findings)),
        }
    }
}

const BACKSLASH: &str = "a backslash stands before a quote or at the end of its string, \
    which AMC may read in two ways; use CUSTOM_PARAMETER";

fn refused(name: &str, position: Position, why: &str) -> Error {
    Error::invalid("parameter_place", format!("parameter {name:?} ({position}): {why}"))
        .hint("change the query or the value, or use CUSTOM_PARAMETER, which takes any value")
        .at(position)
}

fn is_glued(before: &str, after: &str, form: Form) -> bool {
    let touches = |next: char| sql::is_word(next) || matches!(next, '\'' | '"' | '`' | '{' | '}');
    let dot = form != Form::Name && (before.ends_with('.') || after.starts_with('.'));
    dot || before.ends_with(touches) || after.starts_with(touches)
}

fn remarks(slot: &Slot, argument: &Argument, position: Position) -> Vec<Finding> {
    let any = |test: fn(&str) -> bool| argument.texts().any(test);
    let in_pattern = slot.in_pattern || slot.form == Form::Pattern;
    let bare = argument.scalars().any(|scalar| matches!(scalar, Scalar::Text(_)));
    let finding = |code, what: &str| Finding {
        code,
        message: format!("the value of {:?} has {what}", slot.name),
        hint: "use CUSTOM_PARAMETER, which takes the value as it is".to_owned(),
        position: Some(position),
    };
    let backslash = any(|text| text.contains('\\'))
        .then(|| finding("parameter_backslash", "a backslash, which AMC may read as itself or as an escape"));
    let wildcard = (in_pattern && bare && any(|text| text.contains(['%', '_'])))
        .then(|| finding("parameter_wildcard", "a % or _, which a LIKE reads as any text or any character"));
    backslash.into_iter().chain(wildcard).collect()
}
