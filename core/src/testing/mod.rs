//! For tests, ours and third parties': a manual clock, clients that need no network, suites that hold for every
//! implementation.
//!
//! Not covered by semantic versioning.

mod clock;

pub use clock::ManualClock;
