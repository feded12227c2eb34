//! How a process is told to stop.

use amc_fleet::Error;

/// Returns on Ctrl-C, and on Unix on the signal that service managers send.
#[cfg(unix)]
pub(crate) async fn until_told_to_stop() -> Result<(), Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(deaf)?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed.map_err(deaf),
        _ = terminate.recv() => Ok(()),
    }
}

/// Returns on Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn until_told_to_stop() -> Result<(), Error> {
    tokio::signal::ctrl_c().await.map_err(deaf)
}

fn deaf(error: std::io::Error) -> Error {
    Error::unexpected("signals cannot be heard").caused_by(error)
}
