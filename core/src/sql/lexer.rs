//! The tokens of a query, each with its place in the text.

use crate::Position;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A keyword or an identifier without quotes.
    Word,
    /// An identifier in double quotes or backticks, with its quotes.
    QuotedIdentifier,
    /// A string in single quotes, with its quotes; a quote inside is doubled.
    String,
    /// A number without its sign.
    Number,
    /// `-- …`, without its line end.
    LineComment,
    /// `/* … */`; such comments do not nest.
    BlockComment,
    /// `{{name}}` or `:name` outside strings, quoted identifiers and comments.
    Placeholder,
    /// Any other single character.
    Symbol,
    /// Something that begins and never ends: it reaches to the end of the text.
    Unfinished(Unfinished),
}

/// What begins and never ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfinished {
    /// A string without its closing quote.
    String,
    /// A quoted identifier without its closing quote.
    Identifier,
    /// A `/*` without its `*/`.
    Comment,
    /// A `{{` that is not followed by a name and `}}`.
    Placeholder,
}

/// A piece of a query: bytes `start..end` of its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

impl Token {
    /// Its text.
    #[must_use]
    pub fn text(self, sql: &str) -> &str {
        sql.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether it is a comment, which means nothing to the query.
    #[must_use]
    pub fn is_comment(self) -> bool {
        matches!(self.kind, TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Whether it is the word `word`, in any case.
    #[must_use]
    pub fn is_word(self, sql: &str, word: &str) -> bool {
        // Most words are told apart by their length.
        self.kind == TokenKind::Word
            && self.end - self.start == word.len()
            && self.text(sql).eq_ignore_ascii_case(word)
    }

    /// Whether it is the character `symbol`.
    #[must_use]
    pub fn is_symbol(self, sql: &str, symbol: char) -> bool {
        self.kind == TokenKind::Symbol && self.text(sql).starts_with(symbol)
    }
}

/// Splits a query into its tokens; white space is left out.
#[must_use]
pub fn tokens(sql: &str) -> Tokens<'_> {
    Tokens { sql, at: 0 }
}

/// The line and column of a byte of a text.
#[must_use]
pub fn position(sql: &str, offset: usize) -> Position {
    let before = sql.get(..offset).unwrap_or(sql);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Position { line: number(line), column: number(column) }
}

/// The byte at a line and column of a text.
#[must_use]
pub fn offset(sql: &str, place: Position) -> Option<usize> {
    let lines = usize::try_from(place.line).ok()?.checked_sub(1)?;
    let start = match lines {
        0 => 0,
        lines => sql.match_indices('\n').nth(lines - 1)?.0 + 1,
    };
    let column = usize::try_from(place.column).ok()?.checked_sub(1)?;
    let line = sql.get(start..)?.split('\n').next().unwrap_or_default();
    Some(start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at))
}

/// The `{{name}}` anywhere in a text, as names with their bytes in it.
pub fn placeholders(text: &str) -> impl Iterator<Item = (&str, std::ops::Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(found) = text.get(at..)?.find("{{") {
            let start = at + found;
            if let Some((name, length)) = placeholder(&text[start..]) {
                at = start + length;
                return Some((name, start..at));
            }
            at = start + 1;
        }
        None
    })
}

/// The placeholders of a token: `{{name}}` anywhere in it, or the `:name` it is.
pub fn placeholders_of(token: Token, sql: &str) -> impl Iterator<Item = (&str, std::ops::Range<usize>)> {
    let text = token.text(sql);
    let is_colon = token.kind == TokenKind::Placeholder && text.starts_with(':');
    let colon = is_colon.then(|| (&text[1..], 0..text.len()));
    colon.into_iter().chain(placeholders(text))
}

/// Whether a text can be the name of a parameter: letters, digits and `_`, no digit first.
#[must_use]
pub fn is_parameter_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name and the length of the placeholder a text begins with.
fn placeholder(text: &str) -> Option<(&str, usize)> {
    let (inner, _) = text.strip_prefix("{{")?.split_once("}}")?;
    let name = inner.trim();
    is_parameter_name(name).then_some((name, inner.len() + 4))
}

/// The tokens of a query, in order.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    sql: &'a str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = self.sql.get(self.at..)?.trim_start();
        let start = self.sql.len() - rest.len();
        let first = rest.chars().next()?;
        let colon = if first == ':' { colon(rest, self.sql[..start].chars().next_back()) } else { None };
        let (kind, length) = match colon {
            Some(length) => (TokenKind::Placeholder, length),
            None => token(rest, first),
        };
        self.at = start + length;
        Some(Token { kind, start, end: self.at })
    }
}

/// The length of the `:name` a text begins with: not `a::type`, not `a:b`.
fn colon(rest: &str, before: Option<char>) -> Option<usize> {
    let name = rest.strip_prefix(':')?;
    let apart =
        !before.is_some_and(|before| is_word(before) || matches!(before, ':' | ')' | ']' | '\'' | '"'));
    let length = until(name, |next| !(next.is_ascii_alphanumeric() || next == '_'));
    (apart && is_parameter_name(&name[..length])).then_some(length + 1)
}

