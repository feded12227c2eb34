//! Aliases of the select list in `GROUP BY` and `HAVING`: where one equals a column, the alias wins.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Select, SelectItem, Visit, VisitMut, Visitor, VisitorMut,
};

use super::{functions, tree};
use crate::functions::is_aggregate;

/// The place of each alias in the select list and what it stands for.
type Aliases = HashMap<String, (usize, Expr)>;

/// Turns aliases, and repetitions of what the select list has, into places in `GROUP BY`; writes out aliases in `HAVING`.
pub(super) fn rewrite(select: &mut Select) {
    let aliases = aliases(select);
    if let GroupByExpr::Expressions(groups, _) = &mut select.group_by {
        let counts = !select.projection.iter().any(is_wildcard);
        groups
            .iter_mut()
            .filter(|_| counts)
            .for_each(|group| number_group(group, &aliases, &select.projection));
    }
    if let Some(having) = &mut select.having {
        let _: ControlFlow<()> = having.visit(&mut Expand { aliases: &aliases, inside: 0 });
    }
}

/// The aliases that name more than a column of the same name.
fn aliases(select: &Select) -> Aliases {
    let entry = |(place, item): (usize, &SelectItem)| match item {
        SelectItem::ExprWithAlias { expr, alias } => Some((tree::folded(alias), (place, expr.clone()))),
        _ => None,
    };
    let itself = |name: &String, expr: &Expr| matches!(expr, Expr::Identifier(column) if tree::folded(column) == *name);
    let items = select.projection.iter().enumerate();
    items.filter_map(entry).filter(|(name, (_, expr))| !itself(name, expr)).collect()
}

fn is_wildcard(item: &SelectItem) -> bool {
    matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(_, _))
}

/// A place stands for the very item, whatever later rewrites make of it.
fn number_group(group: &mut Expr, aliases: &Aliases, items: &[SelectItem]) {
    let place = match group {
        Expr::Identifier(name) => aliases.get(&tree::folded(name)).map(|(place, _)| *place),
        Expr::Value(_) | Expr::CompoundIdentifier(_) => None,
        ref other => items.iter().position(|item| tree::item(item) == Some(other)),
    };
    let aggregated =
        |place: &usize| tree::item(&items[*place]).is_some_and(|expr| has(expr, Found::Aggregate));
    if let Some(place) = place.filter(|place| !aggregated(place)) {
        *group = tree::number(&(place + 1).to_string());
    }
}

struct Expand<'a> {
    aliases: &'a Aliases,
    inside: usize,
}

impl VisitorMut for Expand<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if aggregates(expr) {
            self.inside += 1;
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if aggregates(expr) {
            self.inside -= 1;
        } else if self.inside == 0
            && let Expr::Identifier(name) = expr
            && let Some(meant) = self
                .aliases
                .get(&tree::folded(name))
                .map(|(_, meant)| meant)
                .filter(|meant| !has(meant, Found::Window))
        {
            *expr = Expr::Nested(Box::new(meant.clone()));
        }
        ControlFlow::Continue(())
    }
}

/// Whether an expression is a call of an aggregate.
pub(super) fn aggregates(expr: &Expr) -> bool {
    matches!(expr, Expr::Function(function) if function.over.is_none() && is_aggregate(&tree::function_name(function)))
}

/// What an expression may contain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// An aggregate outside windows.
    Aggregate,
    /// A window function.
    Window,
}

/// Whether an expression contains what is looked for, subqueries apart.
pub(super) fn has(expr: &Expr, wanted: Found) -> bool {
    expr.visit(&mut Look(wanted)).is_break()
}

struct Look(Found);

impl Visitor for Look {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let windowed = matches!(expr, Expr::Function(function) if function.over.is_some());
        let found = match self.0 {
            Found::Aggregate => aggregates(expr),
            Found::Window => windowed,
        };
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Whether a name is a function of the dialect rather than of DataFusion.
pub(super) fn is_rewritten(name: &str) -> bool {
    functions::knows(name)
}
