//! The parameters a query refers to.

use super::lexer::{Token, TokenKind, placeholders_of, position, tokens};
use crate::Position;

/// AMC's own function for a parameter.
const FUNCTION: &str = "CUSTOM_PARAMETER";

/// A mention of a parameter: bytes `start..end` of the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The parameter's name, in its own case.
    pub name: String,
    /// How it is mentioned.
    pub kind: ReferenceKind,
    /// What it stands in.
    pub place: Place,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
    /// Its line and column.
    pub position: Position,
}

/// How a parameter is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReferenceKind {
    /// `CUSTOM_PARAMETER('name')`: AMC takes the value.
    Native,
    /// `{{name}}` or `:name`: the value is written into the query.
    Inline,
}

/// What a parameter's mention stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The query itself.
    Code,
    /// A string in quotes.
    String,
    /// A quoted identifier.
    Identifier,
    /// A comment, which means nothing.
    Comment,
}

/// Finds every mention of a parameter, in the order of the text.
#[must_use]
pub fn references(sql: &str) -> Vec<Reference> {
    references_of(sql, &tokens(sql).collect::<Vec<_>>())
}

/// [`references`], where the tokens of the query, with its comments, are there already.
pub(crate) fn references_of(sql: &str, tokens: &[Token]) -> Vec<Reference> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Word if token.is_word(sql, FUNCTION) => found.extend(native(sql, &tokens[at..])),
            TokenKind::Word | TokenKind::Number | TokenKind::Symbol => {}
            _ => found.extend(inline(sql, *token)),
        }
    }
    found
}

fn inline(sql: &str, token: Token) -> impl Iterator<Item = Reference> {
    let place = match token.kind {
        TokenKind::Placeholder => Some(Place::Code),
        TokenKind::String => Some(Place::String),
        TokenKind::QuotedIdentifier => Some(Place::Identifier),
        TokenKind::LineComment | TokenKind::BlockComment => Some(Place::Comment),
        _ => None,
    };
    place.into_iter().flat_map(move |place| {
        placeholders_of(token, sql).map(move |(name, bytes)| {
            let (start, end) = (token.start + bytes.start, token.start + bytes.end);
            reference(sql, name.to_owned(), ReferenceKind::Inline, place, start..end)
        })
    })
}

/// The call of AMC's function that tokens begin with.
fn native(sql: &str, tokens: &[Token]) -> Option<Reference> {
    let mut code = tokens.iter().filter(|token| !token.is_comment());
    let [function, open, name, close] = [code.next()?, code.next()?, code.next()?, code.next()?];
    let is_call = open.is_symbol(sql, '(') && name.kind == TokenKind::String && close.is_symbol(sql, ')');
    let text = name.text(sql).strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    is_call.then(|| reference(sql, text, ReferenceKind::Native, Place::Code, function.start..close.end))
}

fn reference(
    sql: &str,
    name: String,
    kind: ReferenceKind,
    place: Place,
    bytes: std::ops::Range<usize>,
) -> Reference {
    Reference { name, kind, place, start: bytes.start, end: bytes.end, position: position(sql, bytes.start) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mention_is_found_with_its_place() {
        let sql = "SELECT {{a}}, 'x {{b}}' -- {{c}}\n, \"{{d}}\" FROM t\n\
                   WHERE Custom_Parameter ( /* it */ 'e''s' ) = custom_parameter(f)";
        let found: Vec<_> = references(sql)
            .into_iter()
            .map(|it| (it.name, it.kind, it.place, it.position.line, it.position.column))
            .collect();
        let inline =
            |name: &str, place, line, column| (name.to_owned(), ReferenceKind::Inline, place, line, column);
        let expected = [
            inline("a", Place::Code, 1, 8),
            inline("b", Place::String, 1, 18),
            inline("c", Place::Comment, 1, 28),
            inline("d", Place::Identifier, 2, 4),
            ("e's".to_owned(), ReferenceKind::Native, Place::Code, 3, 7),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_function_in_a_string_or_comment_is_no_mention() {
        assert_eq!(references("SELECT 'CUSTOM_PARAMETER(''a'')' -- CUSTOM_PARAMETER('b')"), []);
    }
}
