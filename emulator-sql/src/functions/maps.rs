//! `STR_TO_MAP('a:1,b:2' [, ',' [, ':']])`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, MapBuilder, StringArray, StringBuilder};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::error::Result;

use super::scalar::Scalar;

/// The functions of this file.
pub(super) fn functions() -> Vec<Scalar> {
    vec![Scalar::variadic("str_to_map", |_| Ok(map()), str_to_map)]
}

fn map() -> DataType {
    let entry = Fields::from(vec![
        Field::new("keys", DataType::Utf8, false),
        Field::new("values", DataType::Utf8, true),
    ]);
    DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entry), false)), false)
}

fn str_to_map(columns: &[ArrayRef]) -> Result<ArrayRef> {
    let texts = columns
        .iter()
        .map(|column| Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone()))
        .collect::<Result<Vec<StringArray>>>()?;
    let mark = |place: usize, row: usize, default: &'static str| match texts.get(place) {
        Some(column) if column.is_valid(row) => column.value(row).to_owned(),
        _ => default.to_owned(),
    };
    let mut maps = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for (row, text) in texts[0].iter().enumerate() {
        let (between, within) = (mark(1, row, ","), mark(2, row, ":"));
        for pair in text.iter().flat_map(|text| text.split(between.as_str())) {
            let (key, value) =
                pair.split_once(within.as_str()).map_or((pair, None), |(key, value)| (key, Some(value)));
            maps.keys().append_value(key);
            maps.values().append_option(value);
        }
        maps.append(text.is_some())?;
    }
    Ok(Arc::new(maps.finish()))
}
