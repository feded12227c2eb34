//! A merged result, rolled up.

use std::sync::Arc;

use arrow_array::RecordBatch;
use futures::TryStreamExt;

use super::Results;
use super::roles::Meaning;
use crate::error::{Error, Result};
use crate::results::{AMC_COLUMN_TYPE, Known, Partial, Role, RollUp, RollUpPlan};

/// Columns and what becomes of them.
type Roles = Vec<(String, Role)>;

impl Results {
    /// Rolls the rows up by what each column means: few rows instead of many, and what they lack said with them.
    ///
    /// Counts of distinct users are never added up. They come as two columns, `<name>_at_least` and `<name>_at_most`;
    /// the second is NULL, with the reason in its metadata, when rows or instances are missing.
    ///
    /// # Errors
    /// `InvalidInput`: `unknown_column`, `role_unknown`, `not_additive` when a count of distinct users is to be added
    /// up, `mixed_currencies`, `not_a_number`, `sum_too_large`.
    ///
    /// ```no_run
    /// # async fn example(results: amc_fleet::Results) -> amc_fleet::Result<()> {
    /// use amc_fleet::results::{Role, RollUp};
    ///
    /// let asked = RollUp::by(["month"])
    ///     .column("reach", Role::Distinct)
    ///     .column("spend", Role::money("currency_code"))
    ///     .column("ctr", Role::ratio("clicks", "impressions"));
    /// println!("{}", results.roll_up(asked).await?.table(20).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn roll_up(&self, asked: RollUp) -> Result<Self> {
        let (asked, left_out) = self.with_roles(asked)?;
        let known = self.known(&asked);
        let plan = Arc::new(RollUpPlan::new(&asked, &self.schema())?);
        let selection = Arc::new(self.plan.select(plan.needed()));
        let partial = {
            let plan = Arc::clone(&plan);
            move |batch: RecordBatch| plan.partial(&batch)
        };
        let mut total = Partial::empty(&plan)?;
        let mut partials = std::pin::pin!(self.each(selection, 0, partial));
        while let Some(partial) = partials.try_next().await? {
            total.merge(partial)?;
        }
        Ok(self.derived(vec![total.finish(&plan, &known)?]).noting(left_out.iter().map(left_out_note)))
    }

    /// The roll-up with every role said, by the caller or by template and query, and the columns that are left out.
    fn with_roles(&self, mut asked: RollUp) -> Result<(RollUp, Vec<String>)> {
        let mut left_out = Vec::new();
        if asked.columns.is_empty() {
            RollUpPlan::new(&asked, &self.schema())?;
            (asked.columns, left_out) = self.roles(&asked.by)?;
        }
        for (name, role) in &asked.columns {
            self.refuse_sum_of_distinct(name, role)?;
        }
        asked.suppressed = asked.suppressed.or_else(|| self.query.marker.clone());
        Ok((asked, left_out))
    }

    /// The roles of all columns that are not grouped by, from the template, the text of the query and AMC's own word for
    /// dimensions; and the ratios whose parts nothing names.
    fn roles(&self, by: &[String]) -> Result<(Roles, Vec<String>)> {
        let (mut roles, mut unknown, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        for field in self.schema().fields() {
            let name = field.name();
            let is_ours =
                name.starts_with('_') || by.contains(name) || self.query.marker.as_ref() == Some(name);
            if is_ours {
                continue;
            }
            match self.query.meaning(name) {
                Some(Meaning::Measure(role)) => roles.push((name.clone(), role)),
                Some(Meaning::Dimension) => {}
                Some(Meaning::Ratio) => left_out.push(name.clone()),
                None if field.metadata().get(AMC_COLUMN_TYPE).is_some_and(|kind| kind == "DIMENSION") => {}
                None if !field.data_type().is_numeric() => {}
                None => unknown.push(name.clone()),
            }
        }
        if unknown.is_empty() {
            return Ok((roles, left_out));
        }
        let message = format!("nothing says how to roll up {}", unknown.join(", "));
        Err(Error::invalid("role_unknown", message).hint(
            "give every column you want a role: additive, ratio, weighted, minimum, maximum or distinct",
        ))
    }

    fn refuse_sum_of_distinct(&self, name: &str, role: &Role) -> Result<()> {
        let summed: Vec<&str> = match role {
            Role::Additive { .. } => vec![name],
            Role::Ratio { numerator, denominator } => vec![numerator, denominator],
            _ => Vec::new(),
        };
        let distinct = |name: &&str| self.query.outputs.distinct.contains(&name.to_lowercase());
        match summed.into_iter().find(distinct) {
            None => Ok(()),
            Some(column) => {
                let message = format!(
                    "{column} counts distinct users: one user may be in many rows, so that adding up counts them again"
                );
                Err(Error::invalid("not_additive", message)
                    .hint("say distinct for its bounds, or count the users of all rows in one query"))
            }
        }
    }

    fn known(&self, asked: &RollUp) -> Known {
        let missing = self.summary.missing.len();
        Known { missing, asked: self.pieces.len() + missing, marks_suppressed: asked.suppressed.is_some() }
    }
}

fn left_out_note(column: &String) -> String {
    format!("{column} is left out: a ratio whose parts nothing names; say ratio(numerator, denominator)")
}
