//! Whether opening a fleet may change the form of its database.

use std::str::FromStr;

use super::Database;
use crate::error::{Error, ErrorKind, Result};

/// Whether opening a fleet may bring its database up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Migrate {
    /// Yes, on a database of this machine.
    #[default]
    Auto,
    /// No.
    Never,
}

impl Migrate {
    /// A database of this machine is made for this version as it is opened: there is no way to leave it alone.
    pub(super) fn allowed_on(self, database: &Database) -> Result<()> {
        if self == Self::Auto {
            return Ok(());
        }
        let message =
            format!("{database} is brought up to date when it is opened; migrate = never cannot be kept");
        Err(Error::new(ErrorKind::Unsupported, "migrate_unsupported", message)
            .hint("open it with migrate = auto"))
    }
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
