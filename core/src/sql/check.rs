//! Whether a text can be a query at all.

use super::lexer::{Token, TokenKind, Unfinished, position, tokens};
use crate::{Error, Result};

/// The words a query begins with.
const BEGINNINGS: [&str; 3] = ["SELECT", "WITH", "VALUES"];

/// What opens and what closes it.
const BRACKETS: [(char, char); 2] = [('(', ')'), ('[', ']')];

/// Checks that a text is one query with balanced parentheses and nothing left open.
///
/// # Errors
/// `InvalidInput`, code `sql_unreadable`, with the line and column and what to do.
pub fn readable(sql: &str) -> Result<()> {
    let tokens: Vec<Token> = tokens(sql).filter(|token| !token.is_comment()).collect();
    let first = tokens.first().ok_or_else(|| unreadable(sql, 0, "the query is empty", "write a SELECT"))?;
    if let Some(found) = tokens.iter().find_map(|token| unfinished(sql, *token)) {
        return Err(found);
    }
    is_query(sql, *first, &tokens)?;
    is_balanced(sql, &tokens)?;
    is_one(sql, &tokens)
}

fn unfinished(sql: &str, token: Token) -> Option<Error> {
    let TokenKind::Unfinished(what) = token.kind else { return None };
    let (message, hint) = match what {
        Unfinished::String => {
            ("a string has no closing quote", "close it with ', and double a quote inside it: ''")
        }
        Unfinished::Identifier => ("a quoted identifier has no closing quote", "close it as it was opened"),
        Unfinished::Comment => ("a comment has no end", "close it with */"),
        Unfinished::Placeholder => {
            ("{{ is not followed by a name and }}", "write {{name}}: letters, digits, _")
        }
    };
    Some(unreadable(sql, token.start, message, hint))
}

fn is_query(sql: &str, first: Token, tokens: &[Token]) -> Result<()> {
    let beginning = tokens.iter().find(|token| !token.is_symbol(sql, '(')).unwrap_or(&first);
    if BEGINNINGS.iter().any(|word| beginning.is_word(sql, word)) {
        return Ok(());
    }
    let message = format!("a query does not begin with {:?}", beginning.text(sql));
    Err(unreadable(sql, beginning.start, message, "AMC runs queries only: begin with SELECT or WITH"))
}

fn is_balanced(sql: &str, tokens: &[Token]) -> Result<()> {
    let mut open: Vec<(char, usize)> = Vec::new();
    for token in tokens.iter().filter(|token| token.kind == TokenKind::Symbol) {
        for (opening, closing) in BRACKETS {
            if token.is_symbol(sql, opening) {
                open.push((closing, token.start));
            } else if token.is_symbol(sql, closing)
                && open.pop().map(|(expected, _)| expected) != Some(closing)
            {
                let message = format!("this {closing} closes nothing");
                return Err(unreadable(
                    sql,
                    token.start,
                    message,
                    format!("remove it, or open it with {opening}"),
                ));
            }
        }
    }
    match open.pop() {
        None => Ok(()),
        Some((closing, start)) => Err(unreadable(
            sql,
            start,
            "this parenthesis is never closed",
            format!("close it with {closing}"),
        )),
    }
}

fn is_one(sql: &str, tokens: &[Token]) -> Result<()> {
    let after = tokens.iter().skip_while(|token| !token.is_symbol(sql, ';'));
    match after.into_iter().find(|token| !token.is_symbol(sql, ';')) {
        None => Ok(()),
        Some(second) => Err(unreadable(
            sql,
            second.start,
            "a second statement begins here",
            "run one query at a time; remove what follows the semicolon",
        )),
    }
}

fn unreadable(sql: &str, offset: usize, message: impl Into<String>, hint: impl Into<String>) -> Error {
    let position = position(sql, offset);
    Error::invalid("sql_unreadable", format!("{} ({position})", message.into()))
        .hint(hint)
        .at(position)
        .shown_in(sql)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Position;

    #[test]
    fn queries_are_readable() {
        for sql in [
            "SELECT 1",
            "select a from t;",
            "-- first\n WITH x AS (SELECT ')' FROM t) SELECT * FROM x ; ; -- done",
            "(SELECT ARRAY[1, 2]) UNION ALL (SELECT 2)",
            "VALUES (1), (2)",
            "SELECT {{x}}, '{{', \"(\" /* ; ( */ FROM t",
        ] {
            assert!(readable(sql).is_ok(), "{sql}: {:?}", readable(sql));
        }
    }

    #[test]
    fn what_is_no_query_says_where_and_why() {
        for (sql, line, column, says) in [
            ("", 1, 1, "empty"),
            (" -- only a comment\n", 1, 1, "empty"),
            ("SELECT 'a\nFROM t", 1, 8, "string"),
            ("SELECT \"a FROM t", 1, 8, "identifier"),
            ("SELECT 1\n  /* FROM", 2, 3, "comment"),
            ("SELECT {{a b}}", 1, 8, "{{"),
            ("SELECT (1\nFROM t", 1, 8, "never closed"),
            ("SELECT 1)", 1, 9, "closes nothing"),
            ("SELECT (1]", 1, 10, "closes nothing"),
            ("SELECT 1;\nSELECT 2", 2, 1, "second statement"),
            ("DROP TABLE t", 1, 1, "\"DROP\""),
            ("(DELETE FROM t)", 1, 2, "\"DELETE\""),
            ("; SELECT 1", 1, 1, "\";\""),
        ] {
            let error = readable(sql).unwrap_err();
            assert_eq!(error.code(), "sql_unreadable");
            assert_eq!(error.position(), Some(Position { line, column }), "{sql}");
            assert!(error.message().contains(says) && error.what_to_do().is_some(), "{sql}: {error}");
        }
    }
}
