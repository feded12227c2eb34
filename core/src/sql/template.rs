//! Where a place of a query as it was sent stands in the query as it was written.

use super::lexer::{placeholders, position};
use crate::Position;

/// The place in a template that a place of the query made of it came from. A place inside a value is its parameter's.
#[must_use]
pub fn place_in_template(template: &str, sent: &str, place: Position) -> Position {
    if template == sent {
        return place;
    }
    let Some(wanted) = offset(sent, place) else { return place };
    let (mut from, mut read) = (0, 0);
    let mut parameter = 0;
    for (_, bytes) in placeholders(template) {
        let Some((start, piece)) = find(sent, read, &template[from..bytes.start]) else { break };
        match wanted {
            before if before < start => return position(template, parameter),
            within if within < start + piece.len() => {
                return position(
                    template,
                    from + skipped(&template[from..bytes.start], piece) + within - start,
                );
            }
            _ => {}
        }
        (from, read, parameter) = (bytes.end, start + piece.len(), bytes.start);
    }
    match find(sent, read, &template[from..]) {
        Some((start, _)) if wanted < start => position(template, parameter),
        Some((start, piece)) => position(template, from + skipped(&template[from..], piece) + wanted - start),
        None => place,
    }
}

/// The bytes of a piece of a template that were not sent: a quote beside a value that brings its own.
fn skipped(whole: &str, piece: &str) -> usize {
    whole.find(piece).unwrap_or_default()
}

/// Where a piece of a template stands in what was sent, at or after a byte: whole, or without the quotes at its ends.
fn find<'p>(sent: &str, after: usize, piece: &'p str) -> Option<(usize, &'p str)> {
    let rest = sent.get(after..)?;
    [piece, piece.trim_matches('\'')].into_iter().find_map(|piece| Some((after + rest.find(piece)?, piece)))
}

fn offset(text: &str, place: Position) -> Option<usize> {
    let [line, column] = [place.line, place.column].map(|number| usize::try_from(number).unwrap_or_default());
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let within = text.get(start..)?.char_indices().nth(column.checked_sub(1)?).map(|(at, _)| at);
    Some(start + within.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_behind_a_value_moves_back() {
        let template = "SELECT a FROM t WHERE b IN ({{ids}}) AND c = '{{name}}'\nAND wrong(d)";
        let sent = "SELECT a FROM t WHERE b IN ('1', '2', '3') AND c = 'x'\nAND wrong(d)";
        let place = |line, column| Position { line, column };
        for (in_sent, in_template) in [
            (place(1, 8), place(1, 8)),
            (place(1, 33), place(1, 29)),
            (place(1, 48), place(1, 42)),
            (place(2, 5), place(2, 5)),
        ] {
            assert_eq!(place_in_template(template, sent, in_sent), in_template, "{in_sent}");
        }
    }
}
