//! What the columns of a query count, as far as its text says.

use std::collections::BTreeSet;

use super::lexer::{Token, TokenKind, tokens};

/// What a column of a query's result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// A `SUM`, or a `COUNT` of rows.
    Sum,
    /// The smallest of something.
    Minimum,
    /// The largest of something.
    Maximum,
    /// A count of distinct things, or made of one: `COUNT(DISTINCT …)`.
    Distinct,
    /// Anything else.
    Other,
}

/// A column of a query's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// What it is.
    pub aggregate: Aggregate,
}

/// The columns of a query's result, as far as they have names, and every name in it that counts distinct things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outputs {
    /// The columns of the result.
    pub columns: Vec<Output>,
    /// Names, in lower case, of distinct counts and of what is made of them, anywhere in the query.
    pub distinct: BTreeSet<String>,
}

/// Reads what a query's columns are. Nothing is executed: a name that stands for a distinct count somewhere stands for
/// one everywhere, which errs on the safe side.
#[must_use]
pub fn outputs(sql: &str) -> Outputs {
    let code: Vec<Token> = tokens(sql).filter(|token| !token.is_comment()).collect();
    let lists = select_lists(sql, &code);
    let mut distinct = BTreeSet::new();
    loop {
        let known = distinct.len();
        let items = lists.iter().flat_map(|(_, items)| items);
        let found = items.filter(|item| item.is_distinct(sql, &distinct)).filter_map(|item| item.name(sql));
        let found: Vec<String> = found.collect();
        distinct.extend(found);
        if distinct.len() == known {
            break;
        }
    }
    let main = lists.iter().find(|(depth, _)| *depth == 0);
    let output = |item: &Item<'_>| {
        Some(Output { name: item.written_name(sql)?, aggregate: item.aggregate(sql, &distinct) })
    };
    let columns = main.map(|(_, items)| items.iter().filter_map(output).collect()).unwrap_or_default();
    Outputs { columns, distinct }
}

/// One item of a select list.
#[derive(Debug)]
struct Item<'a>(&'a [Token]);

impl Item<'_> {
    /// The name in lower case.
    fn name(&self, sql: &str) -> Option<String> {
        self.written_name(sql).map(|name| name.to_lowercase())
    }

    /// What follows AS, or the last word of what ends with a name.
    fn written_name(&self, sql: &str) -> Option<String> {
        let (last, before) = self.0.split_last()?;
        let is_name = matches!(last.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        let is_end = last.is_word(sql, "END");
        let joined = before.last().is_none_or(|token| !is_operator(*token, sql));
        (is_name && !is_end && joined).then(|| unquoted(last.text(sql)))
    }

    /// Everything but the name.
    fn expression(&self, sql: &str) -> &[Token] {
        match self.0 {
            [rest @ .., word, _] if word.is_word(sql, "AS") => rest,
            [rest @ .., end, name] if name.kind == TokenKind::Word && end.is_symbol(sql, ')') => {
                rest_and(self.0, rest)
            }
            whole => whole,
        }
    }

    fn is_distinct(&self, sql: &str, distinct: &BTreeSet<String>) -> bool {
        let expression = self.expression(sql);
        let counts = expression.windows(3).any(|call| {
            call[0].is_word(sql, "COUNT") && call[1].is_symbol(sql, '(') && call[2].is_word(sql, "DISTINCT")
        });
        counts || expression.iter().any(|token| is_distinct_word(*token, sql, distinct))
    }

    fn aggregate(&self, sql: &str, distinct: &BTreeSet<String>) -> Aggregate {
        if self.is_distinct(sql, distinct) {
            return Aggregate::Distinct;
        }
        let expression = self.expression(sql);
        let [function, open, ..] = expression else { return Aggregate::Other };
        if !open.is_symbol(sql, '(') || closing(sql, expression) != Some(expression.len() - 1) {
            return Aggregate::Other;
        }
        let is = |word| function.is_word(sql, word);
        match () {
            () if is("SUM") || is("COUNT") => Aggregate::Sum,
            () if is("MIN") => Aggregate::Minimum,
            () if is("MAX") => Aggregate::Maximum,
            () => Aggregate::Other,
        }
    }
}

/// Everything up to and with the parenthesis before a name without AS.
fn rest_and<'a>(whole: &'a [Token], rest: &[Token]) -> &'a [Token] {
    &whole[..=rest.len()]
}

