//! Reads queries: WITH, SELECT, FROM, set operations.

use super::cursor::{Cursor, Parsed};
use super::expression::expression;
use super::tree::{Body, Cte, Expr, Item, Join, Kind, Name, Query, Relation, Select, Source};
use crate::sql::TokenKind;

/// Words that end an expression, a table or a list, and are no alias without AS.
pub(super) const CLAUSES: [&str; 32] = [
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "WINDOW",
    "QUALIFY",
    "JOIN",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "CROSS",
    "NATURAL",
    "ON",
    "USING",
    "AS",
    "SELECT",
    "WITH",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "FETCH",
    "AND",
    "OR",
    "VALUES",
];

pub(super) fn query(cursor: &mut Cursor<'_>) -> Parsed<Query> {
    cursor.nested(|cursor| {
        let start = cursor.start();
        let ctes = if cursor.take_word("WITH") { ctes(cursor)? } else { Vec::new() };
        let body = body(cursor)?;
        let order_at = cursor.is_word("ORDER").then(|| cursor.start());
        let order_by = if cursor.take_words(&["ORDER", "BY"]) { sorts(cursor)? } else { Vec::new() };
        let limit_at = cursor.is_any(&["LIMIT", "FETCH", "OFFSET"]).then(|| cursor.start());
        while cursor.is_any(&["LIMIT", "FETCH", "OFFSET", "NEXT", "FIRST", "ROW", "ROWS", "ONLY"]) {
            cursor.next();
            if cursor.is_kind(TokenKind::Number) || cursor.is_kind(TokenKind::Placeholder) {
                cursor.next();
            }
        }
        Ok(Query { start, ctes, body, order_by, order_at, limit_at })
    })
}

fn ctes(cursor: &mut Cursor<'_>) -> Parsed<Vec<Cte>> {
    cursor.take_word("RECURSIVE");
    let mut ctes = Vec::new();
    loop {
        let name = cursor.name(&["SELECT", "AS"]).ok_or_else(|| cursor.unexpected("a name"))?;
        let columns = if cursor.take_symbol('(') { names(cursor)? } else { Vec::new() };
        cursor.expect_word("AS")?;
        cursor.expect_symbol('(', "(")?;
        let query = query(cursor)?;
        cursor.expect_symbol(')', ")")?;
        ctes.push(Cte { name, columns, query });
        if !cursor.take_symbol(',') {
            return Ok(ctes);
        }
    }
}

/// Names between commas, up to the parenthesis that closes them.
fn names(cursor: &mut Cursor<'_>) -> Parsed<Vec<Name>> {
    let mut names = Vec::new();
    loop {
        names.push(cursor.name(&[]).ok_or_else(|| cursor.unexpected("a column name"))?);
        if !cursor.take_symbol(',') {
            break;
        }
    }
    cursor.expect_symbol(')', ")")?;
    Ok(names)
}

fn body(cursor: &mut Cursor<'_>) -> Parsed<Body> {
    let start = cursor.start();
    let mut left = operand(cursor)?;
    while cursor.is_any(&["UNION", "INTERSECT", "EXCEPT", "MINUS"]) {
        cursor.next();
        let all = cursor.take_word("ALL");
        cursor.take_word("DISTINCT");
        let right = operand(cursor)?;
        left = Body::Set { left: Box::new(left), right: Box::new(right), distinct: !all, start };
    }
    Ok(left)
}

fn operand(cursor: &mut Cursor<'_>) -> Parsed<Body> {
    if cursor.take_symbol('(') {
        let inner = query(cursor)?;
        cursor.expect_symbol(')', ")")?;
        return Ok(Body::Query(Box::new(inner)));
    }
    if cursor.take_word("VALUES") {
        return values(cursor).map(Body::Values);
    }
    if cursor.is_word("WITH") {
        return query(cursor).map(|inner| Body::Query(Box::new(inner)));
    }
    cursor.expect_word("SELECT")?;
    select(cursor).map(|select| Body::Select(Box::new(select)))
}

