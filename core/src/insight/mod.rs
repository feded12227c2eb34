//! What history says about the future: estimates, and never more than that.

mod band;

pub use band::{Band, Estimator, Outstanding};
