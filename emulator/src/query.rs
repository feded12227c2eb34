//! What executes a workflow's SQL: the seam between the emulator, which speaks HTTP, and whatever computes rows.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use serde_json::{Map, Value};

/// A query as AMC received it.
#[derive(Debug, Clone)]
pub struct Query {
    /// The AMC instance whose data are read.
    pub instance_id: String,
    /// The text as sent.
    pub sql: String,
    /// The window every scan is restricted to, half-open.
    pub window: Window,
    /// The declared input parameters with the value of this execution or the default; `None` has neither.
    pub parameters: Vec<Parameter>,
    /// Asks for the columns and thresholds that AMC adds on request.
    pub privacy: Privacy,
    /// Whether the run reads a sandbox's synthetic data (`requireSyntheticData`).
    pub synthetic: bool,
    /// The emulator's clock when the run started.
    pub now: DateTime<Utc>,
}

/// A half-open span of time and the zone it was given in.
#[derive(Debug, Clone)]
pub struct Window {
    /// The first instant inside.
    pub start: DateTime<Utc>,
    /// The first instant after.
    pub end: DateTime<Utc>,
    /// The IANA name of the zone of the request.
    pub time_zone: String,
}

/// A declared input parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name, case-sensitive.
    pub name: String,
    /// `dataType` as declared: a string, or `{"type":"ARRAY","elementDataType":…}`; `ARRAY` alone is a list too.
    pub data_type: Value,
    /// The value given, else the declared default, else nothing.
    pub value: Option<Value>,
}

impl Parameter {
    /// Tells whether it is a list, which may go without a value.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.data_type == "ARRAY" || self.data_type.get("type").is_some_and(|word| word == "ARRAY")
    }
}

/// The workflow fields that change what is filtered and which columns are added.
#[derive(Debug, Clone, Default)]
pub struct Privacy {
    /// `REMOVE_ROWS` (default) or `REMOVE_VALUES`.
    pub filtering_behavior: Option<String>,
    /// `filteredMetricsDiscriminatorColumn`.
    pub discriminator_column: Option<String>,
    /// `distinctUserCountColumn`.
    pub user_count_column: Option<String>,
    /// `filteredReasonColumn`.
    pub reason_column: Option<String>,
    /// `disableAggregationControls`.
    pub disable_aggregation_controls: bool,
}

/// A column of a result as AMC describes it in `outputColumns`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputColumn {
    /// The name in the CSV header.
    pub name: String,
    /// `STRING`, `LONG`, `DECIMAL`, `DATE`, …
    pub data_type: String,
    /// `DIMENSION` or `METRIC`.
    pub column_type: String,
    /// `dataTypePrecision` of a DECIMAL.
    pub precision: Option<u8>,
    /// `dataTypeScale` of a DECIMAL.
    pub scale: Option<i8>,
}

/// A row: each field as AMC writes it into CSV before quoting; `None` is NULL.
pub type Row = Vec<Option<String>>;

/// The answer to a query: columns at once, rows in batches as they are computed.
pub struct Answer {
    /// The columns of every row.
    pub columns: Vec<OutputColumn>,
    /// The rows.
    pub rows: BoxStream<'static, Result<Vec<Row>, Refusal>>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("columns", &self.columns).finish_non_exhaustive()
    }
}

/// Why a query does not run, in AMC's words (they become `statusReason`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Found before the run: it ends REJECTED.
    #[error("{0}")]
    Rejected(String),
    /// Found while it ran: it ends FAILED.
    #[error("{0}")]
    Failed(String),
}

/// A data source as `GET …/dataSources` shows it.
#[derive(Debug, Clone)]
pub struct DataSource {
    /// The table's name.
    pub id: String,
    /// One sentence.
    pub description: String,
    /// Whether it belongs to a paid feature.
    pub is_premium: bool,
    /// Its columns.
    pub columns: Vec<DataSourceColumn>,
}

/// A column of a data source.
#[derive(Debug, Clone)]
pub struct DataSourceColumn {
    /// Its name.
    pub name: String,
    /// `STRING`, `LONG`, …
    pub data_type: String,
    /// `DIMENSION` or `METRIC`.
    pub column_type: String,
    /// `NONE`, `LOW`, `MEDIUM`, `HIGH`, `VERY_HIGH` or `INTERNAL`.
    pub sensitivity: String,
}

/// Rows a test loads in place of the synthetic ones of one table of one instance.
#[derive(Debug, Clone)]
pub struct LoadedTable {
    /// The columns named by the header; they must exist in the data source.
    pub columns: Vec<String>,
    /// The rows, fields as in [`Row`].
    pub rows: Vec<Row>,
}

/// Executes AMC SQL, or stands in for it.
///
/// # Contract
/// - Deterministic: the same query over the same seed gives the same rows in the same order.
/// - `compile` refuses everything that `execute` would reject, and reads no data.
/// - A query's rows lie in its window.
#[async_trait]
pub trait QueryEngine: fmt::Debug + Send + Sync + 'static {
    /// Checks a query and describes its output.
    async fn compile(&self, query: &Query) -> Result<Vec<OutputColumn>, Refusal>;

    /// Runs a query.
    async fn execute(&self, query: &Query) -> Result<Answer, Refusal>;

    /// Lists the data sources of an instance.
    fn data_sources(&self, instance_id: &str) -> Vec<DataSource>;

    /// Replaces the rows of `table` for `instance_id` by `rows`.
    fn load(&self, instance_id: &str, table: &str, rows: LoadedTable) -> Result<(), String>;
}

/// Values by name, as `parameterValues` carries them.
pub type ParameterValues = Map<String, Value>;
