//! Common table expressions that are used more than once are computed once, as AMC does.
//!
//! DataFusion would write them out at each use: rows numbered by `UUID()` would differ from use to use, and
//! plans of long queries would double with every step.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::helpers::attached_token::AttachedToken;
use datafusion::sql::sqlparser::ast::{Cte, ObjectName, Query, Visit, Visitor, With};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;

use super::tree;

/// A common table expression to compute beforehand.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    /// Its name.
    pub(crate) name: String,
    /// The query that gives its rows: itself behind the expressions it needs.
    pub(crate) query: Query,
}

/// Takes the expressions used more than once out of a query, in the order in which they can be computed.
pub(crate) fn split(query: &mut Query) -> Vec<Shared> {
    let Some(with) = query.with.take() else { return Vec::new() };
    if with.recursive {
        query.with = Some(with);
        return Vec::new();
    }
    let uses = uses(&with, query);
    let mut shared = Vec::new();
    let mut inline: Vec<Cte> = Vec::new();
    for cte in with.cte_tables {
        let name = tree::folded(&cte.alias.name);
        if uses.get(&name).is_some_and(|count| *count > 1) {
            shared.push(Shared { query: standalone(&cte, &inline), name });
        } else {
            inline.push(cte);
        }
    }
    query.with = (!inline.is_empty()).then(|| clause(inline));
    shared
}

fn clause(cte_tables: Vec<Cte>) -> With {
    With { with_token: AttachedToken::empty(), recursive: false, cte_tables }
}

/// How often each expression is read, by another one or by the query itself.
fn uses(with: &With, query: &Query) -> HashMap<String, usize> {
    let mut readers = Readers { counts: HashMap::new() };
    for cte in &with.cte_tables {
        let _: ControlFlow<()> = cte.query.visit(&mut readers);
    }
    let _: ControlFlow<()> = query.visit(&mut readers);
    readers.counts
}

struct Readers {
    counts: HashMap<String, usize>,
}

impl Visitor for Readers {
    type Break = ();

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        if let Some(name) = relation.0.last().and_then(|part| part.as_ident()) {
            *self.counts.entry(tree::folded(name)).or_default() += 1;
        }
        ControlFlow::Continue(())
    }
}

/// `WITH earlier…, name AS (…) SELECT * FROM name`: the column list of the alias stays in force.
fn standalone(cte: &Cte, earlier: &[Cte]) -> Query {
    let mut tables = earlier.to_vec();
    tables.push(cte.clone());
    let all = Parser::new(&GenericDialect {})
        .try_with_sql(&format!("SELECT * FROM {}", cte.alias.name))
        .and_then(|mut parser| parser.parse_query());
    let mut query = all.map_or_else(|_| cte.query.as_ref().clone(), |query| *query);
    query.with = Some(clause(tables));
    query
}