/// Functions such as `APPROX_DISTINCT`, and names that were seen to be distinct counts.
fn is_distinct_word(token: Token, sql: &str, distinct: &BTreeSet<String>) -> bool {
    match token.kind {
        TokenKind::Word | TokenKind::QuotedIdentifier => {
            let name = unquoted(token.text(sql)).to_lowercase();
            distinct.contains(&name) || (name.contains("distinct") && name != "distinct")
        }
        _ => false,
    }
}

/// Where the parenthesis that the second token opens is closed.
fn closing(sql: &str, tokens: &[Token]) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate().skip(1) {
        depth += i32::from(token.is_symbol(sql, '(')) - i32::from(token.is_symbol(sql, ')'));
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The items between every SELECT and its FROM, each list with how deep in parentheses it stands.
fn select_lists<'a>(sql: &str, code: &'a [Token]) -> Vec<(i32, Vec<Item<'a>>)> {
    let (mut lists, mut depth) = (Vec::new(), 0_i32);
    for (at, token) in code.iter().enumerate() {
        depth += i32::from(token.is_symbol(sql, '(')) - i32::from(token.is_symbol(sql, ')'));
        if token.is_word(sql, "SELECT") {
            lists.push((depth, items(sql, &code[at + 1..])));
        }
    }
    lists
}

fn items<'a>(sql: &str, code: &'a [Token]) -> Vec<Item<'a>> {
    let (mut items, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    let mut end = code.len();
    for (at, token) in code.iter().enumerate() {
        depth += i32::from(token.is_symbol(sql, '(')) - i32::from(token.is_symbol(sql, ')'));
        let ends = depth < 0 || (depth == 0 && ["FROM", "UNION"].iter().any(|word| token.is_word(sql, word)));
        if ends {
            end = at;
            break;
        }
        if depth == 0 && token.is_symbol(sql, ',') {
            items.push(Item(&code[start..at]));
            start = at + 1;
        }
    }
    items.push(Item(&code[start..end]));
    items
}

fn is_operator(token: Token, sql: &str) -> bool {
    token.kind == TokenKind::Symbol && !matches!(token.text(sql), ")" | "." | "]")
}

fn unquoted(name: &str) -> String {
    let quoted = |quote: char| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
    quoted('"').or_else(|| quoted('`')).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> Vec<(String, Aggregate)> {
        outputs(sql).columns.into_iter().map(|output| (output.name, output.aggregate)).collect()
    }

    #[test]
    fn aggregates_are_told_apart() {
        let sql = "SELECT campaign, a.brand, SUM(impressions) AS impressions, COUNT(*) rows_, count ( /* all */ distinct user_id) AS \"Reach\",
            MIN(day) AS first_day, MAX(t.day) last_day, SUM(x) / SUM(y) AS ratio, CASE WHEN a THEN 1 END FROM t";
        use Aggregate::{Distinct, Maximum, Minimum, Other, Sum};
        let expected = [
            ("campaign", Other),
            ("brand", Other),
            ("impressions", Sum),
            ("rows_", Sum),
            ("Reach", Distinct),
            ("first_day", Minimum),
            ("last_day", Maximum),
            ("ratio", Other),
        ];
        assert_eq!(read(sql), expected.map(|(name, aggregate)| (name.to_owned(), aggregate)));
    }

    #[test]
    fn distinct_counts_are_followed_through_the_query() {
        for sql in [
            "WITH a AS (SELECT c, COUNT(DISTINCT user_id) AS u FROM t GROUP BY c) SELECT c, u AS reach FROM a",
            "SELECT c, SUM(u) AS reach FROM (SELECT c, COUNT(DISTINCT user_id) AS u FROM t GROUP BY c)",
            "WITH a AS (SELECT COUNT(DISTINCT user_id) u FROM t), b AS (SELECT u AS v FROM a) SELECT 'x' AS c, MAX(v) reach FROM b",
            "SELECT c, APPROX_DISTINCT(user_id) AS reach FROM t",
            "SELECT c, COUNT(DISTINCT user_id) * 2 AS reach FROM t",
        ] {
            let found = outputs(sql);
            assert!(found.distinct.contains("reach"), "{sql}");
            assert_eq!(found.columns[1].aggregate, Aggregate::Distinct, "{sql}");
            assert!(!found.distinct.contains("c"), "{sql}");
        }
    }

    #[test]
    fn words_in_strings_and_comments_count_nothing() {
        assert!(
            outputs("SELECT 'COUNT(DISTINCT x)' AS a, b -- COUNT(DISTINCT c) AS d\nFROM t")
                .distinct
                .is_empty()
        );
    }
}
