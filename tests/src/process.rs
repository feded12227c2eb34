//! Real processes: the emulator and a worker, found beside the running program.

use std::io::{BufRead, BufReader, Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// The folder with the workspace's binaries.
///
/// # Errors
/// When the running program cannot be found.
pub fn binaries() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let folder =
        program.ancestors().skip(1).find(|folder| folder.file_name().is_none_or(|name| name != "deps"));
    folder.map(Path::to_path_buf).ok_or_else(|| Error::other("the running program is nowhere"))
}

/// A process that is killed when it is dropped.
#[derive(Debug)]
pub struct Killed(Child);

impl Killed {
    /// Kills it with -9 and waits until it is gone.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn kill(&mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait().map(|_| ())
    }

    /// Whether it has ended by itself, and whether well.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn ended(&mut self) -> Result<Option<bool>> {
        Ok(self.0.try_wait()?.map(|status| status.success()))
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}

/// An emulator in a process of its own.
#[derive(Debug)]
pub struct EmulatorProcess {
    process: Killed,
    said: Value,
}

impl EmulatorProcess {
    /// Starts one and waits until it listens.
    ///
    /// # Errors
    /// When the binary is not built, or says nothing.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let binary = binaries()?.join("amc-fleet-emulator");
        let mut child =
            Command::new(&binary).args(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let output = child.stdout.take().ok_or_else(|| Error::other("the emulator has no output"))?;
        let process = Killed(child);
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        Ok(Self { process, said: serde_json::from_str(&line)? })
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> &str {
        self.said["url"].as_str().unwrap_or_default()
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What a program reads from its environment to reach it.
    pub fn environment(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let names = [
            ("AMC_API_URL", "url"),
            ("AMC_TOKEN_URL", "token_url"),
            ("AMC_CLIENT_ID", "client_id"),
            ("AMC_CLIENT_SECRET", "client_secret"),
            ("AMC_REFRESH_TOKEN", "refresh_token"),
        ];
        names.into_iter().map(|(name, field)| (name, self.said[field].as_str().unwrap_or_default()))
    }

    /// Starts a worker that runs the batches of `key` to their ends.
    ///
    /// # Errors
    /// When the binary is not built.
    pub fn worker(&self, database: &str, key: &str, more: &[String]) -> Result<Killed> {
        let mut command = Command::new(binaries()?.join("worker"));
        command
            .arg(database)
            .arg(key)
            .args(more)
            .envs(self.environment())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().map(Killed)
    }
}
