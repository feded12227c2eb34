//! Reads the columns of a query's own select list.

use super::guess;
use crate::lexer::{Token, TokenKind, encountered, lex};
use crate::query::{OutputColumn, Refusal};

/// What the canned engine knows of a query.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The columns of the select list; none where it has a `*`.
    pub(super) columns: Option<Vec<OutputColumn>>,
    /// The names after FROM and JOIN, at any depth.
    pub(super) tables: Vec<String>,
    /// Whether the result has one row whatever the data are.
    pub(super) one_row: bool,
}

/// Reads a query.
///
/// # Errors
/// Rejected when it is no query or a quote or parenthesis is not closed.
pub(super) fn read(sql: &str) -> Result<Reading, Refusal> {
    let tokens = lex(sql)?;
    let first = &tokens[0];
    if !["SELECT", "WITH", "VALUES"].iter().any(|word| first.is(word)) && !first.is_sign("(") {
        return Err(encountered(&first.text, sql, first.at));
    }
    let depth = tokens.iter().filter(|token| token.is("SELECT")).map(|token| token.depth).min();
    let Some(start) = tokens.iter().position(|token| token.is("SELECT") && Some(token.depth) == depth) else {
        return Ok(Reading { columns: None, tables: Vec::new(), one_row: false });
    };
    let (list, tail) = split_list(&tokens[start + 1..], tokens[start].depth);
    let list = without_quantifier(list);
    let items: Vec<&[Token]> =
        list.split(|token| token.depth == tokens[start].depth && token.is_sign(",")).collect();
    if let Some(missing) = items.iter().position(|item| item.is_empty()) {
        let passed: usize = items[..missing].iter().map(|item| item.len() + 1).sum();
        let next = list.get(passed).or(tail.first());
        let (text, at) = next.map_or(("<EOF>", sql.len()), |token| (token.text.as_str(), token.at));
        return Err(encountered(text, sql, at));
    }
    Ok(Reading { columns: columns(&items), tables: tables(&tokens), one_row: has_one_row(&items, tail) })
}

/// Splits behind the select list, at the next FROM or set operator of the same depth.
fn split_list(tokens: &[Token], depth: usize) -> (&[Token], &[Token]) {
    let ends = |token: &Token| {
        token.depth < depth
            || (token.depth == depth
                && ["FROM", "UNION", "INTERSECT", "EXCEPT"].iter().any(|end| token.is(end)))
    };
    tokens.split_at(tokens.iter().position(ends).unwrap_or(tokens.len()))
}

fn without_quantifier(list: &[Token]) -> &[Token] {
    match list.first() {
        Some(first) if first.is("DISTINCT") || first.is("ALL") => &list[1..],
        _ => list,
    }
}

fn columns(items: &[&[Token]]) -> Option<Vec<OutputColumn>> {
    let star = |item: &&[Token]| item.last().is_some_and(|token| token.is_sign("*"));
    if items.iter().any(star) {
        return None;
    }
    let column = |(index, item): (usize, &&[Token])| guess::column(&name(item, index), item);
    Some(items.iter().enumerate().map(column).collect())
}

/// Gives the name of an item: its alias, its own last name, or `EXPR$n`.
fn name(item: &[Token], index: usize) -> String {
    let unnamed = || format!("EXPR${index}");
    let Some((last, before)) = item.split_last() else { return unnamed() };
    let named = last.kind == TokenKind::Word && !last.is("END") && !last.text.starts_with(char::is_numeric);
    let follows =
        |token: &Token| token.kind == TokenKind::Word || [".", ")"].iter().any(|sign| token.is_sign(sign));
    if named && before.last().is_none_or(follows) { last.text.clone() } else { unnamed() }
}

fn tables(tokens: &[Token]) -> Vec<String> {
    let pairs = tokens.windows(2);
    pairs
        .filter(|pair| (pair[0].is("FROM") || pair[0].is("JOIN")) && pair[1].kind == TokenKind::Word)
        .map(|pair| pair[1].text.clone())
        .collect()
}

/// A query without a table, or with nothing but aggregates and no GROUP BY, has one row.
fn has_one_row(items: &[&[Token]], tail: &[Token]) -> bool {
    let from = tail.first().is_some_and(|token| token.is("FROM"));
    let grouped = tail.iter().any(|token| token.is("GROUP"));
    !from || (!grouped && items.iter().all(|item| guess::is_aggregate(item)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sql: &str) -> Vec<String> {
        let columns = read(sql).unwrap().columns.unwrap();
        columns.into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn names_are_aliases_and_last_names() {
        let sql = "SELECT a.campaign, SUM(impressions) AS impressions, COUNT(DISTINCT user_id) reach, 1 + 2, \"My Name\" FROM t a";
        assert_eq!(names(sql), ["campaign", "impressions", "reach", "EXPR$3", "My Name"]);
    }

    #[test]
    fn the_outer_list_counts() {
        let sql = "WITH x AS (SELECT a, b FROM t) -- c, d\nSELECT DISTINCT (SELECT MAX(b) FROM x) AS top, a FROM x WHERE c = ', FROM'";
        assert_eq!(names(sql), ["top", "a"]);
    }

    #[test]
    fn tables_are_found_at_any_depth() {
        let sql = "WITH x AS (SELECT a FROM t) SELECT a FROM x JOIN (SELECT b FROM u) y ON a = b";
        assert_eq!(read(sql).unwrap().tables, ["t", "x", "u"]);
    }

    #[test]
    fn totals_have_one_row() {
        let one_row = |sql| read(sql).unwrap().one_row;
        assert!(one_row("SELECT COUNT(*) AS n, SUM(a) AS a FROM t"));
        assert!(one_row("SELECT 1 AS one"));
        assert!(!one_row("SELECT a, COUNT(*) AS n FROM t GROUP BY a"));
    }

    #[test]
    fn what_is_no_query_is_rejected_with_its_place() {
        let rejected = |sql| read(sql).unwrap_err().to_string();
        assert_eq!(
            rejected("SELEC a FROM t"),
            "SQL query was invalid: Encountered \"SELEC\" at line 1, column 1."
        );
        assert_eq!(
            rejected("SELECT a\nFROM t WHERE a = {{x}}"),
            "SQL query was invalid: Encountered \"{\" at line 2, column 18."
        );
        assert!(rejected("SELECT DISTINCT a,\n FROM t").ends_with("\"FROM\" at line 2, column 2."));
        assert!(rejected("SELECT a,, b FROM t").ends_with("\",\" at line 1, column 10."));
        assert!(rejected("SELECT (a FROM t").contains("<EOF>"));
        assert!(rejected("SELECT 'a FROM t").contains("Encountered"));
    }
}
