//! Who is behind the rows of one run: a row refers to an entry, and entries to those of the rows it was made of.
//!
//! So a join or a group costs one entry, however many users it unites; they are counted for the rows of the result
//! only. A user is a number: the path it came by in the upper 16 bits, the hash of the user in the lower 48. A hash
//! of 0 says that the path contributed at all, so that rows of nobody addressable count as 0 users.

use std::collections::{BTreeSet, HashMap, HashSet};

use parking_lot::Mutex;

/// Bits of a user's hash.
pub(super) const HASH_BITS: u32 = 48;

/// The entries of a run.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    all: Vec<Entry>,
    users: HashMap<u64, u64>,
}

#[derive(Debug, Clone)]
enum Entry {
    /// A user of a path.
    User(u64),
    /// Totals that too few users are behind ([`super::weights`]).
    Shortfalls(Vec<u64>),
    /// A joined row.
    Join(u64, u64),
    /// A group; what its rows' totals lacked is forgotten.
    Group(Vec<u64>),
}

impl Ledger {
    /// The entry of a user of a path.
    pub(super) fn user(&self, number: u64) -> u64 {
        let mut entries = self.0.lock();
        match entries.users.get(&number) {
            Some(known) => *known,
            None => {
                let new = entries.add(Entry::User(number));
                entries.users.insert(number, new);
                new
            }
        }
    }

    /// The entry of a joined row, of which a side can be of nobody.
    pub(super) fn join(&self, left: Option<u64>, right: Option<u64>) -> Option<u64> {
        match (left, right) {
            (Some(left), Some(right)) if left != right => Some(self.0.lock().add(Entry::Join(left, right))),
            (left, right) => left.or(right),
        }
    }

    /// The entry of a group of rows.
    pub(super) fn group(&self, mut rows: Vec<u64>) -> Option<u64> {
        rows.sort_unstable();
        rows.dedup();
        (!rows.is_empty()).then(|| self.0.lock().add(Entry::Group(rows)))
    }

    /// The entry of what totals lack.
    pub(super) fn shortfalls(&self, numbers: Vec<u64>) -> Option<u64> {
        (!numbers.is_empty()).then(|| self.0.lock().add(Entry::Shortfalls(numbers)))
    }

    /// The numbers of the users behind an entry, each once, in order.
    pub(crate) fn users_of(&self, entry: u64) -> BTreeSet<u64> {
        let entries = self.0.lock();
        let user = |entry: &Entry| match entry {
            Entry::User(number) => vec![*number, *number >> HASH_BITS << HASH_BITS],
            _ => Vec::new(),
        };
        entries.reached(entry, |_| true).flat_map(user).collect()
    }

    /// What the totals of an entry lack, but not those of the groups it was made of.
    pub(crate) fn shortfalls_of(&self, entry: u64) -> BTreeSet<u64> {
        let entries = self.0.lock();
        let lacking = |entry: &Entry| match entry {
            Entry::Shortfalls(numbers) => numbers.clone(),
            _ => Vec::new(),
        };
        entries.reached(entry, |entry| !matches!(entry, Entry::Group(_))).flat_map(lacking).collect()
    }
}

impl Entries {
    fn add(&mut self, entry: Entry) -> u64 {
        self.all.push(entry);
        self.all.len() as u64 - 1
    }

    fn get(&self, number: u64) -> Option<&Entry> {
        self.all.get(usize::try_from(number).ok()?)
    }

    /// The entries that lead on from one, itself included, each once; those that are not `open` lead nowhere.
    fn reached(&self, from: u64, open: impl Fn(&Entry) -> bool) -> impl Iterator<Item = &Entry> {
        let (mut seen, mut next, mut reached) = (HashSet::from([from]), vec![from], Vec::new());
        while let Some(entry) = next.pop().and_then(|number| self.get(number)) {
            reached.push(entry);
            let parts = match entry {
                Entry::Join(left, right) => vec![*left, *right],
                Entry::Group(rows) => rows.clone(),
                Entry::User(_) | Entry::Shortfalls(_) => Vec::new(),
            };
            let parts = if open(entry) { parts } else { Vec::new() };
            next.extend(parts.into_iter().filter(|part| seen.insert(*part)));
        }
        reached.into_iter()
    }
}

/// The number of distinct users of each path that contributed to a row.
pub(crate) fn counts(numbers: &BTreeSet<u64>) -> Vec<(u64, u64)> {
    let mut counts: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        let (path, counted) = (number >> HASH_BITS, u64::from(number & ((1 << HASH_BITS) - 1) != 0));
        match counts.last_mut().filter(|(last, _)| *last == path) {
            Some((_, count)) => *count += counted,
            None => counts.push((path, counted)),
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: u64 = 1 << HASH_BITS;

    #[test]
    fn users_are_counted_once_by_path() {
        let ledger = Ledger::default();
        let [one, two, other] = [7, 8, PATH | 7].map(|number| ledger.user(number));
        let joined = ledger.join(Some(one), Some(other));
        let group = ledger.group(vec![joined.unwrap(), two, one, one]);
        let all = ledger.users_of(ledger.join(group, joined).unwrap());
        assert_eq!(counts(&all), [(0, 2), (1, 1)]);
    }

    #[test]
    fn a_path_of_nobody_counts_as_no_users() {
        let ledger = Ledger::default();
        let nobody = ledger.user(PATH);
        assert_eq!(counts(&ledger.users_of(nobody)), [(1, 0)]);
        assert_eq!(ledger.join(None, Some(nobody)), Some(nobody));
        assert_eq!(ledger.group(Vec::new()), None);
    }

    #[test]
    fn a_group_forgets_what_its_rows_lacked() {
        let ledger = Ledger::default();
        let row = ledger.join(Some(ledger.user(7)), ledger.shortfalls(vec![5, 6])).unwrap();
        assert_eq!(ledger.shortfalls_of(row), BTreeSet::from([5, 6]));
        let group = ledger.group(vec![row]).unwrap();
        assert_eq!(ledger.shortfalls_of(group), BTreeSet::new());
        assert_eq!(counts(&ledger.users_of(group)), [(0, 1)]);
    }
}
