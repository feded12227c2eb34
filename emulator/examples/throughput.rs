//! Asks two questions and prints the answers as one JSON line: do 10,000 executions slow the emulator down, and how
//! many requests a second does it answer?
//!
//! `make bench-emulator`. In release it fails below the floors that the README names.

#![expect(clippy::future_not_send, reason = "it runs on one task")]

use std::error::Error;
use std::time::Duration;

use amc_fleet_emulator::{AccountEntry, CannedEngine, Emulator, Options};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The least that is answered.
const REQUESTS_PER_SECOND: f64 = 2000.0;

/// How much longer the last tenth may take than the first: what grows with the executions would take ten times as
/// long, and a shared machine is never steady.
const SLOWDOWN: f64 = 3.0;

/// Requests under way at once.
const CONCURRENCY: usize = 32;

/// Executions of a list: as many as each instance has after a tenth of the executions.
const LISTED: usize = 20;

/// How long the rate of requests is measured.
const RATE_SECONDS: u64 = 5;

/// Virtual time that is longer than the whole queue takes.
const LONG: Duration = Duration::from_secs(1800);

const QUERY: &str = "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

#[tokio::main]
async fn main() -> Outcome<()> {
    let executions = std::env::args().nth(1).map_or(Ok(10_000), |text| text.parse())?;
    rustls::crypto::ring::default_provider().install_default().ok();
    let options = Options { instances: 50, accounts: 1, rows: 20, ..Options::default() };
    let emulator = Emulator::start(options.clone(), CannedEngine::shared(&options)).await?;
    let client = Client::sign_in(&emulator).await?;
    let few = executions / 10;
    let first = client.queue(few).await?;
    let lists_of_few = client.list(few).await?;
    let runs = first.and(client.queue(executions - few).await?);
    let lists = lists_of_few.and(client.list(few).await?);
    let begun = Instant::now();
    emulator.advance(LONG).await;
    let finished = begun.elapsed();
    let polls = client.each(&runs.items, |run| client.poll(run)).await?;
    let downloads = client.each(&runs.items, |run| client.download(run)).await?;
    let line = json!({
        "bench": "emulator_throughput",
        "executions": executions,
        "queued": runs.report(few),
        "listed": lists.report(few),
        "run_seconds": finished.as_secs_f64(),
        "polled": polls.report(few),
        "downloaded": downloads.report(few),
        "requests_per_s": client.rate(&runs.items).await?,
        "release": !cfg!(debug_assertions),
    });
    println!("{line}");
    emulator.stop().await;
    if cfg!(debug_assertions) { Ok(()) } else { judge(&line) }
}

/// Holds what was measured against the floors.
fn judge(line: &Value) -> Outcome<()> {
    let rate = line["requests_per_s"].as_f64().unwrap_or_default();
    if rate < REQUESTS_PER_SECOND {
        return Err(format!("{rate:.0} requests a second are fewer than {REQUESTS_PER_SECOND}").into());
    }
    for step in ["queued", "listed", "polled", "downloaded"] {
        let slowdown = line[step]["slowdown"].as_f64().unwrap_or(f64::INFINITY);
        if slowdown > SLOWDOWN {
            return Err(format!("the last {step} took {slowdown:.2} times as long as the first").into());
        }
    }
    Ok(())
}

/// What many requests gave and when each was answered, counted from the first.
struct Timed<T> {
    items: Vec<T>,
    answered: Vec<Duration>,
}

impl<T> Timed<T> {
    /// Appends requests that were sent later, as if they had followed at once.
    fn and(mut self, later: Self) -> Self {
        let before = self.answered.last().copied().unwrap_or_default();
        self.items.extend(later.items);
        self.answered.extend(later.answered.into_iter().map(|after| before + after));
        self
    }

    /// Compares the first `part` with the last: a ratio above 1 is a slowdown.
    fn report(&self, part: usize) -> Value {
        let seconds = |position: usize| match position {
            0 => 0.0,
            position => self.answered[position - 1].as_secs_f64(),
        };
        let count = self.answered.len();
        let (first, last) = (seconds(part), seconds(count) - seconds(count - part));
        json!({
            "requests": count,
            "first_seconds": first,
            "last_seconds": last,
            "slowdown": last / first,
        })
    }
}

struct Client {
    http: reqwest::Client,
    /// Fetches signed URLs, which refuse a token.
    stranger: reqwest::Client,
    url: String,
    instances: Vec<String>,
}

/// A run by its path.
type Run = String;

