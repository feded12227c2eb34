//! What changed from one version of a template to another.

use serde::Serialize;

use super::Template;

/// The difference of two versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TemplateDiff {
    /// The lines of the query: `-` was there, `+` is there now, a space stands before what stayed.
    pub sql: Vec<String>,
    /// Parameters that are new.
    pub added_parameters: Vec<String>,
    /// Parameters that are gone.
    pub removed_parameters: Vec<String>,
    /// Parameters declared in another way.
    pub changed_parameters: Vec<String>,
    /// Columns whose role is new, gone or another.
    pub changed_columns: Vec<String>,
}

impl TemplateDiff {
    /// Itself as JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!(self)
    }
}

/// Compares two versions.
#[must_use]
pub fn diff(from: &Template, to: &Template) -> TemplateDiff {
    let declared =
        |template: &Template, name: &str| template.parameters.iter().find(|it| it.name == name).cloned();
    let names =
        |template: &Template| template.parameters.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    let lacks = |template: &Template, name: &String| declared(template, name).is_none();
    let is_other = |name: &String| declared(from, name).is_some_and(|it| declared(to, name) != Some(it));
    let mut columns: Vec<String> = from.columns.keys().chain(to.columns.keys()).cloned().collect();
    columns.retain(|name| from.columns.get(name) != to.columns.get(name));
    columns.dedup();
    TemplateDiff {
        sql: lines(&from.sql, &to.sql),
        added_parameters: names(to).into_iter().filter(|name| lacks(from, name)).collect(),
        removed_parameters: names(from).into_iter().filter(|name| lacks(to, name)).collect(),
        changed_parameters: names(to).into_iter().filter(is_other).collect(),
        changed_columns: columns,
    }
}

/// The lines of both texts, those that both have only once: the longest common part stays.
fn lines(from: &str, to: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (from.lines().collect(), to.lines().collect());
    let common = common(&old, &new);
    let (mut left, mut right, mut shown) = (0, 0, Vec::new());
    while left < old.len() || right < new.len() {
        if left < old.len() && right < new.len() && old[left] == new[right] {
            shown.push(format!(" {}", old[left]));
            (left, right) = (left + 1, right + 1);
        } else if right == new.len()
            || (left < old.len() && common[left + 1][right] >= common[left][right + 1])
        {
            shown.push(format!("-{}", old[left]));
            left += 1;
        } else {
            shown.push(format!("+{}", new[right]));
            right += 1;
        }
    }
    shown
}

/// How many lines the rests of both texts, from each pair of lines on, have in common.
fn common(old: &[&str], new: &[&str]) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; new.len() + 1]; old.len() + 1];
    for left in (0..old.len()).rev() {
        for right in (0..new.len()).rev() {
            table[left][right] = if old[left] == new[right] {
                table[left + 1][right + 1] + 1
            } else {
                table[left + 1][right].max(table[left][right + 1])
            };
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::{Declaration, ParameterType};
    use serde_json::json;

    #[test]
    fn what_changed_is_shown() {
        let from: Template = serde_json::from_value(json!({
            "name": "Reach", "sql": "SELECT a\nFROM t\nWHERE b = {{x}}", "columns": {"a": "dimension"},
            "parameters": [{"name": "x", "type": "string"}, {"name": "y", "type": "integer"}],
        }))
        .unwrap();
        let to = Template {
            sql: "SELECT a, c\nFROM t\nWHERE b = {{x}}".to_owned(),
            parameters: vec![
                Declaration::new("x", ParameterType::Integer),
                Declaration::new("z", ParameterType::Integer),
            ],
            columns: json!({"a": "additive"}).as_object().unwrap().clone(),
            ..from.clone()
        };
        let found = diff(&from, &to);
        assert_eq!(found.sql, ["-SELECT a", "+SELECT a, c", " FROM t", " WHERE b = {{x}}"]);
        assert_eq!(
            (found.added_parameters, found.removed_parameters),
            (vec!["z".to_owned()], vec!["y".to_owned()])
        );
        assert_eq!(
            (found.changed_parameters, found.changed_columns),
            (vec!["x".to_owned()], vec!["a".to_owned()])
        );
        assert_eq!(diff(&from, &from).sql.iter().filter(|line| !line.starts_with(' ')).count(), 0);
    }
}
