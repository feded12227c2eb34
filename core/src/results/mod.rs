//! What comes back from AMC: CSV parts in, typed Arrow batches out, one table over a whole fleet.
//!
//! [`RunDecoder`] turns the parts of one run into record batches, [`MergePlan`] brings the batches of many runs
//! under one schema, [`export`] writes them as CSV, Arrow IPC, Parquet or a plain table. Nothing here does I/O.

mod column;
mod compare;
mod decode;
mod dialect;
pub mod export;
mod filter;
mod merge;
mod order;
mod roll_up;
pub mod store;
mod text;
mod verdict;

pub(crate) use column::type_name;
pub use column::{AMC_COLUMN_TYPE, AMC_TYPE, AmcType, ArrayType, INTEGER_DIGITS, OutputColumn};
pub use compare::CHANGE;
pub(crate) use compare::compare;
pub use decode::RunDecoder;
pub(crate) use decode::{Mark, Survey};
pub use dialect::Dialect;
pub use export::{CsvOptions, Format};
pub(crate) use filter::FilterPlan;
pub use filter::{Comparison, Filter};
pub use merge::{
    Drift, EXECUTION_ID, INSTANCE_ID, INSTANCE_NAME, MergeOptions, MergePlan, Origin, PROVISIONAL, REGION,
    SEGMENT, SEGMENT_END, SEGMENT_START, Widening,
};
pub use order::{Order, RANK};
pub(crate) use order::{OrderPlan, across, ranked};
pub use roll_up::{BOUND, REASON, ROLE, Role, RollUp};
pub(crate) use roll_up::{Known, Partial, RollUpPlan};
pub use verdict::Verdict;
pub(crate) use verdict::marked_rows;
