//! Accounts and instances.

use super::{ClientHarness, failure, request};
use crate::client::{AccountTarget, Submission, Target};
use crate::error::{ErrorKind, Result};

/// The account is among the accounts of its credential, under its marketplace.
pub async fn accounts_are_listed(harness: &dyn ClientHarness) -> Result<()> {
    let [Target { account, .. }, _] = harness.targets();
    let accounts = harness.client().accounts(&account.credential_key, &account.endpoint).await?;
    let listed = accounts.iter().find(|listed| listed.account_id == account.account_id);
    assert_eq!(listed.map(|listed| listed.marketplace_id.as_str()), Some(account.marketplace_id.as_str()));
    Ok(())
}

/// A credential that was never given is the caller's mistake.
pub async fn an_unknown_credential_is_invalid_input(harness: &dyn ClientHarness) -> Result<()> {
    let [Target { account, .. }, _] = harness.targets();
    let error = failure(harness.client().accounts("nobody", &account.endpoint).await)?;
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidInput, "credential_unknown"));
    Ok(())
}

/// Every instance of the account is listed once, with a name.
pub async fn instances_are_listed(harness: &dyn ClientHarness) -> Result<()> {
    let targets = harness.targets();
    let instances = harness.client().instances(&targets[0].account).await?;
    for target in &targets {
        let listed: Vec<_> = instances.iter().filter(|one| one.instance_id == target.instance_id).collect();
        assert_eq!(listed.len(), 1, "{} is listed {} times", target.instance_id, listed.len());
        assert!(!listed[0].name.is_empty() && listed[0].creation_status == "COMPLETED");
    }
    Ok(())
}

/// An instance under the wrong account is refused: not found or forbidden, and no run exists.
pub async fn somebody_elses_instance_takes_no_run(harness: &dyn ClientHarness) -> Result<()> {
    let [target, _] = harness.targets();
    let account = AccountTarget { account_id: "ENTITYSOMEBODYELSE".to_owned(), ..target.account.clone() };
    let elsewhere = Target { account, ..target.clone() };
    let submission = harness.client().submit(&elsewhere, &request(harness, "suite-elsewhere")).await;
    let Submission::Refused(error) = submission else { panic!("not refused: {submission:?}") };
    let kinds = [ErrorKind::Forbidden, ErrorKind::NotFound, ErrorKind::Unauthorized];
    assert!(kinds.contains(&error.kind()) && !error.is_retryable(), "{error:?}");
    assert!(harness.taken(&target).await.is_empty());
    Ok(())
}
