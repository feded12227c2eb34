//! Queries and what they give: WITH, FROM, SELECT.

use std::rc::Rc;

use super::Reader;
use super::expression::{aggregate, alias_names, has_window};
use super::scope::{Columns, Events, Frame, Output, Scope};
use super::traits::{LITERAL, Traits};
use crate::Finding;
use crate::lint::suggest::nearest;
use crate::lint::syntax::tree::{Body, Cte, Expr, Item, Join, Kind, Name, Query, Relation, Select, Source};

/// The queries that have a name here.
#[derive(Debug, Default)]
pub(super) struct Ctes<'p> {
    own: Vec<(String, Rc<Output>)>,
    parent: Option<&'p Self>,
}

impl Ctes<'_> {
    fn find(&self, name: &str) -> Option<Rc<Output>> {
        let own = self.own.iter().rev().find(|(known, _)| known == name).map(|(_, output)| Rc::clone(output));
        own.or_else(|| self.parent?.find(name))
    }

    fn names(&self) -> Vec<&str> {
        let above = self.parent.map(|parent| parent.names()).unwrap_or_default();
        self.own.iter().map(|(name, _)| name.as_str()).chain(above).collect()
    }
}

impl<'a> Reader<'a> {
    pub(super) fn query(&mut self, query: &Query, ctes: &Ctes<'_>, outer: &Scope<'a, '_>) -> Output {
        let mut inner = Ctes { own: Vec::new(), parent: Some(ctes) };
        for cte in &query.ctes {
            let output = self.query(&cte.query, &inner, outer);
            let output = self.named(cte, output);
            inner.own.push((cte.name.text.clone(), Rc::new(output)));
        }
        if let Some(at) = query.limit_at {
            let finding = Finding::warning("limit", "LIMIT is documented as not supported");
            self.tell(at, finding.fix("rank the rows with ROW_NUMBER() OVER (…) and filter by the rank"));
        }
        if let Some(at) = query.order_at {
            let finding =
                Finding::warning("order_by", "ORDER BY is documented as not supported outside of OVER");
            self.tell(at, finding.fix("leave it out, and sort the result where it is used"));
        }
        self.body(&query.body, &query.order_by, &inner, outer)
    }

    /// The columns of a query under the names its WITH gives them.
    fn named(&mut self, cte: &Cte, output: Output) -> Output {
        let Some(first) = cte.columns.first() else { return output };
        let (width, names) = (output.columns.len(), cte.columns.len());
        if width != names && !output.open {
            let message = format!("{:?} names {names} columns, and its query gives {width}", cte.name.text);
            self.tell(first.start, Finding::error("column_count", message).fix("name every column once"));
        }
        renamed(&cte.columns, output)
    }

    fn body(&mut self, body: &Body, order_by: &[Expr], ctes: &Ctes<'_>, outer: &Scope<'a, '_>) -> Output {
        match body {
            Body::Select(select) => self.select(select, order_by, ctes, outer),
            Body::Query(query) => self.query(query, ctes, outer),
            Body::Values(rows) => self.values(rows, ctes, outer),
            Body::Set { left, right, distinct, start } => {
                let (first, second) = (self.body(left, &[], ctes, outer), self.body(right, &[], ctes, outer));
                self.widths(&first, &second, *start);
                united(first, &second, *distinct)
            }
        }
    }

    /// Both sides of a UNION give as many columns.
    fn widths(&mut self, first: &Output, second: &Output, start: usize) {
        let (left, right) = (first.columns.len(), second.columns.len());
        if left != right && !first.open && !second.open {
            let message = format!("one side of this UNION gives {left} columns, the other {right}");
            self.tell(
                start,
                Finding::error("column_count", message).fix("select as many columns on both sides"),
            );
        }
    }

    fn values(&mut self, rows: &[Vec<Expr>], ctes: &Ctes<'_>, outer: &Scope<'a, '_>) -> Output {
        for value in rows.iter().flatten() {
            self.expr(value, outer, ctes);
        }
        let width = rows.first().map_or(0, Vec::len);
        let columns = (0..width).map(|place| (format!("expr${place}"), LITERAL)).collect();
        Output { columns, open: rows.is_empty(), events: Events::No }
    }

