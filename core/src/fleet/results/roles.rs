//! What the columns of a result mean to somebody who adds them up.

use std::fmt;

use super::Query;
use crate::results::Role;
use crate::sql::Aggregate;
use crate::templates::ColumnRole;

/// What a column means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Rows are told apart by it.
    Dimension,
    /// It can be rolled up.
    Measure(Role),
    /// A ratio whose parts nothing names: it cannot be computed anew.
    Ratio,
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dimension => f.write_str("dimension"),
            Self::Measure(role) => role.fmt(f),
            Self::Ratio => f.write_str("ratio"),
        }
    }
}

impl Query {
    /// What a column means: what the template declares, or else what the text of the query says.
    pub(super) fn meaning(&self, column: &str) -> Option<Meaning> {
        let mut declared = self.declared.iter();
        match declared.find(|(name, _)| name.eq_ignore_ascii_case(column)) {
            Some((_, ColumnRole::Dimension)) => Some(Meaning::Dimension),
            Some((_, ColumnRole::Additive)) => Some(Meaning::Measure(Role::additive())),
            Some((_, ColumnRole::Ratio)) => Some(Meaning::Ratio),
            Some((_, ColumnRole::DistinctCount)) => Some(Meaning::Measure(Role::Distinct)),
            None => self.read_role(column).map(Meaning::Measure),
        }
    }

    fn read_role(&self, column: &str) -> Option<Role> {
        let mut outputs = self.outputs.columns.iter();
        match outputs.find(|output| output.name.eq_ignore_ascii_case(column))?.aggregate {
            Aggregate::Sum => Some(Role::additive()),
            Aggregate::Minimum => Some(Role::Minimum),
            Aggregate::Maximum => Some(Role::Maximum),
            Aggregate::Distinct => Some(Role::Distinct),
            Aggregate::Other => None,
        }
    }
}
