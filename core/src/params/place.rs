//! Where in a query a `{{name}}` stands, and so what form its value takes.

use crate::sql::{self, Token, TokenKind};

/// The form a value takes in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// One value: `= {{x}}`.
    Value,
    /// One or more values between commas: `IN ({{x}})`, `ARRAY[{{x}}]`.
    Elements,
    /// A list with its parentheses: `IN {{x}}`.
    List,
    /// Rows with their parentheses: `VALUES {{x}}`.
    Rows,
    /// A pattern with its quotes: `LIKE {{x}}`.
    Pattern,
    /// A text whose type stands before it: `DATE {{x}}`.
    Typed,
    /// A table or column: `FROM {{x}}`, `{{x}}.reach`.
    Name,
    /// Part of a quoted string: `'{{x}}%'`.
    Text,
    /// Part of a quoted identifier: `"{{x}}"`.
    QuotedName,
}

/// Bytes `start..end` of a query, which a value replaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// The parameter.
    pub(super) name: String,
    /// The form its value takes.
    pub(super) form: Form,
    /// Whether it is a whole string, so that a list may take its place: `IN ('{{x}}')`.
    pub(super) whole_string: bool,
    /// Whether a string around it is the pattern of a LIKE.
    pub(super) in_pattern: bool,
    /// The first byte.
    pub(super) start: usize,
    /// The byte after the last.
    pub(super) end: usize,
}

/// The function whose comma list takes any number of values, and the brackets that do.
const LISTS: [&str; 3] = ["IN", "CONTAINED_IN", "ARRAY"];
/// After these stands the name of a table or column, or an alias.
const BEFORE_NAMES: [&str; 5] = ["FROM", "JOIN", "TABLE", "AS", "."];
/// In these functions FROM stands before a value.
const FROM_VALUES: [&str; 3] = ["EXTRACT", "SUBSTRING", "TRIM"];

/// The places of a query's `{{name}}`, comments left out.
pub(super) fn slots(sql: &str) -> Vec<Slot> {
    let mut reader = Reader { sql, open: Vec::new(), last: String::new(), before_last: String::new() };
    let mut slots = Vec::new();
    for token in sql::tokens(sql).filter(|token| !token.is_comment()) {
        slots.extend(reader.slots(token));
        reader.pass(token);
    }
    slots
}

/// What was read before the current token, in capitals.
struct Reader<'a> {
    sql: &'a str,
    /// The word before each bracket that is still open.
    open: Vec<String>,
    last: String,
    before_last: String,
}

impl Reader<'_> {
    fn slots(&self, token: Token) -> Vec<Slot> {
        let text = token.text(self.sql);
        let form = self.form(token.end);
        let slot = |(name, bytes): (&str, std::ops::Range<usize>), form, whole_string| Slot {
            name: name.to_owned(),
            form,
            whole_string,
            in_pattern: self.form(token.end) == Form::Pattern,
            start: token.start + bytes.start,
            end: token.start + bytes.end,
        };
        let inner = match token.kind {
            TokenKind::Placeholder => form,
            TokenKind::String if is_one_placeholder(text) => {
                let whole = sql::placeholders(text).map(|(name, _)| slot((name, 0..text.len()), form, true));
                return whole.collect();
            }
            TokenKind::String => Form::Text,
            TokenKind::QuotedIdentifier => Form::QuotedName,
            _ => return Vec::new(),
        };
        sql::placeholders(text).map(|found| slot(found, inner, false)).collect()
    }

    fn form(&self, end: usize) -> Form {
        let last = self.last.as_str();
        let opener = self.open.last().map_or("", String::as_str);
        match last {
            "IN" => Form::List,
            "VALUES" => Form::Rows,
            "LIKE" => Form::Pattern,
            "TO" if self.before_last == "SIMILAR" => Form::Pattern,
            "DATE" | "TIMESTAMP" => Form::Typed,
            "FROM" if FROM_VALUES.contains(&opener) => Form::Value,
            _ if BEFORE_NAMES.contains(&last) || self.sql[end..].starts_with('.') => Form::Name,
            _ if LISTS.contains(&opener) => Form::Elements,
            _ => Form::Value,
        }
    }

    fn pass(&mut self, token: Token) {
        let text = token.text(self.sql).to_uppercase();
        match text.as_str() {
            "(" | "[" => self.open.push(self.last.clone()),
            ")" | "]" => drop(self.open.pop()),
            // A subquery is no list, whatever its parentheses stand behind.
            "SELECT" => self.open.last_mut().into_iter().for_each(|opener| opener.clone_from(&text)),
            _ => {}
        }
        self.before_last = std::mem::replace(&mut self.last, text);
    }
}

fn is_one_placeholder(string: &str) -> bool {
    let mut found = sql::placeholders(string);
    found.next().is_some_and(|(_, bytes)| bytes == (1..string.len() - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_gives_the_form() {
        for (sql, form) in [
            ("SELECT a FROM t WHERE b = {{x}}", Form::Value),
            ("SELECT a FROM t WHERE b IN ({{x}})", Form::Elements),
            ("SELECT a FROM t WHERE b NOT IN (1, /* ( */ {{x}})", Form::Elements),
            ("SELECT ARRAY[{{x}}]", Form::Elements),
            ("SELECT a FROM t WHERE b IN (SELECT {{x}})", Form::Value),
            ("SELECT a FROM t WHERE b IN (f({{x}}))", Form::Value),
            ("SELECT a FROM t WHERE b in {{x}}", Form::List),
            ("WITH v (a) AS (VALUES {{x}}) SELECT a FROM v", Form::Rows),
            ("WITH v (a) AS (VALUES ({{x}})) SELECT a FROM v", Form::Value),
            ("SELECT a FROM t WHERE b LIKE {{x}}", Form::Pattern),
            ("SELECT a FROM t WHERE b NOT SIMILAR TO {{x}}", Form::Pattern),
            ("SELECT a FROM t WHERE b > DATE {{x}}", Form::Typed),
            ("SELECT a FROM {{x}}", Form::Name),
            ("SELECT {{x}}.a FROM t", Form::Name),
            ("SELECT t.{{x}} FROM t", Form::Name),
            ("SELECT a AS {{x}} FROM t", Form::Name),
            ("SELECT SUBSTRING(a FROM {{x}}) FROM t", Form::Value),
            ("SELECT 'a{{x}}'", Form::Text),
            ("SELECT \"{{x}}\"", Form::QuotedName),
            ("SELECT a FROM t WHERE b IN ('{{x}}')", Form::Elements),
        ] {
            let slots = slots(sql);
            assert_eq!(slots.iter().map(|slot| slot.form).collect::<Vec<_>>(), [form], "{sql}");
        }
        assert_eq!(slots("SELECT 1 -- {{x}}\n/* {{y}} */"), []);
    }

    #[test]
    fn a_whole_string_is_replaced_with_its_quotes() {
        let sql = "SELECT '{{ x }}', ' {{y}}'";
        let found: Vec<_> = slots(sql).iter().map(|slot| &sql[slot.start..slot.end]).collect();
        assert_eq!(found, ["'{{ x }}'", "{{y}}"]);
    }
}
