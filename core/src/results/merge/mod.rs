//! One table over a fleet: the union of many results' columns, with no digit lost on the way.

mod options;
mod own;
mod widen;

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray, new_null_array};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef};
use serde::{Deserialize, Serialize};

use self::options::OWN;
pub use self::options::{Drift, MergeOptions};
pub use self::options::{
    EXECUTION_ID, INSTANCE_ID, INSTANCE_NAME, PROVISIONAL, REGION, SEGMENT, SEGMENT_END, SEGMENT_START,
};
pub use self::own::Origin;
use self::widen::Shape;
use super::column::{GUESS, type_name};
use super::decode::column as typed_column;
use super::text::Cells;
use super::{AMC_TYPE, INTEGER_DIGITS, ROLE};
use crate::{Error, Result};

/// A column whose type differs between instances, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widening {
    /// The column.
    pub column: String,
    /// Its type, in AMC's words, in the results of `instances`.
    pub from: String,
    /// Its type in the merged result.
    pub to: String,
    /// The AMC ids of the instances concerned.
    pub instances: Vec<String>,
}

/// How the results of many executions become one table.
///
/// Columns are united by name, in the order in which they first appear, after [`INSTANCE_ID`](super::INSTANCE_ID) and
/// what else [`MergeOptions`] put before them; where a result lacks a column its rows have NULL. Where types differ, the
/// narrowest type that holds every value of all of them is taken, text if there is no other, and the widening is listed:
///
/// | types | become |
/// | --- | --- |
/// | BYTE, SHORT, INTEGER, LONG | the widest of them |
/// | one of these, or DECIMAL, beside DECIMAL | DECIMAL of the larger scale, of up to 76 digits |
/// | FLOAT, DOUBLE beside what 24 or 53 bits hold | FLOAT or DOUBLE |
/// | LONG or DECIMAL beside FLOAT or DOUBLE | STRING: no number holds both |
/// | anything else | STRING |
#[derive(Debug, Clone)]
pub struct MergePlan {
    schema: SchemaRef,
    widenings: Vec<Widening>,
    is_selection: bool,
}

impl MergePlan {
    /// Plans the merge of results, each given as the AMC id of its instance and its schema.
    ///
    /// # Errors
    /// `InvalidInput`: `reserved_column` when a result has a column of its own named as one of ours, `schema_drift`
    /// when results differ in a way that the options refuse.
    pub fn new<'a>(
        results: impl IntoIterator<Item = (&'a str, &'a Schema)>,
        options: &MergeOptions,
    ) -> Result<Self> {
        let results: Vec<_> = results.into_iter().collect();
        let mut columns = Vec::new();
        for (instance, schema) in &results {
            refuse_reserved(instance, schema)?;
            schema.fields().iter().for_each(|field| unite(&mut columns, field));
        }
        options.drift.check(&results)?;
        let widenings = widenings(&columns, &results);
        options.drift.check_types(&widenings)?;
        let own = options.columns().map(own::field);
        let fields: Vec<Field> = own.chain(columns.into_iter().map(Column::into_field)).collect();
        Ok(Self { schema: Arc::new(Schema::new(fields)), widenings, is_selection: false })
    }

    /// The schema of the merged result.
    #[must_use]
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// Every column that had to be widened, and for which instances.
    #[must_use]
    pub fn widenings(&self) -> &[Widening] {
        &self.widenings
    }

    /// The plan of a table that is as it is.
    pub(crate) fn of_table(schema: SchemaRef) -> Self {
        Self { schema, widenings: Vec::new(), is_selection: false }
    }

    /// The same merge with metadata of the whole.
    pub(crate) fn with_metadata(self, metadata: HashMap<String, String>) -> Self {
        Self { schema: Arc::new(self.schema.as_ref().clone().with_metadata(metadata)), ..self }
    }

    /// The same merge with the role of each column that has one.
    pub(crate) fn with_roles(self, role: impl Fn(&str) -> Option<String>) -> Self {
        let told = |field: &FieldRef| match role(field.name()) {
            Some(role) => {
                let metadata = field.metadata().clone().into_iter().chain([(ROLE.to_owned(), role)]);
                Arc::new(field.as_ref().clone().with_metadata(metadata.collect()))
            }
            None => Arc::clone(field),
        };
        let fields: Vec<FieldRef> = self.schema.fields().iter().map(told).collect();
        let schema = Schema::new_with_metadata(fields, self.schema.metadata().clone());
        Self { schema: Arc::new(schema), ..self }
    }

    /// The same merge of some columns only, by their numbers in the schema.
    pub(crate) fn select(&self, columns: &[usize]) -> Self {
        let fields: Vec<FieldRef> = columns.iter().map(|at| Arc::clone(&self.schema.fields()[*at])).collect();
        let widenings = self.widenings.clone();
        let schema = Schema::new_with_metadata(fields, self.schema.metadata().clone());
        Self { schema: Arc::new(schema), widenings, is_selection: true }
    }

    /// The fields of one result's schema that are needed, each with its number there and the type it gets here.
    pub(crate) fn needed(&self, result: &Schema) -> Vec<(usize, Field)> {
        let find = |field: &FieldRef| Some((result.index_of(field.name()).ok()?, field.as_ref().clone()));
        self.schema.fields().iter().filter_map(find).collect()
    }

    /// Brings a batch of one instance's result under the merged schema; rows without an origin keep columns of our names.
    ///
    /// # Errors
    /// `Unexpected` when the batch is not of a result this plan was made for.
    pub fn conform(&self, batch: &RecordBatch, origin: Option<&Origin>) -> Result<RecordBatch> {
        self.refuse_unplanned(batch)?;
        let rows = batch.num_rows();
        let own = |name: &str| origin.and_then(|origin| origin.column(name, rows));
        let column = |field: &FieldRef| match (own(field.name()), batch.column_by_name(field.name())) {
            (Some(own), _) => own,
            (None, Some(column)) => widened(column, field),
            (None, None) => Ok(new_null_array(field.data_type(), rows)),
        };
        let columns = self.schema.fields().iter().map(column).collect::<Result<_>>()?;
        let rows = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(self.schema(), columns, &rows)
            .map_err(|error| Error::unexpected("a merged batch does not fit its schema").caused_by(error))
    }

    fn refuse_unplanned(&self, batch: &RecordBatch) -> Result<()> {
        let schema = batch.schema();
        let unknown = |field: &&FieldRef| self.schema.column_with_name(field.name()).is_none();
        match schema.fields().iter().find(unknown) {
            Some(field) if !self.is_selection => {
                Err(Error::unexpected(format!("column {:?} is not in the merge plan", field.name()))
                    .hint("plan with the schemas of all results"))
            }
            _ => Ok(()),
        }
    }
}

