//! What a merged result is made of, and the files made of it.

use chrono::{DateTime, Utc};
use pyo3::prelude::*;

use super::{Plain, mirrors, record};

record! {
    /// The part of one instance in a merged result.
    InstanceResult {
        /// AMC's id of the instance.
        instance_id: String,
        /// Its name.
        instance_name: String,
        /// The region of its account.
        region: String,
        /// Our id of the execution (``exec_…``).
        execution_id: String,
        /// AMC's id of the run.
        amc_execution_id: Option<String>,
        /// Its rows.
        row_count: u64,
        /// ``rows``; ``suppressed`` when some are under AMC's thresholds; without rows ``empty``, ``no_data_yet`` when AMC may
        /// lack events of the window, or ``unknown``: AMC was not asked to keep what is under its thresholds.
        verdict: String,
        /// How many of its rows AMC marked as suppressed; ``None`` where it was not asked to mark them.
        marked_rows: Option<u64>,
        /// Seconds from its first submit to its end.
        duration_seconds: Option<f64>,
        /// Whose result this is (``exec_…``), where it was not run for this batch.
        reuse_of: Option<String>,
        /// How old its data were when the batch was asked for, in seconds, where it was not run for it.
        age_seconds: Option<f64>,
        /// When its rows were complete.
        completed_at: DateTime<Utc>,
    }
    /// >>> results.summary().instances[0].to_dict()["row_count"]
    /// 20
}

mirrors!(InstanceResult of amc_fleet::InstanceResult {
    instance_id, instance_name, region, execution_id, amc_execution_id, row_count, verdict, marked_rows,
    duration_seconds, reuse_of, age_seconds, completed_at,
});

impl InstanceResult {
    fn shown(&self) -> String {
        format!("<InstanceResult {} '{}' {} rows>", self.instance_id, self.instance_name, self.row_count)
    }
}

record! {
    /// A column whose type differed between instances.
    Widening {
        /// The column.
        column: String,
        /// Its type, in AMC's words, in the results of ``instances``.
        from_type: String,
        /// Its type in the merged result.
        to_type: String,
        /// The AMC ids of the instances concerned.
        instances: Vec<String>,
    }
    /// >>> widening.to_dict()["to_type"]
    /// 'DECIMAL(38,4)'
}

impl Plain for amc_fleet::results::Widening {
    type Python = Widening;

    fn plain(self) -> Widening {
        let Self { column, from, to, instances } = self;
        Widening { column, from_type: from, to_type: to, instances }
    }
}

impl Widening {
    fn shown(&self) -> String {
        format!("<Widening {} {} to {}>", self.column, self.from_type, self.to_type)
    }
}

record! {
    /// What a merged result is made of and what it lacks.
    ResultSummary {
        /// The batch (``batch_…``).
        batch_id: String,
        /// Its name.
        name: String,
        /// ``118 of 120``: instances with rows here, of all that were asked for.
        complete: String,
        /// Instances without a result, by AMC id.
        missing: Vec<String>,
        /// Rows in all.
        total_rows: u64,
        /// The window in words.
        window: String,
        /// The instances with a result.
        instances: Vec<InstanceResult>,
        /// Columns whose type differed between instances.
        widenings: Vec<Widening>,
        /// What to know before numbers of several instances are put together.
        notes: Vec<String>,
        /// The whole in one line.
        summary: String,
    }
    /// >>> results.summary().to_dict()["complete"]
    /// '3 of 3'
}

impl From<amc_fleet::ResultSummary> for ResultSummary {
    #[rustfmt::skip]
    fn from(it: amc_fleet::ResultSummary) -> Self {
        let summary = it.to_string();
        let amc_fleet::ResultSummary {
            batch_id, name, complete, missing, total_rows, window, instances, widenings, notes,
        } = it;
        let (instances, widenings) = (instances.plain(), widenings.plain());
        Self { batch_id, name, complete, missing, total_rows, window, instances, widenings, notes, summary }
    }
}

impl ResultSummary {
    fn shown(&self) -> String {
        format!("<ResultSummary {}>", self.summary)
    }
}

/// A file that was written.
#[pyclass(module = "amc_fleet", frozen)]
pub(crate) struct Export(amc_fleet::Export);

impl From<amc_fleet::Export> for Export {
    fn from(export: amc_fleet::Export) -> Self {
        Self(export)
    }
}

#[pymethods]
impl Export {
    /// The file.
    #[getter]
    fn path(&self) -> &std::path::Path {
        &self.0.path
    }

    /// The file beside it that says what it is made of.
    #[getter]
    fn manifest_path(&self) -> &std::path::Path {
        &self.0.manifest_path
    }

    /// Its rows.
    #[getter]
    fn rows(&self) -> u64 {
        self.0.rows
    }

    /// Its size in bytes.
    #[getter]
    fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// The SHA-256 of its bytes, by which ``Fleet.trace_file`` knows it again.
    #[getter]
    fn sha256(&self) -> &str {
        &self.0.sha256
    }

    fn __repr__(&self) -> String {
        format!("<Export {} {} rows, {} bytes>", self.0.path.display(), self.0.rows, self.0.bytes)
    }

    /// Returns the same as plain dicts, lists, strings, numbers and datetimes.
    ///
    /// Returns
    /// -------
    /// dict
    ///     One entry for each attribute.
    ///
    /// Examples
    /// --------
    /// >>> results.write_csv(folder / "reach.csv").to_dict()["rows"]
    /// 60
    #[pyo3(signature = () -> "dict[str, Any]")]
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, pyo3::types::PyDict>> {
        super::dict(slf.as_any(), &["path", "manifest_path", "rows", "bytes", "sha256"])
    }
}
