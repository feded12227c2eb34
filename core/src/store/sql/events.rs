//! Events in SQL: appended in the transaction of the change they tell.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Map;
use sqlx::types::Json;
use sqlx::{QueryBuilder, Transaction};
use uuid::Uuid;

use super::bulk::chunks;
use super::{Db, database_error};
use crate::error::Result;
use crate::model::{BatchId, BatchStatus, Event, EventKind};

const ROWS: &str = "WITH v (batch, more) AS (";

const NEXT: &str =
    ") UPDATE batch_executions SET event_sequence = event_sequence + v.more FROM v WHERE id = v.batch
    RETURNING id, event_sequence, status";

const APPEND: &str = "INSERT INTO events (id, batch, execution, owner_id, sequence, kind, detail, at) ";

/// An event about a batch itself. Its sequence is given when it is appended.
pub(super) fn batch_event(batch: BatchId, kind: EventKind, at: DateTime<Utc>) -> Event {
    Event { sequence: 0, batch, execution: None, instance_id: None, kind, detail: Map::new(), at }
}

/// Appends events of these owners in their order, each under the next sequence of its batch, and the last event of every
/// batch that one of them ended.
pub(super) async fn append(
    transaction: &mut Transaction<'static, Db>,
    mut events: Vec<(&str, Event)>,
) -> Result<()> {
    let ended = number(transaction, &mut events).await?;
    let mut last: Vec<(&str, Event)> = Vec::new();
    for (owner, event) in events.iter().rev().filter(|(_, event)| ends(event.kind)) {
        if let Some(status) = ended.get(&event.batch)
            && last.iter().all(|(_, known)| known.batch != event.batch)
        {
            let mut finished = batch_event(event.batch, EventKind::BatchFinished, event.at);
            finished.detail.insert("status".into(), status.as_str().into());
            last.push((*owner, finished));
        }
    }
    number(transaction, &mut last).await?;
    events.extend(last);
    for chunk in chunks(&events) {
        insert(transaction, chunk).await?;
    }
    Ok(())
}

fn ends(kind: EventKind) -> bool {
    matches!(kind, EventKind::Completed | EventKind::Failed | EventKind::Cancelled)
}

/// Gives events their sequences. Returns the batches among theirs that have ended.
async fn number(
    transaction: &mut Transaction<'static, Db>,
    events: &mut [(&str, Event)],
) -> Result<BTreeMap<BatchId, BatchStatus>> {
    let mut more: BTreeMap<BatchId, i64> = BTreeMap::new();
    for (_, event) in events.iter_mut() {
        let count = more.entry(event.batch).or_default();
        *count += 1;
        event.sequence = *count;
    }
    let (mut before, mut ended) = (BTreeMap::new(), BTreeMap::new());
    for chunk in chunks(&Vec::from_iter(more)) {
        let mut query = QueryBuilder::<Db>::new(ROWS);
        query.push_values(chunk, |mut row, (batch, count)| {
            row.push_bind(batch.0).push_bind(*count);
        });
        query.push(NEXT);
        let query = query.build_query_as::<(Uuid, i64, String)>();
        for (batch, sequence, status) in query.fetch_all(&mut **transaction).await.map_err(database_error)? {
            let (batch, status) = (BatchId(batch), status.parse::<BatchStatus>()?);
            let count = chunk.iter().find(|(id, _)| *id == batch).map_or(0, |(_, count)| *count);
            before.insert(batch, sequence - count);
            ended.extend(status.is_terminal().then_some((batch, status)));
        }
    }
    for (_, event) in events {
        event.sequence += before.get(&event.batch).copied().unwrap_or_default();
    }
    Ok(ended)
}

async fn insert(transaction: &mut Transaction<'static, Db>, events: &[(&str, Event)]) -> Result<()> {
    let mut query = QueryBuilder::<Db>::new(APPEND);
    query.push_values(events, |mut row, (owner, event)| {
        row.push_bind(event_id(event.batch, event.sequence))
            .push_bind(event.batch.0)
            .push_bind(event.execution.map(|execution| execution.0))
            .push_bind(*owner)
            .push_bind(event.sequence)
            .push_bind(event.kind.as_str())
            .push_bind(Json(&event.detail))
            .push_bind(event.at);
    });
    query.build().execute(&mut **transaction).await.map_err(database_error)?;
    Ok(())
}

/// An event is named by its batch and sequence, so its id needs no randomness.
fn event_id(batch: BatchId, sequence: i64) -> Uuid {
    Uuid::new_v5(&batch.0, &sequence.to_be_bytes())
}
