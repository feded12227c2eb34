//! Runs that schedules start.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Map;

use super::World;
use super::execution::{Order, Script};
use super::schedule::Schedule;
use super::timeline::Event;
use crate::window::{WindowKind, Zone, format_instant, read_local};

/// The time-out of runs that name none.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(21_600);

impl World {
    /// Stores a schedule in place of one with the same id and plans its next run.
    pub(crate) fn save_schedule(&mut self, instance: &str, mut schedule: Schedule, now: DateTime<Utc>) {
        schedule.due = schedule.next_due(now);
        if schedule.enabled {
            let event = Event::ScheduleDue { instance: instance.to_owned(), schedule: schedule.id.clone() };
            self.timeline.plan(schedule.due, event);
        }
        if let Some(instance) = self.instances.get_mut(instance) {
            instance.schedules.insert(schedule.id.clone(), schedule);
        }
    }

    pub(super) fn schedule_due(&mut self, instance: &str, id: &str, at: DateTime<Utc>) {
        let Some(home) = self.instances.get(instance) else { return };
        let Some(schedule) = home.schedules.get(id).filter(|schedule| schedule.enabled && schedule.due == at)
        else {
            return;
        };
        let schedule = schedule.clone();
        if let Some(order) = self.scheduled_order(instance, &schedule, at) {
            self.create(instance, order, Script::default(), at);
        }
        self.save_schedule(instance, schedule, at);
    }

    /// Gives the run over the period that ends at `at`.
    fn scheduled_order(&self, instance: &str, schedule: &Schedule, at: DateTime<Utc>) -> Option<Order> {
        let workflow = self.instances.get(instance)?.workflows.get(&schedule.workflow_id)?.clone();
        let local = |instant| read_local(format_instant(instant).trim_end_matches('Z'));
        Some(Order {
            workflow,
            window: WindowKind::Explicit(local(at - schedule.aggregation_period.length())?, local(at)?),
            zone: Zone::utc(),
            parameter_values: Map::new(),
            timeout: DEFAULT_TIMEOUT,
            ignore_data_gaps: false,
            synthetic: schedule.require_synthetic_data,
            disable_aggregation_controls: schedule.disable_aggregation_controls,
            dry_run: false,
            skip_publish: false,
            advertisers: Vec::new(),
            category: self.options.switches.scheduled_category.clone(),
        })
    }
}
