//! Pages of lists: the rows of one and how many there are in all.

use sqlx::query::{QueryAs, QueryScalar};
use sqlx::{Database, FromRow};

use super::{Backend, Db, database_error};
use crate::error::{Error, Result};
use crate::model::{Page, PageRequest};

type Arguments = <Db as Database>::Arguments;

/// Reads a page of `$row`s: the list takes the values, then a limit and an offset; the count takes the values alone.
macro_rules! page {
    ($store:expr, $row:ty, [$list:expr, $count:expr], $page:expr; $($value:expr),* $(,)?) => {
        super::pages::read(
            $store,
            sqlx::query_as::<Db, $row>($list)$(.bind($value))*,
            sqlx::query_scalar($count)$(.bind($value))*,
            $page,
        )
    };
}
pub(super) use page;

pub(super) async fn read<R, T>(
    store: &Backend,
    list: QueryAs<'_, Db, R, Arguments>,
    count: QueryScalar<'_, Db, i64, Arguments>,
    page: PageRequest,
) -> Result<Page<T>>
where
    R: for<'r> FromRow<'r, <Db as Database>::Row> + Send + Unpin,
    T: TryFrom<R>,
    Error: From<T::Error>,
{
    let list = list.bind(i64::from(page.limit)).bind(i64::from(page.offset));
    let rows = list.fetch_all(store.reads()).await.map_err(database_error)?;
    let total = count.fetch_one(store.reads()).await.map_err(database_error)?;
    let items = rows.into_iter().map(T::try_from).collect::<std::result::Result<_, _>>()?;
    Ok(Page { items, total: u64::try_from(total).unwrap_or_default() })
}

/// What a text is found by, wherever it stands.
pub(super) fn pattern(text: &str) -> String {
    let literal = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{literal}%")
}
