//! Two results held against each other, and instances in order.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use futures::TryStreamExt;

use super::Results;
use crate::error::{Error, Result};
use crate::results::{RollUp, compare};

impl Results {
    /// Compares with a later result: what keys are new, lost, changed or the same, and by how much.
    ///
    /// Both are rolled up as asked first, so that `by` are the keys. Every other column comes as `<name>_before`,
    /// `<name>_after`, `<name>_difference` and `<name>_relative`; bounds of distinct users without the last two.
    ///
    /// # Errors
    /// As [`Results::roll_up`]; `not_comparable` when the keys have other types.
    pub async fn compare(&self, after: &Self, asked: RollUp) -> Result<Self> {
        let keys = asked.by.len();
        let (before, later) = (self.roll_up(asked.clone()).await?, after.roll_up(asked).await?);
        let compared = compare(&before.whole().await?, &later.whole().await?, keys)?;
        let mut summary = after.summary.as_ref().clone();
        summary.complete = format!("{} before, {} after", self.summary.complete, after.summary.complete);
        let lacked = self.summary.missing.iter().filter(|id| !after.summary.missing.contains(id));
        summary.missing.extend(lacked.cloned());
        let said = Self { summary: Arc::new(summary), ..after.clone() };
        Ok(said.with_metadata_of_summary().derived(vec![compared]))
    }

    /// The rows of some instances alone, by AMC id.
    ///
    /// # Errors
    /// `NotFound` (`unknown_instance`) when one has no result here.
    pub fn of_instances<S: AsRef<str>>(&self, instances: &[S]) -> Result<Self> {
        let wanted = |id: &str| instances.iter().any(|wanted| wanted.as_ref() == id);
        let ids = self.pieces.iter().map(|piece| piece.instance.instance_id.as_str());
        let ids: Vec<&str> = ids.collect();
        if let Some(unknown) = instances.iter().find(|id| !ids.contains(&id.as_ref())) {
            let message = format!("{} has no rows here", unknown.as_ref());
            return Err(Error::not_found("unknown_instance", message).instances([unknown.as_ref()]));
        }
        let pieces: Vec<_> =
            self.pieces.iter().filter(|piece| wanted(&piece.instance.instance_id)).map(Arc::clone).collect();
        let mut summary = self.summary.as_ref().clone();
        summary.instances.retain(|instance| wanted(&instance.instance_id));
        summary.missing.clear();
        summary.complete = format!("{0} of {0}", pieces.len());
        summary.total_rows = pieces.iter().map(|piece| piece.instance.row_count).sum();
        let some = Self { pieces: Arc::new(pieces), summary: Arc::new(summary), ..self.clone() };
        Ok(some.with_metadata_of_summary())
    }

    fn with_metadata_of_summary(self) -> Self {
        let metadata = self.summary.metadata(&self.query.sql_hashes);
        let plan = self.plan.as_ref().clone().with_metadata(metadata);
        Self { plan: Arc::new(plan), ..self }
    }

    /// All rows of a small table.
    pub(super) async fn whole(&self) -> Result<RecordBatch> {
        let batches: Vec<RecordBatch> = self.stream().try_collect().await?;
        concat_batches(&self.schema(), &batches)
            .map_err(|error| Error::unexpected("a table does not fit together").caused_by(error))
    }
}