fn values(cursor: &mut Cursor<'_>) -> Parsed<Vec<Vec<Expr>>> {
    let mut rows = Vec::new();
    loop {
        if cursor.is_kind(TokenKind::Placeholder) || cursor.is_kind(TokenKind::String) {
            cursor.next();
            return Ok(Vec::new());
        }
        cursor.expect_symbol('(', "a row in parentheses")?;
        rows.push(expressions(cursor)?);
        cursor.expect_symbol(')', ")")?;
        if !cursor.take_symbol(',') {
            break;
        }
    }
    // `VALUES ({{rows}})` may stand for rows of any width.
    let is_open = |row: &Vec<Expr>| matches!(row.as_slice(), [Expr { kind: Kind::Parameter, .. }]);
    Ok(if rows.iter().any(is_open) { Vec::new() } else { rows })
}

pub(super) fn expressions(cursor: &mut Cursor<'_>) -> Parsed<Vec<Expr>> {
    let mut list = vec![expression(cursor)?];
    while cursor.take_symbol(',') {
        list.push(expression(cursor)?);
    }
    Ok(list)
}

/// The expressions of an ORDER BY.
pub(super) fn sorts(cursor: &mut Cursor<'_>) -> Parsed<Vec<Expr>> {
    let mut list = Vec::new();
    loop {
        list.push(expression(cursor)?);
        while cursor.is_any(&["ASC", "DESC", "NULLS", "FIRST", "LAST"]) {
            cursor.next();
        }
        if !cursor.take_symbol(',') {
            return Ok(list);
        }
    }
}

fn select(cursor: &mut Cursor<'_>) -> Parsed<Select> {
    // `/*+ hints */` are comments to us.
    let distinct = cursor.take_word("DISTINCT");
    cursor.take_word("ALL");
    let items = items(cursor)?;
    let from = if cursor.take_word("FROM") { relations(cursor)? } else { Vec::new() };
    let condition = cursor.take_word("WHERE").then(|| expression(cursor)).transpose()?;
    let is_grouped = cursor.take_words(&["GROUP", "BY"]);
    let group_by = if is_grouped { expressions(cursor)? } else { Vec::new() };
    let having = cursor.take_word("HAVING").then(|| expression(cursor)).transpose()?;
    let mut windows = Vec::new();
    if cursor.take_word("WINDOW") {
        named_windows(cursor, &mut windows)?;
    }
    let qualify = cursor.take_word("QUALIFY").then(|| expression(cursor)).transpose()?;
    Ok(Select { distinct, items, from, condition, group_by, is_grouped, having, qualify, windows })
}

fn named_windows(cursor: &mut Cursor<'_>, into: &mut Vec<Expr>) -> Parsed<()> {
    loop {
        cursor.name(&[]).ok_or_else(|| cursor.unexpected("the name of a window"))?;
        cursor.expect_word("AS")?;
        cursor.expect_symbol('(', "(")?;
        into.extend(super::expression::window(cursor)?);
        cursor.expect_symbol(')', ")")?;
        if !cursor.take_symbol(',') {
            return Ok(());
        }
    }
}

fn items(cursor: &mut Cursor<'_>) -> Parsed<Vec<Item>> {
    let mut items = Vec::new();
    loop {
        items.push(item(cursor)?);
        if !cursor.take_symbol(',') {
            return Ok(items);
        }
    }
}

fn item(cursor: &mut Cursor<'_>) -> Parsed<Item> {
    let start = cursor.start();
    if cursor.take_symbol('*') {
        return Ok(Item::Star { qualifier: None, start });
    }
    if cursor.symbol_ahead(1, '.') && cursor.symbol_ahead(2, '*') {
        let qualifier = cursor.name(&[]);
        cursor.next();
        cursor.next();
        return Ok(Item::Star { qualifier, start });
    }
    let expr = expression(cursor)?;
    let alias = alias(cursor)?;
    Ok(Item::Expr { expr, alias })
}

fn alias(cursor: &mut Cursor<'_>) -> Parsed<Option<Name>> {
    if cursor.take_word("AS") {
        return cursor.name(&[]).map(Some).ok_or_else(|| cursor.unexpected("a name"));
    }
    Ok(cursor.name(&CLAUSES))
}

