//! A scalar function as three facts: its name, the type it returns, and what it does to columns.

use std::fmt;
use std::hash::{Hash, Hasher};

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::Result;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

type Returns = fn(&[DataType]) -> Result<DataType>;
type Run = fn(&[ArrayRef]) -> Result<ArrayRef>;

/// A scalar function that takes its arguments as they come and casts them itself.
pub(super) struct Scalar {
    name: &'static str,
    signature: Signature,
    returns: Returns,
    run: Run,
}

impl Scalar {
    /// A function of a fixed number of arguments.
    pub(super) fn new(name: &'static str, arguments: usize, returns: Returns, run: Run) -> Self {
        Self { name, signature: Signature::any(arguments, Volatility::Immutable), returns, run }
    }

    /// A function of at least one argument.
    pub(super) fn variadic(name: &'static str, returns: Returns, run: Run) -> Self {
        Self { name, signature: Signature::variadic_any(Volatility::Immutable), returns, run }
    }
}

impl ScalarUDFImpl for Scalar {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        (self.returns)(arguments)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&arguments.args)?;
        Ok(ColumnarValue::Array((self.run)(&columns)?))
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Scalar").field(&self.name).finish()
    }
}

// Functions are told apart by name, as everywhere in SQL.
impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Scalar {}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
