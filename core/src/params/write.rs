//! Writes a value as SQL, in the form of its place.

use std::borrow::Cow;

use super::dialect::{LiteralDialect, escaped};
use super::place::{Form, Matching, Slot};
use super::value::{Argument, Scalar};

/// The place a value is written to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) slot: &'a Slot,
    /// Whether the type of the value was declared: then a text is no pattern.
    pub(super) declared: bool,
    pub(super) dialect: LiteralDialect,
}

const EMPTY: &str = "an empty list cannot be written into a query; \
    give a value, or use CUSTOM_PARAMETER, which takes an empty array";
const ONE_ONLY: &str = "a list can stand only in IN (…), in ARRAY[…] or after VALUES";
const NO_NAME: &str = "the name of a table, a column or a function stands here; \
    declare the parameter as an identifier with its allowed values";

impl Writer<'_> {
    /// Writes `argument`. The error says why it cannot stand there.
    pub(super) fn write(self, argument: &Argument) -> Result<String, String> {
        match argument {
            Argument::One(scalar) if self.slot.whole_string => self.quoted(scalar),
            Argument::One(scalar) => self.one(scalar),
            Argument::Many(items) if items.is_empty() => Err(EMPTY.to_owned()),
            Argument::Many(items) => self.many(items),
            Argument::Rows(rows) => self.rows(rows),
        }
    }

    fn one(self, scalar: &Scalar) -> Result<String, String> {
        let form = self.slot.form;
        match (form, scalar) {
            (Form::Text, scalar) => self.inside_string(scalar),
            (
                Form::Name | Form::Key | Form::Value | Form::Elements | Form::QuotedName,
                Scalar::Identifier(name),
            ) => Ok(name.clone()),
            (Form::Key, Scalar::Number(digits)) => Ok(digits.clone()),
            (Form::Name | Form::Key | Form::QuotedName, _) => Err(NO_NAME.to_owned()),
            (_, Scalar::Identifier(_)) => Err("an identifier cannot stand here".to_owned()),
            (Form::Value | Form::Elements | Form::RowsInside, scalar) => Ok(self.plain(scalar)),
            (Form::List | Form::Rows, scalar) => Ok(format!("({})", self.plain(scalar))),
            (Form::Pattern, Scalar::Text(text)) if self.is_contained(text) => Ok(self.containing(text)),
            (Form::Pattern | Form::Typed, scalar) => self.inside_string(scalar).map(|text| literal(&text)),
        }
    }

    /// Quotes around a value say that it is a text: `= '{{x}}'`.
    fn quoted(self, scalar: &Scalar) -> Result<String, String> {
        let text = literal(&self.inside_string(scalar)?);
        Ok(if matches!(self.slot.form, Form::List | Form::Rows) { format!("({text})") } else { text })
    }

    fn many(self, items: &[Scalar]) -> Result<String, String> {
        let written: Vec<String> = items.iter().map(|item| self.element(item)).collect::<Result<_, _>>()?;
        let names = items.iter().all(|item| matches!(item, Scalar::Identifier(_)));
        match self.slot.form {
            Form::Elements => Ok(written.join(", ")),
            Form::List => Ok(format!("({})", written.join(", "))),
            Form::Rows => Ok(format!("({})", written.join("), ("))),
            Form::RowsInside => Ok(written.join("), (")),
            Form::Value | Form::Key if names && !self.slot.whole_string => Ok(written.join(", ")),
            _ => Err(ONE_ONLY.to_owned()),
        }
    }

    fn element(self, item: &Scalar) -> Result<String, String> {
        if self.slot.whole_string { self.quoted_element(item) } else { Ok(self.plain(item)) }
    }

    fn quoted_element(self, item: &Scalar) -> Result<String, String> {
        self.inside_string(item).map(|text| literal(&text))
    }

    fn rows(self, rows: &[Vec<Scalar>]) -> Result<String, String> {
        let row = |row: &Vec<Scalar>| row.iter().map(|item| self.plain(item)).collect::<Vec<_>>().join(", ");
        let rows = rows.iter().map(row).collect::<Vec<_>>().join("), (");
        match self.slot.form {
            Form::Rows if !self.slot.whole_string => Ok(format!("({rows})")),
            Form::RowsInside if !self.slot.whole_string => Ok(rows),
            _ => Err("rows can stand only after VALUES: VALUES {{x}}".to_owned()),
        }
    }

    /// A value where the query expects one.
    fn plain(self, scalar: &Scalar) -> String {
        match scalar {
            Scalar::Null => "NULL".to_owned(),
            Scalar::Boolean(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            Scalar::Number(digits) => digits.clone(),
            Scalar::Text(text) | Scalar::Pattern(text) => literal(&self.dialect.inside_quotes(text)),
            Scalar::Date(date) => format!("CAST('{date}' AS DATE)"),
            Scalar::Timestamp(time) => format!("CAST('{time}' AS TIMESTAMP)"),
            Scalar::Identifier(name) => name.clone(),
        }
    }

    /// A value as part of a string, its quotes doubled, and taken for itself where the string is a pattern.
    fn inside_string(self, scalar: &Scalar) -> Result<String, String> {
        let text = match scalar {
            Scalar::Null => return Err("NULL cannot stand inside a string".to_owned()),
            Scalar::Pattern(text) => Cow::from(text),
            Scalar::Text(text) => self.matched(text),
            Scalar::Number(text)
            | Scalar::Date(text)
            | Scalar::Timestamp(text)
            | Scalar::Identifier(text) => self.matched(text),
            Scalar::Boolean(flag) => Cow::from(flag.to_string()),
        };
        Ok(self.dialect.inside_quotes(&text))
    }

    /// A text as the pattern around it takes it for itself.
    fn matched(self, text: &str) -> Cow<'_, str> {
        match self.slot.matching {
            Some(matching) if !self.is_pattern(text) => Cow::from(escaped(text, matching)),
            _ => Cow::from(text.to_owned()),
        }
    }

    /// Whether an undeclared text that is the whole pattern is one: it brings wildcards of its own.
    pub(super) fn is_pattern(self, text: &str) -> bool {
        let whole = self.slot.whole_string || self.slot.form == Form::Pattern;
        let wild = match self.slot.matching {
            Some(Matching::Like(_)) => text.contains('%'),
            Some(Matching::Regex) => true,
            None => false,
        };
        whole && wild && !self.declared
    }

    /// Whether `LIKE {{x}}` means "contains": people who bring no wildcards do mean that.
    pub(super) fn is_contained(self, text: &str) -> bool {
        let like = matches!(self.slot.matching, Some(Matching::Like(_)));
        like && self.slot.form == Form::Pattern && !self.slot.whole_string && !self.is_pattern(text)
    }

    fn containing(self, text: &str) -> String {
        literal(&format!("%{}%", self.dialect.inside_quotes(&self.matched(text))))
    }
}

fn literal(inner: &str) -> String {
    format!("'{inner}'")
}
