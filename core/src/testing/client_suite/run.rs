//! Runs from their submit to their end.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::{ClientHarness, failure, request, submit};
use crate::client::{RunFilter, RunStatus, Submission};
use crate::error::{ErrorKind, Result};

const MANY: usize = 100;

/// More runs than AMC puts on a page.
const LONG: usize = 120;

fn under(workflow_id: &str) -> RunFilter {
    RunFilter::WorkflowId(workflow_id.to_owned())
}

/// A submitted run carries our workflow id and can be read by the id AMC gave it.
pub async fn a_submitted_run_can_be_read(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let submitted = submit(harness, "suite-read").await?;
    let run = harness.client().run(&target, &submitted.execution_id).await?;
    assert_eq!((run.execution_id, run.workflow_id.as_str()), (submitted.execution_id.clone(), "suite-read"));
    assert!(!run.status.is_terminal() && run.create_time.is_some());
    assert_eq!(harness.taken(&target).await, [submitted.execution_id]);
    Ok(())
}

/// A run is found again by our workflow id, on its own instance only, and under no other id.
pub async fn a_submitted_run_is_listed_by_its_workflow_id(harness: &dyn ClientHarness) -> Result<()> {
    let [target, other] = harness.targets();
    let submitted = submit(harness, "suite-listed").await?;
    let listed = harness.client().runs(&target, &under("suite-listed"), MANY).await?;
    assert_eq!(listed.iter().map(|run| &run.execution_id).collect::<Vec<_>>(), [&submitted.execution_id]);
    assert!(harness.client().runs(&target, &under("suite-list"), MANY).await?.is_empty());
    assert!(harness.client().runs(&other, &under("suite-listed"), MANY).await?.is_empty());
    Ok(())
}

/// AMC knows no idempotency: two submits under one workflow id are two runs, and both are listed.
pub async fn one_workflow_id_can_have_two_runs(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let (first, second) = (submit(harness, "suite-twice").await?, submit(harness, "suite-twice").await?);
    assert_ne!(first.execution_id, second.execution_id);
    let listed = harness.client().runs(&target, &under("suite-twice"), MANY).await?;
    assert_eq!((listed.len(), harness.taken(&target).await.len()), (2, 2));
    Ok(())
}

/// A list from an instant on holds what was created since, and nothing from before.
pub async fn runs_are_listed_from_an_instant_on(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let start = harness.now();
    submit(harness, "suite-since").await?;
    let since = |instant| RunFilter::CreatedSince(instant);
    assert_eq!(harness.client().runs(&target, &since(start), MANY).await?.len(), 1);
    let tomorrow = since(start + TimeDelta::days(1));
    assert!(harness.client().runs(&target, &tomorrow, MANY).await?.is_empty());
    Ok(())
}

/// A list has no more items than asked for, and none where none are.
pub async fn a_list_keeps_to_its_limit(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    for _ in 0..3 {
        submit(harness, "suite-limit").await?;
    }
    for limit in [0, 1, 2, 3] {
        assert_eq!(harness.client().runs(&target, &under("suite-limit"), limit).await?.len(), limit);
    }
    Ok(())
}

/// A list longer than one of AMC's pages is read to its end, each run once.
pub async fn a_long_list_is_read_to_its_end(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    for _ in 0..LONG {
        submit(harness, "suite-long").await?;
    }
    let listed = harness.client().runs(&target, &under("suite-long"), 2 * LONG).await?;
    let ids: HashSet<_> = listed.iter().map(|run| &run.execution_id).collect();
    assert_eq!((listed.len(), ids.len()), (LONG, LONG));
    Ok(())
}

/// The newest run comes first: a list cut short by its limit lacks the oldest ones.
pub async fn the_newest_run_is_listed_first(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let start = harness.now();
    submit(harness, "suite-older").await?;
    harness.end_runs().await;
    submit(harness, "suite-newer").await?;
    let listed = harness.client().runs(&target, &RunFilter::CreatedSince(start), MANY).await?;
    let names: Vec<&str> = listed.iter().map(|run| run.workflow_id.as_str()).collect();
    assert_eq!(names, ["suite-newer", "suite-older"]);
    let newest = harness.client().runs(&target, &RunFilter::CreatedSince(start), 1).await?;
    assert_eq!(newest.first().map(|run| run.workflow_id.as_str()), Some("suite-newer"));
    Ok(())
}

/// A run ends, and its end is told by reading it and by listing it.
pub async fn a_run_runs_to_its_end(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let submitted = submit(harness, "suite-end").await?;
    harness.end_runs().await;
    let run = harness.client().run(&target, &submitted.execution_id).await?;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.status_reason);
    let listed = harness.client().runs(&target, &under("suite-end"), MANY).await?;
    assert_eq!(listed.first().map(|run| run.status.clone()), Some(RunStatus::Succeeded));
    Ok(())
}

/// A dry run of a good query succeeds and leaves nothing to download.
pub async fn a_dry_run_ends_without_effect(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let mut request = request(harness, "suite-dry");
    request.dry_run = true;
    let submission = harness.client().submit(&target, &request).await;
    let Submission::Submitted(submitted) = submission else { panic!("not submitted: {submission:?}") };
    harness.end_runs().await;
    let run = harness.client().run(&target, &submitted.execution_id).await?;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.status_reason);
    failure(harness.client().download_urls(&target, &submitted.execution_id).await)?;
    Ok(())
}

/// A cancelled run stays cancelled and stays in the list.
pub async fn a_cancelled_run_is_listed(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let submitted = submit(harness, "suite-cancel").await?;
    harness.client().cancel(&target, &submitted.execution_id).await?;
    harness.end_runs().await;
    let run = harness.client().run(&target, &submitted.execution_id).await?;
    assert_eq!(run.status, RunStatus::Cancelled);
    let listed = harness.client().runs(&target, &under("suite-cancel"), MANY).await?;
    assert_eq!(listed.first().map(|run| run.status.clone()), Some(RunStatus::Cancelled));
    Ok(())
}

/// A run that has ended cannot be cancelled any more, and keeps its end.
pub async fn an_ended_run_cannot_be_cancelled(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let submitted = submit(harness, "suite-late-cancel").await?;
    harness.end_runs().await;
    let error = failure(harness.client().cancel(&target, &submitted.execution_id).await)?;
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}");
    assert_eq!(harness.client().run(&target, &submitted.execution_id).await?.status, RunStatus::Succeeded);
    Ok(())
}

/// A run nobody submitted, or that is another instance's, is not found by any call.
pub async fn an_unknown_run_is_not_found(harness: &dyn ClientHarness) -> Result<()> {
    let [target, other] = harness.targets();
    let elsewhere = submit(harness, "suite-unknown").await?.execution_id;
    for (target, id) in [(&target, "00000000-0000-4000-8000-000000000000"), (&other, elsewhere.as_str())] {
        let errors = [
            failure(harness.client().run(target, id).await)?,
            failure(harness.client().cancel(target, id).await)?,
            failure(harness.client().download_urls(target, id).await)?,
        ];
        for error in errors {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
        }
    }
    Ok(())
}
