//! The engine against an AMC in memory, on a clock that the tests move.

mod harness;
mod sweep;
mod troubles;
