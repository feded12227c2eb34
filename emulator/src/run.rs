//! The program that both binaries are: options, one line on standard output, service until SIGTERM.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::emulator::Emulator;
use crate::options::Options;
use crate::query::QueryEngine;

/// How long the end waits for results that are still being computed.
const PATIENCE: Duration = Duration::from_millis(500);

/// Runs the program with the engine that `make_engine` makes of the options.
///
/// It exits with 0 after SIGTERM or SIGINT and with 1 when it cannot start; the reason goes to standard error.
pub fn run(make_engine: fn(&Options) -> Arc<dyn QueryEngine>) -> ExitCode {
    let options = Options::parse();
    log_to_standard_error();
    match serve(options, make_engine) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&*error);
            ExitCode::FAILURE
        }
    }
}

fn log_to_standard_error() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
}

fn serve(options: Options, make_engine: fn(&Options) -> Arc<dyn QueryEngine>) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        let engine = make_engine(&options);
        let env = options.env;
        let emulator = Emulator::start(options, engine).await?;
        announce(&emulator, env)?;
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        emulator.stop().await;
        Ok(())
    });
    runtime.shutdown_timeout(PATIENCE);
    served
}

fn announce(emulator: &Emulator, env: bool) -> Result<(), Box<dyn Error>> {
    let announcement = emulator.announcement();
    let line = if env { announcement.env() } else { serde_json::to_string(&announcement)? };
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

fn report(error: &dyn Error) {
    let mut text = format!("amc-fleet-emulator: {error}");
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    tracing::error!("{text}");
}
