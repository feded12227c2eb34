//! AMC's privacy rules: what a query may compare and return, and which rows of its result have enough users.
//!
//! [`lineage`] follows the class of every column through a plan and refuses what is not allowed; [`events`] finds what
//! is not aggregated; [`users`] adds the users behind each row to a plan; [`thresholds`] drops or blanks the rows of
//! too few.

mod events;
mod lineage;
mod paths;
mod thresholds;
mod users;

pub(crate) use lineage::{Origin, Origins, returns_users};
pub(crate) use paths::Paths;
pub(crate) use thresholds::{Counted, Policy};
pub(crate) use users::{Carrier, HIDDEN};