    fn select(
        &mut self,
        select: &Select,
        order_by: &[Expr],
        ctes: &Ctes<'_>,
        outer: &Scope<'a, '_>,
    ) -> Output {
        let mut scope = Scope { parent: Some(outer), ..Scope::default() };
        let mut events = Events::No;
        for relation in &select.from {
            let (frame, behind) = self.relation(relation, ctes, outer);
            events = events.max(behind);
            scope.frames.push(frame);
            scope.using.extend(relation.using.iter().map(|name| name.text.clone()));
        }
        self.conditions(select, &scope, ctes);
        let columns = self.items(select, &scope, ctes);
        let aliases = alias_names(&select.items);
        self.grouping(select, &scope, &aliases);
        let behind = Scope { aliases, using: scope.using, frames: scope.frames, parent: scope.parent };
        let later = select.group_by.iter().chain(&select.having).chain(&select.qualify).chain(order_by);
        for expr in later.chain(&select.windows) {
            self.expr(expr, &behind, ctes);
        }
        let has_aggregate = select.items.iter().any(|item| match item {
            Item::Expr { expr, .. } => aggregate(expr).is_some(),
            Item::Star { .. } => false,
        });
        let is_windowed = |item: &Item| matches!(item, Item::Expr { expr, .. } if has_window(expr));
        // Whether AMC takes an aggregate OVER for an aggregation is not known.
        let events = if select.items.iter().any(is_windowed) { events.min(Events::Perhaps) } else { events };
        let merges = select.is_grouped || select.distinct || has_aggregate || select.having.is_some();
        let (columns, open) = columns;
        Output { columns, open, events: if merges { Events::No } else { events } }
    }

    fn conditions(&mut self, select: &Select, scope: &Scope<'a, '_>, ctes: &Ctes<'_>) {
        for on in select.from.iter().filter_map(|relation| relation.on.as_ref()) {
            self.expr(on, scope, ctes);
        }
        let Some(condition) = &select.condition else { return };
        self.expr(condition, scope, ctes);
        if let Some(call) = aggregate(condition) {
            let message = format!(
                "{} aggregates, and WHERE is asked before anything is",
                call.name.text.to_uppercase()
            );
            self.tell(call.name.start, Finding::error("aggregate_in_where", message).fix("ask it in HAVING"));
        }
    }

    fn items(
        &mut self,
        select: &Select,
        scope: &Scope<'a, '_>,
        ctes: &Ctes<'_>,
    ) -> (Vec<(String, Traits)>, bool) {
        let (mut columns, mut open) = (Vec::new(), false);
        for (place, item) in select.items.iter().enumerate() {
            match item {
                Item::Expr { expr, alias } => {
                    let traits = self.expr(expr, scope, ctes);
                    columns.push((output_name(expr, alias.as_ref(), place), traits));
                }
                Item::Star { qualifier, start } => {
                    self.star(qualifier.as_ref(), *start);
                    open |= scope.frames.iter().any(|frame| !frame.is_closed());
                    let meant = scope
                        .frames
                        .iter()
                        .filter(|frame| qualifier.as_ref().is_none_or(|it| it.text == frame.name));
                    for frame in meant {
                        let all = frame
                            .names()
                            .into_iter()
                            .filter_map(|name| Some((name.to_owned(), frame.column(name)?)));
                        columns.extend(all);
                    }
                }
            }
        }
        (columns, open)
    }

    fn star(&mut self, qualifier: Option<&Name>, start: usize) {
        let finding = match qualifier {
            Some(_) => Finding::warning("select_star", "AMC is not known to take table.*"),
            None => Finding::error("select_star", "SELECT * is not supported"),
        };
        self.tell(start, finding.fix("name the columns"));
    }

    fn relation(
        &mut self,
        relation: &Relation,
        ctes: &Ctes<'_>,
        outer: &Scope<'a, '_>,
    ) -> (Frame<'a>, Events) {
        self.join(relation);
        let (columns, own, events) = match &relation.source {
            Source::Table(parts) => self.table(parts, ctes),
            Source::Extended { name, durations, start } => self.extended(name.as_deref(), durations, *start),
            Source::Query(query) => {
                let output = self.query(query, ctes, outer);
                let events = output.events;
                (Columns::Query(Rc::new(renamed(&relation.columns, output))), String::new(), events)
            }
            Source::Open(exprs) => {
                let lenient = Scope { frames: vec![open_frame()], parent: Some(outer), ..Scope::default() };
                for expr in exprs {
                    self.expr(expr, &lenient, ctes);
                }
                (Columns::Open, String::new(), Events::No)
            }
        };
        let columns = match columns {
            Columns::Query(output) if !relation.columns.is_empty() => {
                Columns::Query(Rc::new(renamed(&relation.columns, (*output).clone())))
            }
            columns => columns,
        };
        let name = relation.alias.as_ref().map_or(own, |alias| alias.text.clone());
        (Frame { name, columns }, events)
    }

