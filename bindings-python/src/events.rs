//! Events as they happen, for both kinds of loop.

use std::sync::Arc;

use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt};
use pyo3::exceptions::PyStopAsyncIteration;
use pyo3::prelude::*;
use tokio::sync::Mutex;

use crate::local::Local;
use crate::records::Event;
use crate::runtime::{awaitable, wait};

type Source = Arc<Mutex<BoxStream<'static, amc_fleet::Result<amc_fleet::Event>>>>;

async fn next(source: Source) -> amc_fleet::Result<Option<amc_fleet::Event>> {
    source.lock().await.try_next().await
}

macro_rules! events {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[pyclass(module = "amc_fleet", frozen)]
        pub(crate) struct $name(Local<Source>);

        impl $name {
            pub(crate) fn new(
                events: impl Stream<Item = amc_fleet::Result<amc_fleet::Event>> + Send + 'static,
            ) -> PyResult<Self> {
                Local::new(Arc::new(Mutex::new(events.boxed()))).map(Self)
            }
        }
    };
}

events! {
    /// The events of a batch, in order and as they happen.
    Events
}

events! {
    /// The events of a batch, in order and as they happen, for ``async for``.
    AsyncEvents
}

#[pymethods]
impl Events {
    fn __iter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Event>> {
        let source = Arc::clone(self.0.get()?);
        Ok(wait(py, next(source))?.map(Event::from))
    }
}

#[pymethods]
impl AsyncEvents {
    fn __aiter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __anext__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let source = Arc::clone(self.0.get()?);
        awaitable(py, next(source), |event| {
            event.map(Event::from).ok_or_else(|| PyStopAsyncIteration::new_err(()))
        })
    }
}
