//! Rolls many rows up into few, by what each column means: what cannot be added is never added.

mod fold;
mod groups;
mod instances;
mod measure;
mod numbers;
mod role;
mod table;

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::{DataType, Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::instances::Instances;
use self::measure::Measure;
use crate::results::INSTANCE_ID;
use crate::{Error, Result};

pub(super) use self::groups::Groups;
pub(super) use self::numbers::{Numbers, check_ordered, scale};
pub use self::role::{BOUND, REASON, ROLE, Role};
pub(crate) use self::table::Known;

/// What is asked of a roll-up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RollUp {
    /// The columns that are grouped by; none of them makes one row of everything.
    pub by: Vec<String>,
    /// What becomes of other columns. Left empty, the roles come from the query itself, where it says them.
    #[serde(with = "role::by_name")]
    pub columns: Vec<(String, Role)>,
    /// The boolean column by which AMC marks rows with suppressed values, where it is not known from the query's
    /// `filteredMetricsDiscriminatorColumn`.
    pub suppressed: Option<String>,
}

impl RollUp {
    /// Groups by some columns.
    pub fn by<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        Self { by: columns.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Reads a roll-up from JSON: `{"by": ["month"], "columns": {"reach": {"role": "distinct"}}}`.
    ///
    /// # Errors
    /// `InvalidInput`, code `roll_up_unreadable`.
    pub fn from_json(asked: Value) -> Result<Self> {
        serde_json::from_value(asked).map_err(|error| {
            Error::invalid("roll_up_unreadable", format!("the roll-up cannot be read: {error}"))
                .hint("roles are additive, ratio, weighted, mean, minimum, maximum, distinct")
        })
    }

    /// Says what becomes of a column.
    #[must_use]
    pub fn column(mut self, name: impl Into<String>, role: Role) -> Self {
        self.columns.push((name.into(), role));
        self
    }
}

/// A roll-up of columns that exist, with roles that fit them.
#[derive(Debug, Clone)]
pub(crate) struct RollUpPlan {
    /// The columns that are read, by their numbers in the merged schema.
    needed: Vec<usize>,
    /// Those columns.
    schema: SchemaRef,
    /// The column that says which instance a row is of: a table made of results may have none.
    instance: Option<usize>,
    by: Vec<usize>,
    columns: Vec<(String, Role)>,
    suppressed: Option<usize>,
}

impl RollUpPlan {
    /// Checks what is asked against the columns there are.
    pub(crate) fn new(asked: &RollUp, merged: &Schema) -> Result<Self> {
        refuse_repeated(asked)?;
        let mut needed: Vec<usize> = merged.index_of(INSTANCE_ID).into_iter().collect();
        let instance = needed.first().map(|_| 0);
        let mut need = |name: &str| -> Result<usize> {
            let number = number_of(name, merged)?;
            Ok(needed.iter().position(|known| *known == number).unwrap_or_else(|| {
                needed.push(number);
                needed.len() - 1
            }))
        };
        let by = asked.by.iter().map(|name| need(name)).collect::<Result<Vec<_>>>()?;
        for (name, role) in &asked.columns {
            measure::inputs(name, role).into_iter().try_for_each(|name| need(name).map(|_| ()))?;
        }
        let suppressed = asked.suppressed.as_deref().map(&mut need).transpose()?;
        let schema = Arc::new(merged.project(&needed).map_err(|_| Error::unexpected("a column is gone"))?);
        if let Some(column) = suppressed {
            check_boolean(schema.field(column))?;
        }
        let plan = Self { needed, schema, instance, by, columns: asked.columns.clone(), suppressed };
        plan.measures()?;
        Ok(plan)
    }

    /// The columns that are read, by their numbers in the merged schema.
    pub(crate) fn needed(&self) -> &[usize] {
        &self.needed
    }

    fn measures(&self) -> Result<Vec<Measure>> {
        self.columns.iter().map(|(name, role)| Measure::new(name, role, &self.schema)).collect()
    }

