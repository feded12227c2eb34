#![doc = include_str!("../README.md")]

mod access;
mod announce;
mod api;
mod canned;
mod clock;
mod control;
mod csv;
mod emulator;
mod error;
mod faults;
mod ids;
mod lexer;
mod options;
mod output;
pub mod query;
mod run;
mod scripted;
mod service;
mod spool;
mod switches;
mod throttle;
mod tokens;
mod window;
mod wire;
mod world;

pub use access::AccessChange;
pub use announce::{AccountEntry, Announcement};
pub use canned::CannedEngine;
pub use emulator::{Emulator, router};
pub use error::StartError;
pub use faults::{BadEnd, Fault, FaultBody, FaultKind, FaultReport, FaultTarget, StuckStatus};
pub use options::{Options, OverLimit};
pub use run::run;
pub use scripted::{ScriptedResult, ScriptedRows};
pub use service::Service;
pub use switches::{
    DeleteExecution, Metadata, PartHeaders, RetryAfter, Switches, TimeoutStatus, Wrapping, ZoneSuffix,
};
