//! The types of expressions as far as they can be told from the text alone.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, DataType, Expr, Function, Query, Select, SelectItem, Visit, Visitor,
};

use super::{parameters, tree};
use crate::catalogue::{Catalogue, Kind};

/// The types of the names that a query gives and of the columns of the data sources.
pub(crate) struct Kinds<'a> {
    catalogue: &'a Catalogue,
    aliases: HashMap<String, DataType>,
}

impl<'a> Kinds<'a> {
    /// Those of a query, in the order of its text.
    pub(super) fn of(query: &Query, catalogue: &'a Catalogue) -> Self {
        let mut kinds = Self { catalogue, aliases: HashMap::new() };
        let _: ControlFlow<()> = query.visit(&mut kinds);
        kinds
    }

    /// The type of an expression; none for numbers, which widen by themselves.
    pub(super) fn kind(&self, expr: &Expr) -> Option<DataType> {
        match expr {
            Expr::Identifier(name) => self.named(&tree::folded(name)),
            Expr::CompoundIdentifier(parts) => self.named(&tree::folded(parts.last()?)),
            Expr::Cast { data_type, .. } => Some(data_type.clone()),
            Expr::Nested(inner) => self.kind(inner),
            Expr::Array(array) => Some(list(array.elem.first().and_then(|first| self.kind(first)))),
            Expr::Case { conditions, else_result, .. } => {
                let results = conditions.iter().map(|branch| &branch.result);
                results.chain(else_result.as_deref()).find_map(|result| self.kind(result))
            }
            Expr::Function(function) => self.call(function),
            Expr::BinaryOp { op, .. } => tells_truth(op).then_some(DataType::Boolean),
            Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::InList { .. }
            | Expr::InSubquery { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::SimilarTo { .. } => Some(DataType::Boolean),
            Expr::Value(value) => match &value.value {
                datafusion::sql::sqlparser::ast::Value::Boolean(_) => Some(DataType::Boolean),
                _ => tree::literal_text(expr).map(|_| DataType::Varchar(None)),
            },
            _ => None,
        }
    }

    fn call(&self, function: &Function) -> Option<DataType> {
        const AS_ARGUMENT: &str = "min max coalesce ifnull nvl nullif array_sort array_distinct array_cat array_union \
            array_intersect array_remove array_complement date_trunc convert_time_zone_from_utc first_value last_value lag lead";
        const TEXTS: &str = "concat lower upper replace regexp_replace regexp_substr substring substr left right trim \
            array_to_string format md5 uuid";
        let name = tree::function_name(function);
        let arguments = tree::arguments(function);
        let is_one_of = |names: &str| names.split_whitespace().any(|known| known == name);
        let first = || arguments.iter().find_map(|argument| self.kind(argument));
        match name.as_str() {
            "collect" | "array_agg" => Some(list(first())),
            "if" | "nvl2" => arguments.iter().skip(1).find_map(|argument| self.kind(argument)),
            "current_date" => Some(DataType::Date),
            "built_in_parameter" | "current_timestamp" | "epoch_to_utc_timestamp" => {
                Some(parameters::milliseconds())
            }
            "regexp_split" => Some(list(Some(DataType::Varchar(None)))),
            _ if is_one_of(AS_ARGUMENT) => first(),
            _ if is_one_of(TEXTS) => Some(DataType::Varchar(None)),
            _ => None,
        }
    }

    fn named(&self, name: &str) -> Option<DataType> {
        self.aliases.get(name).cloned().or_else(|| {
            self.catalogue.values().find_map(|table| table.column(name)).and_then(|column| sql(&column.kind))
        })
    }
}

impl Visitor for Kinds<'_> {
    type Break = ();

    fn post_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        for item in &select.projection {
            if let SelectItem::ExprWithAlias { expr, alias } = item
                && let Some(kind) = self.kind(expr)
            {
                self.aliases.insert(tree::folded(alias), kind);
            }
        }
        ControlFlow::Continue(())
    }
}

fn list(element: Option<DataType>) -> DataType {
    let element = element.unwrap_or(DataType::BigInt(None));
    DataType::Array(ArrayElemTypeDef::SquareBracket(Box::new(element), None))
}

fn tells_truth(op: &BinaryOperator) -> bool {
    use BinaryOperator::{And, Eq, Gt, GtEq, Lt, LtEq, NotEq, Or};
    matches!(op, And | Or | Eq | NotEq | Lt | LtEq | Gt | GtEq)
}

fn sql(kind: &Kind) -> Option<DataType> {
    match kind {
        Kind::String => Some(DataType::Varchar(None)),
        Kind::Date => Some(DataType::Date),
        Kind::Timestamp => Some(parameters::milliseconds()),
        Kind::Boolean => Some(DataType::Boolean),
        Kind::Array(element) => Some(list(sql(element))),
        _ => None,
    }
}
