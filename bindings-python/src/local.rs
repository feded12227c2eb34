//! What belongs to the process that made it.

use amc_fleet::{Error, ErrorKind};
use pyo3::PyResult;
use tokio::runtime::Handle;

use crate::errors::python;
use crate::runtime;

/// A handle of the core that only the process that made it may use.
///
/// A forked child inherits the memory and none of the threads: using the value there, or dropping it, could wait for
/// a thread that does not exist. So a child is refused, and leaves the value alone.
pub(crate) struct Local<T> {
    process: u32,
    runtime: Handle,
    value: Option<T>,
}

impl<T> Local<T> {
    pub(crate) fn new(value: T) -> PyResult<Self> {
        Ok(Self { process: std::process::id(), runtime: runtime::handle()?, value: Some(value) })
    }

    /// Gives the value, or raises `ForkedError`.
    pub(crate) fn get(&self) -> PyResult<&T> {
        self.value.as_ref().filter(|_| self.is_ours()).ok_or_else(forked)
    }

    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }
}

impl<T> Drop for Local<T> {
    fn drop(&mut self) {
        let value = self.value.take();
        if !self.is_ours() {
            return std::mem::forget(value);
        }
        let _context = self.runtime.enter();
        drop(value);
    }
}

fn forked() -> pyo3::PyErr {
    let message = "this handle was made before the process forked and cannot be used in the child";
    let error =
        Error::new(ErrorKind::Unsupported, "forked", message).hint("open a fleet of its own in each process");
    python(error)
}