/// A column of the merged result under construction.
struct Column {
    field: Field,
    shape: Shape,
    same_type: bool,
}

impl Column {
    fn into_field(self) -> Field {
        let Self { field, shape, same_type } = self;
        let mut field = field.with_data_type(shape.data_type).with_nullable(true);
        field.metadata_mut().remove(INTEGER_DIGITS);
        field.metadata_mut().remove(GUESS);
        if !same_type {
            field.metadata_mut().remove(AMC_TYPE);
        }
        field
    }
}

fn unite(columns: &mut Vec<Column>, field: &Field) {
    let shape = Shape::of(field);
    match columns.iter_mut().find(|column| column.field.name() == field.name()) {
        None => columns.push(Column { field: field.clone(), shape, same_type: true }),
        Some(column) => {
            column.same_type &= column.field.metadata().get(AMC_TYPE) == field.metadata().get(AMC_TYPE);
            column.shape = column.shape.join(&shape);
        }
    }
}

fn widenings(columns: &[Column], results: &[(&str, &Schema)]) -> Vec<Widening> {
    let mut found: Vec<Widening> = Vec::new();
    for column in columns {
        let name = column.field.name();
        for (instance, schema) in results {
            let Some((_, field)) = schema.column_with_name(name) else { continue };
            let shape = Shape::of(field);
            if shape.data_type != column.shape.data_type && !shape.is_nothing() {
                note(&mut found, name, [&shape.data_type, &column.shape.data_type], instance);
            }
        }
    }
    found
}

fn note(found: &mut Vec<Widening>, column: &str, types: [&DataType; 2], instance: &str) {
    let [from, to] = types.map(type_name);
    match found.iter_mut().find(|widening| widening.column == column && widening.from == from) {
        Some(widening) => widening.instances.push(instance.to_owned()),
        None => {
            found.push(Widening { column: column.to_owned(), from, to, instances: vec![instance.to_owned()] })
        }
    }
}

fn refuse_reserved(instance: &str, schema: &Schema) -> Result<()> {
    let reserved = |name: &str| OWN.iter().any(|own| own.eq_ignore_ascii_case(name));
    match schema.fields().iter().find(|field| reserved(field.name())) {
        None => Ok(()),
        Some(field) => Err(Error::invalid(
            "reserved_column",
            format!(
                "the query returns a column named {:?}, a name the merged result needs itself",
                field.name()
            ),
        )
        .hint("give the column another name in the query, with AS")
        .instances([instance])),
    }
}

fn widened(column: &ArrayRef, field: &Field) -> Result<ArrayRef> {
    let exactly = CastOptions { safe: false, ..CastOptions::default() };
    match (column.data_type(), field.data_type()) {
        (from, to) if from == to => Ok(Arc::clone(column)),
        (_, DataType::Utf8) => as_text(column),
        (DataType::Utf8, _) => as_guessed(column, field),
        (from, to) => cast_with_options(column, to, &exactly).map_err(|error| {
            let (from, to) = (type_name(from), type_name(to));
            Error::unexpected(format!("column {:?} cannot go from {from} to {to}", field.name()))
                .caused_by(error)
        }),
    }
}

/// Texts that were guessed to be something are that.
fn as_guessed(column: &ArrayRef, field: &Field) -> Result<ArrayRef> {
    let mut typed = typed_column(field.data_type());
    for text in column.as_string::<i32>() {
        typed.push(text.map(str::as_bytes)).map_err(|problem| {
            Error::unexpected(format!("column {:?} is not what it was guessed to be", field.name()))
                .caused_by(problem)
        })?;
    }
    typed.finish()
}

fn as_text(column: &ArrayRef) -> Result<ArrayRef> {
    let cells = Cells::new(column)?;
    let texts = (0..column.len()).map(|row| (!cells.is_null(row)).then(|| cells.text(row)).transpose());
    Ok(Arc::new(texts.collect::<Result<StringArray>>()?))
}

#[cfg(test)]
mod tests;
