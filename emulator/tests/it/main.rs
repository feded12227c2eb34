//! The emulator over real HTTP; every answer of the API is held against Amazon's own specification on the way.

#![expect(clippy::unwrap_used, reason = "what tests share stops where a test would")]

mod access;
mod advertisers;
mod binary;
mod client;
mod clock;
mod conformance;
mod data;
mod data_sources;
mod engine;
mod executions;
mod faults;
mod instances;
mod limits;
mod results;
mod schedules;
mod spec;
mod switches;
mod token;
mod workflows;
