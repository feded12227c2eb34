//! A merged result.

use amc_fleet::Results as Core;
use napi_derive::napi;

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

    /// The chunks of one Arrow IPC stream.
    #[napi(skip_typescript)]
    pub fn ipc_chunks(&self) -> napi::Result<IpcChunks> {
        self.0.ipc().map(IpcChunks::from).map_err(host)
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
