//! What a client may and may not claim when something goes wrong.

use std::time::Duration;

use futures::TryStreamExt;

use super::{ClientHarness, Mishap, failure, request, submit};
use crate::client::{RunFilter, Submission};
use crate::error::{Error, ErrorKind, Result};

const MANY: usize = 100;

async fn refused(harness: &dyn ClientHarness, mishap: Mishap) -> Error {
    let [target, _] = harness.targets();
    harness.arrange(mishap).await;
    let submission = harness.client().submit(&target, &request(harness, "suite-fault")).await;
    let Submission::Refused(error) = submission else { panic!("not refused: {submission:?}") };
    assert!(harness.taken(&target).await.is_empty());
    error
}

/// Loses a submit, and tells how many runs the remote side has and lists afterwards.
async fn lost(harness: &dyn ClientHarness, mishap: Mishap) -> Result<(usize, usize)> {
    let [target, _] = harness.targets();
    harness.arrange(mishap).await;
    let submission = harness.client().submit(&target, &request(harness, "suite-fault")).await;
    let Submission::Unknown(error) = submission else { panic!("not unknown: {submission:?}") };
    assert!(error.is_retryable(), "{error:?}");
    let listed =
        harness.client().runs(&target, &RunFilter::WorkflowId("suite-fault".to_owned()), MANY).await?;
    Ok((harness.taken(&target).await.len(), listed.len()))
}

/// A refusal is final, proves that there is no run, and harms no later submit.
pub async fn a_refused_submit_takes_nothing(harness: &dyn ClientHarness) -> Result<()> {
    let error = refused(harness, Mishap::SubmitRefused).await;
    assert!(error.kind() == ErrorKind::InvalidInput && !error.is_retryable(), "{error:?}");
    submit(harness, "suite-after").await?;
    Ok(())
}

/// A throttled submit is proved not taken, and says when to come back.
pub async fn a_throttled_submit_takes_nothing(harness: &dyn ClientHarness) -> Result<()> {
    let error = refused(harness, Mishap::SubmitThrottled).await;
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::RateLimited, Some(Duration::from_secs(7))));
    Ok(())
}

/// A submit lost on its way is unknown; the list proves that it was not taken.
pub async fn a_submit_lost_before_its_effect_is_unknown_and_not_found(
    harness: &dyn ClientHarness,
) -> Result<()> {
    assert_eq!(lost(harness, Mishap::SubmitLostBefore).await?, (0, 0));
    Ok(())
}

/// A submit whose answer is lost is unknown and sent once; the list finds its run.
pub async fn a_submit_lost_after_its_effect_is_unknown_and_found(harness: &dyn ClientHarness) -> Result<()> {
    assert_eq!(lost(harness, Mishap::SubmitLostAfter).await?, (1, 1));
    Ok(())
}

/// A part that breaks off ends in an error, never in a shorter part; the next try is whole.
pub async fn a_truncated_part_ends_in_an_error(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let run = submit(harness, "suite-truncated").await?;
    harness.end_runs().await;
    let urls = harness.client().download_urls(&target, &run.execution_id).await?;
    let [url, ..] = &urls.parts[..] else { panic!("a result has a part at least") };
    harness.arrange(Mishap::PartTruncated).await;
    let broken: Result<Vec<_>> = match harness.client().fetch_part(url, 0).await {
        Ok(stream) => stream.try_collect().await,
        Err(error) => Err(error),
    };
    let error = failure(broken)?;
    assert!(error.is_retryable(), "{error:?}");
    let whole: Vec<_> = harness.client().fetch_part(url, 0).await?.try_collect().await?;
    assert!(!whole.concat().is_empty());
    Ok(())
}

/// From any byte on, a part is its own rest; from its end on, nothing.
pub async fn a_part_goes_on_where_it_broke_off(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let run = submit(harness, "suite-resumed").await?;
    harness.end_runs().await;
    let urls = harness.client().download_urls(&target, &run.execution_id).await?;
    let [url, ..] = &urls.parts[..] else { panic!("a result has a part at least") };
    let from = async |offset: usize| -> Result<Vec<u8>> {
        let offset = u64::try_from(offset).unwrap_or(u64::MAX);
        let chunks: Vec<_> = harness.client().fetch_part(url, offset).await?.try_collect().await?;
        Ok(chunks.concat())
    };
    let whole = from(0).await?;
    for offset in [1, whole.len() / 2, whole.len() - 1, whole.len()] {
        assert_eq!(from(offset).await?, whole[offset..], "from {offset} on");
    }
    Ok(())
}
