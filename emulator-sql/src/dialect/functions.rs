//! Calls by name: templates first, then functions that only have another name in DataFusion.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{Expr, Ident, ObjectName};

use super::{Context, template, tree};

/// AMC's name and DataFusion's, for functions that agree in everything else.
const RENAMED: [(&str, &str); 10] = [
    ("collect", "array_agg"),
    ("named_row", "named_struct"),
    ("variance", "var_samp"),
    ("stddev", "stddev_samp"),
    ("percentile", "percentile_cont"),
    ("approx_percentile", "approx_percentile_cont"),
    ("approx_count_distinct", "approx_distinct"),
    ("array_agg", "array_agg"),
    ("every", "bool_and"),
    ("log10", "log10"),
];

/// Rewrites a call.
pub(super) fn rewrite(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::Function(function) = expr else { return Ok(()) };
    let name = tree::function_name(function);
    if name == "contained_in" {
        *expr = contained(&tree::arguments(function));
    } else if matches!(name.as_str(), "greatest" | "least") {
        *expr = folded(&name, &tree::arguments(function));
    } else if function.over.is_none()
        && let Some(expanded) = template::expand(&name, &tree::arguments(function))
    {
        *expr = expanded;
    } else if let Some((_, renamed)) = RENAMED.iter().find(|(known, _)| *known == name) {
        function.name = ObjectName::from(vec![Ident::new(*renamed)]);
    }
    Ok(())
}

/// Whether AMC's name stands for another function.
pub(super) fn knows(name: &str) -> bool {
    name == "contained_in" || template::knows(name) || RENAMED.iter().any(|(known, _)| *known == name)
}

/// `CONTAINED_IN(x, a, b)` is `x IN (a, b)`.
fn contained(arguments: &[&Expr]) -> Expr {
    let (value, list) =
        arguments.split_first().map_or((tree::null(), &[][..]), |(first, rest)| ((*first).clone(), rest));
    Expr::InList {
        expr: Box::new(value),
        list: list.iter().map(|item| (*item).clone()).collect(),
        negated: false,
    }
}

/// `GREATEST(a, b, c)` two by two, so that NULL in any place gives NULL.
fn folded(name: &str, arguments: &[&Expr]) -> Expr {
    let all = arguments.iter().map(|argument| (*argument).clone());
    all.reduce(|first, second| template::expand(name, &[&first, &second]).unwrap_or(first))
        .unwrap_or_else(tree::null)
}
