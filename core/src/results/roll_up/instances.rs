//! Of which instances each group has rows.

use std::collections::{HashMap, HashSet};

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch};

/// The instances of which each group has rows.
#[derive(Debug)]
pub(super) struct Instances {
    /// The column that names them, if there is one.
    column: Option<usize>,
    names: HashMap<String, u32>,
    /// Pairs of a group and an instance.
    pairs: HashSet<(u32, u32)>,
    /// The last instance of each group: rows of an instance mostly come together.
    last: Vec<Option<u32>>,
}

impl Instances {
    pub(super) fn of(column: Option<usize>) -> Self {
        Self { column, names: HashMap::new(), pairs: HashSet::new(), last: Vec::new() }
    }

    /// Takes the rows of a batch into account, each in its group of `groups` there are so far.
    pub(super) fn see(&mut self, batch: &RecordBatch, rows: &[u32], groups: usize) {
        let Some(names) = self.column.and_then(|column| batch.column(column).as_string_opt::<i32>()) else {
            return;
        };
        self.last.resize(groups, None);
        let mut current: Option<(&str, u32)> = None;
        for (row, group) in rows.iter().enumerate().filter(|(row, _)| names.is_valid(*row)) {
            let name = names.value(row);
            let number = match current {
                Some((known, number)) if known == name => number,
                _ => self.number(name),
            };
            current = Some((name, number));
            if self.last[*group as usize].replace(number) != Some(number) {
                self.pairs.insert((*group, number));
            }
        }
    }

    /// Takes those of another into account; `map` says which group here each of its groups is.
    pub(super) fn merge(&mut self, other: Self, map: &[u32]) {
        let mut numbers = vec![0; other.names.len()];
        for (name, number) in &other.names {
            numbers[*number as usize] = self.number(name);
        }
        let pair = |(group, number): (u32, u32)| (map[group as usize], numbers[number as usize]);
        self.pairs.extend(other.pairs.into_iter().map(pair));
    }

    /// How many there are in each of `groups`; nothing where no column names them.
    pub(super) fn counts(&self, groups: usize) -> Option<Vec<u64>> {
        self.column?;
        let mut counts = vec![0; groups];
        self.pairs.iter().for_each(|(group, _)| counts[*group as usize] += 1);
        Some(counts)
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.names.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.insert(name.to_owned(), number);
        number
    }
}
