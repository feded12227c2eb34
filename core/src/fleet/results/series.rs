//! The merged result of a series of runs.

use std::sync::Arc;

use chrono::NaiveDate;

use super::open::{pieces, segment};
use super::summary::ResultSummary;
use super::{Home, Missing, Query, Results, ResultsOptions};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Execution, Report, Window, Zone};
use crate::results::MergeOptions;
use crate::scheduler::Series;

impl Results {
    pub(in crate::fleet) async fn of_series(
        report: &Report,
        series: Series,
        (start, end): (NaiveDate, NaiveDate),
        query: Query,
        options: ResultsOptions,
        home: Home,
    ) -> Result<Self> {
        let (pieces, mut lacking) = pieces(series.runs, &home.store).await?;
        lacking.extend(series.missing);
        if options.missing == Missing::Raise && (pieces.is_empty() || !lacking.is_empty()) {
            return Err(incomplete(report, pieces.len(), &lacking, (start, end)));
        }
        let missing = lacking.iter().map(|run| Ok(format!("{} {}", run.instance_id, segment(run)?)));
        let missing = missing.collect::<Result<Vec<String>>>()?;
        let summary = ResultSummary {
            batch_id: report.id.public(),
            name: report.name.clone(),
            complete: format!("{} of {}", pieces.len(), pieces.len() + missing.len()),
            missing,
            total_rows: pieces.iter().map(|piece| piece.instance.row_count).sum(),
            window: Window::new(start.into(), end.into(), &Zone::utc())?.label(),
            instances: pieces.iter().map(|piece| piece.instance.clone()).collect(),
            widenings: Vec::new(),
            notes: Vec::new(),
        };
        let query = Query { notes: query.notes.into_iter().chain(series.notes).collect(), ..query };
        let merge = MergeOptions { series: true, ..options.merge };
        let merged = Self::merged(pieces, summary, query, &merge)?;
        Ok(Self { home: Some(Arc::new(home)), ..merged })
    }
}

fn incomplete(
    report: &Report,
    present: usize,
    lacking: &[Execution],
    (start, end): (NaiveDate, NaiveDate),
) -> Error {
    let total = present + lacking.len();
    let message = match total {
        0 => format!("no tick and no backfill of '{}' lies between {start} and {end}", report.name),
        _ => format!("'{}' has results of {present} of {total} windows of instances", report.name),
    };
    Error::new(ErrorKind::Incomplete, "results_incomplete", message)
        .instances(lacking.iter().map(|run| run.instance_id.as_str()))
        .hint("fill what is missing with a backfill, or say missing = include to take what there is")
}
