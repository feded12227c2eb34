//! Ctrl-C while another library pulls rows: its own code hears no signal before the last row.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::ffi;
use pyo3::prelude::*;

/// How many batches of rows are handed over between two looks: looking waits for the interpreter.
const BATCHES: usize = 8;

/// Looks for signals now and then.
#[derive(Default)]
pub(crate) struct CtrlC(usize);

impl CtrlC {
    /// Raises what a signal's handler raises, if it is time to look for one again.
    pub(crate) fn heard(&mut self) -> PyResult<()> {
        self.0 = (self.0 + 1) % BATCHES;
        if self.0 != 0 {
            return Ok(());
        }
        Python::try_attach(|py| py.check_signals().inspect_err(|error| again(py, error))).unwrap_or(Ok(()))
    }
}

/// The library that pulls makes an error of its own of ours; the program is to see `KeyboardInterrupt`, as it would have.
#[expect(
    unsafe_code,
    reason = "the interpreter's own interface: it marks the signal as sent, and takes no argument"
)]
fn again(py: Python<'_>, error: &PyErr) {
    if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        unsafe { ffi::PyErr_SetInterrupt() }
    }
}
