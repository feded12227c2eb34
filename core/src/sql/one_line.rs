//! A query in the form AMC asks for: one line, no comments, no semicolon.

use super::lexer::{Token, tokens};

/// A query on one line, and where each of its pieces stood before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneLine {
    /// The query.
    pub sql: String,
    /// For each token its first byte here, and there.
    places: Vec<(usize, usize)>,
}

impl OneLine {
    /// Where a byte of the line stood in the text it was made of.
    #[must_use]
    pub fn origin(&self, offset: usize) -> usize {
        let after = self.places.partition_point(|(here, _)| *here <= offset);
        let token = after.checked_sub(1).and_then(|at| self.places.get(at));
        token.map_or(0, |(here, there)| there + (offset - here))
    }
}

/// Writes a query on one line: comments go, white space becomes one space. Strings stay as they are.
///
/// ```
/// use amc_fleet::sql::one_line;
///
/// assert_eq!(one_line("SELECT a, -- the first\n  'b  c'\nFROM t;\n").sql, "SELECT a, 'b  c' FROM t");
/// ```
#[must_use]
pub fn one_line(sql: &str) -> OneLine {
    let all: Vec<Token> = tokens(sql).filter(|token| !token.is_comment()).collect();
    let is_end = |token: &&Token| token.is_symbol(sql, ';');
    let kept = all.len() - all.iter().rev().take_while(is_end).count();
    let mut line = OneLine { sql: String::with_capacity(sql.len()), places: Vec::with_capacity(kept) };
    let mut end = None;
    for token in all.iter().take(kept) {
        if end.is_some_and(|end| end < token.start) {
            line.sql.push(' ');
        }
        line.places.push((line.sql.len(), token.start));
        line.sql.push_str(token.text(sql));
        end = Some(token.end);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::TokenKind;
    use proptest::prelude::*;

    #[test]
    fn a_query_becomes_one_line() {
        for (sql, line) in [
            ("SELECT 1", "SELECT 1"),
            ("-- first\nSELECT\n\t1 /* a\nb */ , 2 -- last", "SELECT 1 , 2"),
            ("SELECT a/* b */c FROM t ; ;", "SELECT a c FROM t"),
            ("SELECT 'a\n--b' FROM t", "SELECT 'a\n--b' FROM t"),
            ("SELECT a.b,c\nFROM t", "SELECT a.b,c FROM t"),
            ("", ""),
        ] {
            assert_eq!(one_line(sql).sql, line, "{sql}");
        }
    }

    #[test]
    fn every_place_is_told() {
        let sql = "-- first\nSELECT campaign,\n  total -- cost\nFROM t";
        let line = one_line(sql);
        for word in ["SELECT", "campaign", "total", "FROM"] {
            let here = line.sql.find(word).unwrap();
            assert_eq!(line.origin(here), sql.find(word).unwrap(), "{word}");
            assert_eq!(line.origin(here + 1), sql.find(word).unwrap() + 1, "{word}");
        }
        assert_eq!(line.origin(line.sql.len()), sql.len());
    }

    proptest! {
        #[test]
        fn the_tokens_stay_what_they_are(sql in "[ a-z0-9'\"{}/*.,()\\n-]{0,60}|\\PC{0,40}") {
            let kept = |text: &str| -> Vec<(TokenKind, String)> {
                let told = tokens(text).filter(|token| !token.is_comment());
                let mut kept: Vec<_> =
                    told.map(|token| (token.kind, token.text(text).to_owned())).collect();
                // A query's last semicolons are not AMC's to read.
                while kept.pop_if(|(_, text)| text.as_str() == ";").is_some() {}
                kept
            };
            // What never ends takes everything that follows with it.
            prop_assume!(!tokens(&sql).any(|token| matches!(token.kind, TokenKind::Unfinished(_))));
            prop_assert_eq!(kept(&one_line(&sql).sql), kept(&sql));
        }
    }
}
