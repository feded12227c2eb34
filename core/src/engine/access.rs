//! The way to an account: an account out of reach is asked about once, however many runs wait for it.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;
use tokio::sync::{Mutex as Turns, OwnedMutexGuard};

use super::Engine;
use crate::client::{AccountTarget, AmcClient, Submission, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Failure, InstanceUuid};
use crate::store::{Claim, Store};

/// How long an answer about an account is believed.
const BELIEVED: TimeDelta = TimeDelta::minutes(1);

/// What the answers to this process say about an account.
#[derive(Debug, Default)]
enum Reach {
    /// Nothing yet: POSTs go one at a time, so that few are out before it is known.
    #[default]
    Untried,
    /// It is in reach, or was when it was last asked because of a refusal.
    Inside { asked_at: Option<DateTime<Utc>> },
    /// It is out of reach, since then.
    Outside(Failure, DateTime<Utc>),
}

/// The ways to accounts.
#[derive(Debug, Default)]
pub(super) struct Ways(Mutex<HashMap<AccountTarget, Arc<Turns<Reach>>>>);

/// The right to send a POST to an account; the only one, where it is not known to be in reach.
#[derive(Debug)]
pub(super) struct Turn(Option<OwnedMutexGuard<Reach>>);

impl Ways {
    fn to(&self, account: &AccountTarget) -> Arc<Turns<Reach>> {
        let mut ways = self.0.lock();
        Arc::clone(ways.entry(account.clone()).or_default())
    }

    /// Waits for a turn. Fails as the call would that is not sent: the account is out of reach.
    pub(super) async fn turn(
        &self,
        account: &AccountTarget,
        now: DateTime<Utc>,
    ) -> std::result::Result<Turn, Failure> {
        let reach = self.to(account).lock_owned().await;
        match &*reach {
            Reach::Inside { .. } => Ok(Turn(None)),
            Reach::Outside(failure, since) if *since + BELIEVED > now => Err(failure.clone()),
            Reach::Untried | Reach::Outside(..) => Ok(Turn(Some(reach))),
        }
    }
}

/// Learns from the answer to a POST. After a refusal the account is asked whether it is out of reach as a whole: then what
/// waits for it fails as this one did, unsent.
pub(super) async fn learn(engine: &Engine, claim: &Claim, answer: &Submission, turn: Turn) -> Result<()> {
    match answer {
        Submission::Refused(error) if error.kind() == ErrorKind::Forbidden => {
            let mut reach = match turn.0 {
                Some(reach) => reach,
                None => engine.ways.to(&claim.target.account).lock_owned().await,
            };
            after_refusal(engine, claim, error, &mut reach).await
        }
        Submission::Unknown(_) => Ok(()),
        Submission::Refused(error) if error.is_retryable() => Ok(()),
        Submission::Submitted(_) | Submission::Refused(_) => {
            if let Some(mut reach) = turn.0 {
                *reach = Reach::Inside { asked_at: None };
            }
            Ok(())
        }
    }
}

async fn after_refusal(engine: &Engine, claim: &Claim, error: &Error, reach: &mut Reach) -> Result<()> {
    let now = engine.now();
    if let Reach::Inside { asked_at: Some(at) } | Reach::Outside(_, at) = reach
        && *at + BELIEVED > now
    {
        return Ok(());
    }
    let place = (claim.execution.instance, &claim.target);
    let denied =
        deny_if_out_of_reach(engine.store.as_ref(), engine.client.as_ref(), place, error, now).await?;
    *reach = match denied {
        Some(failure) => Reach::Outside(failure, now),
        None => Reach::Inside { asked_at: Some(now) },
    };
    if let Reach::Outside(..) = reach {
        engine.signals.raise();
    }
    Ok(())
}

/// Asks AMC for the instances of an account whose call was refused with 403; if that is refused too, the account is out of
/// reach until a sync finds it again. Says how its runs fail then.
pub(crate) async fn deny_if_out_of_reach(
    store: &dyn Store,
    client: &dyn AmcClient,
    (instance, target): (InstanceUuid, &Target),
    refusal: &Error,
    now: DateTime<Utc>,
) -> Result<Option<Failure>> {
    if refusal.kind() != ErrorKind::Forbidden {
        return Ok(None);
    }
    let denied = |error: &Error| matches!(error.kind(), ErrorKind::Forbidden | ErrorKind::NotFound);
    let Some(error) = client.instances(&target.account).await.err().filter(denied) else { return Ok(None) };
    let message = format!("{} is out of reach: {}", target.account.account_id, error.message());
    let mut failure = Failure::from(&error);
    (failure.code, failure.message) = ("account_denied".to_owned(), message);
    let failed = store.deny_account(instance, &failure, now).await?;
    tracing::warn!(account = target.account.account_id, failed, "an account is out of reach");
    Ok(Some(failure))
}
