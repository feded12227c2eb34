//! How many runs compute at once, and who waits.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::client::{A_WHILE, Client, QUERY, inline};

/// A run as the witness saw it.
#[derive(Debug)]
struct Run {
    status: String,
    instance: String,
    started: DateTime<Utc>,
    ended: DateTime<Utc>,
}

fn runs(client: &Client) -> Vec<Run> {
    let witness = client.emulator.executions();
    let time = |run: &Value, name: &str| run[name].as_str().unwrap().parse().unwrap();
    let run = |run: &Value| Run {
        status: run["status"].as_str().unwrap().to_owned(),
        instance: run["instanceId"].as_str().unwrap().to_owned(),
        started: time(run, "startTime"),
        ended: time(run, "endTime"),
    };
    witness["executions"].as_array().unwrap().iter().map(run).collect()
}

/// Gives how many of the runs computed at once at most.
fn most_at_once(runs: &[&Run]) -> usize {
    let computing = |at| runs.iter().filter(|run| run.started <= at && at < run.ended).count();
    runs.iter().map(|run| computing(run.started)).max().unwrap_or(0)
}

/// Holds that a run of an account, given in the order of creation, was overtaken only while its instance was full.
fn assert_oldest_first(runs: &[&Run], limit: usize) {
    for (place, older) in runs.iter().enumerate() {
        let overtaken = runs[place..].iter().map(|younger| younger.started).filter(|at| *at < older.started);
        for at in overtaken.collect::<BTreeSet<_>>() {
            let neighbours = runs.iter().filter(|run| run.instance == older.instance);
            let computing = neighbours.filter(|run| run.started <= at && at < run.ended).count();
            assert_eq!(computing, limit, "{older:?} was overtaken at {at}");
        }
    }
}

#[tokio::test]
async fn a_thousand_runs_on_fifty_instances_keep_order_and_limits() {
    let mut client = Client::start(&["--instances", "50", "--accounts", "2", "--rows", "1"]).await;
    for account in 0..2 {
        client.enter(account);
        for instance in client.instances(account) {
            for _ in 0..20 {
                client.run_in(&instance, inline(QUERY)).await;
            }
        }
    }
    client.emulator.advance(Duration::from_secs(60)).await;
    let runs = runs(&client);
    assert_eq!(runs.len(), 1000);
    let mut by_instance: HashMap<&str, Vec<&Run>> = HashMap::new();
    for run in &runs {
        by_instance.entry(&run.instance).or_default().push(run);
    }
    assert_eq!(by_instance.len(), 50);
    for (instance, runs) in &by_instance {
        assert_eq!(most_at_once(runs), 10, "{instance}");
        assert!(runs.is_sorted_by_key(|run| run.started), "{instance} is first in, first out");
    }
    for account in 0..2 {
        let ids = client.instances(account);
        let own: Vec<&Run> = runs.iter().filter(|run| ids.contains(&run.instance)).collect();
        assert_eq!(most_at_once(&own), 200, "account {account}");
        assert_oldest_first(&own, 10);
    }
    assert!(runs.iter().all(|run| run.status == "SUCCEEDED"));
}

#[tokio::test]
async fn the_eleventh_run_waits_for_the_first_to_end() {
    let client = Client::start(&[]).await;
    let mut ids = Vec::new();
    for _ in 0..11 {
        ids.push(client.run(inline(QUERY)).await);
    }
    client.emulator.advance(Duration::from_millis(329)).await;
    assert_eq!(client.status(&ids[9]).await, "RUNNING");
    assert_eq!(client.status(&ids[10]).await, "PENDING");
    client.emulator.advance(Duration::from_millis(1)).await;
    assert_eq!(client.status(&ids[9]).await, "SUCCEEDED");
    assert_eq!(client.status(&ids[10]).await, "RUNNING");
    client.emulator.advance(A_WHILE).await;
    let runs = runs(&client);
    assert_eq!(runs[10].started, runs[0].ended);
}

#[tokio::test]
async fn a_run_over_the_limit_can_be_refused_instead() {
    let client = Client::start(&["--over-limit", "refuse"]).await;
    for _ in 0..10 {
        client.run(inline(QUERY)).await;
    }
    let path = client.reporting("workflowExecutions");
    let refused = client.post(&path, inline(QUERY)).await;
    assert_eq!(refused.status, 422);
    assert!(refused.details().starts_with("You have reached your execution limit of 10 workflowExecutions"));
    client.run(json!({"workflow": {"sqlQuery": QUERY}, "dryRun": true})).await;
    client.emulator.advance(A_WHILE).await;
    assert_eq!(client.post(&path, inline(QUERY)).await.status, 200);
}

#[tokio::test]
async fn requests_beyond_the_rate_are_throttled_with_or_without_a_time_to_wait() {
    for (flags, retry_after) in [(&["--retry-after", "sent"], "1"), (&["--retry-after", "omitted"], "")] {
        let client = Client::start(&[&["--requests-per-second", "2"], &flags[..]].concat()).await;
        let path = client.reporting("workflows");
        assert_eq!([client.get(&path).await.status, client.get(&path).await.status], [200, 200]);
        let throttled = client.get(&path).await;
        assert_eq!((throttled.status, throttled.header("retry-after")), (429, retry_after));
        assert_eq!(client.get(&client.reporting("schedules")).await.status, 200);
        client.emulator.advance(Duration::from_secs(1)).await;
        assert_eq!(client.get(&path).await.status, 200);
    }
}

#[tokio::test]
async fn polls_of_many_runs_share_the_rate_of_their_endpoint() {
    let mut client = Client::start(&["--requests-per-second", "2"]).await;
    let mut paths = Vec::new();
    for _ in 0..2 {
        paths.push(client.reporting(&format!("workflowExecutions/{}", client.run(inline(QUERY)).await)));
    }
    let status = async |client: &Client, path: &str| client.get(path).await.status;
    let mut statuses = Vec::new();
    for path in paths.iter().cycle().take(4) {
        statuses.push(status(&client, path).await);
    }
    assert_eq!(statuses, [200, 200, 429, 429]);
    // Another instance is no other endpoint, another method and another account are.
    let other = format!("/amc/reporting/{}/workflowExecutions/none", client.instances(0)[1]);
    assert_eq!(status(&client, &other).await, 429);
    assert_eq!(client.put(&paths[0], json!({"status": "CANCELLED"})).await.status, 200);
    let elsewhere = format!("/amc/reporting/{}/workflowExecutions/none", client.instances(1)[0]);
    client.enter(1);
    assert_eq!(status(&client, &elsewhere).await, 400);
}
