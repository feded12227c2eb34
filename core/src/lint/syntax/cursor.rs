//! A place in the tokens of a query.

use super::tree::Name;
use crate::sql::{Token, TokenKind};

/// What was expected, and where something else was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) struct Unexpected {
    pub(in crate::lint) at: usize,
    pub(in crate::lint) found: String,
    pub(in crate::lint) expected: &'static str,
}

pub(super) type Parsed<T> = Result<T, Unexpected>;

/// How deep a query may be nested; deeper ones are not looked into.
const DEEPEST: usize = 120;

pub(super) struct Cursor<'a> {
    pub(super) sql: &'a str,
    tokens: &'a [Token],
    at: usize,
    pub(super) depth: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(sql: &'a str, tokens: &'a [Token]) -> Self {
        Self { sql, tokens, at: 0, depth: 0 }
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> Option<Token> {
        self.tokens.get(self.at + by).copied()
    }

    pub(super) fn text(&self, token: Token) -> &'a str {
        self.sql.get(token.start..token.end).unwrap_or_default()
    }

    /// Where the next token begins, or the last character of the text.
    pub(super) fn start(&self) -> usize {
        self.peek().map_or_else(|| self.end(), |token| token.start)
    }

    fn end(&self) -> usize {
        let trimmed = self.sql.trim_end();
        trimmed.char_indices().next_back().map_or(0, |(at, _)| at)
    }

    /// Where the last token that was read ends.
    pub(super) fn last_end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.end)
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word_ahead(0, word)
    }

    pub(super) fn word_ahead(&self, by: usize, word: &str) -> bool {
        self.ahead(by).is_some_and(|token| token.is_word(self.sql, word))
    }

    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        let Some(token) = self.peek().filter(|token| token.kind == TokenKind::Word) else { return false };
        words.iter().any(|word| token.is_word(self.sql, word))
    }

    pub(super) fn is_symbol(&self, symbol: char) -> bool {
        self.symbol_ahead(0, symbol)
    }

    pub(super) fn symbol_ahead(&self, by: usize, symbol: char) -> bool {
        self.ahead(by).is_some_and(|token| token.is_symbol(self.sql, symbol))
    }

    pub(super) fn is_kind(&self, kind: TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == kind)
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn take_words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(by, word)| self.word_ahead(by, word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub(super) fn take_symbol(&mut self, symbol: char) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect_word(&mut self, word: &'static str) -> Parsed<()> {
        if self.take_word(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    pub(super) fn expect_symbol(&mut self, symbol: char, name: &'static str) -> Parsed<()> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.unexpected(name)) }
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> Unexpected {
        let found = self.peek().map_or("the end", |token| self.text(token));
        Unexpected { at: self.start(), found: found.to_owned(), expected }
    }

    /// Goes one level deeper.
    pub(super) fn nested<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return Err(Unexpected { at: usize::MAX, found: String::new(), expected: "" });
        }
        self.depth += 1;
        let parsed = inner(self);
        self.depth -= 1;
        parsed
    }

    /// A name with or without quotes, or a parameter in its place; not one of `reserved`.
    pub(super) fn name(&mut self, reserved: &[&str]) -> Option<Name> {
        let token = self.peek()?;
        let text = match token.kind {
            TokenKind::Word if !self.is_any(reserved) => self.text(token).to_lowercase(),
            TokenKind::QuotedIdentifier => unquoted(self.text(token)),
            TokenKind::Placeholder => String::new(),
            _ => return None,
        };
        self.at += 1;
        Some(Name { text, start: token.start })
    }

    /// Passes over everything up to the parenthesis that closes what was opened.
    pub(super) fn skip_to_close(&mut self) {
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            if token.is_symbol(self.sql, '(') {
                open += 1;
            } else if token.is_symbol(self.sql, ')') {
                if open == 0 {
                    return;
                }
                open -= 1;
            }
            self.at += 1;
        }
    }
}

fn unquoted(text: &str) -> String {
    let quote = text.chars().next().unwrap_or('"');
    let inner = text.trim_start_matches(quote).strip_suffix(quote).unwrap_or(text);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string()).to_lowercase()
}
