//! Asks two questions and prints the answers as one JSON line: do 10,000 executions slow the emulator down, and how
//! many requests a second does it answer?
//!
//! `cargo run --release -p amc-fleet-emulator --example throughput [executions]`

#![expect(clippy::future_not_send, reason = "it runs on one task")]

use std::error::Error;
use std::time::Duration;

use amc_fleet_emulator::{AccountEntry, CannedEngine, Emulator, Options};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tokio::time::Instant;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Requests under way at once.
const CONCURRENCY: usize = 32;

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
    let runs = client.queue(executions).await?;
    let begun = Instant::now();
    emulator.advance(LONG).await;
    let finished = begun.elapsed();
    let polls = client.each(&runs.items, |run| client.poll(run)).await?;
    let downloads = client.each(&runs.items, |run| client.download(run)).await?;
    let line = json!({
        "bench": "emulator_throughput",
        "executions": executions,
        "create": runs.report(),
        "run_seconds": finished.as_secs_f64(),
        "poll": polls.report(),
        "download": downloads.report(),
        "requests_per_second": client.rate(&runs.items).await?,
        "release": !cfg!(debug_assertions),
    });
    println!("{line}");
    emulator.stop().await;
    Ok(())
}

/// What many requests gave and how long each took.
struct Timed<T> {
    items: Vec<T>,
    took: Vec<Duration>,
    all: Duration,
}

impl<T> Timed<T> {
    /// Compares the first tenth with the last: a ratio above 1 is a slowdown.
    fn report(&self) -> Value {
        let tenth = (self.took.len() / 10).max(1);
        let mean =
            |part: &[Duration]| part.iter().sum::<Duration>().as_secs_f64() * 1000.0 / part.len() as f64;
        let (first, last) = (mean(&self.took[..tenth]), mean(&self.took[self.took.len() - tenth..]));
        json!({
            "per_second": self.took.len() as f64 / self.all.as_secs_f64(),
            "first_ms": first,
            "last_ms": last,
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
        let timed = async |call: F| {
            let begun = Instant::now();
            Ok::<_, Box<dyn Error>>((call.await?, begun.elapsed()))
        };
        let calls = stream::iter(items).map(|item| timed(call(item)));
        let done: Vec<_> = calls.buffered(CONCURRENCY).try_collect().await?;
        let (items, took) = done.into_iter().unzip();
        Ok(Timed { items, took, all: begun.elapsed() })
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
