//! How many requests left this process, by what they ask.

use parking_lot::Mutex;

use crate::client::calls::note;
use crate::model::{CallCounts, CallKind};

/// Counts as requests leave, for the whole client and for whoever counts a piece of work.
#[derive(Debug, Default)]
pub(super) struct CallCounter(Mutex<CallCounts>);

impl CallCounter {
    pub(super) fn add(&self, kind: CallKind) {
        self.0.lock().add(kind);
        note(kind);
    }

    pub(super) fn read(&self) -> CallCounts {
        *self.0.lock()
    }
}
