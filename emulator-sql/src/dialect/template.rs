//! Functions of AMC written as expressions of DataFusion, `$1`, `$2`, … standing for the arguments.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use datafusion::sql::sqlparser::ast::{Expr, Value, VisitMut, VisitorMut};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// (name, number of arguments, expression).
const TEMPLATES: [(&str, usize, &str); 31] = [
    ("if", 3, "CASE WHEN $1 THEN $2 ELSE $3 END"),
    ("ifnull", 2, "COALESCE($1, $2)"),
    ("charindex", 2, "strpos($2, $1)"),
    ("locate", 2, "strpos($2, $1)"),
    ("instr", 2, "strpos($1, $2)"),
    ("year", 1, "CAST(date_part('year', $1) AS BIGINT)"),
    ("month", 1, "CAST(date_part('month', $1) AS BIGINT)"),
    ("week", 1, "CAST(date_part('week', $1) AS BIGINT)"),
    ("dayofmonth", 1, "CAST(date_part('day', $1) AS BIGINT)"),
    ("dayofweek", 1, "CAST(date_part('dow', $1) AS BIGINT) + 1"),
    ("hour", 1, "CAST(date_part('hour', CAST($1 AS TIMESTAMP(3))) AS BIGINT)"),
    ("minute", 1, "CAST(date_part('minute', CAST($1 AS TIMESTAMP(3))) AS BIGINT)"),
    ("second", 1, "CAST(date_part('second', CAST($1 AS TIMESTAMP(3))) AS BIGINT)"),
    ("e", 0, "exp(1.0)"),
    ("sqrt", 1, "CASE WHEN $1 < 0 THEN NULL ELSE sqrt($1) END"),
    ("mod", 2, "$1 % $2"),
    ("array_remove", 2, "array_remove_all($1, $2)"),
    ("array_complement", 2, "array_except($1, $2)"),
    ("array_cat", 2, "array_concat($1, $2)"),
    ("array_contains", 2, "contains_element($1, $2)"),
    ("array_to_string", 1, "array_to_string($1, ',')"),
    ("explode", 1, "unnest($1)"),
    ("regexp_replace", 3, "regexp_replace($1, $2, $3, 'g')"),
    ("ceiling", 1, "ceil($1)"),
    ("greatest", 2, "CASE WHEN $1 >= $2 THEN $1 WHEN $1 < $2 THEN $2 END"),
    ("least", 2, "CASE WHEN $1 <= $2 THEN $1 WHEN $1 > $2 THEN $2 END"),
    ("nvl", 2, "COALESCE($1, $2)"),
    ("nvl2", 3, "CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END"),
    ("nullif", 2, "CASE WHEN $1 = $2 THEN NULL ELSE $1 END"),
    ("substr", 2, "substr($1, $2)"),
    ("sha1", 1, "sha1($1)"),
];

static PARSED: LazyLock<HashMap<(&str, usize), Expr>> = LazyLock::new(|| {
    let parsed =
        |text| Parser::new(&GenericDialect {}).try_with_sql(text).and_then(|mut parser| parser.parse_expr());
    TEMPLATES.iter().filter_map(|(name, count, text)| Some(((*name, *count), parsed(text).ok()?))).collect()
});

/// The expression for a call, if there is a template of that name and number of arguments.
pub(super) fn expand(name: &str, arguments: &[&Expr]) -> Option<Expr> {
    let mut expr = PARSED.get(&(name, arguments.len()))?.clone();
    let _: ControlFlow<()> = expr.visit(&mut Fill { arguments });
    Some(Expr::Nested(Box::new(expr)))
}

/// Whether some template has that name.
pub(super) fn knows(name: &str) -> bool {
    TEMPLATES.iter().any(|(known, _, _)| *known == name)
}

struct Fill<'a> {
    arguments: &'a [&'a Expr],
}

impl VisitorMut for Fill<'_> {
    type Break = ();

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Some(argument) = self.argument(expr) {
            *expr = argument;
        }
        ControlFlow::Continue(())
    }
}

impl Fill<'_> {
    fn argument(&self, expr: &Expr) -> Option<Expr> {
        let Expr::Value(value) = expr else { return None };
        let Value::Placeholder(place) = &value.value else { return None };
        let number: usize = place.strip_prefix('$')?.parse().ok()?;
        let argument = (*self.arguments.get(number - 1)?).clone();
        Some(Expr::Nested(Box::new(argument)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_parses() {
        assert_eq!(PARSED.len(), TEMPLATES.len());
    }
}
