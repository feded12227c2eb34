//! Aliases of the select list in `GROUP BY` and `HAVING`: where one equals a column, the alias wins.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, GroupByExpr, Select, SelectItem, Value, Visit, VisitMut, Visitor, VisitorMut,
};

use super::{functions, tree};
use crate::functions::is_aggregate;

type Aliases = HashMap<String, Expr>;

/// Writes out aliases in `GROUP BY` and `HAVING`.
pub(super) fn rewrite(select: &mut Select) {
    let aliases = aliases(select);
    if let GroupByExpr::Expressions(groups, _) = &mut select.group_by {
        groups.iter_mut().for_each(|group| expand_group(group, &aliases));
    }
    if let Some(having) = &mut select.having {
        let _: ControlFlow<()> = having.visit(&mut Expand { aliases: &aliases, inside: 0 });
    }
}

/// The aliases that name more than a column of the same name.
fn aliases(select: &Select) -> Aliases {
    let entry = |item: &SelectItem| match item {
        SelectItem::ExprWithAlias { expr, alias } => Some((tree::folded(alias), expr.clone())),
        _ => None,
    };
    let itself = |name: &String, expr: &Expr| matches!(expr, Expr::Identifier(column) if tree::folded(column) == *name);
    select.projection.iter().filter_map(entry).filter(|(name, expr)| !itself(name, expr)).collect()
}

fn expand_group(group: &mut Expr, aliases: &Aliases) {
    let Expr::Identifier(name) = group else { return };
    if let Some(expr) = aliases.get(&tree::folded(name)).filter(|expr| !has(expr, Found::Aggregate)) {
        *group = match expr {
            Expr::Value(value) if matches!(value.value, Value::Number(_, _)) => return,
            expr => expr.clone(),
        };
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
            && let Some(meant) =
                self.aliases.get(&tree::folded(name)).filter(|meant| !has(meant, Found::Window))
        {
            *expr = Expr::Nested(Box::new(meant.clone()));
        }
        ControlFlow::Continue(())
    }
}

fn aggregates(expr: &Expr) -> bool {
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
