//! Killing real workers and counting at the emulator what became of their runs.

mod faults;
mod judge;
mod look;
mod round;
mod state;

pub use judge::Verdict;
pub use round::{Outcome, Round, Terms};
pub use state::State;
