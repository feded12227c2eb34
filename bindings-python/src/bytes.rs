//! The bytes of a file as they become ready, for both kinds of loop.

use std::sync::Arc;

use amc_fleet::results::{CsvOptions, Format};
use futures::TryStreamExt;
use futures::stream::BoxStream;
use pyo3::exceptions::PyStopAsyncIteration;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use tokio::sync::Mutex;

use crate::errors::python;
use crate::local::Local;
use crate::runtime::{awaitable, wait};

type Source = Arc<Mutex<BoxStream<'static, amc_fleet::Result<Vec<u8>>>>>;

async fn next(source: Source) -> amc_fleet::Result<Option<Vec<u8>>> {
    loop {
        match source.lock().await.try_next().await? {
            Some(bytes) if bytes.is_empty() => {}
            other => return Ok(other),
        }
    }
}

/// Begins the bytes of a file of every row.
fn begun(
    results: &amc_fleet::Results,
    format: &str,
    byte_order_mark: bool,
    spreadsheet_safe: bool,
) -> PyResult<Local<Source>> {
    let options = CsvOptions { byte_order_mark, spreadsheet_safe };
    let format = Format::asked("".as_ref(), Some(format), options).map_err(python)?;
    Local::new(Arc::new(Mutex::new(results.encoded(format).map_err(python)?)))
}

macro_rules! chunks {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[pyclass(module = "amc_fleet", frozen)]
        pub(crate) struct $name(Local<Source>);

        impl $name {
            pub(crate) fn of(
                results: &amc_fleet::Results,
                format: &str,
                byte_order_mark: bool,
                spreadsheet_safe: bool,
            ) -> PyResult<Self> {
                begun(results, format, byte_order_mark, spreadsheet_safe).map(Self)
            }
        }
    };
}

chunks! {
    /// The bytes of a file as they become ready.
    Chunks
}

chunks! {
    /// The bytes of a file as they become ready, for ``async for``.
    AsyncChunks
}

#[pymethods]
impl Chunks {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let source = Arc::clone(self.0.get()?);
        Ok(wait(py, next(source))?.map(|bytes| PyBytes::new(py, &bytes)))
    }
}

#[pymethods]
impl AsyncChunks {
    fn __aiter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let source = Arc::clone(self.0.get()?);
        awaitable(py, next(source), |bytes| {
            let bytes = bytes.ok_or_else(|| PyStopAsyncIteration::new_err(()))?;
            Python::attach(|py| Ok(PyBytes::new(py, &bytes).unbind()))
        })
    }
}
