//! Which calls fail, and when: one plan for everything that is to fail by one count.

use std::collections::BTreeMap;
use std::future::Future;

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::error::{Error, ErrorKind, Result};

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before it has any effect.
    Before,
    /// After its effect, which the caller does not learn.
    After,
    /// It has no effect and never answers: whoever waits for it is as good as dead.
    NeverBefore,
    /// It has its effect and never answers.
    NeverAfter,
}

impl Moment {
    /// Every moment.
    pub const ALL: [Self; 4] = [Self::Before, Self::After, Self::NeverBefore, Self::NeverAfter];
}

/// The calls that are to fail, counted from 1 over everybody who shares the plan.
#[derive(Debug, Default)]
pub struct FaultPlan {
    plan: Mutex<Plan>,
    stuck: Notify,
}

#[derive(Debug, Default)]
struct Plan {
    calls: u64,
    faults: BTreeMap<u64, Moment>,
}

impl FaultPlan {
    /// Lets call number `call` fail.
    pub fn fail(&self, call: u64, moment: Moment) {
        self.plan.lock().faults.insert(call, moment);
    }

    /// Lets no call fail any more.
    pub fn forget(&self) {
        self.plan.lock().faults.clear();
    }

    /// How many calls there have been.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.plan.lock().calls
    }

    /// Waits until a call is there that never answers.
    pub async fn is_stuck(&self) {
        self.stuck.notified().await;
    }

    pub(super) async fn never<T>(&self) -> T {
        self.stuck.notify_one();
        std::future::pending().await
    }

    pub(super) fn next(&self) -> Option<Moment> {
        let mut plan = self.plan.lock();
        plan.calls += 1;
        let call = plan.calls;
        plan.faults.remove(&call)
    }

    /// Makes a call, or lets it fail where it is its turn.
    pub(super) async fn pass<T>(&self, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        match self.next() {
            None => call.await,
            Some(Moment::Before) => Err(injected()),
            Some(Moment::After) => {
                call.await?;
                Err(injected())
            }
            Some(Moment::NeverBefore) => self.never().await,
            Some(Moment::NeverAfter) => {
                call.await?;
                self.never().await
            }
        }
    }
}

pub(super) fn injected() -> Error {
    Error::new(ErrorKind::Unavailable, "fault_injected", "a test let this call fail")
}
