//! A merged result.

use amc_fleet::Results as Core;
use amc_fleet::results::{CsvOptions, Filter, Format, Order, RollUp};
use futures::TryStreamExt;
use napi_derive::napi;
use serde_json::Value;

use crate::chunks::{IpcChunks, RowPages};
use crate::error::host;
use crate::record::Host;
use crate::report::{Export, ResultSummary};

/// A column of a merged result.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its cells are: `long` is a 64-bit whole number; `decimal`, `date` and `timestamp` cells are texts.
    #[napi(ts_type = "'text' | 'boolean' | 'number' | 'double' | 'long' | 'decimal' | 'date' | 'timestamp'")]
    pub form: String,
}

impl Host<Column> for amc_fleet::results::export::Column {
    fn host(self) -> Column {
        let Self { name, form } = self;
        Column { name, form: form.as_str().to_owned() }
    }
}

/// How a file is written.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct WriteOptions {
    /// Its format; what the ending of its name says where absent.
    #[napi(ts_type = "'csv' | 'json_lines' | 'parquet' | 'arrow' | 'arrow_stream' | 'xlsx'")]
    pub format: Option<String>,
    /// Whether CSV begins with a byte order mark, by which some spreadsheets know UTF-8.
    pub byte_order_mark: Option<bool>,
    /// Whether an apostrophe stands before texts of CSV that a spreadsheet would take for a formula.
    pub spreadsheet_safe: Option<bool>,
}

impl WriteOptions {
    fn format(this: Option<Self>, path: &str) -> amc_fleet::Result<Format> {
        let Some(Self { format, byte_order_mark, spreadsheet_safe }) = this else {
            return Format::asked(path.as_ref(), None, CsvOptions::default());
        };
        let [byte_order_mark, spreadsheet_safe] =
            [byte_order_mark, spreadsheet_safe].map(Option::unwrap_or_default);
        Format::asked(path.as_ref(), format.as_deref(), CsvOptions { byte_order_mark, spreadsheet_safe })
    }
}

/// In which direction rows are ordered, and how many are taken.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct SortOptions {
    /// Whether from large to small; false where absent.
    pub descending: Option<bool>,
    /// Only the first so many rows, for which memory holds little more than those.
    pub limit: Option<u32>,
}

/// One table over all instances of a batch, `_instance_id` and `_instance_name` first. Rows are read when they are
/// asked for, a bounded batch at a time, and can be asked for again.
#[napi]
#[derive(Debug)]
pub struct Results(Core);

impl From<Core> for Results {
    fn from(results: Core) -> Self {
        Self(results)
    }
}

#[napi]
impl Results {
    /// What it is made of and what it lacks.
    ///
    /// ```js
    /// const { complete, missing } = results.summary;
    /// console.log(complete, missing); // 3 of 3 []
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn summary(&self) -> ResultSummary {
        self.0.summary().clone().host()
    }

    /// Rows in all.
    ///
    /// ```js
    /// console.log(`${results.totalRows} rows`); // 60 rows
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn total_rows(&self) -> i64 {
        self.0.total_rows().host()
    }

