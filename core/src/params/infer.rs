//! The parameters of a query and their types, from where they stand and what they are called.

use std::collections::HashMap;

use serde::Serialize;

use super::declaration::Declaration;
use super::kind::ParameterType;
use super::place::{Form, slots};
use super::presets::Presets;
use crate::Position;
use crate::sql::{self, Place, Reference, ReferenceKind, Token};

/// A parameter found in a query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Inferred {
    /// What its places say about it. An identifier lacks its allowed names.
    #[serde(flatten)]
    pub declaration: Declaration,
    /// Whether AMC takes the value itself: it is mentioned in `CUSTOM_PARAMETER('name')`.
    pub native: bool,
    /// Where it is mentioned first.
    #[serde(flatten)]
    pub position: Position,
}

/// Parts of names that say what a value is.
const NAMES: [(&str, ParameterType); 16] = [
    ("asin", ParameterType::Asin),
    ("campaign_id", ParameterType::CampaignId),
    ("campaign", ParameterType::String),
    ("brand", ParameterType::String),
    ("pattern", ParameterType::Pattern),
    ("_date", ParameterType::Date),
    ("date_", ParameterType::Date),
    ("_time", ParameterType::Timestamp),
    ("days", ParameterType::Integer),
    ("hours", ParameterType::Integer),
    ("window", ParameterType::Integer),
    ("cap", ParameterType::Integer),
    ("count", ParameterType::Integer),
    ("threshold", ParameterType::Decimal),
    ("share", ParameterType::Decimal),
    ("rate", ParameterType::Decimal),
];

/// Finds the parameters of a query, in the order of their first mention; those of comments are left out.
///
/// ```
/// let found = amc_fleet::params::infer("SELECT a FROM t WHERE asin IN ({{asins}}) AND name LIKE {{like}}");
/// assert_eq!(found[0].declaration.parameter_type.as_str(), "asin");
/// assert!(found[0].declaration.list);
/// assert_eq!(found[1].declaration.parameter_type.as_str(), "pattern");
/// ```
#[must_use]
pub fn infer(sql: &str) -> Vec<Inferred> {
    let tokens: Vec<Token> = sql::tokens(sql).filter(|token| !token.is_comment()).collect();
    let query = Query {
        presets: Presets::registered(),
        sql,
        tokens: &tokens,
        forms: slots(sql).iter().map(|slot| (slot.start, slot.form)).collect(),
    };
    let mut found: Vec<Inferred> = Vec::new();
    for reference in sql::references(sql).iter().filter(|reference| reference.place != Place::Comment) {
        let here = query.inferred(reference);
        match found.iter_mut().find(|it| it.declaration.name == here.declaration.name) {
            Some(known) => known.meet(here),
            None => found.push(here),
        }
    }
    found
}

impl Inferred {
    /// Takes in another mention of the same parameter.
    fn meet(&mut self, other: Self) {
        self.native |= other.native;
        let (own, new) = (&mut self.declaration, other.declaration);
        own.list |= new.list;
        if own.parameter_type == ParameterType::Any {
            own.parameter_type = new.parameter_type;
            own.allowed = new.allowed;
        }
    }
}

struct Query<'a> {
    presets: Presets,
    sql: &'a str,
    tokens: &'a [Token],
    forms: HashMap<usize, Form>,
}

