//! The name that was probably meant.

/// The known name nearest to `name`, if it is near.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = name.len() / 3 + 1;
    let mut row = Vec::new();
    let found = known.filter_map(|known| Some((distance(name, known, near, &mut row)?, known)));
    found.min().map(|(_, known)| known)
}

/// How many bytes must be put in, taken out or changed, if no more than `near`. `row` is a place to work it out in.
fn distance(left: &str, right: &str, near: usize, row: &mut Vec<usize>) -> Option<usize> {
    // Most names are told apart by their length alone.
    if left.len().abs_diff(right.len()) > near {
        return None;
    }
    row.clear();
    row.extend(0..=right.len());
    for (at, letter) in left.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        let mut least = at + 1;
        for (to, other) in right.bytes().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[to + 1];
            row[to + 1] = changed.min(row[to] + 1).min(diagonal + 1);
            least = least.min(row[to + 1]);
        }
        if least > near {
            return None;
        }
    }
    row.last().copied().filter(|distance| *distance <= near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let known = ["campaign", "campaign_id", "creative"];
        assert_eq!(nearest("campain", known.into_iter()), Some("campaign"));
        assert_eq!(nearest("campaignid", known.into_iter()), Some("campaign_id"));
        assert_eq!(nearest("zzz", known.into_iter()), None);
    }
}
