//! Lines and columns of many bytes of one text, asked for in its order.

use crate::Position;

/// Works out the place of one byte after the other without beginning anew.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    text: &'a str,
    at: usize,
    position: Position,
}

impl<'a> Places<'a> {
    /// Begins with the first byte.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, position: Position { line: 1, column: 1 } }
    }

    /// The line and column of a byte that is not before the last one asked for.
    pub fn of(&mut self, offset: usize) -> Position {
        let passed = self.text.get(self.at..offset).unwrap_or_default();
        for character in passed.chars() {
            if character == '\n' {
                self.position = Position { line: self.position.line + 1, column: 1 };
            } else {
                self.position.column += 1;
            }
        }
        self.at += passed.len();
        self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::position;

    #[test]
    fn places_are_those_that_position_tells() {
        let text = "é\nab\n\nç x";
        let mut places = Places::new(text);
        for (at, _) in text.char_indices() {
            assert_eq!(places.of(at), position(text, at));
        }
    }
}
