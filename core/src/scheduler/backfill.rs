//! Which segments of a backfill run next: a function of what is known, without I/O.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::model::{BackfillOptions, SegmentOrder, SegmentRow, SegmentStatus};

/// Segments of the same days that run together, one for each instance.
pub type SegmentGroup<'s> = Vec<&'s SegmentRow>;

/// The groups to start now: never more at once than asked for, none whose days are not over.
#[must_use]
pub fn next_segments<'s>(
    segments: &'s [SegmentRow],
    options: &BackfillOptions,
    now: DateTime<Utc>,
) -> Vec<SegmentGroup<'s>> {
    let of = |status| segments.iter().filter(move |segment: &&SegmentRow| segment.status == status);
    let running: BTreeSet<NaiveDate> = of(SegmentStatus::Running).map(|segment| segment.first_day).collect();
    let mut waiting: BTreeMap<NaiveDate, SegmentGroup<'s>> = BTreeMap::new();
    for segment in of(SegmentStatus::Pending).filter(|segment| segment.segment_end <= now) {
        waiting.entry(segment.first_day).or_default().push(segment);
    }
    let most = usize::try_from(options.parallelism.max(1)).unwrap_or(usize::MAX);
    let free = most.saturating_sub(running.len());
    let groups = waiting.into_values();
    match options.order {
        SegmentOrder::OldestFirst => groups.take(free).collect(),
        SegmentOrder::NewestFirst => groups.rev().take(free).collect(),
    }
}
