//! What a merge adds, and what it refuses.

use std::str::FromStr;

use arrow_schema::Schema;
use serde::{Deserialize, Serialize};

use super::Widening;
use crate::{Error, Result};

/// The first column of every merged result: AMC's id of the instance a row comes from.
pub const INSTANCE_ID: &str = "_instance_id";
/// The name of that instance.
pub const INSTANCE_NAME: &str = "_instance_name";
/// The region of its account.
pub const REGION: &str = "_region";
/// The window of the execution a row comes from: its first day and the day after its last.
pub const SEGMENT: &str = "_segment";
/// Our id of that execution.
pub const EXECUTION_ID: &str = "_execution_id";
/// The first instant of its window.
pub const SEGMENT_START: &str = "_segment_start";
/// The first instant after it.
pub const SEGMENT_END: &str = "_segment_end";
/// Whether it was asked for before AMC's data of that window were complete.
pub const PROVISIONAL: &str = "_provisional";

/// Every column of ours there can be, in the order in which they come.
pub(super) const OWN: [&str; 8] =
    [INSTANCE_ID, INSTANCE_NAME, REGION, SEGMENT, EXECUTION_ID, SEGMENT_START, SEGMENT_END, PROVISIONAL];

/// What to do when results differ in their columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// Take every column of any result; types widen.
    #[default]
    Union,
    /// Every result must have the same columns, in any order; types widen.
    ByName,
    /// Every result must have the same columns of the same types, in the same order.
    Strict,
}

impl FromStr for Drift {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "union" => Ok(Self::Union),
            "by_name" => Ok(Self::ByName),
            "strict" => Ok(Self::Strict),
            _ => Err(Error::invalid("unknown_drift", format!("drift = '{word}' means nothing"))
                .hint("one of union, by_name, strict")),
        }
    }
}

impl Drift {
    /// Refuses results whose columns differ, naming them.
    pub(super) fn check(self, results: &[(&str, &Schema)]) -> Result<()> {
        let Some(((first, expected), rest)) = results.split_first() else { return Ok(()) };
        if self == Self::Union {
            return Ok(());
        }
        let mut wrong = Vec::new();
        let mut instances = Vec::new();
        for (instance, schema) in rest {
            if let Some(difference) = self.difference(expected, schema) {
                wrong.push(format!("{instance} {difference}"));
                instances.push(*instance);
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let message = format!("results differ from that of {first}: {}", wrong.join("; "));
        Err(drifted(message).instances(instances))
    }

    fn difference(self, expected: &Schema, found: &Schema) -> Option<String> {
        let lacking = names_not_in(expected, found);
        let more = names_not_in(found, expected);
        match (lacking.is_empty(), more.is_empty()) {
            (false, true) => Some(format!("lacks {lacking}")),
            (true, false) => Some(format!("has {more} too")),
            (false, false) => Some(format!("lacks {lacking} and has {more} instead")),
            (true, true) => {
                let same_order = expected
                    .fields()
                    .iter()
                    .map(|it| it.name())
                    .eq(found.fields().iter().map(|it| it.name()));
                (self == Self::Strict && !same_order).then(|| "has its columns in another order".to_owned())
            }
        }
    }

    /// Refuses types that differ, naming them.
    pub(super) fn check_types(self, widenings: &[Widening]) -> Result<()> {
        if self != Self::Strict || widenings.is_empty() {
            return Ok(());
        }
        let told = |it: &Widening| format!("{} is {} in {}", it.column, it.from, it.instances.join(", "));
        let message =
            format!("column types differ: {}", widenings.iter().map(told).collect::<Vec<_>>().join("; "));
        Err(drifted(message)
            .instances(widenings.iter().flat_map(|it| it.instances.iter().map(String::as_str))))
    }
}

fn names_not_in(left: &Schema, right: &Schema) -> String {
    let missing = left.fields().iter().filter(|field| right.index_of(field.name()).is_err());
    missing.map(|field| field.name().as_str()).collect::<Vec<_>>().join(", ")
}

fn drifted(message: String) -> Error {
    Error::invalid("schema_drift", message)
        .hint("merge with drift = union, or run the query again where it is older")
}

/// How results are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeOptions {
    /// What to do when results differ in their columns.
    pub drift: Drift,
    /// Adds [`INSTANCE_NAME`]; on unless said otherwise.
    pub instance_name: bool,
    /// Adds [`REGION`].
    pub region: bool,
    /// Adds [`SEGMENT`].
    pub segment: bool,
    /// Adds [`EXECUTION_ID`].
    pub execution_id: bool,
    /// Adds [`SEGMENT_START`], [`SEGMENT_END`] and [`PROVISIONAL`]: where results of many windows come together.
    pub series: bool,
}

impl Default for MergeOptions {
    fn default() -> Self {
        let [region, segment, execution_id, series] = [false; 4];
        Self { drift: Drift::default(), instance_name: true, region, segment, execution_id, series }
    }
}

impl MergeOptions {
    /// The columns of ours that come first.
    pub(super) fn columns(&self) -> impl Iterator<Item = &'static str> {
        let Self { drift: _, instance_name, region, segment, execution_id, series } = *self;
        OWN.into_iter()
            .zip([true, instance_name, region, segment, execution_id, series, series, series])
            .filter_map(|(name, on)| on.then_some(name))
    }
}
