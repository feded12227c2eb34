//! The remote side: what the engine asks of AMC, in AMC's own words.
//!
//! [`AmcClient`] is the seam. `http` implements it over HTTPS; tests run the same suite against every implementation.

use std::collections::BTreeMap;
use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, NaiveDateTime, Utc};
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::model::Receipt;
use crate::results::{Dialect, OutputColumn};

pub mod calls;
mod credentials;
pub mod endpoint;
#[cfg(feature = "http")]
pub mod http;
mod workflow;

pub use credentials::{AccessToken, Credential, Credentials, LWA_TOKEN_URL, TokenSource};
pub use workflow::AmcWorkflow;

/// The credential that is used where none is named.
pub const DEFAULT_CREDENTIAL: &str = "default";

/// An AMC account and the credential that reaches it: what every call but the list of accounts is addressed with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccountTarget {
    /// Names the credential the host holds.
    pub credential_key: String,
    /// The base URL of the API, without a trailing slash.
    pub endpoint: String,
    /// The AMC account id, an entity id (`ENTITY…`).
    pub account_id: String,
    /// The marketplace id of the AMC account.
    pub marketplace_id: String,
    /// Headers the account asks for beyond the usual ones.
    pub extra_headers: BTreeMap<String, String>,
}

/// One AMC instance of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// The account it belongs to.
    pub account: AccountTarget,
    /// AMC's own instance id (`amc…`).
    pub instance_id: String,
}

/// An account as `GET /amc/accounts` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmcAccount {
    /// The entity id.
    pub account_id: String,
    /// Its name.
    pub account_name: String,
    /// Its marketplace.
    pub marketplace_id: String,
}

/// An instance as `GET /amc/instances` lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmcInstance {
    /// AMC's id (`amc…`).
    pub instance_id: String,
    /// Its name.
    pub name: String,
    /// The customer's canonical name.
    pub customer_name: String,
    /// `STANDARD` or `SANDBOX`.
    pub instance_type: String,
    /// `COMPLETED`, `REQUESTED`, …, as AMC says it.
    pub creation_status: String,
}

/// The status of a run at AMC. Unknown ones are kept and treated as not terminal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RunStatus {
    /// Accepted, waiting for a free place.
    Pending,
    /// Computing.
    Running,
    /// Writing results.
    Publishing,
    /// Finished with results.
    Succeeded,
    /// Finished without results.
    Failed,
    /// Refused by validation, privacy or overlap checks.
    Rejected,
    /// Cancelled.
    Cancelled,
    /// A status this version does not know.
    Other(String),
}

impl RunStatus {
    /// Whether AMC will never change it again.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Rejected | Self::Cancelled)
    }

    /// AMC's own word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Publishing => "PUBLISHING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Rejected => "REJECTED",
            Self::Cancelled => "CANCELLED",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for RunStatus {
    fn from(word: &str) -> Self {
        match word {
            "PENDING" => Self::Pending,
            "RUNNING" => Self::Running,
            "PUBLISHING" => Self::Publishing,
            "SUCCEEDED" => Self::Succeeded,
            "FAILED" => Self::Failed,
            "REJECTED" => Self::Rejected,
            "CANCELLED" => Self::Cancelled,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A run (AMC: workflow execution) as AMC reports it.
#[derive(Debug, Clone, PartialEq)]
pub struct AmcRun {
    /// AMC's id of the run.
    pub execution_id: String,
    /// The workflow id we chose for it.
    pub workflow_id: String,
    /// Where it stands.
    pub status: RunStatus,
    /// Why it failed or was rejected, in AMC's words.
    pub status_reason: Option<String>,
    /// When AMC accepted it.
    pub create_time: Option<DateTime<Utc>>,
    /// When AMC last changed it.
    pub last_updated_time: Option<DateTime<Utc>>,
    /// The columns of its result, once known.
    pub output_columns: Option<Vec<OutputColumn>>,
    /// The request id of the answer this was read from.
    pub request_id: Option<String>,
    /// The HTTP status of that answer.
    pub http_status: Option<u16>,
}

impl AmcRun {
    /// What the answer this was read from says about itself.
    #[must_use]
    pub fn receipt(&self) -> Receipt {
        Receipt { http_status: self.http_status, request_id: self.request_id.clone() }
    }
}

/// What to run: always an inline workflow under our own workflow id, always an explicit window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunRequest {
    /// Our own id, by which the run can be found again.
    pub workflow_id: String,
    /// The query.
    pub sql: String,
    /// AMC's `inputParameters`, declarations of the native parameters.
    pub input_parameters: Vec<Value>,
    /// AMC's `parameterValues`.
    pub parameter_values: Map<String, Value>,
    /// The first moment of the window, in `time_zone`.
    pub window_start: NaiveDateTime,
    /// The first moment after the window, in `time_zone`.
    pub window_end: NaiveDateTime,
    /// The IANA zone of the window.
    pub time_zone: String,
    /// How long AMC may compute, in seconds (900 to 86,400); AMC's default when absent.
    pub timeout_seconds: Option<u32>,
    /// Asks for a sandbox's synthetic data.
    pub require_synthetic_data: bool,
    /// Compiles only.
    pub dry_run: bool,
    /// The CSV dialect of the result.
    pub dialect: Dialect,
    /// Further workflow fields (`privacyFilteringBehavior`, …), sent as they are.
    pub workflow_options: Map<String, Value>,
    /// The instant, by the client's own clock, from which on nothing of it may be sent any more: somebody else may
    /// have looked for the run then, found none, and sent another.
    #[serde(skip)]
    pub leave_by: Option<DateTime<Utc>>,
}

impl RunRequest {
    /// Whether it is too late to send it.
    #[must_use]
    pub fn is_late(&self, now: DateTime<Utc>) -> bool {
        self.leave_by.is_some_and(|until| until <= now)
    }

    /// The refusal of a request that is too late.
    #[must_use]
    pub fn late(&self) -> Error {
        let message = "the time to send a run was over before it could be sent; nothing was sent";
        Error::new(ErrorKind::Timeout, "too_late_to_send", message)
    }
}

/// The answer to a submit: the only three things that can be known.
#[derive(Debug)]
pub enum Submission {
    /// AMC took it.
    Submitted(AmcRun),
    /// It is proved that AMC did not take it.
    Refused(Error),
    /// AMC may or may not have taken it: time-out, reset, 5xx, unreadable answer.
    Unknown(Error),
}

/// Which runs to list: by our workflow id, or from a creation time on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunFilter {
    /// Every run submitted under this workflow id, cancelled ones included.
    WorkflowId(String),
    /// Every run created at or after this instant, cancelled ones included, newest first.
    CreatedSince(DateTime<Utc>),
}

/// What `downloadUrls` answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DownloadUrls {
    /// One signed URL a part, in order. They expire after ten minutes.
    pub parts: Vec<String>,
}

