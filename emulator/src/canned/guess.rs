//! Guesses a column's type from the function it calls and from its name.

use crate::lexer::Token;
use crate::query::OutputColumn;

/// What a canned value is made as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Long,
    Decimal,
    Double,
    Date,
    Timestamp,
}

impl Type {
    /// Reads an output column's type.
    pub(super) fn of(column: &OutputColumn) -> Self {
        let named = TYPES.iter().find(|(_, name)| *name == column.data_type);
        named.map_or(Self::Text, |(kind, _)| *kind)
    }

    fn name(self) -> &'static str {
        TYPES.iter().find(|(kind, _)| *kind == self).map_or("STRING", |(_, name)| name)
    }
}

const TYPES: [(Type, &str); 6] = [
    (Type::Text, "STRING"),
    (Type::Long, "LONG"),
    (Type::Decimal, "DECIMAL"),
    (Type::Double, "DOUBLE"),
    (Type::Date, "DATE"),
    (Type::Timestamp, "TIMESTAMP"),
];

/// Functions that make one value of many rows.
const AGGREGATES: [&str; 8] = ["COUNT", "SUM", "AVG", "MIN", "MAX", "MEDIAN", "STDDEV", "VARIANCE"];

/// Types by what is called; it outweighs the name.
const CALLS: [(&str, Type); 6] = [
    ("COUNT", Type::Long),
    ("ROW_NUMBER", Type::Long),
    ("RANK", Type::Long),
    ("DENSE_RANK", Type::Long),
    ("AVG", Type::Double),
    ("SECONDS_BETWEEN", Type::Long),
];

/// Types by a part of the name; the first that fits.
const NAMES: [(&str, Type); 26] = [
    ("_id", Type::Text),
    ("_name", Type::Text),
    ("_type", Type::Text),
    ("_date", Type::Date),
    ("_dt", Type::Timestamp),
    ("timestamp", Type::Timestamp),
    ("rate", Type::Double),
    ("ratio", Type::Double),
    ("share", Type::Double),
    ("percent", Type::Double),
    ("frequency", Type::Double),
    ("roas", Type::Double),
    ("cost", Type::Decimal),
    ("spend", Type::Decimal),
    ("sales", Type::Decimal),
    ("revenue", Type::Decimal),
    ("price", Type::Decimal),
    ("impressions", Type::Long),
    ("clicks", Type::Long),
    ("views", Type::Long),
    ("reach", Type::Long),
    ("users", Type::Long),
    ("purchases", Type::Long),
    ("conversions", Type::Long),
    ("count", Type::Long),
    ("units", Type::Long),
];

/// Tells whether an item is an aggregate and nothing else.
pub(super) fn is_aggregate(item: &[Token]) -> bool {
    item.first().is_some_and(|first| AGGREGATES.iter().any(|name| first.is(name)))
}

/// Describes the column that an item of a select list makes.
pub(super) fn column(name: &str, item: &[Token]) -> OutputColumn {
    let kind = kind(name, item);
    let metric = is_aggregate(item) || matches!(kind, Type::Long | Type::Decimal | Type::Double);
    let decimal = kind == Type::Decimal;
    OutputColumn {
        name: name.to_owned(),
        data_type: kind.name().to_owned(),
        column_type: if metric { "METRIC" } else { "DIMENSION" }.to_owned(),
        precision: decimal.then_some(38),
        scale: decimal.then_some(4),
    }
}

fn kind(name: &str, item: &[Token]) -> Type {
    let call = item.first().and_then(|first| CALLS.iter().find(|(call, _)| first.is(call)));
    if let Some((_, kind)) = call {
        return *kind;
    }
    let name = name.to_ascii_lowercase();
    let by_name = NAMES.iter().find(|(part, _)| name.contains(part)).map(|(_, kind)| *kind);
    let summed = item.first().is_some_and(|first| first.is("SUM"));
    by_name.unwrap_or(if summed { Type::Long } else { Type::Text })
}
