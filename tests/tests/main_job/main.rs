//! The main job over real HTTP: one query, every instance, one table. The same tests on every database.

#![cfg(test)]
#![allow(clippy::duplicate_mod, reason = "the same tests on each database")]

mod ear;
mod postgres;
mod sqlite;
