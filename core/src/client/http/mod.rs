//! AMC over HTTPS.
//!
//! [`HttpClient`] implements [`AmcClient`]. A call is built in `call`, signed and judged in `exchange`, repeated in
//! `retry`; `transport` is the only place that touches the network. A submit is never repeated, except where AMC
//! refused its token and so proved that it did not act.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::FutureExt;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    AccountTarget, AmcAccount, AmcClient, AmcInstance, AmcRun, AmcWorkflow, Credentials, DownloadUrls,
    PartStream, RunFilter, RunRequest, Submission, Target,
};
use crate::clock::Surroundings;
use crate::error::{Error, ErrorKind, Result};
use crate::model::CallKind;

mod auth;
mod call;
mod counts;
mod download;
mod exchange;
mod failure;
mod headers;
mod lwa;
mod meaning;
mod retry;
mod settings;
mod submission;
#[cfg(test)]
mod tests;
mod tls;
mod transport;
mod wire;
mod workflows;

use auth::Tokens;
use call::Call;
use counts::CallCounter;
use download::Download;
use exchange::Exchange;
use lwa::Lwa;
use retry::Repeater;
use transport::{Answer, Loss, Transport};
use wire::{Page, Read};

pub use crate::model::CallCounts;
pub use settings::{HttpSettings, RetryPolicy};

/// The most items AMC puts on a page.
const PAGE: usize = 100;

/// [`AmcClient`] over HTTPS.
///
/// Connections, tokens and counts are shared by everybody who shares the client. It installs no process-wide TLS
/// provider, and uses the environment's proxies for every host but this machine.
#[derive(Debug)]
pub struct HttpClient {
    exchange: Exchange,
    download: Download,
    repeater: Repeater,
    settings: HttpSettings,
    counter: Arc<CallCounter>,
}

impl HttpClient {
    /// Makes a client. Nothing is sent yet.
    ///
    /// # Errors
    /// `InvalidInput` (`http_settings_unusable`) where the settings cannot be used.
    pub fn new(
        credentials: Credentials,
        surroundings: &Surroundings,
        settings: HttpSettings,
    ) -> Result<Self> {
        let clock = &surroundings.clock;
        let transport = Arc::new(Transport::new(&settings)?);
        let counter = Arc::<CallCounter>::default();
        let repeater = Repeater { policy: settings.retry.clone(), clock: Arc::clone(clock) };
        let lwa = Lwa {
            transport: Arc::clone(&transport),
            counter: Arc::clone(&counter),
            clock: Arc::clone(clock),
            // A submit whose token is late for its replacement still has time to go out with the old one.
            timeout: settings.request_timeout / 2,
        };
        let download = Download {
            transport: Arc::clone(&transport),
            counter: Arc::clone(&counter),
            clock: Arc::clone(clock),
        };
        let exchange = Exchange {
            transport,
            counter: Arc::clone(&counter),
            tokens: Tokens::new(&credentials, lwa, Arc::clone(clock)),
            clock: Arc::clone(clock),
        };
        Ok(Self { exchange, download, repeater, settings, counter })
    }

    /// How many requests this client has sent so far, by what they asked.
    #[must_use]
    pub fn calls(&self) -> CallCounts {
        self.counter.read()
    }

    /// Makes a call that may be repeated, until an answer can be read.
    async fn ask<T: Send>(&self, call: &Call, read: impl Fn(&Answer) -> Result<T> + Sync) -> Result<T> {
        self.repeater.repeat(|| async { read(&self.exchange.once(call).await?) }.boxed()).await
    }

    /// Reads a list page by page, until it ends or `limit` items are there.
    async fn list<T: Send>(
        &self,
        call: Call,
        read: fn(Value) -> Read<Page<T>>,
        limit: usize,
    ) -> Result<Vec<T>> {
        let mut items = Vec::new();
        let mut seen = HashSet::new();
        let mut page_call = call.clone();
        while items.len() < limit {
            let page = self.ask(&page_call, |answer| json_of(answer, &call.what, read)).await?;
            items.extend(page.items);
            let Some(token) = page.next else { break };
            page_call = call.clone().query("nextToken", &token);
            if !seen.insert(token) {
                return Err(endless(&call));
            }
        }
        items.truncate(limit);
        Ok(items)
    }

    async fn try_submit(&self, target: &Target, request: &RunRequest) -> Result<AmcRun, Loss> {
        let call =
            Call::of_runs(CallKind::Submit, "to submit a run on", target, &[]).map_err(Loss::NotTaken)?;
        let mut call = call.writing(Method::POST, &submission::body(request), self.settings.request_timeout);
        call.leave_by = request.leave_by;
        let answer = self.exchange.once(&call).await?;
        run_of(&answer, &call.what).map_err(Loss::Unknown)
    }
}

#[async_trait]
impl AmcClient for HttpClient {
    async fn accounts(&self, credential_key: &str, endpoint: &str) -> Result<Vec<AmcAccount>> {
        let call =
            Call::get(CallKind::Admin, "for the accounts", credential_key, endpoint, &["amc", "accounts"])?;
        self.list(call, wire::accounts, usize::MAX).await
    }

