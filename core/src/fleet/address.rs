//! Where a database is, as a user writes it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::error::{Error, Result};

/// A database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// Nothing outlives the process.
    Memory,
    /// A SQLite file; results go into a second file beside it.
    Sqlite(PathBuf),
    /// A PostgreSQL database that several processes share.
    Postgres(PostgresUrl),
}

/// A `postgres://` URL. What is in it is kept to itself: printed, it shows user, host and database.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    #[cfg(all(feature = "http", feature = "postgres"))]
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whatever a password holds, it ends at the last '@'; parameters may hold one too.
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let (login, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let user = login.split([':', '?', '/', '#']).next().unwrap_or_default();
        let place = place.split(['?', '#']).next().unwrap_or_default();
        let at = if user.is_empty() { "" } else { "@" };
        write!(f, "postgres://{user}{at}{place}")
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresUrl({self})")
    }
}

impl Database {
    /// The database of `AMC_FLEET_DATABASE`, else one file of this user.
    ///
    /// # Errors
    /// `InvalidInput` when the variable cannot be read as a database, or no folder of this user is known.
    pub fn from_env() -> Result<Self> {
        match std::env::var("AMC_FLEET_DATABASE") {
            Ok(text) if !text.is_empty() => text.parse(),
            _ => Self::of_user(|name| std::env::var(name).ok()),
        }
    }

    fn of_user(lookup: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let folder = [("XDG_DATA_HOME", ""), ("APPDATA", ""), ("HOME", ".local/share")].into_iter().find_map(
            |(name, below)| Some(PathBuf::from(lookup(name).filter(|path| !path.is_empty())?).join(below)),
        );
        let folder = folder.ok_or_else(|| {
            Error::invalid("no_database", "no database is named and this user has no home folder")
                .hint("name one, for example \"sqlite://fleet.db\", or set AMC_FLEET_DATABASE")
        })?;
        Ok(Self::Sqlite(folder.join("amc-fleet").join("fleet.db")))
    }

    /// Whether several machines may share it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The file that results go into.
    #[must_use]
    pub fn results_path(path: &Path) -> PathBuf {
        path.with_extension("results.db")
    }
}

impl From<&Path> for Database {
    fn from(path: &Path) -> Self {
        Self::Sqlite(path.to_path_buf())
    }
}

impl FromStr for Database {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == "memory:" {
            return Ok(Self::Memory);
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(PostgresUrl(text.to_owned())));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:")).unwrap_or(text);
        if path.is_empty() || (path == text && text.contains("://")) {
            return Err(Error::invalid("unreadable_database", format!("'{text}' names no database")).hint(
                "write a path, \"sqlite://fleet.db\", \"postgres://user@host/database\", or \"memory:\"",
            ));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory:"),
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_name_a_file() {
        let cases = [
            ("sqlite://fleet.db", "fleet.db"),
            ("sqlite:///data/fleet.db", "/data/fleet.db"),
            ("sqlite:fleet.db", "fleet.db"),
            ("runs/fleet.db", "runs/fleet.db"),
        ];
        for (text, path) in cases {
            assert_eq!(text.parse::<Database>().unwrap(), Database::Sqlite(path.into()), "{text}");
        }
        assert_eq!("memory:".parse::<Database>().unwrap(), Database::Memory);
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for text in ["", "sqlite://", "mysql://host/db"] {
            assert_eq!(text.parse::<Database>().unwrap_err().code(), "unreadable_database", "{text}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        for (url, shown) in [
            ("postgres://ada:s3cret@db.example:5432/fleet", "postgres://ada@db.example:5432/fleet"),
            ("postgresql://ada:s3cret@db.example/fleet?sslmode=require", "postgres://ada@db.example/fleet"),
            ("postgres://ada:s3c@cret@db.example/fleet", "postgres://ada@db.example/fleet"),
            ("postgres://ada:s3/cr?et@db.example/fleet", "postgres://ada@db.example/fleet"),
            ("postgres://db.example/fleet?user=ada&password=s3cret", "postgres://db.example/fleet"),
            ("postgres:///fleet?host=/run/postgresql", "postgres:///fleet"),
        ] {
            let database: Database = url.parse().unwrap();
            assert_eq!(database.to_string(), shown, "{url}");
            assert_eq!(format!("{database:?}"), format!("Postgres(PostgresUrl({shown}))"), "{url}");
        }
    }

    #[test]
    fn a_user_has_one_database() {
        let home = Database::of_user(|name| (name == "HOME").then(|| "/home/ada".into())).unwrap();
        assert_eq!(home.to_string(), "sqlite:///home/ada/.local/share/amc-fleet/fleet.db");
        assert_eq!(Database::of_user(|_| None).unwrap_err().code(), "no_database");
    }
}