    /// Rolls a batch up by itself.
    pub(crate) fn partial(&self, batch: &RecordBatch) -> Result<Partial> {
        let mut partial = Partial::empty(self)?;
        let marked = self.suppressed.and_then(|column| batch.column(column).as_boolean_opt());
        match marked.filter(|marked| marked.true_count() > 0) {
            None => partial.known.add(batch)?,
            Some(marked) => {
                let (lost, kept) = split(batch, marked)?;
                partial.remainder.add(&lost)?;
                partial.known.add(&kept)?;
            }
        }
        Ok(partial)
    }
}

/// A roll-up of some of the rows.
#[derive(Debug)]
pub(crate) struct Partial {
    /// Of rows AMC gave whole, by their groups.
    known: Rolled,
    /// Of rows with suppressed values, all together.
    remainder: Rolled,
}

impl Partial {
    /// A roll-up of no rows.
    pub(crate) fn empty(plan: &RollUpPlan) -> Result<Self> {
        let rolled = |by| Ok::<_, Error>(Rolled::new(plan.instance, by, plan.measures()?));
        Ok(Self { known: rolled(plan.by.clone())?, remainder: rolled(Vec::new())? })
    }

    /// Takes the roll-up of later rows into account.
    pub(crate) fn merge(&mut self, other: Self) -> Result<()> {
        self.known.merge(other.known)?;
        self.remainder.merge(other.remainder)
    }
}

/// Groups with their measures.
#[derive(Debug)]
struct Rolled {
    groups: Groups,
    measures: Vec<Measure>,
    rows: Vec<u64>,
    instances: Instances,
}

impl Rolled {
    fn new(instance: Option<usize>, by: Vec<usize>, measures: Vec<Measure>) -> Self {
        Self { groups: Groups::by(by), measures, rows: Vec::new(), instances: Instances::of(instance) }
    }

    /// Takes rows into account.
    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        let found = self.groups.find(batch)?;
        let groups = self.groups.len();
        self.rows.resize(groups, 0);
        found.iter().for_each(|group| self.rows[*group as usize] += 1);
        self.instances.see(batch, &found, groups);
        self.measures.iter_mut().try_for_each(|measure| measure.update(batch, &found, groups))
    }

    fn merge(&mut self, other: Self) -> Result<()> {
        let Self { groups, measures, rows, instances } = other;
        let map = self.groups.merge(groups)?;
        let groups = self.groups.len();
        self.rows.resize(groups, 0);
        map.iter().zip(rows).for_each(|(group, rows)| self.rows[*group as usize] += rows);
        self.instances.merge(instances, &map);
        let mut pairs = self.measures.iter_mut().zip(measures);
        pairs.try_for_each(|(measure, other)| measure.merge(other, &map, groups))
    }
}

/// The rows that are marked, and the others.
fn split(batch: &RecordBatch, marked: &BooleanArray) -> Result<(RecordBatch, RecordBatch)> {
    let marks: BooleanArray = marked.iter().map(|mark| Some(mark == Some(true))).collect();
    let others: BooleanArray = marked.iter().map(|mark| Some(mark != Some(true))).collect();
    let rows = |of: &BooleanArray| {
        filter_record_batch(batch, of)
            .map_err(|error| Error::unexpected("marked rows cannot be told apart").caused_by(error))
    };
    Ok((rows(&marks)?, rows(&others)?))
}

pub(super) fn number_of(name: &str, schema: &Schema) -> Result<usize> {
    schema.index_of(name).map_err(|_| {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        Error::invalid("unknown_column", format!("the results have no column {name:?}"))
            .hint(format!("columns are {}", names.join(", ")))
    })
}

fn check_boolean(field: &arrow_schema::Field) -> Result<()> {
    if field.data_type() == &DataType::Boolean {
        return Ok(());
    }
    let message =
        format!("column {:?} does not say TRUE or FALSE and marks no suppressed rows", field.name());
    Err(Error::invalid("not_a_mark", message).hint("name the column of filteredMetricsDiscriminatorColumn"))
}

fn refuse_repeated(asked: &RollUp) -> Result<()> {
    let names: Vec<&str> =
        asked.by.iter().chain(asked.columns.iter().map(|(name, _)| name)).map(String::as_str).collect();
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        None => Ok(()),
        Some((_, name)) => {
            Err(Error::invalid("repeated_column", format!("column {name:?} is asked for twice")))
        }
    }
}

#[cfg(test)]
mod tests;
