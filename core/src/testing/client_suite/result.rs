//! Results: described, whole, and by fresh URLs.

use futures::TryStreamExt;

use super::{ClientHarness, failure, submit};
use crate::client::AmcRun;
use crate::error::{ErrorKind, Result};

async fn ended(harness: &dyn ClientHarness, workflow_id: &str) -> Result<AmcRun> {
    let [target, _] = harness.targets();
    let submitted = submit(harness, workflow_id).await?;
    harness.end_runs().await;
    harness.client().run(&target, &submitted.execution_id).await
}

async fn parts(harness: &dyn ClientHarness, run: &AmcRun) -> Result<Vec<Vec<u8>>> {
    let [target, _] = harness.targets();
    let mut parts = Vec::new();
    for url in harness.client().download_urls(&target, &run.execution_id).await?.parts {
        let chunks: Vec<_> = harness.client().fetch_part(&url, 0).await?.try_collect().await?;
        parts.push(chunks.concat());
    }
    Ok(parts)
}

/// Before a run has succeeded its result is not ready; that passes.
pub async fn a_result_is_not_ready_before_the_end(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let submitted = submit(harness, "suite-early").await?;
    let error = failure(harness.client().download_urls(&target, &submitted.execution_id).await)?;
    assert_eq!((error.code(), error.is_retryable()), ("result_not_ready", true), "{error:?}");
    Ok(())
}

/// Once there is a result, its columns are known, in the order of its header.
pub async fn a_result_is_described_once_there_is_one(harness: &dyn ClientHarness) -> Result<()> {
    let run = ended(harness, "suite-columns").await?;
    let columns: Vec<String> =
        run.output_columns.iter().flatten().map(|column| column.name.clone()).collect();
    let parts = parts(harness, &run).await?;
    let text = String::from_utf8_lossy(&parts[0]).into_owned();
    let header = text.lines().next().unwrap_or_default().replace('"', "");
    assert_eq!(header.to_lowercase(), columns.join(",").to_lowercase());
    Ok(())
}

/// Every part arrives whole, and the same again by URLs asked for anew.
pub async fn a_result_arrives_whole_and_again(harness: &dyn ClientHarness) -> Result<()> {
    let run = ended(harness, "suite-whole").await?;
    let first = parts(harness, &run).await?;
    let rows: usize = first.iter().map(|part| String::from_utf8_lossy(part).lines().count()).sum();
    assert!(rows >= 2, "a header and a row at least");
    assert_eq!(first, parts(harness, &run).await?);
    Ok(())
}

/// A run that was cancelled has no result, then or later.
pub async fn an_unsuccessful_run_has_no_result(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let submitted = submit(harness, "suite-none").await?;
    harness.client().cancel(&target, &submitted.execution_id).await?;
    harness.end_runs().await;
    failure(harness.client().download_urls(&target, &submitted.execution_id).await)?;
    Ok(())
}

/// A URL that has expired says so; a fresh one works, and no error shows a URL.
pub async fn an_expired_url_is_told_apart(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let run = ended(harness, "suite-expired").await?;
    let urls = harness.client().download_urls(&target, &run.execution_id).await?;
    harness.expire_urls().await;
    for url in &urls.parts {
        let error = failure(harness.client().fetch_part(url, 0).await.map(drop))?;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Forbidden, "url_expired"), "{error:?}");
        assert!(error.is_retryable() && !format!("{error} {error:?}").contains(url.as_str()));
    }
    assert_eq!(parts(harness, &run).await?.len(), urls.parts.len());
    Ok(())
}
