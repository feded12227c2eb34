//! Where in a query a `{{name}}` stands, and so what form its value takes.

use std::ops::Range;

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
    /// Rows without the first and the last parenthesis: `VALUES ({{x}})`.
    RowsInside,
    /// A pattern with its quotes: `LIKE {{x}}`.
    Pattern,
    /// A text whose type stands before it: `DATE {{x}}`.
    Typed,
    /// A table, a column, a function: `FROM {{x}}`, `{{x}}.reach`, `{{x}}(reach)`.
    Name,
    /// A column, or the number of one: `GROUP BY {{x}}`.
    Key,
    /// Part of a quoted string: `'{{x}}%'`.
    Text,
    /// Part of a quoted identifier: `"{{x}}"`.
    QuotedName,
}

/// How a string is read that a value is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Matching {
    /// The pattern of a LIKE, and the character that takes a wildcard's meaning away.
    Like(char),
    /// The regular expression of a SIMILAR TO.
    Regex,
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
    /// The pattern it is, or is part of.
    pub(super) matching: Option<Matching>,
    /// Whether it is written `:name`.
    pub(super) colon: bool,
    /// Whether AMC can take the value itself here.
    pub(super) takes_native: bool,
    /// Whether what stands before compares it: `= {{x}}`.
    pub(super) compared: bool,
    /// The first byte.
    pub(super) start: usize,
    /// The byte after the last.
    pub(super) end: usize,
}

impl Slot {
    pub(super) fn is_regex(&self) -> bool {
        self.matching == Some(Matching::Regex)
    }
}

/// The function whose comma list takes any number of values, and the brackets that do.
const LISTS: [&str; 3] = ["IN", "CONTAINED_IN", "ARRAY"];
/// After these stands the name of a table or column, or an alias.
const BEFORE_NAMES: [&str; 5] = ["FROM", "JOIN", "TABLE", "AS", "."];
/// In these functions FROM stands before a value.
const FROM_VALUES: [&str; 3] = ["EXTRACT", "SUBSTRING", "TRIM"];
/// In these, and after these, only what is written out is understood.
const LITERAL_ONLY: [&str; 7] = [
    "EXTEND_TIME_WINDOW",
    "DATE_TRUNC",
    "BUILT_IN_PARAMETER",
    "CUSTOM_PARAMETER",
    "NAMED_ROW",
    "VALUES",
    "EXTRACT",
];
const LITERAL_AFTER: [&str; 4] = ["LIMIT", "OFFSET", "INTERVAL", "BY"];
/// What ends a list of keys.
const AFTER_KEYS: [&str; 9] =
    ["SELECT", "HAVING", "ORDER", "LIMIT", "UNION", "WINDOW", "QUALIFY", "ROWS", "RANGE"];
const COMPARISONS: [&str; 4] = ["=", "<", ">", "<>"];

/// The places of a query's `{{name}}`, comments left out.
pub(super) fn slots(sql: &str) -> Vec<Slot> {
    let tokens: Vec<Token> = sql::tokens(sql).filter(|token| !token.is_comment()).collect();
    let mut reader = Reader { sql, ..Reader::default() };
    let mut slots = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        slots.extend(reader.slots(*token, &tokens[at + 1..]));
        reader.pass(*token);
    }
    slots
}

/// What was read before the current token, in capitals.
#[derive(Default)]
struct Reader<'a> {
    sql: &'a str,
    /// The word before each bracket that is still open.
    open: Vec<String>,
    /// The word before the bracket that was closed last.
    closed: String,
    /// How many brackets are open around the list of keys that is being read.
    keys: Option<usize>,
    last: String,
    before_last: String,
}

