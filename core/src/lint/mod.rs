//! What is wrong with a query, before AMC is asked: findings with line and column, and what to write instead.

mod catalogue;
mod parameters;

pub use catalogue::Catalogue;

use crate::params::Declaration;
use crate::{Finding, sql};

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
/// let findings = lint("SELECT campaign FROM dsp_impressions WHERE (a = 1", LintOptions::default());
/// assert_eq!(findings[0].code, "sql_unreadable");
/// ```
#[must_use]
pub fn lint(sql: &str, options: LintOptions<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(error) = sql::readable(sql) {
        findings.push(unreadable(&error));
    }
    findings.extend(parameters::check(sql, options.declarations));
    findings.sort_by_key(|finding| finding.position);
    findings
}

fn unreadable(error: &crate::Error) -> Finding {
    let mut finding = Finding::error("sql_unreadable", error.message());
    finding.position = error.position();
    finding.fix = error.what_to_do().map(str::to_owned);
    finding
}