impl Client {
    async fn sign_in(emulator: &Emulator) -> Outcome<Self> {
        let known = emulator.announcement();
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &known.refresh_token),
            ("client_id", &known.client_id),
            ("client_secret", &known.client_secret),
        ];
        let answer = reqwest::Client::new().post(&known.token_url).form(&form).send().await?;
        let answer: Value = answer.json().await?;
        let token = answer["access_token"].as_str().ok_or("there is no token")?;
        let headers = headers(token, &known.client_id, &known.accounts[0])?;
        let http = reqwest::Client::builder().default_headers(headers).build()?;
        let stranger = reqwest::Client::new();
        Ok(Self { http, stranger, url: known.url, instances: known.accounts[0].instances.clone() })
    }

    async fn queue(&self, executions: usize) -> Outcome<Timed<Run>> {
        let instances: Vec<_> = self.instances.iter().cycle().take(executions).cloned().collect();
        self.each(&instances, |instance| self.create(instance)).await
    }

    async fn each<'a, I, T, F>(&'a self, items: &'a [I], call: impl Fn(&'a I) -> F) -> Outcome<Timed<T>>
    where
        F: Future<Output = Outcome<T>>,
    {
        let begun = Instant::now();
        let timed = async |call: F| Ok::<_, Box<dyn Error>>((call.await?, begun.elapsed()));
        let calls = stream::iter(items).map(|item| timed(call(item)));
        let done: Vec<_> = calls.buffered(CONCURRENCY).try_collect().await?;
        let (items, mut answered): (Vec<_>, Vec<_>) = done.into_iter().unzip();
        answered.sort();
        Ok(Timed { items, answered })
    }

    /// Lists the newest executions of the instances in turn, `times` in all.
    async fn list(&self, times: usize) -> Outcome<Timed<()>> {
        let instances: Vec<_> = self.instances.iter().cycle().take(times).cloned().collect();
        self.each(&instances, |instance| self.list_one(instance)).await
    }

    async fn list_one(&self, instance: &str) -> Outcome<()> {
        let query = format!("minCreationTime=2020-01-01T00:00:00&limit={LISTED}");
        let url = format!("{}/amc/reporting/{instance}/workflowExecutions?{query}", self.url);
        let answer: Value = self.http.get(url).send().await?.error_for_status()?.json().await?;
        let listed = answer["executions"].as_array().map_or(0, Vec::len);
        if listed == LISTED { Ok(()) } else { Err(format!("{listed} executions instead of {LISTED}").into()) }
    }

    async fn create(&self, instance: &str) -> Outcome<Run> {
        let path = format!("{}/amc/reporting/{instance}/workflowExecutions", self.url);
        let body = json!({"workflow": {"sqlQuery": QUERY}});
        let answer: Value =
            self.http.post(&path).json(&body).send().await?.error_for_status()?.json().await?;
        let id = answer["workflowExecutionId"].as_str().ok_or("there is no id")?;
        Ok(format!("{path}/{id}"))
    }

    async fn poll(&self, run: &Run) -> Outcome<()> {
        let answer: Value = self.http.get(run).send().await?.error_for_status()?.json().await?;
        if answer["status"] == "SUCCEEDED" { Ok(()) } else { Err(format!("not finished: {answer}").into()) }
    }

    async fn download(&self, run: &Run) -> Outcome<()> {
        let urls: Value =
            self.http.get(format!("{run}/downloadUrls")).send().await?.error_for_status()?.json().await?;
        let url = urls["downloadUrls"][0].as_str().ok_or("there is no URL")?;
        self.stranger.get(url).send().await?.error_for_status()?.bytes().await?;
        Ok(())
    }

    async fn rate(&self, runs: &[Run]) -> Outcome<f64> {
        let begun = Instant::now();
        let until = begun + Duration::from_secs(RATE_SECONDS);
        let calls = stream::iter(runs.iter().cycle())
            .take_while(|_| std::future::ready(Instant::now() < until))
            .map(|run| self.poll(run));
        let done: Vec<()> = calls.buffered(CONCURRENCY).try_collect().await?;
        Ok(done.len() as f64 / begun.elapsed().as_secs_f64())
    }
}

fn headers(token: &str, client_id: &str, account: &AccountEntry) -> Outcome<HeaderMap> {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse()?);
    headers.insert("amazon-advertising-api-clientid", client_id.parse()?);
    headers.insert("amazon-advertising-api-advertiserid", account.account_id.parse()?);
    headers.insert("amazon-advertising-api-marketplaceid", account.marketplace_id.parse()?);
    Ok(headers)
}
