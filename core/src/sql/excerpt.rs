//! The place of an error in a query.

use crate::error::Position;

/// Shows the line of a position with a caret under the column; nothing where the text has no such line.
#[must_use]
pub fn excerpt(text: &str, position: Position) -> Option<String> {
    let [line, column] =
        [position.line, position.column].map(|number| usize::try_from(number).unwrap_or_default());
    let shown = text.lines().nth(line.checked_sub(1)?)?;
    // Tabs stay tabs, so that the caret stands under its character wherever the text is shown.
    let indent: String =
        shown.chars().take(column.saturating_sub(1)).map(|it| if it == '\t' { '\t' } else { ' ' }).collect();
    Some(format!("{line} | {shown}\n{} | {indent}^", " ".repeat(line.to_string().len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_its_column() {
        let shown = excerpt("SELECT a,\n  'open\nFROM t", Position { line: 2, column: 3 });
        assert_eq!(shown.as_deref(), Some("2 |   'open\n  |   ^"));
    }

    #[test]
    fn a_line_that_is_not_there_has_no_excerpt() {
        assert_eq!(excerpt("SELECT 1", Position { line: 2, column: 1 }), None);
        assert_eq!(excerpt("SELECT 1", Position { line: 0, column: 1 }), None);
    }
}
