//! The engine as the emulator uses it.

mod case;
mod corpus;
mod data;
mod fleet;
mod queries;
mod support;