fn token(rest: &str, first: char) -> (TokenKind, usize) {
    let digit_follows = || rest[first.len_utf8()..].starts_with(|next: char| next.is_ascii_digit());
    match first {
        '\'' => quoted(rest, first, TokenKind::String, Unfinished::String),
        '"' | '`' => quoted(rest, first, TokenKind::QuotedIdentifier, Unfinished::Identifier),
        '-' if rest.starts_with("--") => (TokenKind::LineComment, until(rest, |next| next == '\n')),
        '/' if rest.starts_with("/*") => block_comment(rest),
        '{' if rest.starts_with("{{") => match placeholder(rest) {
            Some((_, length)) => (TokenKind::Placeholder, length),
            None => (TokenKind::Unfinished(Unfinished::Placeholder), rest.len()),
        },
        '0'..='9' => (TokenKind::Number, number(rest)),
        '.' if digit_follows() => (TokenKind::Number, number(rest)),
        _ if is_word(first) => (TokenKind::Word, word(rest)),
        _ => (TokenKind::Symbol, first.len_utf8()),
    }
}

/// The length of the word a text begins with: most have no letter beyond ASCII.
fn word(rest: &str) -> usize {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let plain = rest.bytes().position(|byte| !is_plain(&byte)).unwrap_or(rest.len());
    if rest[plain..].starts_with(is_word) { until(rest, |next| !is_word(next)) } else { plain }
}

/// Whether a character can be part of a word.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

fn quoted(rest: &str, quote: char, kind: TokenKind, open: Unfinished) -> (TokenKind, usize) {
    let mut at = 1;
    while let Some(found) = rest[at..].find(quote) {
        at += found + 1;
        if !rest[at..].starts_with(quote) {
            return (kind, at);
        }
        at += 1;
    }
    (TokenKind::Unfinished(open), rest.len())
}

fn block_comment(rest: &str) -> (TokenKind, usize) {
    match rest[2..].find("*/") {
        Some(end) => (TokenKind::BlockComment, end + 4),
        None => (TokenKind::Unfinished(Unfinished::Comment), rest.len()),
    }
}

fn number(rest: &str) -> usize {
    let digits = |from: usize| from + until(&rest[from..], |next| !next.is_ascii_digit());
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if rest[end..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
        let exponent = digits(end + 1 + sign);
        end = if exponent > end + 1 + sign { exponent } else { end };
    }
    end
}

fn until(rest: &str, stop: impl Fn(char) -> bool) -> usize {
    rest.find(stop).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(sql: &str) -> Vec<(TokenKind, &str)> {
        tokens(sql).map(|token| (token.kind, token.text(sql))).collect()
    }

    #[test]
    fn a_query_is_split_into_its_tokens() {
        use TokenKind::{
            BlockComment, LineComment, Number, Placeholder, QuotedIdentifier, String, Symbol, Word,
        };
        let sql = "SELECT \"a\"\"b\", `c` -- d's\n/* 'e */ 'f''g{{x}}'||{{ y }}>=1.5E-3+.5";
        let expected = [
            (Word, "SELECT"),
            (QuotedIdentifier, "\"a\"\"b\""),
            (Symbol, ","),
            (QuotedIdentifier, "`c`"),
            (LineComment, "-- d's"),
            (BlockComment, "/* 'e */"),
            (String, "'f''g{{x}}'"),
            (Symbol, "|"),
            (Symbol, "|"),
            (Placeholder, "{{ y }}"),
            (Symbol, ">"),
            (Symbol, "="),
            (Number, "1.5E-3"),
            (Symbol, "+"),
            (Number, ".5"),
        ];
        assert_eq!(split(sql), expected);
    }

    #[test]
    fn what_never_ends_reaches_to_the_end() {
        for (sql, what) in [
            ("'it''s", Unfinished::String),
            ("\"a", Unfinished::Identifier),
            ("/* a", Unfinished::Comment),
            ("{{ a b }}", Unfinished::Placeholder),
            ("{{#if a}}", Unfinished::Placeholder),
        ] {
            assert_eq!(split(sql), [(TokenKind::Unfinished(what), sql)]);
        }
    }

    #[test]
    fn a_number_ends_before_a_word() {
        assert_eq!(split("1e"), [(TokenKind::Number, "1"), (TokenKind::Word, "e")]);
        assert_eq!(split("1.e5"), [(TokenKind::Number, "1.e5")]);
    }

    #[test]
    fn positions_count_characters() {
        let sql = "é\nßx'";
        assert_eq!(position(sql, sql.len() - 1), Position { line: 2, column: 3 });
        assert_eq!(position(sql, 0), Position { line: 1, column: 1 });
    }

    #[test]
    fn placeholders_are_found_in_any_text() {
        let found: Vec<_> = placeholders("{{{a}} {{ b_1 }}{{}}{{-}}{{c}}").map(|(name, _)| name).collect();
        assert_eq!(found, ["a", "b_1", "c"]);
    }

    proptest! {
        #[test]
        fn tokens_cover_everything_but_white_space(sql in "[ a-z0-9'\"`{}/*.()\\n-]{0,60}|\\PC{0,40}") {
            let mut end = 0;
            for token in tokens(&sql) {
                prop_assert!(sql[end..token.start].trim().is_empty());
                prop_assert!(token.end > token.start);
                end = token.end;
            }
            prop_assert!(sql[end..].trim().is_empty());
        }
    }
}
