//! The AMC in memory as a client sees it.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use futures::{StreamExt, stream};

use super::run::{Ending, HeldRun};
use super::script::SubmitFault;
use super::{MemoryAmc, State};
use crate::client::calls::note;
use crate::client::{
    AccountTarget, AmcAccount, AmcClient, AmcInstance, AmcRun, AmcWorkflow, DEFAULT_CREDENTIAL, DownloadUrls,
    PartStream, RunFilter, RunRequest, RunStatus, Submission, Target,
};
use crate::error::{Error, ErrorKind, Result};
use crate::model::CallKind;

/// How long a part's URL works.
const URL_LIFE: TimeDelta = TimeDelta::minutes(10);

/// How much of a part arrives at once.
const CHUNK: usize = 1_024;

impl State {
    /// Checks that a credential is known and in favour.
    fn known(&self, credential_key: &str) -> Result<()> {
        if credential_key != DEFAULT_CREDENTIAL {
            return Err(Error::invalid(
                "credential_unknown",
                format!("no credential is named `{credential_key}`"),
            ));
        }
        if self.revoked.contains(credential_key) {
            return Err(Error::new(
                ErrorKind::Unauthorized,
                "credential_revoked",
                "the credential is revoked",
            ));
        }
        Ok(())
    }

    /// Checks that an instance belongs to the account it is addressed by.
    pub(super) fn admitted(&self, target: &Target) -> Result<()> {
        self.known(&target.account.credential_key)?;
        let belongs = self.fleet.iter().any(|(account, instance)| {
            is_of(account, &target.account) && instance.instance_id == target.instance_id
        });
        belongs.then_some(()).ok_or_else(|| {
            Error::new(ErrorKind::Forbidden, "amc_forbidden", "Unauthorized request")
                .instances([&target.instance_id])
        })
    }

    fn run(&mut self, target: &Target, execution_id: &str) -> Result<&mut HeldRun> {
        self.admitted(target)?;
        let mut runs = self.runs.iter_mut();
        let run = runs.find(|run| run.execution_id == execution_id && run.instance_id == target.instance_id);
        run.ok_or_else(|| {
            let message = format!("Workflow execution with ID {execution_id} does not exist.");
            Error::not_found("run_unknown", message).instances([&target.instance_id])
        })
    }

    fn take(
        &mut self,
        target: &Target,
        request: &RunRequest,
        now: DateTime<Utc>,
        hidden_for: Duration,
    ) -> AmcRun {
        let script = self.scripts.get(&target.instance_id).unwrap_or(&self.script).clone();
        let run = HeldRun {
            execution_id: format!("run-{}", self.runs.len() + 1),
            instance_id: target.instance_id.clone(),
            request: request.clone(),
            script,
            created_at: now,
            visible_from: now + hidden_for,
            decided: None,
        };
        let shown = run.shown(now);
        self.runs.push(run);
        shown
    }

    fn submit(&mut self, target: &Target, request: &RunRequest, now: DateTime<Utc>) -> Submission {
        if let Err(error) = self.admitted(target) {
            return Submission::Refused(error);
        }
        if request.is_late(now) {
            return Submission::Refused(request.late());
        }
        let lost = || Error::new(ErrorKind::Unavailable, "amc_connection_lost", "the connection was lost");
        match self.submit_faults.pop_front() {
            None => Submission::Submitted(self.take(target, request, now, Duration::ZERO)),
            Some(SubmitFault::Refused) => {
                Submission::Refused(Error::invalid("amc_refused", "the request is refused"))
            }
            Some(SubmitFault::Throttled { retry_after }) => Submission::Refused(
                Error::new(ErrorKind::RateLimited, "amc_throttled", "too many requests")
                    .retry_later(retry_after),
            ),
            Some(SubmitFault::LostBefore) => Submission::Unknown(lost()),
            Some(SubmitFault::LostAfter) => {
                self.take(target, request, now, Duration::ZERO);
                Submission::Unknown(lost())
            }
            Some(SubmitFault::TimedOut { hidden_for }) => {
                self.take(target, request, now, hidden_for);
                Submission::Unknown(Error::new(ErrorKind::Timeout, "amc_timeout", "no answer in time"))
            }
        }
    }

    /// The bytes behind a URL of `run/part/expiry`.
    fn part(&self, url: &str, now: DateTime<Utc>) -> Result<Bytes> {
        let unusable = || Error::invalid("download_url_unusable", "a download URL leads nowhere");
        let mut fields = url.strip_prefix(super::ENDPOINT).ok_or_else(unusable)?.split('/');
        let mut field = || fields.next().ok_or_else(unusable);
        let (execution_id, number, expiry) = (field()?, field()?, field()?);
        if expiry.parse::<i64>().map_err(|_| unusable())? <= now.timestamp() {
            return Err(Error::new(ErrorKind::Forbidden, "url_expired", "a download URL has expired")
                .retry_later(None));
        }
        let run = self.runs.iter().find(|run| run.execution_id == execution_id).ok_or_else(unusable)?;
        let number: usize = number.parse().map_err(|_| unusable())?;
        run.script.parts.get(number).cloned().ok_or_else(unusable)
    }
}