    async fn instances(&self, account: &AccountTarget) -> Result<Vec<AmcInstance>> {
        let what = format!("for the instances of {}", account.account_id);
        let call = Call::of_account(CallKind::Admin, what, account, &["amc", "instances"])?;
        self.list(call.query("limit", &PAGE.to_string()), wire::instances, usize::MAX).await
    }

    async fn data_sources(&self, target: &Target) -> Result<Vec<String>> {
        let call = Call::of_instance(CallKind::Admin, "for the data sources of", target, "dataSources", &[])?;
        let call = call.query("limit", &PAGE.to_string());
        self.list(call, wire::data_sources, usize::MAX).await.map_err(|error| concerning(error, target))
    }

    async fn submit(&self, target: &Target, request: &RunRequest) -> Submission {
        match self.try_submit(target, request).await {
            Ok(run) => Submission::Submitted(run),
            Err(Loss::NotTaken(error)) => Submission::Refused(concerning(error, target)),
            Err(Loss::Unknown(error)) => Submission::Unknown(concerning(error, target)),
        }
    }

    async fn run(&self, target: &Target, amc_execution_id: &str) -> Result<AmcRun> {
        let call = Call::of_runs(CallKind::Get, "for a run of", target, &[amc_execution_id])?;
        let run = self.ask(&call, |answer| run_of(answer, &call.what)).await;
        run.map_err(|error| concerning(error, target))
    }

    async fn runs(&self, target: &Target, filter: &RunFilter, limit: usize) -> Result<Vec<AmcRun>> {
        let call = Call::of_runs(CallKind::List, "for the runs of", target, &[])?;
        let call = filtered(call, filter).query("limit", &limit.clamp(1, PAGE).to_string());
        self.list(call, wire::runs, limit).await.map_err(|error| concerning(error, target))
    }

    async fn cancel(&self, target: &Target, amc_execution_id: &str) -> Result<()> {
        let call = Call::of_runs(CallKind::Cancel, "to cancel a run of", target, &[amc_execution_id])?;
        let call = call.writing(Method::PUT, &json!({"status": "CANCELLED"}), self.settings.request_timeout);
        self.ask(&call, |_| Ok(())).await.map_err(|error| concerning(ended(error), target))
    }

    async fn download_urls(&self, target: &Target, amc_execution_id: &str) -> Result<DownloadUrls> {
        let call = Call::of_runs(
            CallKind::DownloadUrls,
            "for the result of a run of",
            target,
            &[amc_execution_id, "downloadUrls"],
        )?;
        let urls = self.ask(&call, |answer| json_of(answer, &call.what, wire::download_urls)).await;
        urls.map_err(|error| concerning(error, target))
    }

    async fn fetch_part(&self, url: &str, offset: u64) -> Result<PartStream> {
        self.repeater.repeat(|| self.download.open(url, offset).boxed()).await
    }

    async fn workflows(&self, target: &Target) -> Result<Vec<AmcWorkflow>> {
        self.list_workflows(target).await.map_err(|error| concerning(error, target))
    }

    async fn workflow(&self, target: &Target, workflow_id: &str) -> Result<AmcWorkflow> {
        self.read_workflow(target, workflow_id).await.map_err(|error| concerning(error, target))
    }

    async fn create_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.post_workflow(target, workflow).await.map_err(|error| concerning(error, target))
    }

    async fn update_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.put_workflow(target, workflow).await.map_err(|error| concerning(error, target))
    }

    async fn delete_workflow(&self, target: &Target, workflow_id: &str) -> Result<()> {
        self.remove_workflow(target, workflow_id).await.map_err(|error| concerning(error, target))
    }
}

fn json_of<T>(answer: &Answer, what: &str, read: impl FnOnce(Value) -> Read<T>) -> Result<T> {
    let body = serde_json::from_slice(&answer.body).map_err(|_| "something that is no JSON");
    body.and_then(read).map_err(|why| failure::unreadable(answer, what, why))
}

fn run_of(answer: &Answer, what: &str) -> Result<AmcRun> {
    let run = json_of(answer, what, wire::run)?;
    let (request_id, http_status) = (failure::request_id(&answer.headers), Some(answer.status.as_u16()));
    Ok(AmcRun { request_id, http_status, ..run })
}

/// Cancelled runs are hidden unless asked for, and times carry no `Z`.
fn filtered(call: Call, filter: &RunFilter) -> Call {
    let call = call.query("includeCancelled", "true");
    match filter {
        RunFilter::WorkflowId(id) => call.query("workflowId", id),
        RunFilter::CreatedSince(since) => {
            call.query("minCreationTime", &second_of(*since)).query("timeZone", "UTC")
        }
    }
}

fn second_of(instant: DateTime<Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// AMC has no code of its own for "this run has ended": it is what a refused cancel of a known run means.
fn ended(error: Error) -> Error {
    if error.kind() != ErrorKind::InvalidInput {
        return error;
    }
    let conflict = Error::new(ErrorKind::Conflict, "run_ended", error.message());
    conflict.request_id(error.remote_request_id().map(ToOwned::to_owned)).caused_by(error)
}

fn concerning(error: Error, target: &Target) -> Error {
    error.instances([&target.instance_id])
}

fn endless(call: &Call) -> Error {
    Error::new(
        ErrorKind::Unexpected,
        "paging_endless",
        format!("AMC, asked {}, gave one page twice", call.what),
    )
}
