//! Brings a query and the values of a run together.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::declaration::Declaration;
use super::dialect::LiteralDialect;
use super::kind::ParameterType;
use super::native::Native;
use super::place::{Form, Slot, slots};
use super::remarks::remarks;
use super::structure::{self, Edit};
use super::value::Argument;
use super::write::Writer;
use crate::sql::{self, Place, Reference, ReferenceKind, TokenKind, Unfinished};
use crate::{Error, Finding, Position, Result};

/// How values are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RenderOptions {
    /// Whether `{{name}}` becomes `CUSTOM_PARAMETER('name')` where AMC can take the value.
    pub prefer_native: bool,
    /// What AMC takes a backslash for.
    pub literal_dialect: LiteralDialect,
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
    /// What of `sql` stands for what of the query, in order.
    pub(crate) edits: Vec<Edit>,
}

impl Rendered {
    /// Where a byte of the written query stood in the query it was made of; all of a value where its parameter stands.
    pub(crate) fn origin(&self, offset: usize) -> usize {
        let before = self.edits.partition_point(|edit| edit.new.start <= offset);
        match before.checked_sub(1).and_then(|at| self.edits.get(at)) {
            Some(edit) if edit.new.end > offset => edit.old.start,
            Some(edit) => edit.old.end + (offset - edit.new.end),
            None => offset,
        }
    }
}

/// Brings `sql` and the values of a run together.
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
    render_with(sql, values, declarations, RenderOptions::default())
}

/// [`render`], with choices about how values are written.
///
/// # Errors
/// As [`render`].
pub fn render_with(
    sql: &str,
    values: &Map<String, Value>,
    declarations: &[Declaration],
    options: RenderOptions,
) -> Result<Rendered> {
    bring_together(sql, values, declarations, options).map_err(|error| error.shown_in(sql))
}

fn bring_together(
    sql: &str,
    values: &Map<String, Value>,
    declarations: &[Declaration],
    options: RenderOptions,
) -> Result<Rendered> {
    refuse_unfinished(sql)?;
    let references = sql::references(sql);
    let arguments = Arguments::new(values, declarations);
    arguments.refuse_unused(&references)?;
    let mut inline = Inline::new(sql, options);
    for slot in slots(sql) {
        inline.fill(&slot, &arguments)?;
    }
    inline.copy_until(sql.len());
    inline.check()?;
    let mut natives = natives(&references);
    natives.append(&mut inline.native);
    natives.sort_by_key(|(_, position)| *position);
    let Native { input_parameters, parameter_values } = Native::of(&natives, &arguments)?;
    Ok(Rendered {
        sql: inline.sql,
        input_parameters,
        parameter_values,
        findings: inline.findings,
        edits: inline.edits,
    })
}

/// Behind a `{{` that names nothing no parameter would be found.
fn refuse_unfinished(sql: &str) -> Result<()> {
    let is_open = |kind| kind == TokenKind::Unfinished(Unfinished::Placeholder);
    if sql::tokens(sql).any(|token| is_open(token.kind)) { sql::readable(sql) } else { Ok(()) }
}

fn natives(references: &[Reference]) -> Vec<(String, Position)> {
    let is_native = |it: &&Reference| it.kind == ReferenceKind::Native && it.place == Place::Code;
    references.iter().filter(is_native).map(|it| (it.name.clone(), it.position)).collect()
}

/// A query being written, its placeholders replaced one after the other.
struct Inline<'a> {
    source: &'a str,
    options: RenderOptions,
    sql: String,
    edits: Vec<Edit>,
    findings: Vec<Finding>,
    native: Vec<(String, Position)>,
}

impl<'a> Inline<'a> {
    fn new(source: &'a str, options: RenderOptions) -> Self {
        let sql = String::with_capacity(source.len());
        Self { source, options, sql, edits: Vec::new(), findings: Vec::new(), native: Vec::new() }
    }

    fn fill(&mut self, slot: &Slot, arguments: &Arguments<'_>) -> Result<()> {
        let position = sql::position(self.source, slot.start);
        let argument = arguments.get(&slot.name, position)?;
        let kind = arguments.declaration(&slot.name).map(|declaration| declaration.parameter_type);
        let text = if self.options.prefer_native && is_for_amc(slot, &argument, kind) {
            self.native.push((slot.name.clone(), position));
            format!("CUSTOM_PARAMETER('{}')", slot.name)
        } else {
            let declared = kind.is_some_and(|kind| kind != ParameterType::Any);
            let writer = Writer { slot, declared, dialect: self.options.literal_dialect };
            self.findings.extend(remarks(writer, &argument, position));
            self.text(writer, &argument).map_err(|why| refused(&slot.name, position, &why))?
        };
        self.replace(slot, &text);
        Ok(())
    }

    fn text(&self, writer: Writer<'_>, argument: &Argument) -> Result<String, String> {
        let slot = writer.slot;
        if argument.texts().any(|text| text.contains('\0')) {
            return Err("it holds a character (NUL) that no query can".to_owned());
        }
        let text = writer.write(argument)?;
        let (before, after) = (&self.source[..slot.start], &self.source[slot.end..]);
        let as_before = slot.whole_string && text.starts_with('\'');
        if !as_before
            && !matches!(slot.form, Form::Text | Form::QuotedName)
            && is_glued(before, after, slot.form)
        {
            return Err("it must stand apart from what is beside it; put spaces around it".to_owned());
        }
        // `-{{x}}` with a negative number would otherwise begin a comment.
        let apart = text.starts_with('-') && before.ends_with('-') && slot.form != Form::Text;
        Ok(if apart { format!(" {text}") } else { text })
    }

    fn replace(&mut self, slot: &Slot, text: &str) {
        self.copy_until(slot.start);
        let start = self.sql.len();
        self.sql.push_str(text);
        let new = start..self.sql.len();
        self.edits.push(Edit { old: slot.start..slot.end, new, name: slot.name.clone() });
    }

    fn copy_until(&mut self, end: usize) {
        let from = self.edits.last().map_or(0, |edit| edit.old.end);
        self.sql.push_str(&self.source[Range { start: from, end }]);
    }

    /// Nothing but the places has changed, under whatever reading of a backslash was asked for.
    fn check(&self) -> Result<()> {
        let at = |edit: &Edit| sql::position(self.source, edit.old.start);
        if !structure::is_kept(self.source, &self.sql, &self.edits) {
            return Err(Error::unexpected("writing the parameters would change the structure of the query"));
        }
        match structure::ambiguous_string(&self.sql, &self.edits) {
            Some(edit) if self.options.literal_dialect != LiteralDialect::Standard => {
                Err(refused(&edit.name, at(edit), BACKSLASH))
            }
            _ => Ok(()),
        }
    }
}

const BACKSLASH: &str = "a backslash stands before a quote or at the end of its string, \
    which AMC may read in two ways; use CUSTOM_PARAMETER";

/// Whether AMC can take the value itself: one value of a type it knows, where any expression can stand.
fn is_for_amc(slot: &Slot, argument: &Argument, kind: Option<ParameterType>) -> bool {
    let Argument::One(scalar) = argument else { return false };
    let is_text = scalar.is_text() || kind.and_then(ParameterType::amc_type) == Some("STRING");
    slot.takes_native && scalar.is_for_amc() && (!slot.whole_string || is_text)
}

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
