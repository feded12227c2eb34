//! The place AMC names when it rejects a query.
//!
//! Its parser is Apache Calcite's: `From line 6, column 12 to line 6, column 17: …` and
//! `Encountered "{" at line 8, column 3`, counted from 1 in the query as it was sent.

use crate::Position;

/// Reads the first place that AMC's words name.
#[must_use]
pub fn place_named(words: &str) -> Option<Position> {
    words.match_indices("line ").find_map(|(at, word)| {
        let (line, rest) = number(&words[at + word.len()..])?;
        let (column, _) = number(rest.strip_prefix(", column ")?)?;
        Some(Position { line, column })
    })
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_is_read() {
        for (words, place) in [
            ("From line 38, column 10 to line 38, column 21: Object 'x' not found", Some((38, 10))),
            ("SQL query was invalid: Encountered \"{\" at line 8, column 3", Some((8, 3))),
            ("Encountered \"line 4, column\" at line 1, column 20. Was expecting: \"AS\"", Some((1, 20))),
            ("Column 'line 7' not found in any table", None),
            ("Encountered \"2025\" at line X, column Y", None),
            ("at line 99999999999, column 1", None),
            ("too many workflows have already been run", None),
        ] {
            let read = place_named(words).map(|Position { line, column }| (line, column));
            assert_eq!(read, place, "{words}");
        }
    }
}
