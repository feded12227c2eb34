//! The parameters of a query against their declarations.

use crate::Finding;
use crate::params::{Declaration, infer};
use crate::sql::{Place, Reference};

/// Undeclared and unused parameters, of those a query mentions.
pub(super) fn check(
    sql: &str,
    mentioned: &[Reference],
    declarations: Option<&[Declaration]>,
) -> Vec<Finding> {
    let found = if mentioned.is_empty() { Vec::new() } else { infer(sql) };
    let mut findings: Vec<Finding> = found
        .into_iter()
        .filter(|it| !is_declared(&it.declaration.name, declarations))
        .filter(|it| declarations.is_some() || !it.native)
        .map(|it| undeclared(&it.declaration.name, declarations.is_some()).at(it.position))
        .collect();
    let is_used =
        |it: &&Declaration| mentioned.iter().any(|at| at.name == it.name && at.place != Place::Comment);
    findings.extend(declarations.into_iter().flatten().filter(|it| !is_used(it)).map(unused));
    findings
}

fn is_declared(name: &str, declarations: Option<&[Declaration]>) -> bool {
    declarations.into_iter().flatten().any(|declaration| declaration.name == name)
}

/// Where nothing is known of declarations, a parameter is only worth telling.
fn undeclared(name: &str, known: bool) -> Finding {
    let message = format!("parameter {name:?} is not declared");
    let finding = if known {
        Finding::error("undeclared_parameter", message)
    } else {
        Finding::warning("undeclared_parameter", message)
    };
    finding.fix(format!("declare it: {{\"name\": \"{name}\", \"type\": …}}"))
}

fn unused(declaration: &Declaration) -> Finding {
    let message = format!("parameter {:?} is declared, and the query does not mention it", declaration.name);
    Finding::warning("unused_parameter", message).fix("remove the declaration, or use it")
}
