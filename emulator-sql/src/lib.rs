#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod catalogue;
mod dialect;
mod engine;
mod functions;
mod joins;
mod load;
mod output;
mod parse;
mod planner;
mod privacy;
mod recipe;
mod refusal;
mod rounding;
mod run;
mod scan;
mod session;
mod window;
mod worker;
mod world;

pub use engine::{Options, SqlEngine};
