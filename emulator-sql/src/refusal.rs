//! DataFusion's errors in AMC's words.

use amc_fleet_emulator::query::Refusal;
use datafusion::common::{Column, SchemaError, Span};
use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::tokenizer::Span as TextSpan;

use crate::parse::end_of;

/// A rejection at a place of the text: `From line l, column c to line l, column c: …`.
pub(crate) fn at(span: TextSpan, message: &str) -> Refusal {
    located(Span::try_from_sqlparser_span(span), message)
}

fn located(span: Option<Span>, message: &str) -> Refusal {
    Refusal::Rejected(match span {
        Some(span) => format!(
            "From line {}, column {} to line {}, column {}: {message}",
            span.start.line,
            span.start.column,
            span.end.line,
            span.end.column.saturating_sub(1).max(1)
        ),
        None => message.to_owned(),
    })
}

/// Why a query could not be planned.
pub(crate) fn rejected(error: &DataFusionError) -> Refusal {
    match error.find_root() {
        DataFusionError::SchemaError(problem, _) => {
            schema(problem, error.diagnostic().and_then(|diagnostic| diagnostic.span))
        }
        _ => plan(error),
    }
}

/// Why a planned query could not be run to its end.
pub(crate) fn failed(error: &DataFusionError) -> Refusal {
    Refusal::Failed(error.find_root().strip_backtrace())
}

/// A rejection that knows no place, at the whole query.
pub(crate) fn placed(refusal: Refusal, sql: &str) -> Refusal {
    const PLACED: [&str; 3] = ["From line", "Encountered", "Lexical error"];
    match refusal {
        Refusal::Rejected(reason) if !PLACED.iter().any(|start| reason.starts_with(start)) => {
            let end = end_of(sql);
            let whole = format!("From line 1, column 1 to line {}, column {}", end.line, end.column);
            Refusal::Rejected(format!("{whole}: {reason}"))
        }
        other => other,
    }
}

fn schema(problem: &SchemaError, span: Option<Span>) -> Refusal {
    match problem {
        SchemaError::FieldNotFound { field, valid_fields } => not_found(field, valid_fields, span),
        SchemaError::AmbiguousReference { field } => {
            located(field.spans.first().or(span), &format!("Column '{}' is ambiguous", field.name))
        }
        SchemaError::DuplicateQualifiedField { name, .. }
        | SchemaError::DuplicateUnqualifiedField { name } => {
            Refusal::Rejected(format!("Column '{name}' is defined more than once"))
        }
    }
}

fn not_found(field: &Column, valid: &[Column], span: Option<Span>) -> Refusal {
    let span = field.spans.first().or(span);
    let Some(table) = &field.relation else {
        return located(span, &format!("Column '{}' not found in any table", field.name));
    };
    let known = valid.iter().any(|column| column.relation.as_ref() == Some(table));
    match known {
        true => located(span, &format!("Column '{}' not found in table '{table}'", field.name)),
        false => located(span, &format!("Table '{table}' not found")),
    }
}

fn plan(error: &DataFusionError) -> Refusal {
    let text = error.find_root().strip_backtrace();
    let span = error.diagnostic().and_then(|diagnostic| diagnostic.span);
    if text.contains("must be in GROUP BY") || text.contains("must appear in the GROUP BY") {
        return located(span, &ungrouped(&text));
    }
    if let Some((name, kinds)) = misapplied(&text) {
        return located(span, &format!("Cannot apply '{name}' to arguments of type '{name}({kinds})'"));
    }
    if let Some(name) = text.split("Invalid function '").nth(1).and_then(|rest| rest.split('\'').next()) {
        let name = name.to_uppercase();
        return located(span, &format!("Invalid number of arguments to function '{name}'"));
    }
    if text.contains("does not support logical expression AggregateFunction") {
        return located(span, "Aggregate expression is illegal in GROUP BY clause");
    }
    let words = text
        .trim_start_matches("Error during planning: ")
        .trim_start_matches("This feature is not implemented: ");
    located(span, words)
}

/// DataFusion says `… argument types 'sum(Utf8)'. …`: the name and the types of SQL.
fn misapplied(text: &str) -> Option<(String, String)> {
    const KINDS: [(&str, &str); 9] = [
        ("Utf8", "<STRING>"),
        ("Int64", "<LONG>"),
        ("Int32", "<INTEGER>"),
        ("Float64", "<DOUBLE>"),
        ("Boolean", "<BOOLEAN>"),
        ("Date32", "<DATE>"),
        ("Timestamp(ms)", "<TIMESTAMP>"),
        ("Decimal128", "<DECIMAL>"),
        ("Null", "<NULL>"),
    ];
    let call = text.split("argument types '").nth(1)?.split('\'').next()?;
    let (name, kinds) = call.strip_suffix(')')?.split_once('(')?;
    let kinds = KINDS.iter().fold(kinds.to_owned(), |text, (arrow, sql)| text.replace(arrow, sql));
    Some((name.to_uppercase(), kinds))
}

/// DataFusion ends its sentence with `Column "x" must appear in …`.
fn ungrouped(text: &str) -> String {
    let expression = text.split("column \"").nth(1).or_else(|| text.split("Column \"").nth(1));
    let expression = expression.or_else(|| text.split("clause references: ").nth(1));
    let name = expression.and_then(|rest| rest.split(['"', ' ']).next()).unwrap_or("…");
    let name = name.rsplit('.').next().unwrap_or(name);
    format!("Expression '{name}' is not being grouped")
}

/// A rejection at the place of a column.
pub(crate) fn of_column(column: &Column, message: &str) -> Refusal {
    located(column.spans.first(), message)
}
