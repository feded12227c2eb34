//! What is wrong with a query, before AMC is asked: findings with line and column, and what to write instead.

mod catalogue;
mod functions;
mod meaning;
mod parameters;
mod suggest;
mod syntax;

pub use catalogue::Catalogue;

use crate::params::Declaration;
use crate::sql::{self, Token, TokenKind};
use crate::{Error, Finding, Severity};
use syntax::Unexpected;

/// What a query is read against.
#[derive(Debug, Clone, Copy, Default)]
pub struct LintOptions<'a> {
    /// The instance's data sources; none: no table and no column is unknown.
    pub data_sources: Option<&'a Catalogue>,
    /// The declared parameters; none: it is not known what is declared.
    pub declarations: Option<&'a [Declaration]>,
}

/// Reads a query and says what AMC will refuse, or may read in another way, in the order of the text.
///
/// ```
/// use amc_fleet::lint::{LintOptions, lint};
///
/// let findings = lint("SELECT user_id FROM dsp_impressions GROUP BY 1", LintOptions::default());
/// assert_eq!(findings[0].code, "raw_user_id");
/// ```
#[must_use]
pub fn lint(sql: &str, options: LintOptions<'_>) -> Vec<Finding> {
    let tokens: Vec<Token> = sql::tokens(sql).collect();
    let code: Vec<Token> = tokens.iter().copied().filter(|token| !token.is_comment()).collect();
    let mut findings = match syntax::read(sql, &code) {
        Ok(query) => meaning::check(sql, &query, options),
        Err(found) => unreadable(sql, &found),
    };
    findings.extend(parameters::check(sql, &sql::references_of(sql, &tokens), options.declarations));
    findings.sort_by_key(|finding| finding.position);
    findings
}

/// Why a text is no query. What was expected where is AMC's way to say it; what stands open is ours.
fn unreadable(sql: &str, found: &Unexpected) -> Vec<Finding> {
    let readable = sql::readable(sql);
    let unclosed = readable.as_ref().err().and_then(Error::what_to_do).map(str::to_owned);
    if let Err(error) = &readable
        && sql::tokens(sql).any(|token| matches!(token.kind, TokenKind::Unfinished(_)))
    {
        return vec![told(error)];
    }
    // A query nested too deeply is not looked into.
    if found.at == usize::MAX {
        return readable.err().iter().map(told).collect();
    }
    let message = format!("{:?} stands where {} is expected", found.found, found.expected);
    let finding = Finding::error("syntax_error", message).at(sql::position(sql, found.at));
    // Whether comments nest at AMC is not known.
    let severity = if has_nested_comment(sql) { Severity::Warning } else { Severity::Error };
    vec![Finding { fix: unclosed, severity, ..finding }]
}

fn has_nested_comment(sql: &str) -> bool {
    let comments = sql::tokens(sql).filter(|token| token.kind == TokenKind::BlockComment);
    comments.map(|token| token.text(sql)).any(|text| text.get(2..).is_some_and(|inner| inner.contains("/*")))
}

fn told(error: &Error) -> Finding {
    let mut finding = Finding::error("sql_unreadable", error.message());
    finding.position = error.position();
    finding.fix = error.what_to_do().map(str::to_owned);
    finding
}
