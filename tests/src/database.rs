//! A database for one test, of the kind it asks for.

use std::fmt;
use std::str::FromStr;

use amc_fleet::Database;
use amc_fleet::testing::{TestDatabase, run_on_sqlite};
use tempfile::TempDir;

/// A kind of database that a fleet can be kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A database on the server of the tests.
    Postgres,
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" => Ok(Self::Postgres),
            _ => Err(format!("'{word}' is no kind of database: one of sqlite, postgres")),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// A database that goes when the test does, and a folder for its files.
#[derive(Debug)]
pub struct Kept {
    /// What a fleet opens.
    pub database: Database,
    /// A folder of the test's own.
    pub folder: TempDir,
    server: Option<TestDatabase>,
}

impl Kept {
    /// A database of this kind that no fleet was opened on yet.
    ///
    /// # Panics
    /// When there is no folder, or no server.
    pub async fn new(kind: Kind) -> Self {
        let folder = TempDir::new().unwrap_or_else(|error| panic!("a test needs a folder: {error}"));
        let (database, server) = match kind {
            Kind::Sqlite => (Database::from(folder.path().join("fleet.db").as_path()), None),
            Kind::Postgres => {
                let server = TestDatabase::ready().await;
                let database = server.url().parse().unwrap_or_else(|error| panic!("{error}"));
                (database, Some(server))
            }
        };
        Self { database, folder, server }
    }

    /// The same once more, for a test to break. Nobody may have it open.
    ///
    /// # Panics
    /// When it cannot be copied.
    pub async fn copy(&self) -> Self {
        let folder = TempDir::new().unwrap_or_else(|error| panic!("a test needs a folder: {error}"));
        if let Some(server) = &self.server {
            let server = server.copy().await;
            let database = server.url().parse().unwrap_or_else(|error| panic!("{error}"));
            return Self { database, folder, server: Some(server) };
        }
        let files = std::fs::read_dir(self.folder.path()).into_iter().flatten().filter_map(Result::ok);
        for file in files.filter(|file| file.path().is_file()) {
            std::fs::copy(file.path(), folder.path().join(file.file_name()))
                .unwrap_or_else(|error| panic!("{error}"));
        }
        Self { database: Database::from(folder.path().join("fleet.db").as_path()), folder, server: None }
    }

    /// What a program is told to open, its password included.
    #[must_use]
    pub fn address(&self) -> String {
        self.server.as_ref().map_or_else(|| self.database.to_string(), |server| server.url().to_owned())
    }

    /// Runs statements in it, as another program would.
    ///
    /// # Panics
    /// When the database refuses them.
    pub async fn run(&self, sql: &str) {
        match (&self.database, &self.server) {
            (Database::Sqlite(path), _) => run_on_sqlite(path, sql).await,
            (_, Some(server)) => server.run(sql).await,
            _ => {}
        }
    }
}
