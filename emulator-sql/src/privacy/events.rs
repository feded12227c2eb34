//! Whether the rows of a plan are events of users: AMC returns nothing that is not aggregated.

use datafusion::logical_expr::{JoinType, LogicalPlan, TableScan};

use super::Origins;

impl Origins<'_> {
    /// Whether some row of the plan is an event of one user rather than something aggregated.
    pub(crate) fn are_events(&self, plan: &LogicalPlan) -> bool {
        match plan {
            LogicalPlan::TableScan(scan) => self.reads_events(scan),
            LogicalPlan::Aggregate(_) | LogicalPlan::Distinct(_) => false,
            LogicalPlan::Join(join) => match join.join_type {
                JoinType::LeftSemi | JoinType::LeftAnti | JoinType::LeftMark => self.are_events(&join.left),
                JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark => {
                    self.are_events(&join.right)
                }
                _ => self.are_events(&join.left) || self.are_events(&join.right),
            },
            other => other.inputs().into_iter().any(|input| self.are_events(input)),
        }
    }

    /// Data sources without users hold nothing to aggregate.
    fn reads_events(&self, scan: &TableScan) -> bool {
        let name = scan.table_name.table();
        let table = self.catalogue.get(name.split(' ').next().unwrap_or(name));
        match self.shared.contains_key(name) {
            true => self.events.contains(name),
            false => table.is_some_and(|table| table.column("user_id").is_some()),
        }
    }
}
