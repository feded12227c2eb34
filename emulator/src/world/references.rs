//! The parameters that SQL refers to, held against those that are declared and have values.

use std::collections::HashSet;

use super::workflow::Workflow;
use crate::lexer::{self, Token, TokenKind};
use crate::query::{Parameter, ParameterValues};

const CALL: &str = "CUSTOM_PARAMETER";

/// Says, at its place, which parameter the SQL refers to and nothing declares.
pub(crate) fn undeclared(workflow: &Workflow) -> Option<String> {
    let declared: HashSet<&str> = workflow.parameter_names().collect();
    let stray =
        references(workflow.sql()).into_iter().find(|found| !declared.contains(found.name.as_str()))?;
    let name = &stray.name;
    Some(
        stray
            .reason(&format!("Filter operation filter_operation referenced an undeclared parameter {name}.")),
    )
}

/// Says, at its place if it has one, which declared parameter an execution gives no value; a list may go without.
pub(super) fn unset(workflow: &Workflow, values: &ParameterValues) -> Option<String> {
    let lacks = |parameter: &Parameter| parameter.value.is_none() && !parameter.is_list();
    let name = workflow.parameters(values).into_iter().find(lacks)?.name;
    let reason =
        format!("The workflow parameter {name} has no default value and no value was provided for it.");
    let place = references(workflow.sql()).into_iter().find(|found| found.name == name);
    Some(place.map_or_else(|| reason.clone(), |place| place.reason(&reason)))
}

/// A `CUSTOM_PARAMETER('name')` in the SQL.
#[derive(Debug, PartialEq, Eq)]
struct Reference {
    name: String,
    line: usize,
    column: usize,
}

impl Reference {
    fn reason(&self, text: &str) -> String {
        let Self { line, column, .. } = self;
        let end = column + CALL.len() - 1;
        format!("From line {line}, column {column} to line {line}, column {end}: {text}")
    }
}

/// Finds the parameters that the SQL refers to, comments and literals apart; none if it cannot be read.
fn references(sql: &str) -> Vec<Reference> {
    let tokens = lexer::lex(sql).unwrap_or_default();
    let reference = |window: &[Token]| match window {
        [call, open, name] if call.is(CALL) && open.is_sign("(") && name.kind == TokenKind::Text => {
            let (line, column) = lexer::place(sql, call.at);
            Some(Reference { name: name.text.clone(), line, column })
        }
        _ => None,
    };
    tokens.windows(3).filter_map(reference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_in_any_case() {
        let sql = "SELECT custom_parameter ( 'a' ),\n CUSTOM_PARAMETER('b') FROM t -- CUSTOM_PARAMETER('c')";
        let found = |name: &str, line, column| Reference { name: name.to_owned(), line, column };
        assert_eq!(references(sql), [found("a", 1, 8), found("b", 2, 2)]);
    }
}
