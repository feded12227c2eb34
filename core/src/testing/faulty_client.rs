//! A client that fails when told to.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::client::{
    AccountTarget, AmcAccount, AmcClient, AmcInstance, AmcRun, AmcWorkflow, DownloadUrls, PartStream,
    RunFilter, RunRequest, Submission, Target,
};
use crate::error::{Error, ErrorKind, Result};

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before it has any effect.
    Before,
    /// After its effect, which the caller does not learn.
    After,
    /// It has no effect and never answers: whoever waits for it is as good as dead.
    NeverBefore,
    /// It has its effect and never answers.
    NeverAfter,
}

/// Passes every call on to another client, but for the calls that are to fail.
///
/// A failing submit is [`Submission::Unknown`], whatever the moment; every other failing call is an error of kind
/// `Unavailable` with the code `fault_injected`.
#[derive(Debug)]
pub struct FaultyClient<C: ?Sized> {
    inner: Arc<C>,
    plan: Mutex<Plan>,
    stuck: Notify,
}

#[derive(Debug, Default)]
struct Plan {
    calls: u64,
    faults: BTreeMap<u64, Moment>,
}

impl<C: AmcClient + ?Sized> FaultyClient<C> {
    /// Wraps a client; no call fails yet.
    #[must_use]
    pub fn new(inner: Arc<C>) -> Self {
        Self { inner, plan: Mutex::default(), stuck: Notify::new() }
    }

    /// Lets call number `call`, counted from 1 over all methods, fail.
    pub fn fail(&self, call: u64, moment: Moment) {
        self.plan.lock().faults.insert(call, moment);
    }

    /// How many calls there have been.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.plan.lock().calls
    }

    /// Waits until a call is there that never answers.
    pub async fn is_stuck(&self) {
        self.stuck.notified().await;
    }

    async fn never<T>(&self) -> T {
        self.stuck.notify_one();
        std::future::pending().await
    }

    fn next(&self) -> Option<Moment> {
        let mut plan = self.plan.lock();
        plan.calls += 1;
        let call = plan.calls;
        plan.faults.remove(&call)
    }

    async fn pass<T>(&self, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        match self.next() {
            None => call.await,
            Some(Moment::Before) => Err(injected()),
            Some(Moment::After) => {
                call.await?;
                Err(injected())
            }
            Some(Moment::NeverBefore) => self.never().await,
            Some(Moment::NeverAfter) => {
                call.await?;
                self.never().await
            }
        }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<C: AmcClient + ?Sized> AmcClient for FaultyClient<C> {
    async fn accounts(&self, credential_key: &str, endpoint: &str) -> Result<Vec<AmcAccount>> {
        self.pass(self.inner.accounts(credential_key, endpoint)).await
    }

    async fn instances(&self, account: &AccountTarget) -> Result<Vec<AmcInstance>> {
        self.pass(self.inner.instances(account)).await
    }

    async fn data_sources(&self, target: &Target) -> Result<Vec<String>> {
        self.pass(self.inner.data_sources(target)).await
    }

    async fn submit(&self, target: &Target, request: &RunRequest) -> Submission {
        match self.next() {
            None => self.inner.submit(target, request).await,
            Some(Moment::Before) => Submission::Unknown(injected()),
            Some(Moment::After) => {
                self.inner.submit(target, request).await;
                Submission::Unknown(injected())
            }
            Some(Moment::NeverBefore) => self.never().await,
            Some(Moment::NeverAfter) => {
                self.inner.submit(target, request).await;
                self.never().await
            }
        }
    }

    async fn run(&self, target: &Target, amc_execution_id: &str) -> Result<AmcRun> {
        self.pass(self.inner.run(target, amc_execution_id)).await
    }

    async fn runs(&self, target: &Target, filter: &RunFilter, limit: usize) -> Result<Vec<AmcRun>> {
        self.pass(self.inner.runs(target, filter, limit)).await
    }

    async fn cancel(&self, target: &Target, amc_execution_id: &str) -> Result<()> {
        self.pass(self.inner.cancel(target, amc_execution_id)).await
    }

    async fn download_urls(&self, target: &Target, amc_execution_id: &str) -> Result<DownloadUrls> {
        self.pass(self.inner.download_urls(target, amc_execution_id)).await
    }

    async fn fetch_part(&self, url: &str, offset: u64) -> Result<PartStream> {
        self.pass(self.inner.fetch_part(url, offset)).await
    }

    async fn workflows(&self, target: &Target) -> Result<Vec<AmcWorkflow>> {
        self.pass(self.inner.workflows(target)).await
    }

    async fn workflow(&self, target: &Target, workflow_id: &str) -> Result<AmcWorkflow> {
        self.pass(self.inner.workflow(target, workflow_id)).await
    }

    async fn create_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.pass(self.inner.create_workflow(target, workflow)).await
    }

    async fn update_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.pass(self.inner.update_workflow(target, workflow)).await
    }

    async fn delete_workflow(&self, target: &Target, workflow_id: &str) -> Result<()> {
        self.pass(self.inner.delete_workflow(target, workflow_id)).await
    }
}

fn injected() -> Error {
    Error::new(ErrorKind::Unavailable, "fault_injected", "a test let this call fail")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ManualClock, MemoryAmc, run_request};

    fn faulty(call: u64, moment: Moment) -> (Arc<MemoryAmc>, FaultyClient<MemoryAmc>) {
        let clock = Arc::new(ManualClock::at("2025-10-15T00:00:00Z".parse().unwrap()));
        let amc = Arc::new(MemoryAmc::new(clock, 1));
        let client = FaultyClient::new(Arc::clone(&amc));
        client.fail(call, moment);
        (amc, client)
    }

    #[tokio::test]
    async fn a_submit_fails_with_or_without_its_effect() {
        for (moment, runs) in [(Moment::Before, 0), (Moment::After, 1)] {
            let (amc, client) = faulty(1, moment);
            let submission = client.submit(&amc.targets()[0], &run_request("af-1", "SELECT 1")).await;
            assert!(matches!(submission, Submission::Unknown(error) if error.code() == "fault_injected"));
            assert_eq!(amc.submits().len(), runs, "{moment:?}");
        }
    }

    #[tokio::test]
    async fn only_the_call_that_was_told_fails() {
        let (amc, client) = faulty(2, Moment::Before);
        let account = &amc.targets()[0].account;
        assert!(client.instances(account).await.is_ok());
        assert_eq!(client.instances(account).await.unwrap_err().code(), "fault_injected");
        assert!(client.instances(account).await.is_ok());
        assert_eq!(client.calls(), 3);
    }
}
