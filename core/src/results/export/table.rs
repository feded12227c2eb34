//! The first rows of a result as a plain-text table, for a terminal.

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema};

use crate::Result;
use crate::results::text::Cells;
use crate::results::{BOUND, ROLE};

/// The widest a cell is shown, in characters.
const WIDEST: usize = 40;
const GAP: &str = "  ";

/// Draws the first `limit` rows under the names of the columns and what they mean where that is known, numbers to the right, long texts cut with an ellipsis, NULL as nothing.
///
/// Control characters of a value are shown as `·`: they never reach the terminal.
///
/// # Errors
/// `Unexpected` when a column's type has no text form.
pub fn table(schema: &Schema, batches: &[RecordBatch], limit: usize) -> Result<String> {
    let mut rows = header(schema);
    let header = rows.len();
    for batch in batches {
        let missing = (limit + header).saturating_sub(rows.len());
        read_rows(batch, missing, &mut rows)?;
    }
    let numeric: Vec<bool> = schema.fields().iter().map(|field| is_number(field.data_type())).collect();
    let widths = widths(&rows, numeric.len());
    let mut lines: Vec<String> = rows.iter().map(|row| line(row, &widths, &numeric)).collect();
    lines.insert(header, widths.iter().map(|width| "─".repeat(*width)).collect::<Vec<_>>().join(GAP));
    Ok(lines.join("\n") + "\n")
}

/// The names of the columns, and below them their roles.
fn header(schema: &Schema) -> Vec<Vec<String>> {
    let names = schema.fields().iter().map(|field| shown(field.name())).collect();
    let roles: Vec<String> = schema.fields().iter().map(|field| role(field)).collect();
    if roles.iter().all(String::is_empty) { vec![names] } else { vec![names, roles] }
}

fn role(field: &Field) -> String {
    let told = |name: &str| field.metadata().get(name).map(String::as_str);
    match (told(ROLE), told(BOUND)) {
        (Some(role), Some(bound)) => shown(&format!("{role}, {bound} bound")),
        (Some(role), None) => shown(role),
        (None, _) => String::new(),
    }
}

fn read_rows(batch: &RecordBatch, limit: usize, rows: &mut Vec<Vec<String>>) -> Result<()> {
    let columns = batch.columns().iter().map(|column| Cells::new(column)).collect::<Result<Vec<_>>>()?;
    for row in 0..batch.num_rows().min(limit) {
        rows.push(columns.iter().map(|cells| cell(cells, row)).collect::<Result<_>>()?);
    }
    Ok(())
}

fn cell(cells: &Cells<'_>, row: usize) -> Result<String> {
    if cells.is_null(row) { Ok(String::new()) } else { cells.text(row).map(|text| shown(&text)) }
}

fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(WIDEST)
        .map(|character| if character.is_control() { '·' } else { character })
        .collect();
    if shown.len() < text.len() && text.chars().nth(WIDEST).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

fn widths(rows: &[Vec<String>], columns: usize) -> Vec<usize> {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    (0..columns).map(width).collect()
}

fn line(row: &[String], widths: &[usize], numeric: &[bool]) -> String {
    let padded = row.iter().zip(widths).zip(numeric).map(|((cell, width), number)| {
        if *number { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
    });
    padded.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
}

fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric()
}
