//! Many rows in one statement: what takes a database long is to be spoken to.

use sqlx::QueryBuilder;
use uuid::Uuid;

use super::Db;

/// Rows that go into one statement. Few sizes, so that the statements are few and stay prepared.
const SIZES: [usize; 4] = [64, 16, 4, 1];

/// Cuts rows into as many as go into one statement each.
pub(super) fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

/// Adds a list of ids to a statement that ends with `IN`.
pub(super) fn list<'b>(query: &'b mut QueryBuilder<Db>, ids: &[Uuid]) -> &'b mut QueryBuilder<Db> {
    query.push(" (");
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")")
}

/// A statement that ends with a list of ids: `before ($1, $2, …)`.
pub(super) fn listed(before: &str, ids: &[Uuid]) -> QueryBuilder<Db> {
    let mut query = QueryBuilder::new(before);
    list(&mut query, ids);
    query
}
