//! Collecting: every part fetched, kept raw, decoded by the dialect we asked for, stored; the manifest last.

use std::sync::Arc;

use arrow_array::RecordBatch;
use chrono::{DateTime, Utc};
use futures::StreamExt;

use super::backoff::{next_try, passes};
use super::hand::Job;
use super::reuse::reuse;
use super::{Engine, EngineSettings};
use crate::client::PartStream;
use crate::client::calls::counted;
use crate::error::{Error, Result};
use crate::model::{Change, Execution, Failure};
use crate::results::store::{Manifest, ResultWriter};
use crate::results::{Dialect, RunDecoder, marked_rows};
use crate::store::{Claim, Step};

/// Takes executions whose run has ended with results.
pub(super) async fn claim(engine: &Arc<Engine>, limit: usize) -> Result<Vec<Job>> {
    let claims = engine.store.claim_collects(&engine.terms(limit), engine.now()).await?;
    let job = |claim: Claim| {
        let worker = Arc::clone(engine);
        engine.in_hand.job(claim.execution.id.0, async move { perform(&worker, &claim).await })
    };
    Ok(claims.into_iter().map(job).collect())
}

async fn perform(engine: &Engine, claim: &Claim) -> Result<()> {
    // The places are never closed.
    let _place = engine.places.acquire().await.ok();
    let (collected, calls) = counted(fetch(engine, claim)).await;
    let change = match collected {
        Ok(change) => change,
        Err(error) => decide(&engine.settings, &claim.execution, &error, engine.now()),
    };
    engine.record(&[Step { fence: claim.lease().into(), change, calls }]).await?;
    Ok(())
}

async fn fetch(engine: &Engine, claim: &Claim) -> Result<Change> {
    if let Some(source) = claim.execution.reuse_of {
        return reuse(engine, claim, source).await;
    }
    let [row_count, size_bytes] = collect(engine, claim).await?.counts();
    Ok(Change::Completed { row_count, size_bytes })
}

/// Whether a result that could not be fetched may be fetched later. AMC keeps it, so this costs no attempt.
fn decide(settings: &EngineSettings, execution: &Execution, error: &Error, now: DateTime<Utc>) -> Change {
    if !passes(error) || execution.deferrals >= i64::from(settings.max_collect_failures) {
        return Change::Failed(Failure::from(error));
    }
    let not_before = next_try(settings, execution.id, execution.deferrals, error, now);
    Change::CollectDelayed { not_before, failure: Failure::from(error) }
}

async fn collect(engine: &Engine, claim: &Claim) -> Result<Manifest> {
    let id = claim.execution.amc_execution_id.as_deref();
    let id = id.ok_or_else(|| Error::unexpected("an execution is collected that AMC never took"))?;
    let run = engine.client.run(&claim.target, id).await?;
    let urls = engine.client.download_urls(&claim.target, id).await?;
    let writer = engine.results.begin(&(&claim.execution).into(), claim.lease().token).await?;
    let mut stored = Stored { writer, marker: claim.execution.amc.marker(), marked_rows: 0 };
    let mut decoder = RunDecoder::new(Dialect::default(), run.output_columns, engine.settings.batch_rows);
    let mut size_bytes = 0;
    for (number, url) in (0..).zip(urls.parts) {
        let part = Part { engine, claim, run: id, number };
        size_bytes += part.fetch(url, &mut decoder, &mut stored).await?;
    }
    let row_count = decoder.rows();
    let (schema, rest) = decoder.finish()?;
    stored.add(rest).await?;
    let (execution, marked_rows, completed_at) =
        (claim.execution.id, stored.marker.map(|_| stored.marked_rows), engine.now());
    let manifest = Manifest { execution, schema, row_count, marked_rows, size_bytes, completed_at };
    stored.writer.commit(manifest.clone()).await?;
    Ok(manifest)
}

/// Rows on their way into the store, counted where AMC marks them as suppressed.
struct Stored<'a> {
    writer: Box<dyn ResultWriter>,
    marker: Option<&'a str>,
    marked_rows: u64,
}

impl Stored<'_> {
    async fn add(&mut self, batches: Vec<RecordBatch>) -> Result<()> {
        for batch in batches {
            self.marked_rows += self.marker.map_or(0, |marker| marked_rows(&batch, marker));
            self.writer.rows(batch).await?;
        }
        Ok(())
    }
}

/// One part of a result.
struct Part<'a> {
    engine: &'a Engine,
    claim: &'a Claim,
    run: &'a str,
    number: u32,
}

impl Part<'_> {
    /// Streams the part into the store and returns its size. Where it breaks off it goes on from the next byte, by a
    /// fresh URL, as long as every try brings it further.
    async fn fetch(&self, mut url: String, decoder: &mut RunDecoder, stored: &mut Stored<'_>) -> Result<u64> {
        let mut size = 0;
        loop {
            let begun = size;
            let stream = self.engine.client.fetch_part(&url, size).await?;
            match self.pour(stream, &mut size, decoder, stored).await? {
                None => break,
                Some(error) if size == begun || !error.is_retryable() => return Err(error),
                Some(error) => {
                    tracing::debug!(part = self.number, size, %error, "a part broke off and goes on");
                    url = self.fresh_url().await?;
                }
            }
        }
        stored.add(decoder.end_part()?).await?;
        Ok(size)
    }

    /// Stores what a stream brings, and gives the error it broke off with.
    async fn pour(
        &self,
        mut stream: PartStream,
        size: &mut u64,
        decoder: &mut RunDecoder,
        stored: &mut Stored<'_>,
    ) -> Result<Option<Error>> {
        while let Some(bytes) = stream.next().await {
            let bytes = match bytes {
                Ok(bytes) => bytes,
                Err(error) => return Ok(Some(error)),
            };
            *size += u64::try_from(bytes.len()).unwrap_or_default();
            stored.add(decoder.push(&bytes)?).await?;
            if self.engine.settings.keep_raw {
                stored.writer.raw(self.number, bytes).await?;
            }
        }
        Ok(None)
    }

    async fn fresh_url(&self) -> Result<String> {
        let urls = self.engine.client.download_urls(&self.claim.target, self.run).await?;
        let number = usize::try_from(self.number).unwrap_or(usize::MAX);
        urls.parts.into_iter().nth(number).ok_or_else(|| {
            let message = format!("AMC no longer lists part {} of the result", self.number);
            Error::not_found("part_gone", message).instances([self.claim.target.instance_id.as_str()])
        })
    }
}
