//! Writing together what is to be written at the same time: one transaction for everybody who waits.

use std::future::Future;

use parking_lot::Mutex;
use tokio::sync::{Mutex as Turn, oneshot};

use crate::error::{Error, ErrorKind, Result};

/// More things than these go into one transaction together only when one writer brings them.
const MOST: usize = 256;

/// A queue of things to write. Whoever's turn it is writes for all who have come by then; nobody waits for company.
#[derive(Debug)]
pub(super) struct Ledger<I, O> {
    queue: Mutex<Vec<Entry<I, O>>>,
    turn: Turn<()>,
}

#[derive(Debug)]
struct Entry<I, O> {
    items: Vec<I>,
    answer: oneshot::Sender<Result<Vec<O>>>,
}

impl<I, O> Default for Ledger<I, O> {
    fn default() -> Self {
        Self { queue: Mutex::default(), turn: Turn::default() }
    }
}

impl<I: Clone + Send + Sync, O: Clone + Send> Ledger<I, O> {
    /// Writes items, together with others', and gives what became of these.
    pub(super) async fn write<F>(
        &self,
        items: &[I],
        write: impl Fn(Vec<I>) -> F + Send + Sync,
    ) -> Result<Vec<O>>
    where
        F: Future<Output = Result<Vec<O>>> + Send,
    {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let (answer, mut answered) = oneshot::channel();
        self.queue.lock().push(Entry { items: items.to_vec(), answer });
        let turn = self.turn.lock().await;
        while answered.is_empty() {
            let entries = self.next();
            if entries.is_empty() {
                break;
            }
            write_all(entries, &write).await;
        }
        drop(turn);
        answered.try_recv().unwrap_or_else(|_| Err(abandoned()))
    }

    /// The first in the queue, as many as go together.
    fn next(&self) -> Vec<Entry<I, O>> {
        let mut queue = self.queue.lock();
        let mut items = 0;
        let together = queue.iter().take_while(|entry| {
            items += entry.items.len();
            items <= MOST
        });
        let count = together.count().max(1).min(queue.len());
        queue.drain(..count).collect()
    }
}

async fn write_all<I, O, F>(entries: Vec<Entry<I, O>>, write: &(impl Fn(Vec<I>) -> F + Send + Sync))
where
    I: Clone + Send + Sync,
    O: Clone + Send,
    F: Future<Output = Result<Vec<O>>> + Send,
{
    let items: Vec<I> = entries.iter().flat_map(|entry| entry.items.iter().cloned()).collect();
    match write(items).await {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for entry in entries {
                let own = outcomes.by_ref().take(entry.items.len()).collect();
                // Whoever asked may be gone.
                let _ = entry.answer.send(Ok(own));
            }
        }
        Err(error) if error.is_retryable() || entries.len() == 1 => {
            for entry in entries {
                let _ = entry.answer.send(Err(same(&error)));
            }
        }
        // One of them cannot be written: that is no reason not to write the others.
        Err(_) => {
            for entry in entries {
                let outcome = write(entry.items).await;
                let _ = entry.answer.send(outcome);
            }
        }
    }
}

fn same(error: &Error) -> Error {
    let code = error.code();
    Error::new(error.kind(), code, error.message())
}

fn abandoned() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "write_abandoned",
        "whoever wrote for others stopped before it was done",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;

    use super::*;

    #[tokio::test]
    async fn what_waits_is_written_together() {
        let (ledger, writes) = (Ledger::default(), AtomicUsize::new(0));
        let write = |items: Vec<usize>| {
            writes.fetch_add(1, Ordering::Relaxed);
            async move {
                tokio::task::yield_now().await;
                Ok(items)
            }
        };
        let outcomes = join_all((0..100).map(|number| {
            let ledger = &ledger;
            async move { ledger.write(&[number, number + 1000], write).await.unwrap() }
        }))
        .await;
        for (number, outcome) in outcomes.into_iter().enumerate() {
            assert_eq!(outcome, [number, number + 1000], "everybody gets what is theirs");
        }
        assert!(writes.load(Ordering::Relaxed) <= 3, "{writes:?}");
    }

    #[tokio::test]
    async fn one_that_cannot_be_written_stops_nobody_else() {
        let ledger = Ledger::default();
        let write = |items: Vec<i32>| async move {
            tokio::task::yield_now().await;
            if items.contains(&13) { Err(Error::invalid("unlucky", "13")) } else { Ok(items) }
        };
        let outcomes = join_all((10..16).map(|number| {
            let ledger = &ledger;
            async move { ledger.write(&[number], write).await }
        }))
        .await;
        let failed: Vec<_> = (10..16).zip(&outcomes).filter(|(_, outcome)| outcome.is_err()).collect();
        assert_eq!(failed.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [13]);
    }
}