#[async_trait]
impl AmcClient for MemoryAmc {
    async fn accounts(&self, credential_key: &str, _endpoint: &str) -> Result<Vec<AmcAccount>> {
        note(CallKind::Admin);
        let state = self.state.lock();
        state.known(credential_key)?;
        let mut accounts = Vec::new();
        for (account, _) in &state.fleet {
            if !accounts.contains(account) {
                accounts.push(account.clone());
            }
        }
        Ok(accounts)
    }

    async fn instances(&self, account: &AccountTarget) -> Result<Vec<AmcInstance>> {
        note(CallKind::Admin);
        let state = self.state.lock();
        state.known(&account.credential_key)?;
        let own = state.fleet.iter().filter(|(owner, _)| is_of(owner, account));
        Ok(own.map(|(_, instance)| instance.clone()).collect())
    }

    async fn data_sources(&self, target: &Target) -> Result<Vec<serde_json::Value>> {
        let state = self.state.lock();
        state.admitted(target)?;
        Ok(state.data_sources.get(&target.instance_id).cloned().unwrap_or_default())
    }

    async fn submit(&self, target: &Target, request: &RunRequest) -> Submission {
        note(CallKind::Submit);
        self.state.lock().submit(target, request, self.clock.now())
    }

    async fn run(&self, target: &Target, amc_execution_id: &str) -> Result<AmcRun> {
        note(CallKind::Get);
        let now = self.clock.now();
        self.state.lock().run(target, amc_execution_id).map(|run| run.shown(now))
    }

    async fn runs(&self, target: &Target, filter: &RunFilter, limit: usize) -> Result<Vec<AmcRun>> {
        note(CallKind::List);
        let now = self.clock.now();
        let state = self.state.lock();
        state.admitted(target)?;
        let matching = state.runs.iter().rev().filter(|run| {
            run.instance_id == target.instance_id && run.visible_from <= now && matches(run, filter)
        });
        Ok(matching.take(limit).map(|run| run.shown(now)).collect())
    }

    async fn cancel(&self, target: &Target, amc_execution_id: &str) -> Result<()> {
        note(CallKind::Cancel);
        let now = self.clock.now();
        let mut state = self.state.lock();
        let run = state.run(target, amc_execution_id)?;
        if run.status(now).is_terminal() {
            return Err(Error::new(ErrorKind::Conflict, "run_ended", "the run has ended")
                .instances([&target.instance_id]));
        }
        run.decided = Some(Ending { status: RunStatus::Cancelled, reason: None, at: now });
        Ok(())
    }

    async fn download_urls(&self, target: &Target, amc_execution_id: &str) -> Result<DownloadUrls> {
        note(CallKind::DownloadUrls);
        let now = self.clock.now();
        let mut state = self.state.lock();
        let run = state.run(target, amc_execution_id)?;
        if run.status(now) != RunStatus::Succeeded || run.request.dry_run {
            let message = format!("Execution with ID {amc_execution_id} is unavailable for download.");
            return Err(Error::new(ErrorKind::Conflict, "result_not_ready", message).retry_later(None));
        }
        let expiry = (now + URL_LIFE).timestamp();
        let url = |number| format!("{}{amc_execution_id}/{number}/{expiry}", super::ENDPOINT);
        Ok(DownloadUrls { parts: (0..run.script.parts.len()).map(url).collect() })
    }

    async fn fetch_part(&self, url: &str, offset: u64) -> Result<PartStream> {
        note(CallKind::File);
        let mut state = self.state.lock();
        let part = state.part(url, self.clock.now())?;
        let part = part.slice(usize::try_from(offset).unwrap_or(usize::MAX).min(part.len())..);
        let truncated = state.truncated_parts > 0;
        state.truncated_parts -= usize::from(truncated);
        Ok(if truncated { broken(&part) } else { whole(&part).boxed() })
    }

    async fn workflows(&self, target: &Target) -> Result<Vec<AmcWorkflow>> {
        self.state.lock().list_workflows(target)
    }

    async fn workflow(&self, target: &Target, workflow_id: &str) -> Result<AmcWorkflow> {
        self.state.lock().read_workflow(target, workflow_id)
    }

    async fn create_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.state.lock().create_workflow(target, workflow)
    }

    async fn update_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.state.lock().update_workflow(target, workflow)
    }

    async fn delete_workflow(&self, target: &Target, workflow_id: &str) -> Result<()> {
        self.state.lock().delete_workflow(target, workflow_id)
    }
}

fn is_of(account: &AmcAccount, target: &AccountTarget) -> bool {
    account.account_id == target.account_id && account.marketplace_id == target.marketplace_id
}

/// AMC knows creation times in whole seconds.
fn matches(run: &HeldRun, filter: &RunFilter) -> bool {
    match filter {
        RunFilter::WorkflowId(id) => run.request.workflow_id == *id,
        RunFilter::CreatedSince(since) => run.created_at.trunc_subsecs(0) >= since.trunc_subsecs(0),
    }
}

fn whole(part: &Bytes) -> impl stream::Stream<Item = Result<Bytes>> + Send + use<> {
    let chunks: Vec<Result<Bytes>> =
        part.chunks(CHUNK).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
    stream::iter(chunks)
}

fn broken(part: &Bytes) -> PartStream {
    let error = Error::new(ErrorKind::Unavailable, "amc_answer_broken", "the part broke off");
    whole(&part.slice(..part.len() / 2)).chain(stream::iter([Err(error)])).boxed()
}
