//! `SIMILAR TO` takes a Java regular expression that may match anywhere.
//!
//! DataFusion's regular expressions agree but for look-around and back-references, which go to a function of ours.

use amc_fleet_emulator::query::Refusal;
use datafusion::sql::sqlparser::ast::{DataType, Expr, Spanned, UnaryOperator};
use fancy_regex::Regex;

use super::{Context, tree};
use crate::refusal;

/// What the plain engine does not know.
const BEYOND: [&str; 8] = ["(?=", "(?!", "(?<=", "(?<!", "\\1", "\\2", "*+", "++"];

/// Functions whose second argument is a pattern.
const MATCHING: [&str; 3] = ["regexp_replace", "regexp_substr", "regexp_split"];

/// Refuses patterns that cannot be read, matches numbers by their digits, and sends patterns that need it to the other engine.
pub(super) fn rewrite(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    check(expr)?;
    if let Expr::Like { expr: value, .. } | Expr::SimilarTo { expr: value, .. } = expr {
        let column = std::mem::replace(value.as_mut(), tree::null());
        **value = tree::cast(column, DataType::Varchar(None));
    }
    let Expr::SimilarTo { negated, expr: value, pattern, .. } = expr else { return Ok(()) };
    let plain =
        tree::literal_text(pattern).is_some_and(|text| !BEYOND.iter().any(|mark| text.contains(mark)));
    if plain {
        return Ok(());
    }
    let call = tree::call("matches_pattern", vec![value.as_ref().clone(), pattern.as_ref().clone()]);
    *expr = match negated {
        true => Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(call) },
        false => call,
    };
    Ok(())
}

fn check(expr: &Expr) -> Result<(), Refusal> {
    let pattern = match expr {
        Expr::SimilarTo { pattern, .. } => Some(pattern.as_ref()),
        Expr::Function(function) if MATCHING.contains(&tree::function_name(function).as_str()) => {
            tree::arguments(function).get(1).copied()
        }
        _ => None,
    };
    let Some((pattern, text)) = pattern.and_then(|pattern| Some((pattern, tree::literal_text(pattern)?)))
    else {
        return Ok(());
    };
    match Regex::new(text) {
        Ok(_) => Ok(()),
        Err(_) => Err(refusal::at(pattern.span(), &format!("'{text}' is not a valid regular expression"))),
    }
}
