//! Proves that writing values into a query changed nothing but their places.

use std::ops::Range;

use crate::sql::{Token, TokenKind, tokens};

/// One replacement: bytes `old` of the query became bytes `new` of the written one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) old: Range<usize>,
    pub(crate) new: Range<usize>,
    /// The parameter.
    pub(crate) name: String,
}

/// Whether both queries have the same tokens outside the replaced places.
pub(super) fn is_kept(before: &str, after: &str, edits: &[Edit]) -> bool {
    let old: Vec<_> = edits.iter().map(|edit| edit.old.clone()).collect();
    let new: Vec<_> = edits.iter().map(|edit| edit.new.clone()).collect();
    outside(before, &old) == outside(after, &new)
}

/// The replacement in a string that ends elsewhere if a backslash is an escape, if there is one.
pub(super) fn ambiguous_string<'a>(after: &str, edits: &'a [Edit]) -> Option<&'a Edit> {
    let strings = tokens(after).filter(|token| token.kind == TokenKind::String);
    let mut ambiguous = strings.filter(|token| is_ambiguous(token.text(after)));
    ambiguous.find_map(|token| edits.iter().find(|edit| overlaps(token, &edit.new)))
}

/// The tokens with what of their text lies outside `places`; those inside are left out.
fn outside<'a>(sql: &'a str, places: &[Range<usize>]) -> Vec<(TokenKind, Vec<&'a str>)> {
    let mut places = places.iter().peekable();
    let mut found = Vec::new();
    for token in tokens(sql) {
        while places.next_if(|place| place.end <= token.start).is_some() {}
        let pieces = without(sql, token, places.clone().take_while(|place| place.start < token.end));
        if !pieces.is_empty() {
            found.push((token.kind, pieces));
        }
    }
    found
}

fn without<'a, 'r>(
    sql: &'a str,
    token: Token,
    places: impl Iterator<Item = &'r Range<usize>>,
) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let mut from = token.start;
    for place in places {
        pieces.extend(sql.get(from..place.start).filter(|piece| !piece.is_empty()));
        from = from.max(place.end);
    }
    pieces.extend(sql.get(from..token.end).filter(|piece| !piece.is_empty()));
    pieces
}

fn overlaps(token: Token, place: &Range<usize>) -> bool {
    place.start < token.end && token.start < place.end
}

/// Whether an odd number of backslashes stands before a quote of the string.
fn is_ambiguous(string: &str) -> bool {
    let mut backslashes = 0_usize;
    string.chars().skip(1).any(|character| {
        let ambiguous = character == '\'' && backslashes % 2 == 1;
        backslashes = if character == '\\' { backslashes + 1 } else { 0 };
        ambiguous
    })
}
