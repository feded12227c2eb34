//! What is said while a test runs.

use std::cell::RefCell;
use std::fmt::Write;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber, span};

thread_local! {
    static HEARD: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps every word that is said in its thread, the emulator's apart. It listens for as long as the process lives: who
/// comes and goes while other tests speak may find that nobody is asked any more.
pub(crate) struct Ear;

impl Ear {
    pub(crate) fn listen() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing::subscriber::set_global_default(Self).unwrap());
    }

    /// What this thread has said since it was asked last.
    pub(crate) fn heard() -> String {
        HEARD.take()
    }

    fn keep(say: impl FnOnce(&mut Line<'_>)) {
        // A thread that is ending says nothing of ours.
        let _ = HEARD.try_with(|heard| say(&mut Line(&mut heard.borrow_mut())));
    }
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.target().starts_with("amc_fleet_emulator")
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        Self::keep(|line| attributes.record(line));
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, values: &span::Record<'_>) {
        Self::keep(|line| values.record(line));
    }

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        Self::keep(|line| event.record(line));
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}
