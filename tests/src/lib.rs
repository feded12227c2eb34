//! What the end-to-end tests share: real processes, the witness, an engine in a hurry.

pub mod database;
pub mod history;
pub mod process;
pub mod settings;
pub mod witness;
pub mod year;
