//! The plan: faults in the order they were added, each with how often it was met and how often it struck.

use parking_lot::Mutex;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde::Serialize;

use super::fault::{Fault, Seen};
use super::kind::FaultKind;

/// A fault and how often it struck.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultReport {
    /// Its number.
    pub id: u64,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many requests it matched.
    pub matched: u64,
    /// How many of them it struck.
    pub fired: u64,
}

/// What goes wrong and how often it did.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    seed: u64,
    planned: Mutex<Vec<Planned>>,
}

#[derive(Debug)]
struct Planned {
    report: FaultReport,
    dice: SmallRng,
}

impl FaultPlan {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, planned: Mutex::default() }
    }

    /// Adds a fault; one that strikes by chance is given the emulator's seed unless it has its own.
    pub(crate) fn add(&self, mut fault: Fault) -> FaultReport {
        let mut planned = self.planned.lock();
        if fault.target.chance.is_some() {
            fault.target.seed.get_or_insert(self.seed);
        }
        let dice = SmallRng::seed_from_u64(fault.target.seed.unwrap_or(self.seed));
        let id = planned.last().map_or(1, |last| last.report.id + 1);
        let report = FaultReport { id, fault, matched: 0, fired: 0 };
        tracing::info!(fault = ?report.fault, "a fault is planned");
        planned.push(Planned { report: report.clone(), dice });
        report
    }

    /// Gives every fault with how often it struck.
    pub(crate) fn list(&self) -> Vec<FaultReport> {
        self.planned.lock().iter().map(|planned| planned.report.clone()).collect()
    }

    /// Takes away one fault or all.
    pub(crate) fn remove(&self, id: Option<u64>) {
        self.planned.lock().retain(|planned| id.is_some_and(|id| planned.report.id != id));
    }

    /// Gives what strikes a request, and counts it.
    pub(super) fn strike(&self, seen: Seen<'_>) -> Vec<FaultKind> {
        let mut planned = self.planned.lock();
        planned.iter_mut().filter_map(|planned| planned.strike(seen)).collect()
    }
}

impl Planned {
    fn strike(&mut self, seen: Seen<'_>) -> Option<FaultKind> {
        let Self { report: FaultReport { fault, matched, fired, .. }, dice } = self;
        if !fault.target.matches(seen) {
            return None;
        }
        *matched += 1;
        let strikes = fault.target.is_due(*matched, *fired)
            && fault.target.chance.is_none_or(|chance| dice.random_bool(chance.clamp(0.0, 1.0)));
        *fired += u64::from(strikes);
        strikes.then(|| fault.kind.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(plan: &FaultPlan, requests: usize) -> Vec<bool> {
        let seen = Seen { method: "GET", path: "/amc/instances" };
        (0..requests).map(|_| !plan.strike(seen).is_empty()).collect()
    }

    #[test]
    fn nth_and_times_count_matching_requests() {
        let plan = FaultPlan::new(7);
        plan.add(Fault::new(FaultKind::status(429)).method("GET").nth(2).times(2));
        assert_eq!(struck(&plan, 5), [false, true, true, false, false]);
        let report = &plan.list()[0];
        assert_eq!((report.matched, report.fired), (5, 2));
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let draw = |seed| {
            let plan = FaultPlan::new(7);
            plan.add(Fault::new(FaultKind::status(500)).chance(0.5, seed));
            struck(&plan, 40)
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn chance_without_a_seed_tells_the_one_it_took() {
        let plan = FaultPlan::new(7);
        let mut fault = Fault::new(FaultKind::status(500));
        fault.target.chance = Some(0.5);
        assert_eq!(plan.add(fault).fault.target.seed, Some(7));
    }
}
