use std::time::Duration;

use async_trait::async_trait;

use super::*;
use crate::client::{AmcClient, RunFilter, Submission};
use crate::error::ErrorKind;
use crate::testing::client_suite::{ClientHarness, Mishap};
use crate::testing::{FaultyClient, ManualClock, run_request};

const MINUTE: Duration = Duration::from_secs(60);

/// The AMC in memory behind a client that is asked to fail nothing.
#[derive(Debug)]
struct Harness {
    clock: Arc<ManualClock>,
    amc: Arc<MemoryAmc>,
    client: FaultyClient<MemoryAmc>,
}

impl Harness {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::at("2025-10-15T00:00:00.5Z".parse().unwrap()));
        let amc = Arc::new(MemoryAmc::new(Arc::<ManualClock>::clone(&clock), 2));
        Self { clock, client: FaultyClient::new(Arc::clone(&amc)), amc }
    }
}

#[async_trait]
impl ClientHarness for Harness {
    fn client(&self) -> &dyn AmcClient {
        &self.client
    }

    fn targets(&self) -> [Target; 2] {
        self.amc.targets().try_into().unwrap()
    }

    fn sql(&self) -> String {
        "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign".to_owned()
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn end_runs(&self) {
        self.clock.advance(MINUTE);
    }

    async fn expire_urls(&self) {
        self.clock.advance(10 * MINUTE);
    }

    async fn arrange(&self, mishap: Mishap) {
        let seven = Some(Duration::from_secs(7));
        match mishap {
            Mishap::SubmitRefused => self.amc.fail_next_submit(SubmitFault::Refused),
            Mishap::SubmitThrottled => {
                self.amc.fail_next_submit(SubmitFault::Throttled { retry_after: seven })
            }
            Mishap::SubmitLostBefore => self.amc.fail_next_submit(SubmitFault::LostBefore),
            Mishap::SubmitLostAfter => self.amc.fail_next_submit(SubmitFault::LostAfter),
            Mishap::PartTruncated => self.amc.truncate_next_part(),
        }
    }

    async fn taken(&self, target: &Target) -> Vec<String> {
        let submits = self.amc.submits().into_iter();
        let own = submits.filter(|run| run.instance_id == target.instance_id && !run.request.dry_run);
        own.map(|run| run.execution_id).collect()
    }
}

mod suite {
    use super::Harness;

    crate::client_suite!(Harness::start());
}

fn one() -> (Arc<ManualClock>, MemoryAmc, Target) {
    let clock = Arc::new(ManualClock::at("2025-10-15T00:00:00Z".parse().unwrap()));
    let amc = MemoryAmc::new(Arc::<ManualClock>::clone(&clock), 1);
    let target = amc.targets().remove(0);
    (clock, amc, target)
}

async fn submitted(amc: &MemoryAmc, target: &Target) -> String {
    match amc.submit(target, &run_request("af-1", "SELECT 1")).await {
        Submission::Submitted(run) => run.execution_id,
        other => panic!("not submitted: {other:?}"),
    }
}

#[tokio::test]
async fn a_run_without_a_duration_ends_when_the_test_says_so() {
    let (clock, amc, target) = one();
    amc.script(RunScript { duration: None, ..RunScript::default() });
    let id = submitted(&amc, &target).await;
    clock.advance(60 * MINUTE);
    assert_eq!(amc.run(&target, &id).await.unwrap().status, RunStatus::Running);
    amc.end(&id, RunStatus::Rejected, Some("Object 'x' not found"));
    amc.end(&id, RunStatus::Succeeded, None);
    let run = amc.run(&target, &id).await.unwrap();
    assert_eq!(
        (run.status, run.status_reason.as_deref()),
        (RunStatus::Rejected, Some("Object 'x' not found"))
    );
    assert!(run.output_columns.is_none());
}

#[tokio::test]
async fn an_instance_can_have_a_script_of_its_own() {
    let (clock, amc, target) = one();
    let failing =
        RunScript { ending: RunStatus::Failed, reason: Some("out of memory".into()), ..RunScript::default() };
    amc.script_for(target.instance_id.clone(), failing);
    submitted(&amc, &target).await;
    clock.advance(MINUTE);
    assert_eq!(amc.submits()[0].status, RunStatus::Failed);
}

#[tokio::test]
async fn a_hidden_run_is_listed_late() {
    let (clock, amc, target) = one();
    amc.fail_next_submit(SubmitFault::TimedOut { hidden_for: MINUTE });
    let submission = amc.submit(&target, &run_request("af-1", "SELECT 1")).await;
    assert!(matches!(submission, Submission::Unknown(error) if error.kind() == ErrorKind::Timeout));
    let filter = RunFilter::WorkflowId("af-1".into());
    assert!(amc.runs(&target, &filter, 10).await.unwrap().is_empty());
    clock.advance(MINUTE);
    assert_eq!(amc.runs(&target, &filter, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_revoked_credential_does_nothing_until_it_is_restored() {
    let (_, amc, target) = one();
    amc.revoke(DEFAULT_CREDENTIAL);
    let submission = amc.submit(&target, &run_request("af-1", "SELECT 1")).await;
    assert!(matches!(submission, Submission::Refused(error) if error.kind() == ErrorKind::Unauthorized));
    assert!(amc.instances(&target.account).await.is_err());
    amc.restore(DEFAULT_CREDENTIAL);
    submitted(&amc, &target).await;
    assert_eq!(amc.submits().len(), 1);
}

#[tokio::test]
async fn the_witness_knows_how_many_were_alive_at_once() {
    let (clock, amc, target) = one();
    submitted(&amc, &target).await;
    clock.advance(MINUTE / 2);
    submitted(&amc, &target).await;
    clock.advance(MINUTE / 2);
    submitted(&amc, &target).await;
    assert_eq!((amc.most_at_once(&target.instance_id), amc.most_at_once("other")), (2, 0));
}
