//! One tokio runtime for each process, and the two ways to wait for it.
//!
//! A runtime is threads, and a fork copies none of them: a future spawned on an inherited runtime would wait for ever.
//! So each process makes its own on first use. The lock below is taken only by threads attached to the interpreter;
//! Python forks from such a thread, so no fork ever finds it held by another.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use parking_lot::Mutex;
use pyo3::exceptions::asyncio::CancelledError;
use pyo3::exceptions::{PyException, PyKeyboardInterrupt};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3_async_runtimes::TaskLocals;
use pyo3_async_runtimes::generic::{self, ContextExt, JoinError};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_util::task::AbortOnDropHandle;

use crate::errors::{lost, python};
use crate::logging;

/// How long a wait goes on before signals are looked at: Ctrl-C is answered within it.
pub(crate) const SLICE: Duration = Duration::from_millis(50);

/// The process that made the runtime, and the runtime, which lives as long as the process.
static CURRENT: Mutex<Option<(u32, &'static Runtime)>> = Mutex::new(None);

/// Gives the runtime of this process, made on first use.
pub(crate) fn runtime(py: Python<'_>) -> PyResult<&'static Runtime> {
    let process = std::process::id();
    let mut current = CURRENT.lock();
    match *current {
        Some((owner, runtime)) if owner == process => Ok(runtime),
        _ => {
            let fresh: &'static Runtime = Box::leak(Box::new(start()?));
            *current = Some((process, fresh));
            drop(current);
            logging::start(py)?;
            Ok(fresh)
        }
    }
}

fn start() -> PyResult<Runtime> {
    Ok(Builder::new_multi_thread().worker_threads(2).thread_name("amc-fleet").enable_all().build()?)
}

/// Gives a handle on the runtime, from its own threads too.
pub(crate) fn handle() -> PyResult<Handle> {
    Handle::try_current().or_else(|_| Python::attach(|py| Ok(runtime(py)?.handle().clone())))
}

/// Waits for a call of the core, the interpreter released; Ctrl-C ends the waiting and leaves the work alone.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    call: impl Future<Output = amc_fleet::Result<T>> + Send + 'static,
) -> PyResult<T> {
    wait_showing(py, call, |_| Ok(()))
}

/// Waits as [`wait`] does and calls `show` between two slices.
pub(crate) fn wait_showing<T: Send + 'static>(
    py: Python<'_>,
    call: impl Future<Output = amc_fleet::Result<T>> + Send + 'static,
    mut show: impl FnMut(Python<'_>) -> PyResult<()>,
) -> PyResult<T> {
    let runtime = runtime(py)?;
    let mut task = AbortOnDropHandle::new(runtime.spawn(call));
    loop {
        let slice = || runtime.block_on(async { tokio::time::timeout(SLICE, &mut task).await });
        match py.detach(slice) {
            Ok(Ok(answer)) => return answer.map_err(python),
            Ok(Err(ended)) => return Err(python(lost(ended))),
            Err(_) => {
                py.check_signals()?;
                show(py)?;
            }
        }
    }
}

/// Makes a call of the core an awaitable of the running event loop; cancelling it leaves the work alone.
pub(crate) fn awaitable<'py, T, P>(
    py: Python<'py>,
    call: impl Future<Output = amc_fleet::Result<T>> + Send + 'static,
    convert: impl FnOnce(T) -> PyResult<P> + Send + 'static,
) -> PyResult<Bound<'py, PyAny>>
where
    T: Send + 'static,
    P: for<'a> IntoPyObject<'a> + Send + 'static,
{
    runtime(py)?;
    generic::future_into_py::<OfProcess, _, _>(py, async move { convert(call.await.map_err(python)?) })
}

/// Makes a call that goes on by itself, and waits for it no longer than for a signal.
pub(crate) async fn briefly(
    call: impl Future<Output = amc_fleet::Result<()>> + Send + 'static,
) -> amc_fleet::Result<()> {
    match tokio::time::timeout(SLICE, tokio::spawn(call)).await {
        Ok(ended) => ended.map_err(lost)?,
        Err(_) => Ok(()),
    }
}

/// Whether what leaves a ``with`` is somebody who wants to leave now: Ctrl-C, or a task that is cancelled.
pub(crate) fn is_interrupt(exception: &Bound<'_, PyTuple>) -> PyResult<bool> {
    let raised = exception.get_item(1)?;
    // An `Exception` is neither, and asyncio need not be imported to say so.
    let is_usual = raised.is_none() || raised.is_instance_of::<PyException>();
    Ok(!is_usual
        && (raised.is_instance_of::<PyKeyboardInterrupt>() || raised.is_instance_of::<CancelledError>()))
}

/// What a call without an answer gives: None, not an empty tuple.
pub(crate) fn nothing(_done: ()) -> PyResult<Option<bool>> {
    Ok(None)
}

tokio::task_local! {
    static LOCALS: TaskLocals;
}

/// The runtime of this process, as the bridge to asyncio wants it.
struct OfProcess;

/// A task of it that ended without an answer.
struct Lost(tokio::task::JoinError);

impl JoinError for Lost {
    fn is_panic(&self) -> bool {
        self.0.is_panic()
    }

    fn into_panic(self) -> Box<dyn std::any::Any + Send + 'static> {
        self.0.into_panic()
    }
}

type Joining = Pin<Box<dyn Future<Output = Result<(), Lost>> + Send>>;

impl generic::Runtime for OfProcess {
    type JoinError = Lost;
    type JoinHandle = Joining;

    fn spawn<F>(future: F) -> Joining
    where
        F: Future<Output = ()> + Send + 'static,
    {
        joining(handle().map(|handle| handle.spawn(future)))
    }

    fn spawn_blocking<F>(call: F) -> Joining
    where
        F: FnOnce() + Send + 'static,
    {
        joining(handle().map(|handle| handle.spawn_blocking(call)))
    }
}

fn joining(task: PyResult<tokio::task::JoinHandle<()>>) -> Joining {
    Box::pin(async move {
        match task {
            Ok(task) => task.await.map_err(Lost),
            Err(_) => Ok(()),
        }
    })
}

impl ContextExt for OfProcess {
    fn scope<F, R>(locals: TaskLocals, future: F) -> Pin<Box<dyn Future<Output = R> + Send>>
    where
        F: Future<Output = R> + Send + 'static,
    {
        Box::pin(LOCALS.scope(locals, future))
    }

    fn get_task_locals() -> Option<TaskLocals> {
        LOCALS.try_with(TaskLocals::clone).ok()
    }
}
