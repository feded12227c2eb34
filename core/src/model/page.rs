//! Pages of lists.

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// How many at most.
    pub limit: u32,
    /// How many to pass over.
    pub offset: u32,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: 20, offset: 0 }
    }
}

impl PageRequest {
    /// Cuts this part out of a whole list.
    #[must_use]
    pub fn of<T>(self, all: Vec<T>) -> Page<T> {
        let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let [offset, limit] =
            [self.offset, self.limit].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        Page { items: all.into_iter().skip(offset).take(limit).collect(), total }
    }
}

/// A part of a list and how long the whole is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's stated order.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: u64,
}
