//! What a grouped query may select.

use std::mem::discriminant;

use super::Reader;
use super::expression::{aggregate, children};
use super::scope::Scope;
use crate::Finding;
use crate::lint::functions::{Standing, standing};
use crate::lint::syntax::tree::{Call, Expr, Item, Kind, Name, Select};

/// What a query is grouped by.
struct Groups<'e> {
    exprs: Vec<&'e Expr>,
    /// The places of the select list that are groups.
    places: Vec<usize>,
}

impl<'a> Reader<'a> {
    /// Every column outside of an aggregate must be a group.
    pub(super) fn grouping(&mut self, select: &Select, scope: &Scope<'a, '_>, aliases: &[String]) {
        let aggregates = |item: &Item| matches!(item, Item::Expr { expr, .. } if aggregate(expr).is_some());
        if !select.is_grouped && !select.items.iter().any(aggregates) && select.having.is_none() {
            return;
        }
        let Some(groups) = self.groups(select) else { return };
        for (place, item) in select.items.iter().enumerate() {
            if let Item::Expr { expr, .. } = item
                && !groups.places.contains(&place)
            {
                self.grouped(expr, &groups, scope, aliases);
            }
        }
    }

    /// The groups; none where they cannot be told.
    fn groups<'e>(&mut self, select: &'e Select) -> Option<Groups<'e>> {
        let mut groups = Groups { exprs: Vec::new(), places: Vec::new() };
        let has_star = select.items.iter().any(|item| matches!(item, Item::Star { .. }));
        for expr in &select.group_by {
            match &expr.kind {
                Kind::Parameter => return None,
                Kind::Call(call) if call.open || is_set(&call.name.text) => return None,
                Kind::Number if has_star => return None,
                Kind::Number => groups.places.push(self.ordinal(expr, select)?),
                Kind::Column(parts) => {
                    groups.places.extend(aliased(parts, &select.items));
                    groups.exprs.push(expr);
                }
                _ => groups.exprs.push(expr),
            }
        }
        for place in groups.places.clone() {
            if let Some(Item::Expr { expr, .. }) = select.items.get(place) {
                groups.exprs.push(expr);
            }
        }
        Some(groups)
    }

    fn ordinal(&mut self, expr: &Expr, select: &Select) -> Option<usize> {
        let number: usize = self.sql.get(expr.start..expr.end)?.trim().parse().ok()?;
        let place = number.checked_sub(1).filter(|place| *place < select.items.len());
        if place.is_none() {
            let message = format!("the query has no column {number} to group by");
            self.tell(
                expr.start,
                Finding::error("group_by_place", message).fix("count the columns of the select list from 1"),
            );
        }
        let item = select.items.get(place?)?;
        if let Item::Expr { expr: meant, .. } = item
            && let Some(call) = aggregate(meant).filter(|call| !call.open)
        {
            let message = format!(
                "column {number} is {}(…), and an aggregate is no group",
                call.name.text.to_uppercase()
            );
            self.tell(
                expr.start,
                Finding::error("aggregate_as_group", message).fix("leave it out of GROUP BY"),
            );
        }
        place
    }

    fn grouped(&mut self, expr: &Expr, groups: &Groups<'_>, scope: &Scope<'a, '_>, aliases: &[String]) {
        if groups.exprs.iter().any(|group| self.is_same(group, expr)) {
            return;
        }
        match &expr.kind {
            Kind::Call(call) if call.open || is_unknown(call) => {}
            // What is computed over groups reads groups and aggregates alone.
            Kind::Call(call) if call.over.is_some() => {
                for child in call.arguments.iter().chain(call.over.iter().flatten()) {
                    self.grouped(child, groups, scope, aliases);
                }
            }
            Kind::Call(_) if aggregate_itself(expr) => {}
            Kind::Column(parts) => {
                let of_alias = matches!(parts.as_slice(), [name] if aliases.contains(&name.text));
                if of_alias || !scope.is_own(parts) {
                    return;
                }
                let name = parts.last().map_or("", |name| &name.text);
                let at = parts.first().map_or(expr.start, |name| name.start);
                let message = format!("column {name:?} is neither grouped nor aggregated");
                self.tell(
                    at,
                    Finding::error("not_grouped", message).fix("add it to GROUP BY, or aggregate it"),
                );
            }
            Kind::Call(call) if matches!(call.name.text.as_str(), "extract" | "date_part") => {
                for child in call.arguments.iter().skip(1) {
                    self.grouped(child, groups, scope, aliases);
                }
            }
            _ => {
                for child in children(expr) {
                    self.grouped(child, groups, scope, aliases);
                }
            }
        }
    }

    /// Whether two expressions say the same.
    fn is_same(&self, left: &Expr, right: &Expr) -> bool {
        match (&left.kind, &right.kind) {
            (Kind::Column(left), Kind::Column(right)) => is_same_column(left, right),
            (left_kind, right_kind) if discriminant(left_kind) != discriminant(right_kind) => false,
            _ => self.said(left).eq(self.said(right)),
        }
    }

    /// The text of an expression without white space and in small letters.
    fn said(&self, expr: &Expr) -> impl Iterator<Item = char> {
        let text = self.sql.get(expr.start..expr.end).unwrap_or_default();
        text.chars().filter(|it| !it.is_whitespace() && !matches!(it, '(' | ')')).flat_map(char::to_lowercase)
    }
}

/// A function that is not known may aggregate.
fn is_unknown(call: &Call) -> bool {
    standing(&call.name.text) == Standing::Unknown
}

fn aggregate_itself(expr: &Expr) -> bool {
    let Kind::Call(call) = &expr.kind else { return false };
    aggregate(expr).is_some_and(|found| std::ptr::eq(found, call.as_ref()))
}

/// Where one of the two names no table, it is the same column if the name is.
fn is_same_column(left: &[Name], right: &[Name]) -> bool {
    let mut both = left.iter().rev().zip(right.iter().rev());
    both.all(|(left, right)| left.text == right.text)
}

/// The places of the select list that an alias names.
fn aliased(parts: &[Name], items: &[Item]) -> Vec<usize> {
    let [name] = parts else { return Vec::new() };
    let named =
        |item: &Item| matches!(item, Item::Expr { alias: Some(alias), .. } if alias.text == name.text);
    items.iter().enumerate().filter(|(_, item)| named(item)).map(|(place, _)| place).collect()
}

fn is_set(name: &str) -> bool {
    matches!(name, "rollup" | "cube" | "sets" | "grouping")
}
