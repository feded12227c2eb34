//! What the end-to-end tests share: real processes, the witness, an engine in a hurry.

pub mod clock;
pub mod crash;
pub mod database;
pub mod history;
pub mod ids;
pub mod jumps;
pub mod noop;
pub mod past;
pub mod process;
pub mod settings;
pub mod usage;
pub mod witness;
pub mod year;
