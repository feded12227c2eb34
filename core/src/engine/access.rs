//! An account out of reach: asked about once, whatever many runs of it are refused.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;

use super::Engine;
use crate::client::{AccountTarget, AmcClient, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Failure, InstanceUuid};
use crate::store::{Claim, Store};

/// How long an answer about an account is believed.
const BELIEVED: TimeDelta = TimeDelta::minutes(1);

/// When accounts were asked about last.
#[derive(Debug, Default)]
pub(super) struct Probes(Mutex<HashMap<AccountTarget, DateTime<Utc>>>);

impl Probes {
    fn is_first(&self, account: &AccountTarget, now: DateTime<Utc>) -> bool {
        let mut asked = self.0.lock();
        asked.retain(|_, at| *at + BELIEVED > now);
        asked.insert(account.clone(), now).is_none()
    }
}

/// After a refusal: whether the whole account is out of reach. Then what waits for it fails as this one did, unsent.
pub(super) async fn after_refusal(engine: &Engine, claim: &Claim, error: &Error) -> Result<()> {
    let now = engine.now();
    if error.kind() != ErrorKind::Forbidden || !engine.probes.is_first(&claim.target.account, now) {
        return Ok(());
    }
    let place = (claim.execution.instance, &claim.target);
    if deny_if_out_of_reach(engine.store.as_ref(), engine.client.as_ref(), place, error, now).await? {
        engine.signals.raise();
    }
    Ok(())
}

/// Asks AMC for the instances of an account whose call was refused with 403; if that is refused too, the account is out of
/// reach until a sync finds it again. Whether it is.
pub(crate) async fn deny_if_out_of_reach(
    store: &dyn Store,
    client: &dyn AmcClient,
    (instance, target): (InstanceUuid, &Target),
    refusal: &Error,
    now: DateTime<Utc>,
) -> Result<bool> {
    if refusal.kind() != ErrorKind::Forbidden {
        return Ok(false);
    }
    let denied = |error: &Error| matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound);
    let Some(error) = client.instances(&target.account).await.err().filter(denied) else { return Ok(false) };
    let message = format!("{} is out of reach: {}", target.account.account_id, error.message());
    let mut failure = Failure::from(&error);
    (failure.code, failure.message) = ("account_denied".to_owned(), message);
    let failed = store.deny_account(instance, &failure, now).await?;
    tracing::warn!(account = target.account.account_id, failed, "an account is out of reach");
    Ok(true)
}