/// The bytes of one part as they arrive.
pub type PartStream = BoxStream<'static, Result<Bytes>>;

/// Amazon Marketing Cloud.
///
/// # Contract
/// - `submit` sends at most one POST that AMC could act on, none after the request's `leave_by`, and never hides an
///   unknown outcome: only an answer, or a failure before the request left, may become `Refused`.
/// - Every other method but `create_workflow` may repeat itself until it knows, and honours `Retry-After`.
/// - Every request is noted by [`calls::note`] as it leaves.
/// - Errors carry AMC's request id and its own words where there are any, and no secret.
/// - Unknown fields and statuses of AMC are tolerated.
#[async_trait]
pub trait AmcClient: fmt::Debug + Send + Sync + 'static {
    /// Lists every account the credential sees.
    async fn accounts(&self, credential_key: &str, endpoint: &str) -> Result<Vec<AmcAccount>>;

    /// Lists every instance of an account.
    async fn instances(&self, account: &AccountTarget) -> Result<Vec<AmcInstance>>;

    /// Lists the tables that queries may read at an instance, by AMC's ids.
    async fn data_sources(&self, target: &Target) -> Result<Vec<String>>;

    /// Submits a run.
    async fn submit(&self, target: &Target, request: &RunRequest) -> Submission;

    /// Reads one run, its output columns included once it has ended.
    async fn run(&self, target: &Target, amc_execution_id: &str) -> Result<AmcRun>;

    /// Lists the newest runs that match, at most `limit`.
    async fn runs(&self, target: &Target, filter: &RunFilter, limit: usize) -> Result<Vec<AmcRun>>;

    /// Asks AMC to cancel a run. A run that has ended already is an error of kind `Conflict`.
    async fn cancel(&self, target: &Target, amc_execution_id: &str) -> Result<()>;

    /// Asks for fresh URLs of a run's result.
    async fn download_urls(&self, target: &Target, amc_execution_id: &str) -> Result<DownloadUrls>;

    /// Opens one part from a byte on: 0 is all of it, its length an empty rest. No token goes to the download host; a
    /// body shorter than announced ends in an error.
    async fn fetch_part(&self, url: &str, offset: u64) -> Result<PartStream>;

    /// Lists every workflow saved at an instance.
    async fn workflows(&self, target: &Target) -> Result<Vec<AmcWorkflow>>;

    /// Reads one workflow saved at an instance.
    async fn workflow(&self, target: &Target, workflow_id: &str) -> Result<AmcWorkflow>;

    /// Saves a new workflow at an instance; AMC compiles it. One of that id is an error of kind `Conflict`. It is sent
    /// once: after a lost answer, read the workflow to learn whether AMC took it.
    async fn create_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()>;

    /// Replaces a workflow saved at an instance, all its fields; AMC compiles it.
    async fn update_workflow(&self, target: &Target, workflow: &AmcWorkflow) -> Result<()>;

    /// Deletes a workflow saved at an instance. AMC refuses while a schedule of its own needs it.
    async fn delete_workflow(&self, target: &Target, workflow_id: &str) -> Result<()>;
}
