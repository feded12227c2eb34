//! Requests that concern an instance and no run of it alone: whose they are is told when something is written.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::model::{CallCounts, InstanceUuid};
use crate::store::Step;

/// The requests of ticks that nothing was written about yet, by instance.
#[derive(Debug, Default)]
pub(super) struct Tallies(Mutex<HashMap<InstanceUuid, CallCounts>>);

impl Tallies {
    /// Adds the requests of a tick to those before it, and lets the first of the steps bear them all.
    pub(super) fn settle(&self, instance: InstanceUuid, calls: CallCounts, steps: &mut [Step]) {
        let mut waiting = self.0.lock();
        *waiting.entry(instance).or_default() += calls;
        if let Some(step) = steps.first_mut() {
            step.calls += waiting.remove(&instance).unwrap_or_default();
        }
    }
}
