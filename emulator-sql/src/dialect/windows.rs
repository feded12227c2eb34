//! `TABLE(EXTEND_TIME_WINDOW('table', 'P28D', 'P0D'))`: a scan of a wider window.
//!
//! The scan is named `table back forward`, which [`crate::session`] reads again.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, Ident, ObjectName, Spanned, TableAlias, TableFactor,
};

use super::{Context, tree};
use crate::refusal;

const NAME: &str = "extend_time_window";

/// Rewrites the table function, written with or without `TABLE( )`.
pub(super) fn rewrite(factor: &mut TableFactor, context: &Context<'_>) -> Result<(), Refusal> {
    let Some((arguments, alias, span)) = call(factor) else { return Ok(()) };
    let texts: Vec<&str> = arguments.iter().filter_map(|argument| tree::literal_text(argument)).collect();
    let [table, back, forward] = texts[..] else {
        return Err(refusal::at(
            span,
            "EXTEND_TIME_WINDOW takes three STRING literals: table, back, forward",
        ));
    };
    let table = table.to_lowercase();
    if context.windows.extended(&format!("{back} {forward}")).is_none() {
        return Err(refusal::at(
            span,
            &format!("'{back}', '{forward}': not ISO-8601 durations such as 'P28D'"),
        ));
    }
    let scan = Ident::with_quote('"', format!("{table} {back} {forward}"));
    let alias = alias.unwrap_or_else(|| alias_of(&table));
    *factor = relation(scan, alias);
    Ok(())
}

/// The arguments, the alias and the place of a call of the table function.
pub(super) fn call(
    factor: &TableFactor,
) -> Option<(Vec<Expr>, Option<TableAlias>, datafusion::sql::sqlparser::tokenizer::Span)> {
    match factor {
        TableFactor::TableFunction { expr: Expr::Function(function), alias } => {
            is_extension(function).then(|| {
                let arguments = tree::arguments(function).into_iter().cloned().collect();
                (arguments, alias.clone(), function.name.span())
            })
        }
        TableFactor::Table { name, args: Some(arguments), alias, .. } => {
            let plain = |argument: &FunctionArg| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
                _ => None,
            };
            (name.to_string().to_lowercase() == NAME)
                .then(|| (arguments.args.iter().filter_map(plain).collect(), alias.clone(), name.span()))
        }
        _ => None,
    }
}

fn is_extension(function: &Function) -> bool {
    tree::function_name(function) == NAME
}

fn alias_of(table: &str) -> TableAlias {
    TableAlias { explicit: true, name: Ident::new(table), columns: Vec::new(), at: None }
}

fn relation(scan: Ident, alias: TableAlias) -> TableFactor {
    TableFactor::Table {
        name: ObjectName::from(vec![scan]),
        alias: Some(alias),
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    }
}