    fn join(&mut self, relation: &Relation) {
        let unconditional = relation.on.is_none() && relation.using.is_empty();
        match relation.join {
            Join::Right => {
                let finding = Finding::error("right_join", "RIGHT JOIN is not supported");
                self.tell(relation.start, finding.fix("exchange the two tables and write LEFT JOIN"));
            }
            Join::Conditional if unconditional => {
                let finding = Finding::error("join_condition", "INNER, LEFT and FULL JOIN need a condition");
                self.tell(relation.start, finding.fix("add ON …, or write CROSS JOIN"));
            }
            _ => {}
        }
    }

    fn table(&mut self, parts: &[Name], ctes: &Ctes<'_>) -> (Columns<'a>, String, Events) {
        let Some(name) = parts.last() else { return (Columns::Open, String::new(), Events::No) };
        let own = name.text.clone();
        if let Some(output) = ctes.find(&own).filter(|_| parts.len() == 1) {
            let events = output.events;
            return (Columns::Query(output), own, events);
        }
        let start = parts.first().map_or(name.start, |first| first.start);
        let (columns, events) = self.source(&own, start, ctes);
        (columns, own, events)
    }

    fn extended(
        &mut self,
        name: Option<&str>,
        durations: &[String],
        start: usize,
    ) -> (Columns<'a>, String, Events) {
        if let Some(wrong) = durations.iter().find(|text| !is_duration(text)) {
            let finding = Finding::error("duration", format!("{wrong:?} is no duration"));
            self.tell(start, finding.fix("write it as ISO 8601 does: 'P28D', 'P1M', 'PT12H'"));
        }
        let Some(name) = name else { return (Columns::Open, String::new(), Events::Perhaps) };
        let (columns, events) = self.source(name, start, &Ctes::default());
        (columns, name.to_owned(), events)
    }

    /// A data source of the instance.
    fn source(&mut self, name: &str, start: usize, ctes: &Ctes<'_>) -> (Columns<'a>, Events) {
        self.tables.insert(name.to_owned());
        let Some(catalogue) = self.catalogue else { return (Columns::Open, Events::Perhaps) };
        if let Some(table) = catalogue.table(name) {
            let events = if table.column("user_id").is_some() { Events::Yes } else { Events::No };
            return (Columns::Table(table), events);
        }
        let finding = Finding::error("unknown_table", format!("there is no table {name:?}"));
        let meant = nearest(name, catalogue.names().chain(ctes.names()));
        self.tell(
            start,
            match meant {
                Some(meant) => finding.fix(format!("did you mean {meant}?")),
                None => finding,
            },
        );
        (Columns::Open, Events::No)
    }
}

/// `P28D`, `PT12H`, `P1Y2M`, in letters of any case
fn is_duration(text: &str) -> bool {
    let upper = text.to_uppercase();
    let rest = upper.strip_prefix('P').unwrap_or_default();
    let is_part =
        |it: char| it.is_ascii_digit() || matches!(it, 'Y' | 'M' | 'W' | 'D' | 'T' | 'H' | 'S' | '.');
    rest.starts_with(|first: char| first.is_ascii_digit() || first == 'T')
        && rest.chars().all(is_part)
        && rest.ends_with(|last: char| last.is_ascii_alphabetic() && last != 'T')
}

fn open_frame() -> Frame<'static> {
    Frame { name: String::new(), columns: Columns::Open }
}

fn renamed(names: &[Name], output: Output) -> Output {
    if names.is_empty() {
        return output;
    }
    let traits = output.columns.iter().map(|(_, traits)| *traits).chain(std::iter::repeat(Traits::default()));
    let columns = names.iter().map(|name| name.text.clone()).zip(traits).collect();
    Output { columns, open: false, events: output.events }
}

fn united(first: Output, second: &Output, distinct: bool) -> Output {
    let others = second.columns.iter().map(|(_, traits)| Some(*traits)).chain(std::iter::repeat(None));
    let both = |((name, own), other): ((String, Traits), Option<Traits>)| {
        (name, other.map_or(own, |other| own.and(other)))
    };
    let columns = first.columns.into_iter().zip(others).map(both).collect();
    let events = if distinct { Events::No } else { first.events.max(second.events) };
    Output { columns, open: first.open, events }
}

fn output_name(expr: &Expr, alias: Option<&Name>, place: usize) -> String {
    match (alias, &expr.kind) {
        (Some(alias), _) => alias.text.clone(),
        (None, Kind::Column(parts)) => parts.last().map(|name| name.text.clone()).unwrap_or_default(),
        _ => format!("expr${place}"),
    }
}
