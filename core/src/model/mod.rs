//! The plain nouns of the house.

pub mod window;
