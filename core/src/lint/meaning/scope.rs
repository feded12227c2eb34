//! The names a part of a query can use.

use std::rc::Rc;

use super::traits::Traits;
use crate::lint::catalogue::Table;
use crate::lint::syntax::tree::Name;

/// What a query gives: its columns, and whether its rows are events of users.
#[derive(Debug, Clone, Default)]
pub(super) struct Output {
    pub(super) columns: Vec<(String, Traits)>,
    /// Whether it has columns that are not known.
    pub(super) open: bool,
    pub(super) events: Events,
}

/// Whether rows are events of one user each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Events {
    #[default]
    No,
    /// The table is not known.
    Perhaps,
    Yes,
}

/// The columns of one entry of FROM.
#[derive(Debug, Clone)]
pub(super) enum Columns<'a> {
    Table(&'a Table),
    Query(Rc<Output>),
    Open,
}

/// One entry of FROM.
#[derive(Debug, Clone)]
pub(super) struct Frame<'a> {
    pub(super) name: String,
    pub(super) columns: Columns<'a>,
}

impl Frame<'_> {
    pub(super) fn column(&self, name: &str) -> Option<Traits> {
        match &self.columns {
            Columns::Table(table) => table.column(name).map(Traits::of_column),
            Columns::Query(output) => {
                let known = output.columns.iter().find(|(known, _)| known == name).map(|(_, traits)| *traits);
                known.or_else(|| output.open.then(|| Traits::by_name(name)))
            }
            Columns::Open => Some(Traits::by_name(name)),
        }
    }

    /// Whether the columns that are known are all there are.
    pub(super) fn is_closed(&self) -> bool {
        match &self.columns {
            Columns::Table(_) => true,
            Columns::Query(output) => !output.open,
            Columns::Open => false,
        }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        match &self.columns {
            Columns::Table(table) => table.columns.iter().map(|column| column.name.as_str()).collect(),
            Columns::Query(output) => output.columns.iter().map(|(name, _)| name.as_str()).collect(),
            Columns::Open => Vec::new(),
        }
    }
}

/// The entries of one FROM, inside those of the query around it.
#[derive(Debug, Default)]
pub(super) struct Scope<'a, 'p> {
    pub(super) frames: Vec<Frame<'a>>,
    /// Columns that a USING makes one of two.
    pub(super) using: Vec<String>,
    /// Names of the select list, where they can be used.
    pub(super) aliases: Vec<String>,
    pub(super) parent: Option<&'p Self>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Column(Traits),
    /// Something that cannot be told.
    Open,
    Ambiguous,
    NoColumn,
    /// A table is there and has no such column.
    NoColumnOf(usize),
    NoTable,
}

impl Scope<'_, '_> {
    pub(super) fn find(&self, parts: &[Name]) -> Found {
        match parts {
            [column] => self.unqualified(&column.text),
            [first, rest @ ..] => self.qualified(&first.text, rest),
            [] => Found::Open,
        }
    }

    /// Whether a column is one of this FROM, and not of the query around it.
    pub(super) fn is_own(&self, parts: &[Name]) -> bool {
        let [first, rest @ ..] = parts else { return false };
        match rest {
            [] => self.frames.iter().any(|frame| frame.column(&first.text).is_some()),
            _ => self.frames.iter().any(|frame| frame.name == first.text),
        }
    }

    fn unqualified(&self, name: &str) -> Found {
        if self.aliases.iter().any(|alias| alias == name) {
            return Found::Open;
        }
        let certain = self.frames.iter().filter(|frame| frame.is_closed());
        let mut found = certain.filter_map(|frame| frame.column(name));
        match (found.next(), found.next()) {
            (Some(_), Some(_)) if !self.using.iter().any(|column| column == name) => Found::Ambiguous,
            (Some(traits), _) => Found::Column(traits),
            (None, _) if self.frames.iter().any(|frame| !frame.is_closed()) => {
                let open = self.frames.iter().filter_map(|frame| frame.column(name));
                Found::Column(Traits::of_all(open))
            }
            (None, _) => self.parent.map_or(Found::NoColumn, |parent| parent.unqualified(name)),
        }
    }

    fn qualified(&self, first: &str, rest: &[Name]) -> Found {
        let by_name = |name: &str| self.frames.iter().position(|frame| frame.name == name);
        let (at, column) = match (by_name(first), rest) {
            (Some(at), [column, ..]) => (at, column),
            // A schema, then a table.
            (None, [table, column, ..]) if by_name(&table.text).is_some() => {
                (by_name(&table.text).unwrap_or_default(), column)
            }
            _ => return self.outside(first, rest),
        };
        self.frames[at].column(&column.text).map_or(Found::NoColumnOf(at), Found::Column)
    }

    /// A table of the query around, or a field of a column.
    fn outside(&self, first: &str, rest: &[Name]) -> Found {
        if self.frames.iter().any(|frame| frame.is_closed() && frame.column(first).is_some()) {
            return Found::Open;
        }
        match self.parent.map(|parent| parent.qualified(first, rest)) {
            // Which entry it is can be told only there.
            Some(Found::NoColumnOf(_)) => Found::NoColumn,
            Some(found) => found,
            None => Found::NoTable,
        }
    }
}
