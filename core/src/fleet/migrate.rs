//! Whether opening a fleet may change the form of its database.

use std::str::FromStr;

use crate::error::{Error, Result};

/// Whether opening a fleet may bring its database up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Migrate {
    /// Yes, on a database of this machine.
    #[default]
    Auto,
    /// No.
    Never,
}

impl FromStr for Migrate {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "auto" => Ok(Self::Auto),
            "never" => Ok(Self::Never),
            _ => Err(Error::invalid("unknown_migrate", format!("migrate = '{word}' means nothing"))
                .hint("one of auto, never")),
        }
    }
}
