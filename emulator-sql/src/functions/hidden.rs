//! Functions that no query names: they carry the users behind each row through a plan, as entries of its [`Ledger`].

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, UInt64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, UInt64Type};
use datafusion::error::Result;
use datafusion::logical_expr::function::AccumulatorArgs;
use datafusion::logical_expr::{
    Accumulator, ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
    create_udaf, lit,
};
use datafusion::scalar::ScalarValue;

use super::ledger::{HASH_BITS, Ledger};
use crate::world::mix_text;

/// The type of a row's users: an entry, NULL where there are none.
pub(crate) const USERS: DataType = DataType::UInt64;

/// The users of a row that a path reads.
pub(crate) fn mark(ledger: &Arc<Ledger>, path: u64, user: Expr) -> Expr {
    ScalarUDF::from(Step::new("mark_users", ledger, mark_all)).call(vec![lit(path), user])
}

/// The users of a joined row.
pub(crate) fn join(ledger: &Arc<Ledger>, left: Expr, right: Expr) -> Expr {
    ScalarUDF::from(Step::new("join_users", ledger, join_all)).call(vec![left, right])
}

/// The users of a group.
pub(crate) fn union_of(ledger: &Arc<Ledger>, users: Expr) -> Expr {
    let ledger = Arc::clone(ledger);
    let union = move |_: AccumulatorArgs<'_>| {
        let accumulator = Union { ledger: Arc::clone(&ledger), rows: Vec::new() };
        Ok(Box::new(accumulator) as Box<dyn Accumulator>)
    };
    let (volatility, states) = (Volatility::Immutable, Arc::new(vec![USERS]));
    create_udaf("unite_users", vec![USERS], Arc::new(USERS), volatility, Arc::new(union), states)
        .call(vec![users])
}

type Run = fn(&Ledger, &[ArrayRef]) -> Result<UInt64Array>;

/// A scalar function that writes into a ledger.
#[derive(Debug)]
struct Step {
    name: &'static str,
    ledger: Arc<Ledger>,
    signature: Signature,
    run: Run,
}

impl Step {
    fn new(name: &'static str, ledger: &Arc<Ledger>, run: Run) -> Self {
        let signature = Signature::any(2, Volatility::Immutable);
        Self { name, ledger: Arc::clone(ledger), signature, run }
    }
}

impl ScalarUDFImpl for Step {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(USERS)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        Ok(ColumnarValue::Array(Arc::new((self.run)(&self.ledger, &columns)?)))
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && Arc::ptr_eq(&self.ledger, &other.ledger)
    }
}

impl Eq for Step {}

impl Hash for Step {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

fn mark_all(ledger: &Ledger, columns: &[ArrayRef]) -> Result<UInt64Array> {
    let paths = columns[0].as_primitive::<UInt64Type>();
    let users = cast(&columns[1], &DataType::Utf8)?;
    let hash = |user: &str| (mix_text(user) >> (64 - HASH_BITS)).max(1);
    let mark = |(path, user): (Option<u64>, Option<&str>)| {
        ledger.user(path.unwrap_or_default() << HASH_BITS | user.map_or(0, hash))
    };
    Ok(paths.iter().zip(users.as_string::<i32>()).map(mark).map(Some).collect())
}

fn join_all(ledger: &Ledger, columns: &[ArrayRef]) -> Result<UInt64Array> {
    let sides = columns.iter().map(|side| Ok(cast(side, &USERS)?)).collect::<Result<Vec<_>>>()?;
    let side = |place: usize| sides[place].as_primitive::<UInt64Type>().iter();
    Ok(side(0).zip(side(1)).map(|(left, right)| ledger.join(left, right)).collect())
}

/// The aggregate that unites the users of a group.
#[derive(Debug)]
struct Union {
    ledger: Arc<Ledger>,
    rows: Vec<u64>,
}

impl Accumulator for Union {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        self.rows.extend(columns[0].as_primitive::<UInt64Type>().iter().flatten());
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::UInt64(self.ledger.group(std::mem::take(&mut self.rows))))
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.rows.capacity() * size_of::<u64>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![self.evaluate()?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }
}
