//! Threads with room for deep queries: planning recurses once per level of a query.

use std::io;
use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot};

/// Stack of a worker; unoptimized planners use about a megabyte for a level of nesting.
const STACK: usize = 256 << 20;

/// Runs queries beside the caller's runtime, as many at a time as there are processors.
#[derive(Debug, Clone)]
pub(crate) struct Workers {
    free: Arc<Semaphore>,
}

impl Workers {
    /// Workers for this machine.
    pub(crate) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self { free: Arc::new(Semaphore::new(processors)) }
    }

    /// Runs `work` on a thread of its own; its value arrives when it is done.
    ///
    /// # Errors
    /// When no thread can be had, or it ended without a value.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&tokio::runtime::Runtime) -> T + Send + 'static,
    ) -> io::Result<T> {
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(io::Error::other)?;
        let (send, receive) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("query".to_owned()).stack_size(STACK).spawn(move || {
            let value = work(&runtime);
            drop(permit);
            drop(send.send(value));
        })?;
        receive.await.map_err(io::Error::other)
    }
}
