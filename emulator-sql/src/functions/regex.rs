//! Java regular expressions: `SIMILAR TO` with look-around, `REGEXP_SUBSTR`, `REGEXP_SPLIT`.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, ListBuilder, StringArray, StringBuilder};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::error::{DataFusionError, Result};
use fancy_regex::Regex;

use super::scalar::Scalar;

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![
        Scalar::new("matches_pattern", 2, |_| Ok(DataType::Boolean), matches),
        Scalar::new("regexp_substr", 2, |_| Ok(DataType::Utf8), substring),
        Scalar::new("regexp_split", 2, |_| Ok(list()), split),
    ]
}

fn list() -> DataType {
    DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true)))
}

/// Compiled patterns of one call; most calls have one.
#[derive(Default)]
struct Patterns(HashMap<String, Regex>);

impl Patterns {
    fn get(&mut self, pattern: &str) -> Result<&Regex> {
        if !self.0.contains_key(pattern) {
            let compiled = Regex::new(pattern).map_err(|error| problem(pattern, &error))?;
            self.0.insert(pattern.to_owned(), compiled);
        }
        self.0.get(pattern).ok_or_else(|| DataFusionError::Execution("no pattern".to_owned()))
    }
}

fn problem(pattern: &str, error: &fancy_regex::Error) -> DataFusionError {
    DataFusionError::Execution(format!("'{pattern}' is no regular expression: {error}"))
}

fn both(columns: &[ArrayRef]) -> Result<(StringArray, StringArray)> {
    let texts = |column: &ArrayRef| {
        Ok::<_, DataFusionError>(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
    };
    Ok((texts(&columns[0])?, texts(&columns[1])?))
}

fn matches(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (texts, patterns) = both(columns)?;
    let mut known = Patterns::default();
    let mut matched = |(text, pattern): (Option<&str>, Option<&str>)| match (text, pattern) {
        (Some(text), Some(pattern)) => {
            known.get(pattern)?.is_match(text).map(Some).map_err(|error| problem(pattern, &error))
        }
        _ => Ok(None),
    };
    let found: BooleanArray = texts.iter().zip(&patterns).map(&mut matched).collect::<Result<_>>()?;
    Ok(Arc::new(found))
}

fn substring(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (texts, patterns) = both(columns)?;
    let mut known = Patterns::default();
    let mut first = |(text, pattern): (Option<&str>, Option<&str>)| match (text, pattern) {
        (Some(text), Some(pattern)) => {
            let found = known.get(pattern)?.find(text).map_err(|error| problem(pattern, &error))?;
            Ok(found.map(|found| found.as_str().to_owned()))
        }
        _ => Ok(None),
    };
    let found: StringArray = texts.iter().zip(&patterns).map(&mut first).collect::<Result<_>>()?;
    Ok(Arc::new(found))
}

fn split(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let (texts, patterns) = both(columns)?;
    let mut known = Patterns::default();
    let mut lists = ListBuilder::new(StringBuilder::new());
    for (text, pattern) in texts.iter().zip(&patterns) {
        let (Some(text), Some(pattern)) = (text, pattern) else {
            lists.append_null();
            continue;
        };
        for part in known.get(pattern)?.split(text) {
            lists.values().append_value(part.map_err(|error| problem(pattern, &error))?);
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}
