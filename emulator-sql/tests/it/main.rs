//! The engine as the emulator uses it.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails where it stands")]

mod case;
mod corpus;
mod data;
mod fleet;
mod lint;
mod queries;
mod support;
mod templates;
