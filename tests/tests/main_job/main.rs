//! The main job over real HTTP: one query, every instance, one table.

#![cfg(test)]

mod amc;
mod bad_input;
mod fleet;
mod merge;
mod runs;
