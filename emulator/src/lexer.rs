//! Cuts SQL into as much as can be known without a grammar: words, strings, signs and how deep in parentheses they are.

use crate::query::Refusal;

/// A piece of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) text: String,
    /// How many parentheses are open around it.
    pub(crate) depth: usize,
    /// The byte it begins at.
    pub(crate) at: usize,
}

/// What a piece of SQL is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A keyword, a name or a number; a quoted name without its quotes.
    Word,
    /// A string literal without its quotes.
    Text,
    /// A single sign.
    Sign,
}

impl Token {
    /// Tells whether this is a keyword, in any case.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Tells whether this is a sign.
    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }
}

/// Cuts `sql` into tokens without comments.
///
/// # Errors
/// Rejected, in the words of AMC's parser, when a quote, a comment or a parenthesis is not closed or nothing is
/// left.
pub(crate) fn lex(sql: &str) -> Result<Vec<Token>, Refusal> {
    let mut lexer = Lexer { sql, at: 0, depth: 0, tokens: Vec::new() };
    while let Some(character) = lexer.rest().chars().next() {
        lexer.next(character)?;
    }
    if lexer.depth > 0 || lexer.tokens.is_empty() {
        return Err(lexer.encountered("<EOF>"));
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    sql: &'a str,
    at: usize,
    depth: usize,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.sql[self.at..]
    }

    fn next(&mut self, character: char) -> Result<(), Refusal> {
        let rest = self.rest();
        match character {
            c if c.is_whitespace() => self.at += c.len_utf8(),
            '-' if rest.starts_with("--") => self.at += rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => {
                let end = rest.find("*/").ok_or_else(|| self.encountered("/*"))?;
                self.at += end + 2;
            }
            '\'' => self.quoted('\'', TokenKind::Text)?,
            '"' | '`' => self.quoted(character, TokenKind::Word)?,
            c if is_word(c) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                self.take(length, TokenKind::Word);
            }
            '[' | ']' if self.is_element() => self.sign(character)?,
            '{' | '}' | '[' | ']' | '?' | '\\' => return Err(self.encountered(&character.to_string())),
            c => self.sign(c)?,
        }
        Ok(())
    }

    /// Tells whether a bracket here belongs to `ARRAY[…]` or to a subscript.
    fn is_element(&self) -> bool {
        let opens = self.rest().starts_with('[');
        let last = self.tokens.last();
        let takes = |token: &Token| token.is("array") || token.is_sign(")") || token.is_sign("]");
        let open = |sign| self.tokens.iter().filter(|token| token.is_sign(sign)).count();
        if opens { last.is_some_and(takes) } else { open("[") > open("]") }
    }

    fn sign(&mut self, sign: char) -> Result<(), Refusal> {
        if sign == ')' {
            self.depth = self.depth.checked_sub(1).ok_or_else(|| self.encountered(")"))?;
        }
        self.take(sign.len_utf8(), TokenKind::Sign);
        self.depth += usize::from(sign == '(');
        Ok(())
    }

    fn take(&mut self, length: usize, kind: TokenKind) {
        let text = self.rest()[..length].to_owned();
        self.tokens.push(Token { kind, text, depth: self.depth, at: self.at });
        self.at += length;
    }

    /// Takes a quoted piece; a doubled quote stands for one.
    fn quoted(&mut self, quote: char, kind: TokenKind) -> Result<(), Refusal> {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((index, character)) = characters.next() {
            if character == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
                self.tokens.push(Token { kind, text, depth: self.depth, at: self.at });
                self.at += index + quote.len_utf8();
                return Ok(());
            }
            text.push(character);
        }
        Err(self.encountered(&quote.to_string()))
    }

    fn encountered(&self, what: &str) -> Refusal {
        encountered(what, self.sql, self.at)
    }
}

/// Words a syntax error as AMC's parser does.
pub(crate) fn encountered(what: &str, sql: &str, at: usize) -> Refusal {
    let (line, column) = place(sql, at);
    Refusal::Rejected(format!(
        "SQL query was invalid: Encountered \"{what}\" at line {line}, column {column}."
    ))
}

/// Gives line and column of a byte, from 1.
pub(crate) fn place(sql: &str, at: usize) -> (usize, usize) {
    let before = &sql[..at];
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    (before.matches('\n').count() + 1, column)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || "_$".contains(character)
}
