//! Reads expressions, the operators that bind least first.

use super::cursor::{Cursor, Parsed};
use super::query::{CLAUSES, expressions, query, sorts};
use super::tree::{Call, Expr, Kind, Name, Test};
use crate::sql::{TokenKind, placeholders};

/// Names that are values by themselves.
const CONSTANTS: [&str; 8] =
    ["NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP", "UNKNOWN"];

pub(super) fn expression(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    cursor.nested(|cursor| {
        let mut left = conjunction(cursor)?;
        while cursor.take_word("OR") {
            let right = conjunction(cursor)?;
            left = both(left, right);
        }
        Ok(left)
    })
}

fn conjunction(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let mut left = negation(cursor)?;
    while cursor.take_word("AND") {
        let right = negation(cursor)?;
        left = both(left, right);
    }
    Ok(left)
}

fn negation(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let start = cursor.start();
    if cursor.take_word("NOT") {
        let inner = cursor.nested(negation)?;
        return Ok(Expr { start, end: inner.end, kind: Kind::Parts(vec![inner]) });
    }
    predicate(cursor)
}

fn predicate(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let mut left = sum(cursor)?;
    loop {
        let start = left.start;
        let kind = if comparison(cursor) {
            quantified(cursor, left)?
        } else if cursor.take_word("IS") {
            is(cursor, left)?
        } else {
            let negated = cursor.is_word("NOT")
                && ["IN", "LIKE", "ILIKE", "RLIKE", "BETWEEN", "SIMILAR"]
                    .iter()
                    .any(|it| cursor.word_ahead(1, it));
            if negated {
                cursor.next();
            }
            match tested(cursor, left)? {
                Ok(kind) => kind,
                Err(untested) => return Ok(untested),
            }
        };
        left = Expr { kind, start, end: cursor.last_end() };
    }
}

/// Takes `=`, `<`, `>`, `<>`, `<=`, `>=`, `!=` and the like.
fn comparison(cursor: &mut Cursor<'_>) -> bool {
    if !(cursor.is_symbol('=') || cursor.is_symbol('<') || cursor.is_symbol('>') || is_unequal(cursor)) {
        return false;
    }
    cursor.next();
    while cursor.is_symbol('=') || cursor.is_symbol('>') {
        cursor.next();
    }
    true
}

fn is_unequal(cursor: &Cursor<'_>) -> bool {
    cursor.is_symbol('!') && cursor.symbol_ahead(1, '=')
}

fn quantified(cursor: &mut Cursor<'_>, left: Expr) -> Parsed<Kind> {
    if cursor.is_any(&["ANY", "ALL", "SOME"]) && cursor.symbol_ahead(1, '(') {
        cursor.next();
    }
    let right = sum(cursor)?;
    Ok(Kind::Test { word: Test::Compare, value: Box::new(left), others: vec![right] })
}

fn is(cursor: &mut Cursor<'_>, left: Expr) -> Parsed<Kind> {
    cursor.take_word("NOT");
    if cursor.take_words(&["DISTINCT", "FROM"]) {
        let right = sum(cursor)?;
        return Ok(Kind::Test { word: Test::Compare, value: Box::new(left), others: vec![right] });
    }
    if cursor.is_any(&["NULL", "TRUE", "FALSE", "UNKNOWN"]) || cursor.is_kind(TokenKind::Placeholder) {
        cursor.next();
        return Ok(Kind::Is(Box::new(left)));
    }
    Err(cursor.unexpected("NULL"))
}

/// IN, BETWEEN, LIKE, SIMILAR TO; the value itself where none follows.
fn tested(cursor: &mut Cursor<'_>, left: Expr) -> Parsed<Result<Kind, Expr>> {
    let (word, others) = if cursor.take_word("IN") {
        return member(cursor, left).map(Ok);
    } else if cursor.take_word("BETWEEN") {
        let low = sum(cursor)?;
        cursor.expect_word("AND")?;
        (Test::Between, vec![low, sum(cursor)?])
    } else if cursor.take_word("LIKE") || cursor.take_word("ILIKE") {
        (Test::Like, vec![sum(cursor)?])
    } else if cursor.take_words(&["SIMILAR", "TO"]) || cursor.take_word("RLIKE") {
        (Test::Similar, vec![sum(cursor)?])
    } else {
        return Ok(Err(left));
    };
    if cursor.take_word("ESCAPE") {
        sum(cursor)?;
    }
    Ok(Ok(Kind::Test { word, value: Box::new(left), others }))
}

