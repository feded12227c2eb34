//! For tests, ours and third parties': a manual clock, an AMC in memory, a client and a store that fail when told to, and suites
//! that every implementation passes.
//!
//! Not covered by semantic versioning.

pub mod client_suite;
mod clock;
mod faults;
mod faulty_client;
mod faulty_store;
mod memory_amc;
#[cfg(feature = "postgres")]
mod postgres;
mod request;
pub mod result_suite;
pub mod scheduler_suite;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod store_suite;

pub use clock::ManualClock;
pub use faults::{FaultPlan, Moment};
pub use faulty_client::FaultyClient;
pub use faulty_store::FaultyStore;
pub use memory_amc::{MemoryAmc, RunScript, SubmitFault, WitnessedRun};
#[cfg(feature = "postgres")]
pub use postgres::{SERVER_VARIABLE, TestDatabase};
pub use request::run_request;
#[cfg(feature = "sqlite")]
pub use sqlite::run_on_sqlite;
