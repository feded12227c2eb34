//! A batch.

use amc_fleet::fleet::seconds;
use amc_fleet::results::MergeOptions;
use amc_fleet::{BatchHandle, BatchReport as CoreReport, Result};
use napi_derive::napi;

use crate::detach::Detach;
use crate::error::host;
use crate::record::Host;
use crate::report::{BatchEvent, BatchReport, CancelReport, Cause, Skipped};
use crate::results::Results;
use crate::run::word;

/// How a batch is waited for.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct WaitOptions {
    /// How many seconds to wait at most; without end where absent.
    pub timeout: Option<f64>,
    /// Whether a batch that did not complete everywhere rejects; true where absent.
    pub raise_on_failure: Option<bool>,
}

/// Which results are taken.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct ResultsOptions {
    /// What to do about instances without a result: `raise` where absent.
    #[napi(ts_type = "'raise' | 'include'")]
    pub missing: Option<String>,
    /// What to do when results differ in their columns: `union` where absent, which takes every column and widens types;
    /// `by_name` demands the same columns, `strict` also the same types and order.
    #[napi(ts_type = "'union' | 'by_name' | 'strict'")]
    pub drift: Option<String>,
    /// Whether to add `_region`.
    pub region: Option<bool>,
    /// Whether to add `_segment`, the window.
    pub segment: Option<bool>,
    /// Whether to add `_execution_id`.
    pub execution_id: Option<bool>,
}

impl TryFrom<ResultsOptions> for amc_fleet::ResultsOptions {
    type Error = amc_fleet::Error;

    fn try_from(options: ResultsOptions) -> Result<Self> {
        let ResultsOptions { missing, drift, region, segment, execution_id } = options;
        let [region, segment, execution_id] = [region, segment, execution_id].map(Option::unwrap_or_default);
        let merge =
            MergeOptions { drift: word(drift)?, region, segment, execution_id, ..MergeOptions::default() };
        Ok(Self { missing: word(missing)?, merge })
    }
}

/// Which executions run again.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct RetryOptions {
    /// Those that failed, those that were cancelled, or both; `failed` where absent.
    #[napi(ts_type = "'failed' | 'cancelled' | 'incomplete'")]
    pub only: Option<String>,
}

/// One query over many instances. Losing it stops nothing; only `cancel()` cancels.
#[napi]
#[derive(Debug)]
pub struct Batch(BatchHandle);

impl From<BatchHandle> for Batch {
    fn from(handle: BatchHandle) -> Self {
        Self(handle)
    }
}

#[napi]
impl Batch {
    /// Its id (`batch_…`).
    ///
    /// ```js
    /// const same = await fleet.batch(batch.id);
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn id(&self) -> String {
        self.0.id().public()
    }

    /// Its name.
    ///
    /// ```js
    /// console.log(batch.name); // Reach by campaign
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name().to_owned()
    }

    /// What was asked for and left out.
    ///
    /// ```js
    /// for (const { instanceId, reason } of batch.skipped) console.warn(instanceId, reason);
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn skipped(&self) -> Vec<Skipped> {
        self.0.skipped().to_vec().host()
    }

    /// Where it stands at this moment.
    ///
    /// ```js
    /// const { status, completedInstances, totalInstances } = await batch.status();
    /// console.log(status, completedInstances, totalInstances); // completed 3 3
    /// ```
    #[napi]
    pub async fn status(&self) -> napi::Result<BatchReport> {
        self.0.status().await.map(Host::host).map_err(host)
    }

    /// Waits until every execution has ended, and tells how.
    ///
    /// Rejects with `wait_timed_out` when `timeout` seconds are over first, with `batch_failed` when not everything
    /// completed and `raiseOnFailure` is not false, and with an `AbortError` when `signal` aborts: the batch goes on
    /// in every case.
    ///
    /// ```js
    /// const report = await batch.wait({ timeout: 3600, raiseOnFailure: false });
    /// console.log(report.status); // completed
    /// ```
    #[napi(ts_args_type = "options?: WaitOptions & { signal?: AbortSignal }")]
    pub async fn wait(&self, options: Option<WaitOptions>, detach: &Detach) -> napi::Result<BatchReport> {
        detach.or(self.ended(options)).await.map(Host::host).map_err(host)
    }

    async fn ended(&self, options: Option<WaitOptions>) -> Result<CoreReport> {
        let WaitOptions { timeout, raise_on_failure } =
            options.unwrap_or(WaitOptions { timeout: None, raise_on_failure: None });
        let report = self.0.wait(timeout.map(|timeout| seconds("timeout", timeout)).transpose()?).await?;
        match report.failure().filter(|_| raise_on_failure.unwrap_or(true)) {
            Some(failure) => Err(failure),
            None => Ok(report),
        }
    }

    /// Waits for events after a sequence; none when the batch has ended and has told everything.
    #[napi(skip_typescript)]
    pub async fn next_events(&self, after: i64, detach: &Detach) -> napi::Result<Vec<BatchEvent>> {
        detach.or(self.0.next_events(after)).await.map(Host::host).map_err(host)
    }

    /// The merged result of every completed execution.
    ///
    /// Rejects with `results_incomplete`, naming the missing instances, unless `missing` is `include`; with `schema_drift` when results differ in a
    /// way that `drift` refuses.
    ///
    /// ```js
    /// const results = await batch.results({ missing: "include" });
    /// console.log(results.summary.missing); // []
    /// ```
    #[napi]
    pub async fn results(&self, options: Option<ResultsOptions>) -> napi::Result<Results> {
        let options = options.map_or_else(|| Ok(Default::default()), amc_fleet::ResultsOptions::try_from);
        self.0.results(options.map_err(host)?).await.map(Results::from).map_err(host)
    }

    /// Why executions did not complete, instances of the same cause together, the most frequent cause first.
    ///
    /// ```js
    /// for (const { summary, excerpt } of await batch.errors()) console.error(summary, excerpt ?? "");
    /// ```
    #[napi]
    pub async fn errors(&self) -> napi::Result<Vec<Cause>> {
        self.0.status().await.map(|report| report.causes.host()).map_err(host)
    }

    /// Runs again what did not complete, each under the same parameters and over the same window, in this batch: what
    /// failed where `only` is absent. Returns how many; what they take the place of stays in the status as `superseded`.
    ///
    /// ```js
    /// console.log(await batch.retry({ only: "failed" })); // 0
    /// ```
    #[napi]
    pub async fn retry(&self, options: Option<RetryOptions>) -> napi::Result<i64> {
        let only = word(options.and_then(|RetryOptions { only }| only)).map_err(host)?;
        self.0.retry(only).await.map(Host::host).map_err(host)
    }

    /// Cancels what has not ended: nothing more is submitted from now on, and AMC is told about what it runs.
    ///
    /// ```js
    /// const { notCancelled } = await batch.cancel();
    /// console.log(notCancelled); // 0
    /// ```
    #[napi]
    pub async fn cancel(&self) -> napi::Result<CancelReport> {
        self.0.cancel().await.map(Host::host).map_err(host)
    }
}
