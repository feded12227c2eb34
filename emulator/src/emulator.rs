//! The handle: an emulator that serves until it is stopped or dropped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use chrono::{DateTime, Utc};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::access::AccessChange;
use crate::announce::Announcement;
use crate::error::StartError;
use crate::faults::{Fault, FaultReport};
use crate::options::Options;
use crate::query::QueryEngine;
use crate::scripted::ScriptedResult;
use crate::service::Service;
use crate::wire::{Breaker, WireListener};
use crate::{api, control};

/// How long a stop waits for answers that are on their way.
const GRACE: Duration = Duration::from_secs(2);

/// Gives everything that is served, apart from serving it: tests can call it without a socket.
pub fn router(service: Arc<Service>) -> Router {
    let api = api::routes(&service);
    // How long a query or a list of values may be is a switch, and test data may be large.
    let unlimited = DefaultBodyLimit::disable();
    Router::new().nest("/_emulator", control::routes()).merge(api).layer(unlimited).with_state(service)
}

/// A running emulator.
#[derive(Debug)]
pub struct Emulator {
    service: Arc<Service>,
    address: SocketAddr,
    stop: CancellationToken,
    server: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts to listen and to serve.
    ///
    /// # Errors
    /// [`StartError`] when the address is taken or no temporary file for results can be made.
    pub async fn start(options: Options, engine: Arc<dyn QueryEngine>) -> Result<Self, StartError> {
        let address = format!("{}:{}", options.host, options.port);
        let listener = TcpListener::bind(&address).await;
        let listener = listener.map_err(|source| StartError::Listen { address: address.clone(), source })?;
        let bound = listener.local_addr().map_err(|source| StartError::Listen { address, source })?;
        let service = Service::new(options, engine)?;
        let stop = CancellationToken::new();
        tokio::spawn(Arc::clone(&service).keep_time(stop.clone()));
        let server = tokio::spawn(serve(listener, Arc::clone(&service), stop.clone()));
        Ok(Self { service, address: bound, stop, server: Some(server) })
    }

    /// Gives the address of the API: `http://host:port`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Gives what a client needs to know: addresses, credentials, accounts, instances.
    pub fn announcement(&self) -> Announcement {
        Announcement::of(&self.service, &self.url())
    }

    /// Reads the emulator's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.service.clock.now()
    }

    /// Moves the clock on; what happens on the way happens in its order, and has happened on return.
    pub async fn advance(&self, duration: Duration) {
        self.service.advance(duration).await;
    }

    /// Sets the clock; forwards as [`Self::advance`], backwards without undoing anything.
    pub async fn set_clock(&self, instant: DateTime<Utc>) {
        self.service.set_clock(instant).await;
    }

    /// Holds the clock still or lets it run with real time.
    pub fn freeze(&self, frozen: bool) {
        self.service.freeze(frozen);
    }

    /// Plans a fault and gives its number.
    pub fn fail(&self, fault: Fault) -> u64 {
        self.service.faults.add(fault).id
    }

    /// Gives every planned fault with how often it struck.
    pub fn faults(&self) -> Vec<FaultReport> {
        self.service.faults.list()
    }

    /// Takes away all faults.
    pub fn clear_faults(&self) {
        self.service.faults.remove(None);
    }

    /// Grants or revokes access.
    ///
    /// # Errors
    /// The sentence that names an account or instance that does not exist.
    pub fn access(&self, change: &AccessChange) -> Result<(), String> {
        change.apply(&self.service)
    }

    /// Replaces the rows of a table, in one instance or in all, by those of a CSV with a header line.
    ///
    /// # Errors
    /// The sentence that says what is wrong with the CSV, the table or the instance.
    pub fn load(&self, instance: Option<&str>, table: &str, csv: &str) -> Result<(), String> {
        let rows = control::read_csv(csv)?;
        control::load(&self.service, instance, table, &rows)
    }

    /// Scripts the answer to queries.
    pub fn script(&self, result: ScriptedResult) {
        self.service.engine.script(result);
    }

    /// Gives every execution ever created, as `GET /_emulator/executions`.
    pub fn executions(&self) -> Value {
        control::witness(&self.service)
    }

    /// Stops: answers on their way are finished, connections closed.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(mut server) = self.server.take()
            && tokio::time::timeout(GRACE, &mut server).await.is_err()
        {
            server.abort();
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn serve(listener: TcpListener, service: Arc<Service>, stop: CancellationToken) {
    let wire = WireListener::new(listener, stop.clone());
    let app = router(service).into_make_service_with_connect_info::<Breaker>();
    let served = axum::serve(wire, app).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "the emulator stopped serving");
    }
}
