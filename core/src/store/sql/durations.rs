//! How long runs take, in SQL: a mean that forgets, by instance and workflow.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::chunks;
use super::write::Written;
use super::{Db, database_error};
use crate::error::Result;

const ROWS: &str = "INSERT INTO run_durations (instance, workflow, runs, mean_seconds, updated_at) ";

/// The newest run counts three tenths.
const AFTER: &str = " ON CONFLICT (instance, workflow) DO UPDATE SET
    runs = run_durations.runs + excluded.runs,
    mean_seconds = run_durations.mean_seconds + (excluded.mean_seconds - run_durations.mean_seconds) * 0.3,
    updated_at = excluded.updated_at";

/// Remembers how long the runs took that have succeeded now.
pub(super) async fn learn(
    transaction: &mut Transaction<'static, Db>,
    written: &[Written],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut seconds: BTreeMap<(Uuid, Uuid), f64> = BTreeMap::new();
    for Written { before, change } in written {
        if let Some(ran) = change.ran {
            let workflow = before.workflow.map_or(Uuid::nil(), |workflow| workflow.0);
            seconds.insert((before.instance.0, workflow), ran.as_seconds_f64());
        }
    }
    for chunk in chunks(&Vec::from_iter(seconds)) {
        let mut query = QueryBuilder::<Db>::new(ROWS);
        query.push_values(chunk, |mut row, ((instance, workflow), seconds)| {
            row.push_bind(*instance).push_bind(*workflow).push_bind(1_i64).push_bind(*seconds).push_bind(now);
        });
        query.push(AFTER);
        query.build().execute(&mut **transaction).await.map_err(database_error)?;
    }
    Ok(())
}