fn relations(cursor: &mut Cursor<'_>) -> Parsed<Vec<Relation>> {
    let mut relations = vec![relation(cursor, Join::None)?];
    loop {
        if cursor.take_symbol(',') {
            relations.push(relation(cursor, Join::None)?);
            continue;
        }
        let Some(kind) = join(cursor)? else { return Ok(relations) };
        let mut joined = relation(cursor, kind)?;
        if cursor.take_word("ON") {
            joined.on = Some(expression(cursor)?);
        } else if cursor.take_word("USING") {
            cursor.expect_symbol('(', "(")?;
            joined.using = names(cursor)?;
        }
        relations.push(joined);
    }
}

fn join(cursor: &mut Cursor<'_>) -> Parsed<Option<Join>> {
    let natural = cursor.take_word("NATURAL");
    let kind = if cursor.take_word("CROSS") || natural {
        Join::None
    } else if cursor.take_word("RIGHT") {
        Join::Right
    } else if cursor.take_word("INNER")
        || cursor.take_word("LEFT")
        || cursor.take_word("FULL")
        || cursor.is_word("JOIN")
    {
        Join::Conditional
    } else {
        return Ok(None);
    };
    for word in ["INNER", "LEFT", "FULL", "OUTER", "SEMI", "ANTI"] {
        cursor.take_word(word);
    }
    cursor.expect_word("JOIN")?;
    Ok(Some(kind))
}

fn relation(cursor: &mut Cursor<'_>, join: Join) -> Parsed<Relation> {
    cursor.take_word("LATERAL");
    let start = cursor.start();
    let source = source(cursor)?;
    let start = match &source {
        Source::Query(query) => query.start,
        Source::Extended { start, .. } => *start,
        _ => start,
    };
    let alias = alias(cursor)?;
    let columns = if alias.is_some() && cursor.take_symbol('(') { names(cursor)? } else { Vec::new() };
    Ok(Relation { source, alias, columns, join, on: None, using: Vec::new(), start })
}

fn source(cursor: &mut Cursor<'_>) -> Parsed<Source> {
    if cursor.is_symbol('(') {
        return parenthesized(cursor);
    }
    if cursor.is_word("TABLE") && cursor.symbol_ahead(1, '(') {
        cursor.next();
        cursor.next();
        let inner = called(cursor)?;
        cursor.expect_symbol(')', ")")?;
        return Ok(inner);
    }
    let mut parts = vec![cursor.name(&CLAUSES).ok_or_else(|| cursor.unexpected("a table"))?];
    while cursor.take_symbol('.') {
        parts.push(cursor.name(&[]).ok_or_else(|| cursor.unexpected("a table"))?);
    }
    if cursor.take_symbol('(') {
        let arguments = if cursor.is_symbol(')') { Vec::new() } else { expressions(cursor)? };
        cursor.expect_symbol(')', ")")?;
        let start = parts.first().map_or(0, |name| name.start);
        return Ok(function(parts.last().map_or("", |name| &name.text), arguments, start));
    }
    let is_open = parts.iter().any(|part| part.text.is_empty());
    Ok(if is_open { Source::Open(Vec::new()) } else { Source::Table(parts) })
}

/// A query, or a join in parentheses of its own, whose tables are then not told apart.
fn parenthesized(cursor: &mut Cursor<'_>) -> Parsed<Source> {
    let opens = (1..).take_while(|by| cursor.symbol_ahead(*by, '(')).count() + 1;
    let is_query = ["SELECT", "WITH", "VALUES"].iter().any(|word| cursor.word_ahead(opens, word));
    cursor.next();
    let source = if is_query {
        Source::Query(Box::new(query(cursor)?))
    } else {
        cursor.skip_to_close();
        Source::Open(Vec::new())
    };
    cursor.expect_symbol(')', ")")?;
    Ok(source)
}

fn called(cursor: &mut Cursor<'_>) -> Parsed<Source> {
    let expr = expression(cursor)?;
    Ok(match expr.kind {
        Kind::Call(call) => function(&call.name.text, call.arguments, expr.start),
        _ => Source::Open(vec![expr]),
    })
}

fn function(name: &str, arguments: Vec<Expr>, start: usize) -> Source {
    if name != "extend_time_window" {
        return Source::Open(arguments);
    }
    let text = |argument: &Expr| match &argument.kind {
        Kind::Text(text) => Some(text.clone()),
        _ => None,
    };
    let name = arguments.first().and_then(text).map(|name| name.to_lowercase());
    Source::Extended { name, durations: arguments.iter().skip(1).filter_map(text).collect(), start }
}
