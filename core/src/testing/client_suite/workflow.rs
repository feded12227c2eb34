//! Workflows saved at an instance: create, read, list, replace, delete.

use super::{ClientHarness, failure};
use crate::client::{AmcWorkflow, Target};
use crate::error::{ErrorKind, Result};

/// More workflows than AMC puts on a page.
const LONG: usize = 120;

fn workflow(harness: &dyn ClientHarness, id: &str) -> AmcWorkflow {
    AmcWorkflow::new(id, harness.sql())
}

async fn ids(harness: &dyn ClientHarness, target: &Target) -> Result<Vec<String>> {
    let mut ids: Vec<String> =
        harness.client().workflows(target).await?.into_iter().map(|one| one.workflow_id).collect();
    ids.sort();
    Ok(ids)
}

/// A saved workflow is read and listed as it was saved, on its own instance only, and starts no run.
pub async fn a_saved_workflow_can_be_read(harness: &dyn ClientHarness) -> Result<()> {
    let [target, other] = harness.targets();
    let mut saved = workflow(harness, "suite-saved");
    saved.options.insert("privacyFilteringBehavior".into(), "REMOVE_VALUES".into());
    harness.client().create_workflow(&target, &saved).await?;
    let read = harness.client().workflow(&target, "suite-saved").await?;
    assert_eq!((&read.workflow_id, &read.sql_query), (&saved.workflow_id, &saved.sql_query));
    assert_eq!(read.options.get("privacyFilteringBehavior"), saved.options.get("privacyFilteringBehavior"));
    assert_eq!(ids(harness, &target).await?, ["suite-saved"]);
    assert!(ids(harness, &other).await?.is_empty() && harness.taken(&target).await.is_empty());
    Ok(())
}

/// A second workflow of one id is refused, and the first one stays.
pub async fn a_workflow_id_is_saved_once(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    harness.client().create_workflow(&target, &workflow(harness, "suite-once")).await?;
    let again = harness.client().create_workflow(&target, &workflow(harness, "suite-once")).await;
    let error = failure(again)?;
    assert_eq!((error.kind(), error.code()), (ErrorKind::Conflict, "workflow_exists"), "{error:?}");
    assert_eq!(ids(harness, &target).await?, ["suite-once"]);
    Ok(())
}

/// A replaced workflow is the new one, all its fields.
pub async fn a_workflow_is_replaced_whole(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let mut first = workflow(harness, "suite-replaced");
    first.options.insert("privacyFilteringBehavior".into(), "REMOVE_VALUES".into());
    harness.client().create_workflow(&target, &first).await?;
    harness.client().update_workflow(&target, &workflow(harness, "suite-replaced")).await?;
    let read = harness.client().workflow(&target, "suite-replaced").await?;
    assert_eq!(read.options.get("privacyFilteringBehavior"), None);
    Ok(())
}

/// A deleted workflow is gone, and its id is free.
pub async fn a_deleted_workflow_is_gone(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    for _ in 0..2 {
        harness.client().create_workflow(&target, &workflow(harness, "suite-gone")).await?;
        harness.client().delete_workflow(&target, "suite-gone").await?;
        assert!(ids(harness, &target).await?.is_empty());
    }
    Ok(())
}

/// A workflow that is not there can be neither read nor replaced nor deleted.
pub async fn an_unknown_workflow_is_not_found(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let client = harness.client();
    let errors = [
        failure(client.workflow(&target, "suite-nowhere").await)?,
        failure(client.update_workflow(&target, &workflow(harness, "suite-nowhere")).await)?,
        failure(client.delete_workflow(&target, "suite-nowhere").await)?,
    ];
    for error in errors {
        assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, "workflow_unknown"), "{error:?}");
    }
    Ok(())
}

/// A list of workflows longer than one of AMC's pages is read to its end.
pub async fn every_saved_workflow_is_listed(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    for number in 0..LONG {
        harness.client().create_workflow(&target, &workflow(harness, &format!("suite-{number:03}"))).await?;
    }
    let listed = ids(harness, &target).await?;
    assert_eq!((listed.len(), listed.last().map(String::as_str)), (LONG, Some("suite-119")));
    Ok(())
}
