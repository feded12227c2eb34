//! `SKEWNESS(x)`: the third standardized moment of the values as a whole population.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::error::Result;
use datafusion::logical_expr::{Accumulator, AggregateUDF, Volatility, create_udaf};
use datafusion::scalar::ScalarValue;

/// The aggregate.
pub(super) fn function() -> AggregateUDF {
    create_udaf(
        "skewness",
        vec![DataType::Float64],
        Arc::new(DataType::Float64),
        Volatility::Immutable,
        Arc::new(|_| Ok(Box::new(Moments::default()))),
        Arc::new(vec![DataType::Float64; 4]),
    )
}

/// Count and sums of the first three powers.
#[derive(Debug, Default)]
struct Moments([f64; 4]);

impl Moments {
    fn add(&mut self, value: f64) {
        for (power, sum) in self.0.iter_mut().enumerate() {
            *sum += value.powi(i32::try_from(power).unwrap_or_default());
        }
    }

    fn skewness(&self) -> Option<f64> {
        let [count, first, second, third] = self.0;
        let (mean, square, cube) = (first / count, second / count, third / count);
        let variance = square - mean * mean;
        (count > 0.0 && variance > 0.0)
            .then(|| (cube - 3.0 * mean * square + 2.0 * mean.powi(3)) / variance.powf(1.5))
    }
}

impl Accumulator for Moments {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        columns[0].as_primitive::<Float64Type>().iter().flatten().for_each(|value| self.add(value));
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.skewness()))
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(self.0.iter().map(|sum| ScalarValue::Float64(Some(*sum))).collect())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for (sum, part) in self.0.iter_mut().zip(states) {
            *sum += part.as_primitive::<Float64Type>().iter().flatten().sum::<f64>();
        }
        Ok(())
    }
}
