//! A client that fails when told to.

use std::sync::Arc;

use async_trait::async_trait;

use super::faults::{FaultPlan, Moment, injected};
use crate::client::{
    AccountTarget, AmcAccount, AmcClient, AmcInstance, AmcRun, AmcWorkflow, DownloadUrls, PartStream,
    RunFilter, RunRequest, Submission, Target,
};
use crate::error::Result;

/// Passes every call on to another client, but for the calls that are to fail.
///
/// A failing submit is [`Submission::Unknown`], whatever the moment; every other failing call is an error of kind
/// `Unavailable` with the code `fault_injected`.
#[derive(Debug)]
pub struct FaultyClient<C: ?Sized> {
    inner: Arc<C>,
    plan: Arc<FaultPlan>,
}

impl<C: AmcClient + ?Sized> FaultyClient<C> {
    /// Wraps a client; no call fails yet.
    #[must_use]
    pub fn new(inner: Arc<C>) -> Self {
        Self::planned(inner, Arc::default())
    }

    /// Wraps a client whose calls are counted together with those of others.
    #[must_use]
    pub fn planned(inner: Arc<C>, plan: Arc<FaultPlan>) -> Self {
        Self { inner, plan }
    }

    /// Lets call number `call`, counted from 1 over all methods, fail.
    pub fn fail(&self, call: u64, moment: Moment) {
        self.plan.fail(call, moment);
    }

    /// How many calls there have been.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.plan.calls()
    }

    /// Waits until a call is there that never answers.
    pub async fn is_stuck(&self) {
        self.plan.is_stuck().await;
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<C: AmcClient + ?Sized> AmcClient for FaultyClient<C> {
    async fn accounts(&self, credential_key: &str, endpoint: &str) -> Result<Vec<AmcAccount>> {
        self.plan.pass(self.inner.accounts(credential_key, endpoint)).await
    }

    async fn instances(&self, account: &AccountTarget) -> Result<Vec<AmcInstance>> {
        self.plan.pass(self.inner.instances(account)).await
    }

    async fn data_sources(&self, target: &Target) -> Result<Vec<String>> {
        self.plan.pass(self.inner.data_sources(target)).await
    }

    async fn submit(&self, target: &Target, request: &RunRequest) -> Submission {
        match self.plan.next() {
            None => self.inner.submit(target, request).await,
            Some(Moment::Before) => Submission::Unknown(injected()),
            Some(Moment::After) => {
                self.inner.submit(target, request).await;
                Submission::Unknown(injected())
            }
            Some(Moment::NeverBefore) => self.plan.never().await,
            Some(Moment::NeverAfter) => {
                self.inner.submit(target, request).await;
                self.plan.never().await
            }
        }
    }

    async fn run(&self, target: &Target, amc_execution_id: &str) -> Result<AmcRun> {
        self.plan.pass(self.inner.run(target, amc_execution_id)).await
    }

    async fn runs(&self, target: &Target, filter: &RunFilter, limit: usize) -> Result<Vec<AmcRun>> {
        self.plan.pass(self.inner.runs(target, filter, limit)).await
    }

    async fn cancel(&self, target: &Target, amc_execution_id: &str) -> Result<()> {
        self.plan.pass(self.inner.cancel(target, amc_execution_id)).await
    }

    async fn download_urls(&self, target: &Target, amc_execution_id: &str) -> Result<DownloadUrls> {
        self.plan.pass(self.inner.download_urls(target, amc_execution_id)).await
    }

    async fn fetch_part(&self, url: &str, offset: u64) -> Result<PartStream> {
        self.plan.pass(self.inner.fetch_part(url, offset)).await
    }

    async fn workflows(&self, target: &Target) -> Result<Vec<AmcWorkflow>> {
        self.plan.pass(self.inner.workflows(target)).await
    }

    async fn workflow(&self, target: &Target, workflow_id: &str) -> Result<AmcWorkflow> {
        self.plan.pass(self.inner.workflow(target, workflow_id)).await
    }

    async fn create_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.plan.pass(self.inner.create_workflow(target, workflow)).await
    }

    async fn update_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()> {
        self.plan.pass(self.inner.update_workflow(target, workflow)).await
    }

    async fn delete_workflow(&self, target: &Target, workflow_id: &str) -> Result<()> {
        self.plan.pass(self.inner.delete_workflow(target, workflow_id)).await
    }
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