fn member(cursor: &mut Cursor<'_>, left: Expr) -> Parsed<Kind> {
    let value = Box::new(left);
    if cursor.is_kind(TokenKind::Placeholder) || cursor.is_kind(TokenKind::String) {
        let other = primary(cursor)?;
        return Ok(Kind::Test { word: Test::In, value, others: vec![other] });
    }
    cursor.expect_symbol('(', "( after IN")?;
    let kind = if cursor.is_any(&["SELECT", "WITH", "VALUES"]) {
        Kind::Member(value, Box::new(query(cursor)?))
    } else {
        Kind::Test { word: Test::In, value, others: expressions(cursor)? }
    };
    cursor.expect_symbol(')', ")")?;
    Ok(kind)
}

fn sum(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let mut left = product(cursor)?;
    loop {
        if cursor.is_symbol('|') && cursor.symbol_ahead(1, '|') {
            cursor.next();
            cursor.next();
            let right = product(cursor)?;
            let (start, end) = (left.start, right.end);
            left = Expr { kind: Kind::Concat(vec![left, right]), start, end };
        } else if cursor.take_symbol('+') || cursor.take_symbol('-') {
            let right = product(cursor)?;
            left = both(left, right);
        } else {
            return Ok(left);
        }
    }
}

fn product(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let mut left = unary(cursor)?;
    while cursor.take_symbol('*') || cursor.take_symbol('/') || cursor.take_symbol('%') {
        let right = unary(cursor)?;
        left = both(left, right);
    }
    Ok(left)
}

fn unary(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let start = cursor.start();
    if cursor.take_symbol('-') || cursor.take_symbol('+') {
        let inner = cursor.nested(unary)?;
        return Ok(Expr { start, end: inner.end, kind: Kind::Parts(vec![inner]) });
    }
    let mut inner = primary(cursor)?;
    loop {
        let start = inner.start;
        if cursor.is_symbol(':') && cursor.symbol_ahead(1, ':') {
            cursor.next();
            cursor.next();
            let kind = data_type(cursor)?;
            inner = Expr { kind: Kind::Cast(Box::new(inner), kind), start, end: cursor.last_end() };
        } else if cursor.take_symbol('[') {
            let index = expression(cursor)?;
            cursor.expect_symbol(']', "]")?;
            inner = Expr { kind: Kind::Parts(vec![inner, index]), start, end: cursor.last_end() };
        } else if cursor.take_words(&["AT", "TIME", "ZONE"]) {
            primary(cursor)?;
        } else {
            return Ok(inner);
        }
    }
}

fn primary(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let start = cursor.start();
    let token = cursor.peek().ok_or_else(|| cursor.unexpected("an expression"))?;
    let kind = match token.kind {
        TokenKind::String => text(cursor)?,
        TokenKind::Number => {
            cursor.next();
            Kind::Number
        }
        TokenKind::Placeholder => parameter(cursor)?,
        TokenKind::QuotedIdentifier => named(cursor)?,
        TokenKind::Word => word(cursor)?,
        TokenKind::Symbol if cursor.is_symbol('(') => parenthesized(cursor)?,
        _ => return Err(cursor.unexpected("an expression")),
    };
    Ok(Expr { kind, start, end: cursor.last_end() })
}

fn text(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    let token = cursor.next().ok_or_else(|| cursor.unexpected("a text"))?;
    let written = cursor.text(token);
    if placeholders(written).next().is_some() {
        return Ok(Kind::Parameter);
    }
    let inner = written.get(1..written.len() - 1).unwrap_or_default();
    Ok(Kind::Text(if inner.contains("''") { inner.replace("''", "'") } else { inner.to_owned() }))
}

/// A parameter, or what it is the name of.
fn parameter(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    cursor.next();
    if cursor.take_symbol('(') {
        let name = Name { text: String::new(), start: cursor.last_end() };
        return call(cursor, name).map(|call| Kind::Call(Box::new(Call { open: true, ..call })));
    }
    while cursor.take_symbol('.') {
        cursor.name(&[]);
    }
    Ok(Kind::Parameter)
}

fn parenthesized(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    cursor.next();
    let kind = if cursor.is_any(&["SELECT", "WITH", "VALUES"]) {
        Kind::Subquery(Box::new(query(cursor)?))
    } else {
        let mut list = expressions(cursor)?;
        match (list.len(), list.pop()) {
            (1, Some(only)) => only.kind,
            (_, last) => Kind::Parts(list.into_iter().chain(last).collect()),
        }
    };
    cursor.expect_symbol(')', ")")?;
    Ok(kind)
}