impl Reader<'_> {
    fn slots(&self, token: Token, rest: &[Token]) -> Vec<Slot> {
        if !matches!(token.kind, TokenKind::Placeholder | TokenKind::String | TokenKind::QuotedIdentifier) {
            return Vec::new();
        }
        let text = token.text(self.sql);
        let outside = self.form(token.end, rest);
        let (form, whole_string) = match token.kind {
            TokenKind::String if is_one_placeholder(text) => (outside, true),
            TokenKind::String => (Form::Text, false),
            TokenKind::QuotedIdentifier => (Form::QuotedName, false),
            _ => (outside, false),
        };
        let slot = |(name, inside): (&str, Range<usize>)| {
            let bytes = if whole_string { 0..text.len() } else { inside };
            Slot {
                name: name.to_owned(),
                form,
                whole_string,
                matching: if outside == Form::Pattern { Some(self.matching(rest)) } else { None },
                colon: text.starts_with(':'),
                takes_native: form == Form::Value && self.takes_native(),
                compared: form == Form::Value && COMPARISONS.contains(&self.last.as_str()),
                start: token.start + bytes.start,
                end: token.start + bytes.end,
            }
        };
        sql::placeholders_of(token, self.sql).map(slot).collect()
    }

    fn form(&self, end: usize, rest: &[Token]) -> Form {
        let last = self.last.as_str();
        let opener = self.open.last().map_or("", String::as_str);
        let closes = rest.first().is_some_and(|next| next.is_symbol(self.sql, ')'));
        match last {
            "IN" => Form::List,
            "VALUES" => Form::Rows,
            "," if self.is_after_row() => Form::Rows,
            "(" if opener == "VALUES" && closes => Form::RowsInside,
            "LIKE" | "ILIKE" | "RLIKE" => Form::Pattern,
            "TO" if self.before_last == "SIMILAR" => Form::Pattern,
            "DATE" | "TIMESTAMP" => Form::Typed,
            "FROM" if FROM_VALUES.contains(&opener) || self.before_last == "DISTINCT" => Form::Value,
            "BY" => Form::Key,
            "," if self.keys == Some(self.open.len()) => Form::Key,
            _ if BEFORE_NAMES.contains(&last) || self.sql[end..].starts_with(['.', '(']) => Form::Name,
            _ if LISTS.contains(&opener) => Form::Elements,
            _ => Form::Value,
        }
    }

    /// Whether a comma stands behind a row of VALUES.
    fn is_after_row(&self) -> bool {
        self.last == "," && self.before_last == ")" && self.closed == "VALUES"
    }

    fn takes_native(&self) -> bool {
        let opener = self.open.last().map_or("", String::as_str);
        !LITERAL_ONLY.contains(&opener) && !LITERAL_AFTER.contains(&self.last.as_str())
    }

    fn matching(&self, rest: &[Token]) -> Matching {
        match rest {
            _ if matches!(self.last.as_str(), "TO" | "RLIKE") => Matching::Regex,
            [word, escape, ..] if word.is_word(self.sql, "ESCAPE") => {
                Matching::Like(escape.text(self.sql).chars().nth(1).unwrap_or('\\'))
            }
            _ => Matching::Like('\\'),
        }
    }

    fn pass(&mut self, token: Token) {
        let text = token.text(self.sql).to_uppercase();
        if AFTER_KEYS.contains(&text.as_str()) || self.keys > Some(self.open.len()) {
            self.keys = None;
        }
        match text.as_str() {
            "(" if self.is_after_row() => self.open.push("VALUES".to_owned()),
            "(" | "[" => self.open.push(self.last.clone()),
            ")" | "]" => self.closed = self.open.pop().unwrap_or_default(),
            "BY" => self.keys = Some(self.open.len()),
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
            ("SELECT a FROM t WHERE b = :x", Form::Value),
            ("SELECT a FROM t WHERE b IN ({{x}})", Form::Elements),
            ("SELECT a FROM t WHERE b NOT IN (1, /* ( */ {{x}})", Form::Elements),
            ("SELECT ARRAY[{{x}}]", Form::Elements),
            ("SELECT a FROM t WHERE b IN (SELECT {{x}})", Form::Value),
            ("SELECT a FROM t WHERE b IN (f({{x}}))", Form::Value),
            ("SELECT a FROM t WHERE b in {{x}}", Form::List),
            ("WITH v (a) AS (VALUES {{x}}) SELECT a FROM v", Form::Rows),
            ("WITH v (a) AS (VALUES ({{x}})) SELECT a FROM v", Form::RowsInside),
            ("WITH v (a) AS (VALUES (1, {{x}})) SELECT a FROM v", Form::Value),
            ("SELECT a FROM t WHERE b LIKE {{x}}", Form::Pattern),
            ("SELECT a FROM t WHERE b NOT SIMILAR TO {{x}}", Form::Pattern),
            ("SELECT a FROM t WHERE b > DATE {{x}}", Form::Typed),
            ("SELECT a FROM {{x}}", Form::Name),
            ("SELECT {{x}}.a FROM t", Form::Name),
            ("SELECT {{x}}(a) FROM t", Form::Name),
            ("SELECT t.{{x}} FROM t", Form::Name),
            ("SELECT a AS {{x}} FROM t", Form::Name),
            ("SELECT a FROM t GROUP BY {{x}}", Form::Key),
            ("SELECT SUBSTRING(a FROM {{x}}) FROM t", Form::Value),
            ("SELECT a FROM t WHERE b IS DISTINCT FROM {{x}}", Form::Value),
            ("SELECT 'a{{x}}'", Form::Text),
            ("SELECT 'at 10:30:x {{x}}'", Form::Text),
            ("SELECT \"{{x}}\"", Form::QuotedName),
            ("SELECT a FROM t WHERE b IN ('{{x}}')", Form::Elements),
        ] {
            assert_eq!(forms(sql), [form], "{sql}");
        }
        assert_eq!(slots("SELECT 1 -- {{x}} :x\n/* {{y}} */"), []);
        assert_eq!(slots("SELECT a::x, ':x' FROM t"), []);
    }

    fn forms(sql: &str) -> Vec<Form> {
        slots(sql).iter().map(|slot| slot.form).collect()
    }

    #[test]
    fn a_comma_goes_on_with_rows_and_keys() {
        for (sql, form) in [
            ("WITH v (a) AS (VALUES (1), (2), {{x}}) SELECT a FROM v", Form::Rows),
            ("WITH v (a) AS (VALUES (1), (2), ({{x}})) SELECT a FROM v", Form::RowsInside),
            ("WITH v (a) AS (VALUES (1)), w AS (SELECT f(a), {{x}} FROM v) SELECT a FROM w", Form::Value),
            ("SELECT a FROM t WHERE b ILIKE {{x}}", Form::Pattern),
            ("SELECT a FROM t WHERE b RLIKE {{x}}", Form::Pattern),
            ("SELECT a FROM t GROUP BY a, {{x}}", Form::Key),
            ("SELECT a FROM t GROUP BY f(a, {{x}})", Form::Value),
            ("SELECT SUM(a) OVER (PARTITION BY b, {{x}} ORDER BY c) FROM t", Form::Key),
            ("SELECT SUM(a) OVER (PARTITION BY b), {{x}} FROM t", Form::Value),
            ("SELECT a FROM t GROUP BY a, b HAVING f(a, {{x}}) > 1", Form::Value),
        ] {
            assert_eq!(forms(sql), [form], "{sql}");
        }
    }

    #[test]
    fn a_whole_string_is_replaced_with_its_quotes() {
        let sql = "SELECT '{{ x }}', ' {{y}}'";
        let found: Vec<_> = slots(sql).iter().map(|slot| &sql[slot.start..slot.end]).collect();
        assert_eq!(found, ["'{{ x }}'", "{{y}}"]);
    }

    #[test]
    fn the_character_that_escapes_is_the_query_s_own() {
        let matching = |sql: &str| slots(sql)[0].matching;
        assert_eq!(matching("a LIKE '%{{x}}' ESCAPE '!'"), Some(Matching::Like('!')));
        assert_eq!(matching("a LIKE {{x}}"), Some(Matching::Like('\\')));
        assert_eq!(matching("a SIMILAR TO '(?i){{x}}'"), Some(Matching::Regex));
        assert_eq!(matching("a = '%{{x}}'"), None);
    }
}