    /// The columns, in order.
    ///
    /// ```js
    /// const names = results.columns.map((column) => column.name);
    /// console.log(names.slice(0, 2)); // ["_instance_id","_instance_name"]
    /// ```
    #[napi(getter)]
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        self.0.columns().host()
    }

    /// The first rows as a table for people.
    ///
    /// ```js
    /// console.log(await results.table(10));
    /// ```
    #[napi]
    pub async fn table(&self, rows: u32) -> napi::Result<String> {
        self.0.table(count(rows)).await.map_err(host)
    }

    /// Writes every row as CSV (RFC 4180), and beside it a manifest that says what the file is made of and lacks. The
    /// file appears when it is complete, or not at all.
    ///
    /// Rejects with `file_not_writable`.
    ///
    /// ```js
    /// const { rows, bytes } = await results.writeCsv("reach.csv");
    /// console.log(rows); // 60
    /// ```
    #[napi]
    pub async fn write_csv(
        &self,
        #[napi(ts_arg_type = "string | URL")] path: String,
    ) -> napi::Result<Export> {
        self.0.write_csv(path).await.map(Host::host).map_err(host)
    }

    /// Writes every row in a format, and beside it a manifest that says what the file is made of and lacks. The file
    /// appears when it is complete, or not at all.
    ///
    /// Rejects with `unknown_format`, `csv_only`, `too_many_rows` for a workbook, `file_not_writable`.
    ///
    /// ```js
    /// const { rows, sha256 } = await results.write("reach.parquet");
    /// console.log(rows); // 60
    /// ```
    #[napi]
    pub async fn write(&self, path: String, options: Option<WriteOptions>) -> napi::Result<Export> {
        let format = WriteOptions::format(options, &path).map_err(host)?;
        self.0.write(path, Some(format)).await.map(Host::host).map_err(host)
    }

    /// Rolls the rows up by what each column means.
    #[napi(skip_typescript)]
    pub async fn roll_up(&self, asked: Value) -> napi::Result<Self> {
        let asked = RollUp::from_json(asked).map_err(host)?;
        self.0.roll_up(asked).await.map(Self).map_err(host)
    }

    /// Gives the rows that meet conditions.
    #[napi(skip_typescript)]
    pub async fn filter(&self, conditions: Value) -> napi::Result<Self> {
        let filter = Filter::from_json(conditions).map_err(host)?;
        self.0.filter(&filter).await.map(Self).map_err(host)
    }

    /// Puts the rows in order, the first column counting most. NULL comes last; equal rows stay as they were.
    ///
    /// Rejects with `unknown_column`, `not_a_number` when a column has no order, `too_many_rows` without a limit.
    ///
    /// ```js
    /// const largest = await results.sort(["reach"], { descending: true, limit: 5 });
    /// console.log(largest.totalRows); // 5
    /// ```
    #[napi]
    pub async fn sort(&self, by: Vec<String>, options: Option<SortOptions>) -> napi::Result<Self> {
        let SortOptions { descending, limit } = options.unwrap_or_default();
        let order = Order::by(by, descending.unwrap_or_default());
        self.0.sort(&order, limit.map(count)).await.map(Self).map_err(host)
    }

    /// The rows of some instances alone, by AMC's ids.
    ///
    /// Rejects with `unknown_instance` when one has no result here.
    ///
    /// ```js
    /// const [first] = results.summary.instances;
    /// const own = await results.ofInstances([first.instanceId]);
    /// console.log(own.totalRows); // 20
    /// ```
    #[napi]
    pub async fn of_instances(&self, instance_ids: Vec<String>) -> napi::Result<Self> {
        self.0.of_instances(&instance_ids).map(Self).map_err(host)
    }

    /// Compares with later results.
    #[allow(clippy::use_self, reason = "the macro knows no Self among arguments")]
    #[napi(skip_typescript)]
    pub async fn compare(&self, after: &Results, asked: Value) -> napi::Result<Self> {
        let asked = RollUp::from_json(asked).map_err(host)?;
        self.0.compare(&after.0, asked).await.map(Self).map_err(host)
    }

    /// Rolls the rows up and ranks them by one column.
    #[napi(skip_typescript)]
    pub async fn ranking(&self, column: String, asked: Value) -> napi::Result<Self> {
        let asked = RollUp::from_json(asked).map_err(host)?;
        self.0.ranking(asked, &column).await.map(Self).map_err(host)
    }

    /// Rolls one column up into a table with a column for each instance.
    #[napi(skip_typescript)]
    pub async fn across_instances(&self, asked: Value) -> napi::Result<Self> {
        let asked = RollUp::from_json(asked).map_err(host)?;
        self.0.across_instances(asked).await.map(Self).map_err(host)
    }

    /// The bytes of a file of every row, as they become ready.
    #[napi(skip_typescript)]
    pub async fn file_chunks(
        &self,
        format: String,
        options: Option<WriteOptions>,
    ) -> napi::Result<IpcChunks> {
        let options = WriteOptions { format: Some(format), ..options.unwrap_or_default() };
        let format = WriteOptions::format(Some(options), "").map_err(host)?;
        self.0.encoded(format).map(IpcChunks::from).map_err(host)
    }

    /// The chunks of one Arrow IPC stream.
    #[napi(skip_typescript)]
    pub fn ipc_chunks(&self) -> napi::Result<IpcChunks> {
        self.0.ipc().map(IpcChunks::from).map_err(host)
    }

    /// Reads and merges every row and lets it go, for the bench that counts what handing over adds.
    #[napi(skip_typescript)]
    pub async fn drain(&self) -> napi::Result<i64> {
        let rows = self.0.stream().map_ok(|batch| batch.num_rows().host());
        rows.try_fold(0, |sum, rows: i64| async move { Ok(sum + rows) }).await.map_err(host)
    }

    /// All rows, a page of JSON at a time.
    #[napi(skip_typescript)]
    pub fn row_pages(&self) -> RowPages {
        self.0.json_pages().into()
    }

    /// A page of the rows as JSON.
    #[napi(skip_typescript)]
    pub async fn json_page(&self, offset: u32, rows: u32) -> napi::Result<String> {
        self.0.json_page(count(offset), count(rows)).await.map_err(host)
    }
}

fn count(rows: u32) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
