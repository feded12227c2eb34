//! Names of output columns as Calcite gives them: `expr$0` for unnamed expressions, a number behind repeated names.

use std::collections::HashSet;

use datafusion::sql::sqlparser::ast::{Expr, Ident, Select, SelectItem};

use super::tree;

/// Names every column of a SELECT, each once.
pub(super) fn rewrite(select: &mut Select) {
    let mut taken = HashSet::new();
    for (place, item) in select.projection.iter_mut().enumerate() {
        let Some((expr, name)) = named(item, place) else { continue };
        let free = free(&name, &taken);
        taken.insert(free.clone());
        if free != name || matches!(item, SelectItem::UnnamedExpr(_)) && !is_column(&expr) {
            *item = SelectItem::ExprWithAlias { expr, alias: Ident::with_quote('"', free) };
        }
    }
}

/// Gives a bare column its own name as an alias, so that another expression can take its place.
pub(super) fn keep(item: &mut SelectItem) {
    let name = match item {
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => name.clone(),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => match parts.last() {
            Some(name) => name.clone(),
            None => return,
        },
        _ => return,
    };
    if let SelectItem::UnnamedExpr(expr) = item {
        *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: name };
    }
}

fn named(item: &SelectItem, place: usize) -> Option<(Expr, String)> {
    match item {
        SelectItem::ExprWithAlias { expr, alias } => Some((expr.clone(), tree::folded(alias))),
        SelectItem::UnnamedExpr(expr) => {
            let name = match expr {
                Expr::Identifier(name) => tree::folded(name),
                Expr::CompoundIdentifier(parts) => parts.last().map(tree::folded).unwrap_or_default(),
                _ => format!("expr${place}"),
            };
            Some((expr.clone(), name))
        }
        _ => None,
    }
}

fn is_column(expr: &Expr) -> bool {
    matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
}

fn free(name: &str, taken: &HashSet<String>) -> String {
    let numbered = (0_u32..).map(|number| format!("{name}{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or_default()
}
