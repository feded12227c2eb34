//! Work done side by side whose outcomes come in order, a little ahead of what is asked for.

use std::future::Future;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread::available_parallelism;

use futures::{Stream, StreamExt};
use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};
use tokio_util::task::AbortOnDropHandle;

use crate::error::{Error, Result};

/// How many processors there are.
static PROCESSORS: LazyLock<usize> = LazyLock::new(|| available_parallelism().map_or(1, NonZero::get));
/// Places for work beside the runtime: more at a time would only take turns, and keep the first of them waiting.
static PLACES: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(*PROCESSORS));

/// Runs jobs as tasks of the runtime, from the first time an outcome is asked for: twice as many are under way as there
/// are processors, and two more, so that none of them waits for whoever uses the outcomes. Dropping the stream ends them.
pub(super) fn in_order<T: Send + 'static>(
    jobs: impl Stream<Item = impl Future<Output = Result<T>> + Send + 'static>,
) -> impl Stream<Item = Result<T>> {
    let tasks = jobs.map(|job| AbortOnDropHandle::new(tokio::spawn(job)));
    tasks.buffered(2 * *PROCESSORS + 2).map(outcome)
}

/// Works where it keeps nobody from talking to a network, in the order in which it is asked to.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let place = PLACES.acquire().await;
    let place = place.map_err(|error| Error::unexpected("there are no places to work").caused_by(error))?;
    let worked = spawn_blocking(move || {
        let _place = place;
        work()
    });
    outcome(worked.await)
}

/// What became of a task of the runtime.
pub(super) fn outcome<T>(ended: Result<Result<T>, JoinError>) -> Result<T> {
    match ended {
        Ok(outcome) => outcome,
        Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
        Err(error) => Err(Error::unexpected("the runtime ended while rows were read").caused_by(error)),
    }
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, TryStreamExt, stream};

    use super::*;

    #[tokio::test]
    async fn everything_arrives_in_order() {
        let jobs = stream::iter(0..100).map(|number| async move { aside(move || Ok(number)).await });
        let outcomes: Vec<i32> = in_order(jobs).try_collect().await.unwrap();
        assert_eq!(outcomes, (0..100).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_panic_is_no_end() {
        let jobs = stream::iter(0..3).map(|number| async move {
            assert_ne!(number, 2, "on purpose");
            Ok(number)
        });
        let read = in_order(jobs).try_collect::<Vec<_>>();
        assert!(std::panic::AssertUnwindSafe(read).catch_unwind().await.is_err());
    }
}
