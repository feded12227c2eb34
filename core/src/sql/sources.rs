//! The tables a query reads.

use std::collections::BTreeSet;

use super::lexer::{Token, TokenKind, position, tokens};
use crate::Position;

/// A table a query reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Its name, in lower case.
    pub name: String,
    /// Where it is mentioned first.
    pub position: Position,
}

/// Functions with a `FROM` of their own between their parentheses.
const WITH_FROM: [&str; 4] = ["EXTRACT", "TRIM", "SUBSTRING", "OVERLAY"];
/// What ends a list of tables.
const ENDS: [&str; 9] =
    ["WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "SELECT", "EXCEPT", "INTERSECT"];
/// What stands between `FROM` or `JOIN` and a table.
const BEFORE_TABLE: [&str; 2] = ["LATERAL", "ONLY"];

/// Where the reading stands between two parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Anywhere a table cannot be named.
    Elsewhere,
    /// In a function whose `FROM` names no table.
    Function,
    /// A table comes next.
    Table,
    /// In a list of tables, where a comma brings the next.
    List,
}

/// Finds every table a query reads, by name; names that the query gives itself (`WITH name AS (…)`) are none.
#[must_use]
pub fn sources(sql: &str) -> Vec<Source> {
    let code: Vec<Token> = tokens(sql).filter(|token| !token.is_comment()).collect();
    let own = own_names(sql, &code);
    let mut found: Vec<Source> = Vec::new();
    let mut depth = vec![At::Elsewhere];
    for (number, token) in code.iter().enumerate() {
        let at = depth.last().copied().unwrap_or(At::Elsewhere);
        if token.is_symbol(sql, '(') {
            leave(&mut depth, if at == At::Table { At::List } else { at });
            depth.push(if is_function(sql, &code[..number]) { At::Function } else { At::Elsewhere });
        } else if token.is_symbol(sql, ')') {
            depth.pop();
        } else if token.is_symbol(sql, ',') && at == At::List
            || is_any(sql, *token, &["FROM", "JOIN"]) && at != At::Function
        {
            leave(&mut depth, At::Table);
        } else if is_any(sql, *token, &ENDS) {
            leave(&mut depth, At::Elsewhere);
        } else if at == At::Table && is_name(*token) && !is_any(sql, *token, &BEFORE_TABLE) {
            leave(&mut depth, At::List);
            let name = bare(token.text(sql));
            let is_call = code.get(number + 1).is_some_and(|next| next.is_symbol(sql, '('));
            if !is_call && !own.contains(&name) && !found.iter().any(|known| known.name == name) {
                found.push(Source { name, position: position(sql, token.start) });
            }
        }
    }
    found.sort();
    found
}

fn leave(depth: &mut [At], at: At) {
    if let Some(last) = depth.last_mut() {
        *last = at;
    }
}

fn is_any(sql: &str, token: Token, words: &[&str]) -> bool {
    words.iter().any(|word| token.is_word(sql, word))
}

fn is_name(token: Token) -> bool {
    matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier)
}

fn is_function(sql: &str, before: &[Token]) -> bool {
    before.last().is_some_and(|token| is_any(sql, *token, &WITH_FROM))
}

/// A name without quotes, in lower case: AMC's names of tables are.
fn bare(text: &str) -> String {
    text.trim_matches(['"', '`']).to_lowercase()
}

/// The names before `AS (`, with or without a list of columns between.
fn own_names(sql: &str, code: &[Token]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for number in 1..code.len().saturating_sub(1) {
        if code[number].is_word(sql, "AS") && code[number + 1].is_symbol(sql, '(') {
            names.extend(name_before(sql, &code[..number]));
        }
    }
    names
}

fn name_before(sql: &str, code: &[Token]) -> Option<String> {
    let (last, rest) = code.split_last()?;
    if is_name(*last) {
        return Some(bare(last.text(sql)));
    }
    let opened = rest.iter().rposition(|token| token.is_symbol(sql, '('))?;
    let name = rest.get(opened.checked_sub(1)?)?;
    (last.is_symbol(sql, ')') && is_name(*name)).then(|| bare(name.text(sql)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sql: &str) -> Vec<String> {
        sources(sql).into_iter().map(|source| source.name).collect()
    }

    #[test]
    fn tables_are_found_wherever_they_stand() {
        for (sql, tables) in [
            ("SELECT a FROM dsp_impressions", vec!["dsp_impressions"]),
            (
                "SELECT a FROM t1 x, \"T2\" AS y JOIN t3 ON x.a = y.a, t4 WHERE a IN (SELECT b FROM t5)",
                vec!["t1", "t2", "t3", "t4", "t5"],
            ),
            (
                "WITH c AS (SELECT a FROM t1), d (x, y) AS (SELECT a, b FROM c) SELECT * FROM c JOIN d ON 1 = 1",
                vec!["t1"],
            ),
            ("SELECT EXTRACT(DAY FROM event_dt), f(a, b) FROM t1", vec!["t1"]),
            ("SELECT a FROM (SELECT a FROM t1) s, t2 UNION ALL SELECT a FROM t3", vec!["t1", "t2", "t3"]),
            ("SELECT 'FROM x' -- FROM y\nFROM t1 LEFT OUTER JOIN t2 USING (a)", vec!["t1", "t2"]),
            ("SELECT a FROM t1, UNNEST(b) AS u(c)", vec!["t1"]),
            ("SELECT a FROM t1 GROUP BY a, b HAVING SUM(c) > 1 ORDER BY a, b", vec!["t1"]),
        ] {
            assert_eq!(names(sql), tables, "{sql}");
        }
    }

    #[test]
    fn a_table_has_its_place() {
        let found = sources("SELECT a\nFROM  t1");
        assert_eq!((found[0].position.line, found[0].position.column), (2, 7));
    }
}
