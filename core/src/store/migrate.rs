//! Whether a database may be brought to the form this version works with.

use std::str::FromStr;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
use crate::error::ErrorKind;
use crate::error::{Error, Result};

/// Whether opening a fleet may bring its database up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Migrate {
    /// Yes, where nobody else can be surprised: a database of this machine, and one that is empty.
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

/// How much may be done to a database as it is opened. Each allows what is before it.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Consent {
    /// Nothing.
    Nothing,
    /// Make our tables where there is none.
    Make,
    /// Change tables an older version made.
    Upgrade,
    /// Make our tables beside those of somebody else.
    Join,
}

/// What was found in a database.
#[cfg(any(feature = "sqlite", feature = "postgres"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// No table at all.
    Empty,
    /// Tables, none of them ours.
    Foreign,
    /// Ours, made by an older version.
    Outdated,
    /// Ours, as this version wants them.
    Current,
    /// Ours, made by a version this one does not know.
    Unknown,
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
impl Form {
    /// Whether a database of this form is to be changed before it is used.
    ///
    /// # Errors
    /// `Unsupported` (`schema_too_old`; `migration_needed` where there is no fleet yet) when it would have to be and may not; `Unsupported` (`schema_too_new`) when
    /// this version cannot use it at all.
    pub(crate) fn is_due(self, consent: Consent, database: &str) -> Result<bool> {
        let needed = match self {
            Self::Current => return Ok(false),
            Self::Unknown => return Err(newer(database)),
            Self::Empty => Consent::Make,
            Self::Outdated => Consent::Upgrade,
            Self::Foreign => Consent::Join,
        };
        if needed <= consent { Ok(true) } else { Err(self.refusal(database)) }
    }

    /// The error of a database that is not in the form this version works with and must stay as it is.
    pub(crate) fn refusal(self, database: &str) -> Error {
        let (code, state) = match self {
            Self::Empty => ("migration_needed", "holds no fleet yet"),
            Self::Foreign => ("migration_needed", "holds tables of something else and no fleet"),
            _ => ("schema_too_old", "was made by an older version"),
        };
        Error::new(ErrorKind::Unsupported, code, format!("{database} {state}"))
            .hint("call Fleet::migrate on it once, while nobody works on it")
    }
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
fn newer(database: &str) -> Error {
    let message = format!("{database} was made by another version of amc-fleet than {}", crate::VERSION);
    Error::new(ErrorKind::Unsupported, "schema_too_new", message).hint("use the newest version of amc-fleet")
}

#[cfg(all(test, any(feature = "sqlite", feature = "postgres")))]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_changed_only_with_consent() {
        let outcome = |form: Form, consent| match form.is_due(consent, "db") {
            Ok(due) => due.to_string(),
            Err(error) => error.code().to_owned(),
        };
        let (no, yes, refused, old) = ("false", "true", "migration_needed", "schema_too_old");
        for (form, expected) in [
            (Form::Current, [no, no, no, no]),
            (Form::Empty, [refused, yes, yes, yes]),
            (Form::Outdated, [old, old, yes, yes]),
            (Form::Foreign, [refused, refused, refused, yes]),
            (Form::Unknown, ["schema_too_new"; 4]),
        ] {
            let consents = [Consent::Nothing, Consent::Make, Consent::Upgrade, Consent::Join];
            assert_eq!(consents.map(|consent| outcome(form, consent)), expected, "{form:?}");
        }
    }
}
