//! What the core traces, for the Python logger `amc_fleet`.
//!
//! A thread of our own hands records over: no worker ever waits for the interpreter. Where Python is slower than the
//! core, records are dropped rather than kept. The thread imports nothing: a fork in the middle of an import would leave
//! the module locked in the child for ever.

use std::fmt::{Debug, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use pyo3::prelude::*;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

use crate::from_package;

/// Records that may wait for the interpreter.
const WAITING: usize = 4096;

/// The way out of each process, a forked child's after its parent's. Reading takes no lock, which a fork could leave
/// taken for ever; beyond the last place nothing is logged.
static OUT: [OnceLock<SyncSender<Record>>; 16] = [const { OnceLock::new() }; 16];

/// The place of this process.
static PLACE: AtomicUsize = AtomicUsize::new(0);

/// Begins to hand records over in this process.
pub(crate) fn start(py: Python<'_>) -> PyResult<()> {
    let log = from_package(py, "amc_fleet._logging", "log")?.unbind();
    let (sender, records) = sync_channel(WAITING);
    let free = OUT.iter().position(|place| place.get().is_none()).unwrap_or(OUT.len());
    PLACE.store(free, Ordering::Relaxed);
    if OUT.get(free).is_none_or(|place| place.set(sender).is_err()) {
        return Ok(());
    }
    // Refused when the process has a subscriber already: a forked child inherits ours.
    let _ = tracing::subscriber::set_global_default(Forwarding::default());
    let thread = std::thread::Builder::new().name("amc-fleet-log".to_owned());
    // Without the thread there are no log lines, and everything else works.
    let _ = thread.spawn(move || hand_over(&records, &log));
    Ok(())
}

fn hand_over(records: &Receiver<Record>, log: &Py<PyAny>) {
    while let Ok(record) = records.recv() {
        let shown = Python::try_attach(|py| record.show(log.bind(py)));
        if shown.is_none() {
            return;
        }
    }
}

/// One line for the logger.
struct Record {
    level: u8,
    logger: String,
    message: String,
}

impl Record {
    /// What a handler raises is its own business: logging never breaks the program.
    fn show(&self, log: &Bound<'_, PyAny>) {
        let _ = log.call1((self.logger.as_str(), self.level, self.message.as_str()));
    }
}

/// Sends every event of this project to the thread; spans carry nothing a log line needs.
#[derive(Default)]
struct Forwarding {
    spans: AtomicU64,
}

impl Subscriber for Forwarding {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::DEBUG && metadata.target().starts_with("amc_fleet")
    }

    fn new_span(&self, _span: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _span: &span::Id, _values: &span::Record<'_>) {}

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let record = Record {
            level: python_level(*event.metadata().level()),
            logger: event.metadata().target().replace("::", "."),
            message: text.message + &text.fields,
        };
        if let Some(out) = OUT.get(PLACE.load(Ordering::Relaxed)).and_then(OnceLock::get) {
            // Full or gone: dropped.
            let _ = out.try_send(record);
        }
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

fn python_level(level: Level) -> u8 {
    match level {
        Level::ERROR => 40,
        Level::WARN => 30,
        Level::INFO => 20,
        Level::DEBUG | Level::TRACE => 10,
    }
}

/// The message of an event, and its other fields after it.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a String cannot fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