impl Query<'_> {
    fn inferred(&self, reference: &Reference) -> Inferred {
        let native = reference.kind == ReferenceKind::Native;
        let at = self.tokens.partition_point(|token| token.end <= reference.start);
        let token = self.tokens.get(at).copied();
        let form = [Some(reference.start), token.map(|token| token.start)];
        let form = form.into_iter().flatten().find_map(|start| self.forms.get(&start)).copied();
        let list = matches!(form, Some(Form::Elements | Form::List | Form::Rows | Form::RowsInside))
            || native && ["ARRAY_CONTAINS", "CARDINALITY"].contains(&self.word(at.wrapping_sub(2)).as_str());
        let by_place = self.by_place(form, reference, at);
        let declaration = match self.presets.get(&reference.name) {
            Some(preset) if by_place.is_none_or(|kind| kind == preset.parameter_type) => preset.clone(),
            _ => Declaration::new(
                &reference.name,
                by_place.unwrap_or_else(|| self.by_name(&reference.name, at)),
            ),
        };
        Inferred {
            declaration: Declaration { list: list || declaration.list, ..declaration },
            native,
            position: reference.position,
        }
    }

    fn by_place(&self, form: Option<Form>, reference: &Reference, at: usize) -> Option<ParameterType> {
        match form? {
            Form::Pattern => Some(ParameterType::Pattern),
            Form::Name | Form::Key | Form::QuotedName => Some(ParameterType::Identifier),
            Form::Typed if self.word(at.wrapping_sub(1)) == "DATE" => Some(ParameterType::Date),
            Form::Typed => Some(ParameterType::Timestamp),
            Form::Text if self.is_duration(reference) => Some(ParameterType::Integer),
            Form::Text => Some(ParameterType::String),
            Form::Rows | Form::RowsInside => Some(ParameterType::Any),
            Form::Value | Form::Elements | Form::List => self.by_neighbour(at),
        }
    }

    /// `'P{{days}}D'`
    fn is_duration(&self, reference: &Reference) -> bool {
        let (before, after) = (&self.sql[..reference.start], &self.sql[reference.end..]);
        before.ends_with("'P") && after.starts_with(['D', 'W', 'M', 'Y'])
    }

    fn by_neighbour(&self, at: usize) -> Option<ParameterType> {
        match self.word(at.wrapping_sub(1)).as_str() {
            "LIMIT" | "OFFSET" => return Some(ParameterType::Integer),
            "*" | "/" | "+" | "-" => return Some(ParameterType::Decimal),
            _ => {}
        }
        let quoted = self.tokens.get(at).is_some_and(|token| token.text(self.sql).starts_with('\''));
        quoted.then_some(ParameterType::String)
    }

    /// What the parameter and the column before it are called.
    fn by_name(&self, name: &str, at: usize) -> ParameterType {
        let known = |name: &str| {
            let name = name.to_lowercase();
            NAMES.iter().find(|(part, _)| name.contains(part)).map(|(_, kind)| *kind)
        };
        let cast = (self.word(at + 4) == "AS").then(|| ParameterType::read(&self.word(at + 5))).flatten();
        let column = self.column_before(at);
        let of_column = if column.ends_with("_date") || column.ends_with("_date_utc") {
            Some(ParameterType::Date)
        } else if column.contains("_dt") {
            Some(ParameterType::Timestamp)
        } else {
            None
        };
        let cast = cast.map(|(kind, _)| kind);
        cast.or_else(|| known(name)).or(of_column).unwrap_or(ParameterType::Any)
    }

    /// `impression_date >= {{x}}`
    fn column_before(&self, at: usize) -> String {
        let between = |token: &&Token| token.kind == sql::TokenKind::Symbol || token.is_word(self.sql, "IN");
        let column = self.tokens[..at.min(self.tokens.len())].iter().rev().find(|token| !between(token));
        column.map(|token| token.text(self.sql).to_lowercase()).unwrap_or_default()
    }

    fn word(&self, at: usize) -> String {
        self.tokens.get(at).map(|token| token.text(self.sql).to_uppercase()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_names_say_what_a_parameter_is() {
        use ParameterType::{
            Any, Asin, CampaignId, Date, Decimal, Identifier, Integer, Pattern, String, Timestamp,
        };
        for (sql, kind, list) in [
            ("SELECT a FROM t WHERE asin IN ({{asins}})", Asin, true),
            ("SELECT a FROM t WHERE c IN {{campaign_ids}}", CampaignId, true),
            ("SELECT a FROM t WHERE c IN ('{{names}}')", String, true),
            ("SELECT a FROM t WHERE c LIKE {{x}}", Pattern, false),
            ("SELECT a FROM t WHERE c LIKE '%{{x}}%'", String, false),
            ("SELECT a FROM t WHERE d > DATE {{x}}", Date, false),
            ("SELECT a FROM t WHERE d > TIMESTAMP '{{x}}'", Timestamp, false),
            ("SELECT a FROM t WHERE impression_date >= {{since}}", Date, false),
            ("SELECT a FROM t WHERE impression_dt >= {{since}}", Timestamp, false),
            ("SELECT a FROM t WHERE d > {{start_date}}", Date, false),
            ("SELECT a * {{x}} FROM t", Decimal, false),
            ("SELECT a FROM {{x}}", Identifier, false),
            ("SELECT {{aggregation_type}}(a) FROM t", Identifier, false),
            ("SELECT a FROM t GROUP BY {{dimension}}", Identifier, false),
            ("WITH v (a) AS (VALUES {{x}}) SELECT a FROM v", Any, true),
            ("SELECT a FROM TABLE(EXTEND_TIME_WINDOW('t', 'P{{x}}D', 'P0D'))", Integer, false),
            ("SELECT a FROM t WHERE b = {{x}}", Any, false),
            ("SELECT a FROM t WHERE b < {{lookback_days}}", Integer, false),
            ("SELECT a FROM t WHERE ARRAY_CONTAINS(CUSTOM_PARAMETER('asins'), b)", Asin, true),
            ("SELECT CAST(CUSTOM_PARAMETER('x') AS DATE)", Date, false),
        ] {
            let found = infer(sql);
            let it = &found[0].declaration;
            assert_eq!((it.parameter_type, it.list, found.len()), (kind, list, 1), "{sql}");
        }
    }

    #[test]
    fn a_parameter_is_listed_once_where_it_is_mentioned_first() {
        let found =
            infer("-- {{c}}\nSELECT {{b}}, '{{a}}' FROM t\nWHERE x IN ({{b}}) AND y = CUSTOM_PARAMETER('a')");
        let shown: Vec<_> =
            found.iter().map(|it| (it.declaration.name.as_str(), it.native, it.position.line)).collect();
        assert_eq!(shown, [("b", false, 2), ("a", true, 2)]);
        assert!(found[0].declaration.list);
    }
}
