//! What a query means: the names it uses, what it compares, groups and returns.

mod expression;
mod grouping;
mod query;
mod scope;
mod traits;

use std::collections::BTreeSet;

use super::LintOptions;
use super::catalogue::{Catalogue, Sensitivity};
use super::syntax::tree::{Body, Item, Query};
use crate::{Finding, Severity, sql};
use scope::{Events, Output, Scope};

/// Looks at a query as a whole.
pub(super) fn check(sql: &str, query: &Query, options: LintOptions<'_>) -> Vec<Finding> {
    let mut reader =
        Reader { sql, catalogue: options.data_sources, found: Vec::new(), tables: BTreeSet::new() };
    let output = reader.query(query, &query::Ctes::default(), &Scope::default());
    reader.result(query, &output);
    reader.placed()
}

/// Goes through a query and keeps what it finds.
struct Reader<'a> {
    sql: &'a str,
    catalogue: Option<&'a Catalogue>,
    found: Vec<(usize, Finding)>,
    /// The data sources that are read.
    tables: BTreeSet<String>,
}

impl Reader<'_> {
    fn tell(&mut self, at: usize, finding: Finding) {
        let told = |(known, other): &(usize, Finding)| *known == at && other.code == finding.code;
        if !self.found.iter().any(told) {
            self.found.push((at, finding));
        }
    }

    /// A finding that is certain only where the data sources are known.
    fn tell_by_sources(&mut self, at: usize, finding: Finding) {
        let severity = if self.catalogue.is_some() { Severity::Error } else { Severity::Warning };
        self.tell(at, Finding { severity, ..finding });
    }

    /// The findings with their places, each worked out once in the order of the text.
    fn placed(mut self) -> Vec<Finding> {
        self.found.sort_by_key(|(at, _)| *at);
        let mut places = sql::Places::new(self.sql);
        self.found.into_iter().map(|(at, finding)| finding.at(places.of(at))).collect()
    }

    /// What the whole query returns.
    fn result(&mut self, query: &Query, output: &Output) {
        let starts = starts(&query.body);
        let first = starts.first().copied().unwrap_or_default();
        let for_audiences = self.tables.iter().any(|table| table.ends_with("_for_audiences"));
        let is_user = |place: usize| output.columns.get(place).is_some_and(|(_, traits)| traits.user);
        if for_audiences && output.columns.len() == 1 && is_user(0) {
            return;
        }
        for (place, (name, traits)) in output.columns.iter().enumerate() {
            if traits.sensitivity < Sensitivity::VeryHigh {
                continue;
            }
            if for_audiences && traits.user {
                let other = starts.get(usize::from(place == 0)).copied().unwrap_or(first);
                let message = "a query for an audience returns user_id and nothing else";
                self.tell(other, Finding::error("audience_columns", message).fix("return user_id alone"));
            } else {
                let finding = restricted(name, traits.sensitivity);
                self.tell(starts.get(place).copied().unwrap_or(first), finding);
            }
        }
        if output.events != Events::No {
            let message = "the query returns events of single users: at least one aggregation is needed";
            let severity = if output.events == Events::Yes { Severity::Error } else { Severity::Warning };
            let finding = Finding::error("missing_aggregation", message)
                .fix("aggregate, for example with COUNT or SUM and GROUP BY");
            self.tell(first, Finding { severity, ..finding });
        }
    }
}

fn restricted(name: &str, sensitivity: Sensitivity) -> Finding {
    let class = if sensitivity == Sensitivity::Internal { "INTERNAL" } else { "VERY_HIGH" };
    let code = if class == "INTERNAL" { "restricted_column" } else { "raw_user_id" };
    let message = format!("column {name:?} comes from one of class {class}, which AMC never returns");
    Finding::error(code, message).fix("count it: COUNT(DISTINCT user_id)")
}

/// Where the columns of the result stand in the text; those of the first SELECT if there are several.
fn starts(body: &Body) -> Vec<usize> {
    match body {
        Body::Select(select) => select.items.iter().map(Item::start).collect(),
        Body::Set { left, .. } => starts(left),
        Body::Query(query) => starts(&query.body),
        Body::Values(_) => Vec::new(),
    }
}
