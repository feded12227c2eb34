//! Events in SQL: appended in the transaction of the change they tell.

use chrono::{DateTime, Utc};
use serde_json::Map;
use sqlx::types::Json;
use sqlx::{Row, Transaction};
use uuid::Uuid;

use super::{Db, database_error};
use crate::error::Result;
use crate::model::{BatchId, BatchStatus, Event, EventKind};

const NEXT: &str = "UPDATE batch_executions SET event_sequence = event_sequence + 1 WHERE id = $1 RETURNING event_sequence, status";

const APPEND: &str = "INSERT INTO events (id, batch, execution, owner_id, sequence, kind, detail, at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// An event about a batch itself. Its sequence is given when it is appended.
pub(super) fn batch_event(batch: BatchId, kind: EventKind, at: DateTime<Utc>) -> Event {
    Event { sequence: 0, batch, execution: None, instance_id: None, kind, detail: Map::new(), at }
}

/// Appends an event under the batch's next sequence, and the batch's last event where this one ended it.
pub(super) async fn append(
    transaction: &mut Transaction<'static, Db>,
    owner: &str,
    event: &Event,
) -> Result<()> {
    let status = append_one(transaction, owner, event).await?;
    let ends = matches!(event.kind, EventKind::Completed | EventKind::Failed | EventKind::Cancelled);
    if ends && status.is_terminal() {
        let mut finished = batch_event(event.batch, EventKind::BatchFinished, event.at);
        finished.detail.insert("status".into(), status.as_str().into());
        append_one(transaction, owner, &finished).await?;
    }
    Ok(())
}

async fn append_one(
    transaction: &mut Transaction<'static, Db>,
    owner: &str,
    event: &Event,
) -> Result<BatchStatus> {
    let next =
        sqlx::query(NEXT).bind(event.batch.0).fetch_one(&mut **transaction).await.map_err(database_error)?;
    let sequence: i64 = next.try_get(0).map_err(database_error)?;
    let status: String = next.try_get(1).map_err(database_error)?;
    sqlx::query(APPEND)
        .bind(event_id(event.batch, sequence))
        .bind(event.batch.0)
        .bind(event.execution.map(|execution| execution.0))
        .bind(owner)
        .bind(sequence)
        .bind(event.kind.as_str())
        .bind(Json(&event.detail))
        .bind(event.at)
        .execute(&mut **transaction)
        .await
        .map_err(database_error)?;
    status.parse()
}

/// An event is named by its batch and sequence, so its id needs no randomness.
fn event_id(batch: BatchId, sequence: i64) -> Uuid {
    Uuid::new_v5(&batch.0, &sequence.to_be_bytes())
}