fn word(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    let calls = cursor.symbol_ahead(1, '(');
    if cursor.is_word("CASE") {
        return case(cursor);
    }
    if cursor.is_word("EXISTS") && calls {
        cursor.next();
        cursor.next();
        let inner = query(cursor)?;
        cursor.expect_symbol(')', ")")?;
        return Ok(Kind::Exists(Box::new(inner)));
    }
    if cursor.is_any(&["CAST", "TRY_CAST"]) && calls {
        return cast(cursor);
    }
    if cursor.is_word("ARRAY") && cursor.symbol_ahead(1, '[') {
        return array(cursor);
    }
    if cursor.is_word("INTERVAL") && !calls {
        return interval(cursor);
    }
    let next_is_text =
        cursor.ahead(1).is_some_and(|next| matches!(next.kind, TokenKind::String | TokenKind::Placeholder));
    if cursor.is_any(&["DATE", "TIMESTAMP", "TIME"]) && next_is_text {
        cursor.next();
        cursor.next();
        return Ok(Kind::Constant);
    }
    if cursor.is_any(&CONSTANTS) && !cursor.symbol_ahead(1, '.') {
        cursor.next();
        if cursor.is_symbol('(') && cursor.symbol_ahead(1, ')') {
            cursor.next();
            cursor.next();
        }
        return Ok(Kind::Constant);
    }
    if cursor.is_any(&CLAUSES) && !(calls && cursor.is_any(&["LEFT", "RIGHT", "VALUES"])) {
        return Err(cursor.unexpected("an expression"));
    }
    named(cursor)
}

fn named(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    let mut parts = vec![cursor.name(&[]).ok_or_else(|| cursor.unexpected("a name"))?];
    while cursor.is_symbol('.') {
        cursor.next();
        parts.push(cursor.name(&[]).ok_or_else(|| cursor.unexpected("a name"))?);
    }
    if cursor.take_symbol('(') {
        let name = match parts.pop() {
            Some(last) => Name { start: parts.first().map_or(last.start, |first| first.start), ..last },
            None => return Err(cursor.unexpected("a name")),
        };
        return call(cursor, name).map(|call| Kind::Call(Box::new(call)));
    }
    let is_open = parts.iter().any(|part| part.text.is_empty());
    Ok(if is_open { Kind::Parameter } else { Kind::Column(parts) })
}

fn call(cursor: &mut Cursor<'_>, name: Name) -> Parsed<Call> {
    let distinct = cursor.take_word("DISTINCT");
    cursor.take_word("ALL");
    let star = cursor.take_symbol('*');
    let arguments = if star || cursor.is_symbol(')') { Vec::new() } else { arguments(cursor)? };
    cursor.expect_symbol(')', ")")?;
    let mut call = Call { name, arguments, distinct, star, over: None, filter: None, open: false };
    if cursor.take_words(&["WITHIN", "GROUP"]) {
        in_parentheses(cursor, |cursor| {
            cursor.expect_word("ORDER")?;
            cursor.expect_word("BY")?;
            sorts(cursor)
        })?;
    }
    if cursor.is_word("FILTER") && cursor.symbol_ahead(1, '(') {
        cursor.next();
        call.filter = in_parentheses(cursor, |cursor| {
            cursor.expect_word("WHERE")?;
            expression(cursor).map(Some)
        })?;
    }
    cursor.take_words(&["IGNORE", "NULLS"]);
    cursor.take_words(&["RESPECT", "NULLS"]);
    if cursor.take_word("OVER") {
        call.over = Some(match cursor.is_symbol('(') {
            true => in_parentheses(cursor, window)?,
            false => cursor.name(&[]).map(|_| Vec::new()).ok_or_else(|| cursor.unexpected("a window"))?,
        });
    }
    Ok(call)
}

fn in_parentheses<T>(cursor: &mut Cursor<'_>, inner: impl FnOnce(&mut Cursor<'_>) -> Parsed<T>) -> Parsed<T> {
    cursor.expect_symbol('(', "(")?;
    let inner = inner(cursor)?;
    cursor.expect_symbol(')', ")")?;
    Ok(inner)
}

/// Arguments between commas, and those that have words between them: `SUBSTRING(a FROM 1 FOR 2)`.
fn arguments(cursor: &mut Cursor<'_>) -> Parsed<Vec<Expr>> {
    while cursor.is_any(&["BOTH", "LEADING", "TRAILING"]) {
        cursor.next();
        if cursor.take_word("FROM") {
            break;
        }
    }
    let mut list = Vec::new();
    loop {
        list.push(argument(cursor)?);
        let more = cursor.take_symbol(',')
            || cursor.take_word("FROM")
            || cursor.take_word("FOR")
            || cursor.take_word("IN");
        if cursor.take_words(&["ORDER", "BY"]) {
            list.extend(sorts(cursor)?);
            return Ok(list);
        }
        if !more {
            return Ok(list);
        }
    }
}

