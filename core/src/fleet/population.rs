//! How well the segments of backfills say where their data come from.

use super::Fleet;
use crate::error::Result;
use crate::model::{Collection, PageRequest, SegmentRow, SegmentStatus};
use crate::store::Broken;

/// A field by its name, and whether a segment has it.
type Field = (&'static str, fn(&SegmentRow) -> bool);

/// What a completed segment must have, or a reason why not.
const FIELDS: [Field; 5] = [
    ("execution_id", |segment| segment.execution.is_some()),
    ("amc_execution_id", |segment| segment.amc_execution_id.is_some()),
    ("started_at", |segment| segment.started_at.is_some()),
    ("completed_at", |segment| segment.completed_at.is_some()),
    ("record_count", |segment| segment.record_count.is_some()),
];

impl Fleet {
    /// Which fields of lineage are missing without a reason in the segments of backfills, and in how many.
    pub(super) async fn verify_population(&self) -> Result<Vec<Broken>> {
        let mut broken = Vec::new();
        let mut page = PageRequest { limit: 100, offset: 0 };
        loop {
            let found = self.0.store.backfills(&self.scope(), None, page).await?;
            for collection in &found.items {
                let segments = self.0.store.segments(&self.scope(), collection.id).await?;
                broken.extend(lacking(collection, &segments));
            }
            page.offset += page.limit;
            if u64::from(page.offset) >= found.total {
                return Ok(broken);
            }
        }
    }
}

fn lacking(collection: &Collection, segments: &[SegmentRow]) -> Vec<Broken> {
    let completed: Vec<_> = segments.iter().filter(|it| it.status == SegmentStatus::Completed).collect();
    let rate = |(name, has): &Field| {
        let filled = completed.iter().filter(|segment| has(segment) || segment.reason.is_some()).count();
        (filled < completed.len()).then(|| Broken {
            code: "population_low".to_owned(),
            id: collection.id.public(),
            message: format!("{filled} of {} completed segments have {name} or say why not", completed.len()),
        })
    };
    FIELDS.iter().filter_map(rate).collect()
}
