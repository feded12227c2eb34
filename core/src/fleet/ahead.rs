//! Reading ahead: the next batch is read while the last one is used.

use std::panic::resume_unwind;
use std::pin::pin;

use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

/// How many items wait at most to be asked for.
const AHEAD: usize = 2;

/// Reads a stream in a task of its own, from the first time something is asked for; dropping what is returned ends it.
pub(super) fn read_ahead<T: Send + 'static>(
    source: impl Stream<Item = T> + Send + 'static,
) -> impl Stream<Item = T> + Send + 'static {
    stream::once(async { reading(source) }).flatten()
}

fn reading<T: Send + 'static>(
    source: impl Stream<Item = T> + Send + 'static,
) -> impl Stream<Item = T> + Send + 'static {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        let mut source = pin!(source);
        while let Some(item) = source.next().await {
            if sender.send(item).await.is_err() {
                break;
            }
        }
    }));
    stream::unfold((receiver, task), |(mut receiver, task)| async move {
        match receiver.recv().await {
            Some(item) => Some((item, (receiver, task))),
            None => ended(task).await,
        }
    })
}

/// A task that panicked has not read everything: the end of its items is no end.
async fn ended<T>(task: AbortOnDropHandle<()>) -> Option<T> {
    match task.await {
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[tokio::test]
    async fn everything_arrives_in_order() {
        assert_eq!(read_ahead(stream::iter(0..100)).collect::<Vec<_>>().await, (0..100).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_panic_is_no_end() {
        let source = stream::iter(0..3).inspect(|item| assert_ne!(*item, 2, "on purpose"));
        let read = read_ahead(source).collect::<Vec<_>>();
        assert!(std::panic::AssertUnwindSafe(read).catch_unwind().await.is_err());
    }
}
