//! One-line notices to a person, on Python's standard error.

use pyo3::prelude::*;

use crate::from_package;

/// Says a line, if there is one to say.
pub(crate) fn say(py: Python<'_>, line: Option<String>) -> PyResult<()> {
    let Some(line) = line else { return Ok(()) };
    from_package(py, "amc_fleet._notices", "say")?.call1((line,))?;
    Ok(())
}

/// Says a line from a thread of the runtime, which must not wait for the interpreter itself.
pub(crate) fn say_later(line: Option<String>) {
    if line.is_some() {
        // A line that cannot be printed is no reason to fail.
        drop(tokio::task::spawn_blocking(move || Python::try_attach(|py| say(py, line))));
    }
}
