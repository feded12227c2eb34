//! The engine against an AMC in memory, on a clock that the tests move.

mod harness;
mod manners;
mod outage;
mod reuse;
mod second_runs;
mod stores;
mod sweep;
mod troubles;
