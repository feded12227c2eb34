//! An AMC that does nothing: what is measured on it is the fleet's own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use amc_fleet::client::calls::note;
use amc_fleet::client::{
    AccountTarget, AmcAccount, AmcClient, AmcInstance, AmcRun, AmcWorkflow, DownloadUrls, PartStream,
    RunFilter, RunRequest, RunStatus, Submission, Target,
};
use amc_fleet::clock::{Clock, SystemClock};
use amc_fleet::model::CallKind;
use amc_fleet::{Error, Result};
use async_trait::async_trait;
use futures::{StreamExt, stream};
use parking_lot::Mutex;

/// AMC allows so many runs an account.
const INSTANCES_OF_AN_ACCOUNT: usize = 200;

/// Takes every run and ends it at once, or never.
#[derive(Debug)]
pub struct NoopAmc {
    instances: usize,
    sleeps: Duration,
    ends: bool,
    next: AtomicU64,
    runs: Mutex<HashMap<String, Vec<AmcRun>>>,
}

impl NoopAmc {
    /// So many instances; every call takes so long; runs end, or never do.
    #[must_use]
    pub fn new(instances: usize, sleeps: Duration, ends: bool) -> Self {
        Self { instances, sleeps, ends, next: AtomicU64::new(1), runs: Mutex::default() }
    }

    async fn called(&self, kind: CallKind) {
        note(kind);
        if !self.sleeps.is_zero() {
            tokio::time::sleep(self.sleeps).await;
        }
    }

    fn compiled(request: &RunRequest) -> AmcRun {
        AmcRun { status: RunStatus::Succeeded, ..Self::accepted("noop-check".to_owned(), request) }
    }

    fn accepted(execution_id: String, request: &RunRequest) -> AmcRun {
        AmcRun {
            execution_id,
            workflow_id: request.workflow_id.clone(),
            status: RunStatus::Running,
            status_reason: None,
            create_time: Some(SystemClock.now()),
            last_updated_time: None,
            output_columns: None,
            request_id: None,
            http_status: Some(200),
        }
    }

    fn take(&self, target: &Target, request: &RunRequest) -> AmcRun {
        let id = format!("noop-{}", self.next.fetch_add(1, Ordering::Relaxed));
        let status = if self.ends { RunStatus::Succeeded } else { RunStatus::Running };
        let run = AmcRun { status, ..Self::accepted(id, request) };
        self.runs.lock().entry(target.instance_id.clone()).or_default().push(run.clone());
        run
    }
}

fn unsupported<T>() -> Result<T> {
    Err(Error::invalid("noop", "nothing is saved here"))
}

#[async_trait]
impl AmcClient for NoopAmc {
    async fn accounts(&self, _credential_key: &str, _endpoint: &str) -> Result<Vec<AmcAccount>> {
        let account = |number: usize| AmcAccount {
            account_id: format!("ENTITYNOOP{number}"),
            account_name: format!("Account {number}"),
            marketplace_id: "ATVPDKIKX0DER".to_owned(),
        };
        Ok((0..self.instances.div_ceil(INSTANCES_OF_AN_ACCOUNT)).map(account).collect())
    }

    async fn instances(&self, account: &AccountTarget) -> Result<Vec<AmcInstance>> {
        let instance = |number: usize| AmcInstance {
            instance_id: format!("amcnoop{number:05}"),
            name: format!("Client {number}"),
            customer_name: format!("Client {number}"),
            instance_type: "STANDARD".to_owned(),
            creation_status: "COMPLETED".to_owned(),
        };
        let number = account.account_id.trim_start_matches("ENTITYNOOP").parse::<usize>().unwrap_or_default();
        let first = number * INSTANCES_OF_AN_ACCOUNT;
        Ok((first..self.instances.min(first + INSTANCES_OF_AN_ACCOUNT)).map(instance).collect())
    }

    async fn submit(&self, target: &Target, request: &RunRequest) -> Submission {
        self.called(CallKind::Submit).await;
        Submission::Submitted(if request.dry_run {
            Self::compiled(request)
        } else {
            self.take(target, request)
        })
    }

    async fn run(&self, target: &Target, amc_execution_id: &str) -> Result<AmcRun> {
        self.called(CallKind::Get).await;
        let runs = self.runs.lock();
        let mut own = runs.get(&target.instance_id).into_iter().flatten();
        let found = own.rfind(|run| run.execution_id == amc_execution_id).cloned();
        found.ok_or_else(|| Error::not_found("run_unknown", "no such run"))
    }

    async fn runs(&self, target: &Target, filter: &RunFilter, limit: usize) -> Result<Vec<AmcRun>> {
        self.called(CallKind::List).await;
        let runs = self.runs.lock();
        let matches = |run: &&AmcRun| match filter {
            RunFilter::WorkflowId(id) => run.workflow_id == *id,
            RunFilter::CreatedSince(since) => run.create_time.is_some_and(|at| at >= *since),
        };
        let own = runs.get(&target.instance_id).into_iter().flatten().rev();
        Ok(own.filter(matches).take(limit).cloned().collect())
    }

    async fn cancel(&self, _target: &Target, _amc_execution_id: &str) -> Result<()> {
        self.called(CallKind::Cancel).await;
        Ok(())
    }

    async fn download_urls(&self, _target: &Target, _amc_execution_id: &str) -> Result<DownloadUrls> {
        self.called(CallKind::DownloadUrls).await;
        Ok(DownloadUrls { parts: vec!["noop:".to_owned()] })
    }

    async fn fetch_part(&self, _url: &str, offset: u64) -> Result<PartStream> {
        self.called(CallKind::File).await;
        let bytes = bytes::Bytes::from_static(b"campaign,impressions\nBrand,1\n");
        let rest = bytes.slice(usize::try_from(offset).unwrap_or_default().min(bytes.len())..);
        Ok(stream::iter([Ok(rest)]).boxed())
    }

    async fn workflows(&self, _target: &Target) -> Result<Vec<AmcWorkflow>> {
        Ok(Vec::new())
    }

    async fn workflow(&self, _target: &Target, _workflow_id: &str) -> Result<AmcWorkflow> {
        unsupported()
    }

    async fn create_workflow(&self, _target: &Target, _workflow: &AmcWorkflow) -> Result<()> {
        unsupported()
    }

    async fn update_workflow(&self, _target: &Target, _workflow: &AmcWorkflow) -> Result<()> {
        unsupported()
    }

    async fn delete_workflow(&self, _target: &Target, _workflow_id: &str) -> Result<()> {
        unsupported()
    }
}
