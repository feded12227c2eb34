//! A merged result in an order, ranked, and across instances.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use futures::TryStreamExt;

use super::Results;
use crate::error::{Error, Result};
use crate::results::{INSTANCE_ID, Order, OrderPlan, RollUp, across, ranked};

/// The most rows that are put in order without a limit: they are held in memory.
const MOST_ORDERED: u64 = 2_000_000;
/// How many rows beyond the limit are gathered before those behind it are forgotten.
const GATHERED: usize = 1 << 16;

impl Results {
    /// The rows in an order; with a limit the first so many of them, for which memory holds little more than those.
    ///
    /// # Errors
    /// `InvalidInput`: `unknown_column`, `not_a_number` when a column has no order, `too_many_rows` for an order without a
    /// limit.
    ///
    /// ```no_run
    /// # async fn example(results: amc_fleet::Results) -> amc_fleet::Result<()> {
    /// use amc_fleet::results::Order;
    ///
    /// let largest = results.sort(&Order::default().descending("impressions"), Some(20)).await?;
    /// println!("{}", largest.table(20).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sort(&self, order: &Order, limit: Option<usize>) -> Result<Self> {
        let plan = Arc::new(OrderPlan::new(order, &self.schema())?);
        if limit.is_none() && self.total_rows() > MOST_ORDERED {
            let message = format!("{} rows are too many to be put in order", self.total_rows());
            return Err(
                Error::invalid("too_many_rows", message).hint("say a limit, or filter or roll them up first")
            );
        }
        let limit = limit.unwrap_or(usize::MAX);
        let first = {
            let plan = Arc::clone(&plan);
            move |batch: RecordBatch| plan.first(&batch, limit)
        };
        let (mut gathered, mut count) = (vec![RecordBatch::new_empty(self.schema())], 0);
        let mut batches = std::pin::pin!(self.made(first));
        while let Some(batch) = batches.try_next().await? {
            count += batch.num_rows();
            gathered.push(batch);
            if count > limit.saturating_add(GATHERED) {
                gathered = vec![self.firsts(&plan, &gathered, limit)?];
                count = limit;
            }
        }
        Ok(self.derived(vec![self.firsts(&plan, &gathered, limit)?]))
    }

    fn firsts(&self, plan: &OrderPlan, batches: &[RecordBatch], limit: usize) -> Result<RecordBatch> {
        let all = concat_batches(&self.schema(), batches)
            .map_err(|error| Error::unexpected("rows do not fit together").caused_by(error))?;
        plan.first(&all, limit)
    }

    /// A roll-up whose rows are ranked by one of its columns, the largest first: `_rank`, then what the roll-up has. By
    /// [`INSTANCE_ID`] it ranks instances.
    ///
    /// # Errors
    /// As [`Results::roll_up`]; `unknown_column` when the roll-up has no such column.
    pub async fn ranking(&self, asked: RollUp, column: &str) -> Result<Self> {
        let rolled = self.roll_up(asked).await?;
        Ok(rolled.derived(vec![ranked(&rolled.whole().await?, column)?]))
    }

    /// A roll-up of one column with a column for each instance: `by` are the rows, the instances' ids the columns. A
    /// count of distinct users is its lower bound.
    ///
    /// # Errors
    /// As [`Results::roll_up`]; `InvalidInput` (`one_column`) when not exactly one column is asked for.
    pub async fn across_instances(&self, mut asked: RollUp) -> Result<Self> {
        if asked.columns.len() != 1 {
            let message =
                format!("a table across instances is of one column, not of {}", asked.columns.len());
            return Err(Error::invalid("one_column", message).hint("ask for each column by itself"));
        }
        let keys = asked.by.len();
        asked.by.push(INSTANCE_ID.to_owned());
        let names = self.pieces.iter().map(|piece| piece.instance.instance_id.clone());
        let names: Vec<String> = names.collect();
        let rolled = self.roll_up(asked).await?;
        Ok(rolled.derived(vec![across(&rolled.whole().await?, keys, &names)?]))
    }
}
