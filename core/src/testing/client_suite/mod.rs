//! What every [`AmcClient`] does, whatever is behind it.
//!
//! Implement [`ClientHarness`] for the remote side and call [`client_suite!`](crate::client_suite) once: it expands to
//! one named test a behaviour. The calling crate needs tokio with its features `macros` and `rt`.
//!
//! ```text
//! mod my_client {
//!     amc_fleet::client_suite!(MyHarness::start());
//! }
//! ```

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::client::{AmcClient, AmcRun, RunRequest, Submission, Target};
use crate::error::{Error, Result};
use crate::testing::run_request;

mod catalog;
mod fault;
mod result;
mod run;
mod workflow;

pub use catalog::*;
pub use fault::*;
pub use result::*;
pub use run::*;
pub use workflow::*;

/// What goes wrong with the next call of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The remote side refuses the next submit for good.
    SubmitRefused,
    /// The remote side asks the next submit to come back in seven seconds.
    SubmitThrottled,
    /// The next submit is lost before the remote side takes it.
    SubmitLostBefore,
    /// The next submit is lost after the remote side took it.
    SubmitLostAfter,
    /// The next part breaks off.
    PartTruncated,
}

/// A remote side that a suite can arrange, and the client under test.
///
/// # Contract
/// - It starts with one account of at least two instances, and with no runs.
/// - No run ends before [`end_runs`](Self::end_runs); then every one that was not cancelled succeeds with a result of
///   at least one row.
#[async_trait]
pub trait ClientHarness: fmt::Debug + Send + Sync {
    /// The client under test.
    fn client(&self) -> &dyn AmcClient;

    /// The first instances of the account, in the client's own addressing.
    fn targets(&self) -> [Target; 2];

    /// A query the remote side can run.
    fn sql(&self) -> String;

    /// The remote side's instant.
    fn now(&self) -> DateTime<Utc>;

    /// Moves the remote side on until every run has ended.
    async fn end_runs(&self);

    /// Moves the remote side on until every download URL given so far has expired.
    async fn expire_urls(&self);

    /// Arranges a mishap for the next call.
    async fn arrange(&self, mishap: Mishap);

    /// The witness: the ids of all runs the remote side ever took for an instance, dry runs apart.
    async fn taken(&self, target: &Target) -> Vec<String>;
}

/// Expands to one test a behaviour of the client suite. The argument is an expression for a future that gives a fresh
/// [`ClientHarness`](crate::testing::client_suite::ClientHarness).
#[macro_export]
macro_rules! client_suite {
    ($harness:expr) => {
        $crate::client_suite! { @tests $harness;
            accounts_are_listed,
            an_unknown_credential_is_invalid_input,
            instances_are_listed,
            somebody_elses_instance_takes_no_run,
            a_submitted_run_can_be_read,
            a_submitted_run_is_listed_by_its_workflow_id,
            one_workflow_id_can_have_two_runs,
            runs_are_listed_from_an_instant_on,
            the_newest_run_is_listed_first,
            a_list_keeps_to_its_limit,
            a_long_list_is_read_to_its_end,
            a_run_runs_to_its_end,
            a_dry_run_ends_without_effect,
            a_cancelled_run_is_listed,
            an_ended_run_cannot_be_cancelled,
            an_unknown_run_is_not_found,
            a_result_is_not_ready_before_the_end,
            a_result_is_described_once_there_is_one,
            a_result_arrives_whole_and_again,
            an_unsuccessful_run_has_no_result,
            an_expired_url_is_told_apart,
            a_refused_submit_takes_nothing,
            a_throttled_submit_takes_nothing,
            a_submit_lost_before_its_effect_is_unknown_and_not_found,
            a_submit_lost_after_its_effect_is_unknown_and_found,
            a_truncated_part_ends_in_an_error,
            a_part_goes_on_where_it_broke_off,
            a_saved_workflow_can_be_read,
            a_workflow_id_is_saved_once,
            a_workflow_is_replaced_whole,
            a_deleted_workflow_is_gone,
            an_unknown_workflow_is_not_found,
            every_saved_workflow_is_listed,
        }
    };
    (@tests $harness:expr; $($behaviour:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $behaviour() -> $crate::Result<()> {
                let harness = $harness.await;
                $crate::testing::client_suite::$behaviour(&harness).await
            }
        )+
    };
}

fn request(harness: &dyn ClientHarness, workflow_id: &str) -> RunRequest {
    run_request(workflow_id, &harness.sql())
}

/// Submits under a workflow id to the first instance.
async fn submit(harness: &dyn ClientHarness, workflow_id: &str) -> Result<AmcRun> {
    let [target, _] = harness.targets();
    match harness.client().submit(&target, &request(harness, workflow_id)).await {
        Submission::Submitted(run) => Ok(run),
        Submission::Refused(error) | Submission::Unknown(error) => Err(error),
    }
}

/// The error of a call that has to fail.
fn failure<T>(result: Result<T>) -> Result<Error> {
    match result {
        Ok(_) => Err(Error::unexpected("the call succeeded, and should have failed")),
        Err(error) => Ok(error),
    }
}
