//! Reads a query into a tree. It takes what AMC is known to take, and what other engines of its kind do.

mod cursor;
mod expression;
mod query;
pub(super) mod tree;

use cursor::Cursor;
pub(super) use cursor::Unexpected;

use crate::sql::Token;

/// Reads one query from its tokens without comments; a semicolon may follow.
pub(super) fn read(sql: &str, code: &[Token]) -> Result<tree::Query, Unexpected> {
    let mut cursor = Cursor::new(sql, code);
    let query = query::query(&mut cursor)?;
    while cursor.take_symbol(';') {}
    match cursor.peek() {
        None => Ok(query),
        Some(_) => Err(cursor.unexpected("the end of the query")),
    }
}
