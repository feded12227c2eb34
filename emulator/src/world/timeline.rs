//! What will happen and when, in the order of the emulator's clock.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::execution::Key;

/// Something that happens by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A run's query has been checked.
    Validated(Key),
    /// A run has computed for as long as it should.
    Finished(Key),
    /// A run has written its results.
    Published(Key),
    /// A run has computed for longer than it may.
    TimedOut(Key),
    /// A new instance is usable.
    InstanceReady(String),
    /// An advertiser update has its next status.
    AdvertisersUpdated { instance: String, update: usize },
    /// A schedule's next run is due.
    ScheduleDue { instance: String, schedule: String },
}

/// The events to come; those of one instant in the order they were planned.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    events: BTreeMap<(DateTime<Utc>, u64), Event>,
    planned: u64,
}

impl Timeline {
    pub(crate) fn plan(&mut self, at: DateTime<Utc>, event: Event) {
        self.events.insert((at, self.planned), event);
        self.planned += 1;
    }

    /// Gives the next event without taking it.
    pub(crate) fn next(&self) -> Option<(DateTime<Utc>, &Event)> {
        self.events.first_key_value().map(|((at, _), event)| (*at, event))
    }

    /// Takes the next event if it is due by `now`.
    pub(crate) fn take_due(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Event)> {
        let ((at, _), _) = self.events.first_key_value().filter(|((at, _), _)| *at <= now)?;
        let at = *at;
        self.events.pop_first().map(|(_, event)| (at, event))
    }
}
