//! `ARRAY_CONTAINS` whatever the type of the value looked for.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray, BooleanArray, ListArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};

use super::scalar::Scalar;

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![Scalar::new("contains_element", 2, returns, contains)]
}

fn returns(kinds: &[DataType]) -> Result<DataType> {
    match kinds[0] {
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(_, _) | DataType::Null => {
            Ok(DataType::Boolean)
        }
        _ => Err(DataFusionError::Plan("Array expression is not an array data type".to_owned())),
    }
}

fn contains(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let texts =
        DataType::List(Arc::new(datafusion::arrow::datatypes::Field::new_list_field(DataType::Utf8, true)));
    let lists: ListArray = cast(&columns[0], &texts)?.as_list::<i32>().clone();
    let wanted: StringArray = cast(&columns[1], &DataType::Utf8)?.as_string::<i32>().clone();
    let found = lists.iter().zip(&wanted).map(|(list, wanted)| {
        let (list, wanted) = (list?, wanted?);
        Some(list.as_string::<i32>().iter().any(|element| element == Some(wanted)))
    });
    Ok(Arc::new(found.collect::<BooleanArray>()))
}
