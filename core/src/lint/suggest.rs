//! The name that was probably meant.

/// The known name nearest to `name`, if it is near.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = name.chars().count() / 3 + 1;
    let distances = known.map(|known| (distance(name, known), known));
    distances.filter(|(distance, _)| *distance <= near).min().map(|(_, known)| known)
}

/// How many letters must be put in, taken out or changed.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (to, other) in right.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[to + 1];
            row[to + 1] = changed.min(row[to] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
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