/// An argument, which may be a whole query.
fn argument(cursor: &mut Cursor<'_>) -> Parsed<Expr> {
    let start = cursor.start();
    if cursor.is_any(&["SELECT", "WITH"]) {
        let inner = query(cursor)?;
        return Ok(Expr { kind: Kind::Subquery(Box::new(inner)), start, end: cursor.last_end() });
    }
    // `POSITION(a IN b)`: no test, but two arguments.
    if cursor.word_ahead(1, "IN") && !cursor.symbol_ahead(2, '(') {
        return primary(cursor);
    }
    expression(cursor)
}

/// What stands inside an OVER: PARTITION BY and ORDER BY.
pub(super) fn window(cursor: &mut Cursor<'_>) -> Parsed<Vec<Expr>> {
    if !cursor.is_any(&["PARTITION", "ORDER", "ROWS", "RANGE", "GROUPS"]) {
        cursor.name(&[]);
    }
    let mut list = Vec::new();
    if cursor.take_words(&["PARTITION", "BY"]) {
        list.extend(expressions(cursor)?);
    }
    if cursor.take_words(&["ORDER", "BY"]) {
        list.extend(sorts(cursor)?);
    }
    if cursor.is_any(&["ROWS", "RANGE", "GROUPS"]) {
        cursor.skip_to_close();
    }
    Ok(list)
}

fn case(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    cursor.next();
    let operand = (!cursor.is_word("WHEN")).then(|| expression(cursor)).transpose()?.map(Box::new);
    let mut whens = Vec::new();
    while cursor.take_word("WHEN") {
        let when = expression(cursor)?;
        cursor.expect_word("THEN")?;
        whens.push((when, expression(cursor)?));
    }
    if whens.is_empty() {
        return Err(cursor.unexpected("WHEN"));
    }
    let otherwise = cursor.take_word("ELSE").then(|| expression(cursor)).transpose()?.map(Box::new);
    cursor.expect_word("END")?;
    Ok(Kind::Case { operand, whens, otherwise })
}

fn cast(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    cursor.next();
    cursor.next();
    let inner = expression(cursor)?;
    cursor.expect_word("AS")?;
    let kind = data_type(cursor)?;
    cursor.expect_symbol(')', ")")?;
    Ok(Kind::Cast(Box::new(inner), kind))
}

/// `DECIMAL(38, 4)`, `ARRAY<STRING>`, `TIMESTAMP WITH TIME ZONE`
fn data_type(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let name = cursor.name(&CLAUSES).ok_or_else(|| cursor.unexpected("a type"))?;
    if cursor.take_symbol('(') {
        cursor.skip_to_close();
        cursor.expect_symbol(')', ")")?;
    }
    if matches!(name.text.as_str(), "array" | "map" | "struct" | "row") && cursor.take_symbol('<') {
        while !cursor.take_symbol('>') {
            cursor.next().ok_or_else(|| cursor.unexpected(">"))?;
        }
    }
    while cursor.is_any(&["PRECISION", "WITH", "WITHOUT", "LOCAL", "TIME", "ZONE", "ARRAY", "UNSIGNED"]) {
        cursor.next();
    }
    Ok(name.text)
}

fn array(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    cursor.next();
    cursor.next();
    let list = if cursor.is_symbol(']') { Vec::new() } else { expressions(cursor)? };
    cursor.expect_symbol(']', "]")?;
    Ok(Kind::Array(list))
}

fn interval(cursor: &mut Cursor<'_>) -> Parsed<Kind> {
    cursor.next();
    primary(cursor)?;
    if cursor.is_any(&[
        "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "DAYS", "HOURS", "MONTHS",
    ]) {
        cursor.next();
    }
    Ok(Kind::Interval)
}

fn both(left: Expr, right: Expr) -> Expr {
    let (start, end) = (left.start, right.end);
    // A long chain of AND or OR stays one level deep.
    let mut parts = match left.kind {
        Kind::Parts(parts) if parts.len() > 1 => parts,
        kind => vec![Expr { kind, start: left.start, end: left.end }],
    };
    parts.push(right);
    Expr { kind: Kind::Parts(parts), start, end }
}
