//! A client of one emulator, with just enough manners to test it.

use std::sync::{Arc, Once};
use std::time::Duration;

use amc_fleet_emulator::query::QueryEngine;
use amc_fleet_emulator::{Announcement, CannedEngine, Emulator, Options};
use clap::Parser;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::spec;

/// Where the clock of the tests starts.
pub(crate) const START: &str = "2025-10-15T00:00:00Z";

/// Longer than any run takes by default.
pub(crate) const A_WHILE: Duration = Duration::from_secs(10);

/// A running emulator and access to its first account.
pub(crate) struct Client {
    pub(crate) emulator: Emulator,
    pub(crate) http: reqwest::Client,
    pub(crate) announced: Announcement,
    token: String,
    headers: Vec<(&'static str, String)>,
    options: Options,
}

/// An answer as far as tests look at it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn details(&self) -> &str {
        self.body["details"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

/// Gives an HTTP client that keeps no connection, so that a fault on one is met by one request.
pub(crate) fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().ok();
    });
    reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap()
}

/// Reads flags on top of those of the tests: a clock that stands still, few rows.
pub(crate) fn options(flags: &[&str]) -> Options {
    let own = ["test", "--now", START, "--frozen", "--rows", "20"];
    Options::parse_from(own.iter().chain(flags))
}

impl Client {
    pub(crate) async fn start(flags: &[&str]) -> Self {
        Self::start_with(flags, CannedEngine::shared(&options(flags))).await
    }

    pub(crate) async fn start_with(flags: &[&str], engine: Arc<dyn QueryEngine>) -> Self {
        let options = options(flags);
        let emulator = Emulator::start(options.clone(), engine).await.unwrap();
        let announced = emulator.announcement();
        let account = &announced.accounts[0];
        let headers = vec![
            ("Amazon-Advertising-API-ClientId", announced.client_id.clone()),
            ("Amazon-Advertising-API-AdvertiserId", account.account_id.clone()),
            ("Amazon-Advertising-API-MarketplaceId", account.marketplace_id.clone()),
        ];
        let mut client = Self { emulator, http: http(), announced, token: String::new(), headers, options };
        client.token = client.fresh_token().await;
        client
    }

    /// Gives the ids of the standard instances of an account.
    pub(crate) fn instances(&self, account: usize) -> Vec<String> {
        self.announced.accounts[account].instances.clone()
    }

    pub(crate) fn instance(&self) -> String {
        self.instances(0)[0].clone()
    }

    pub(crate) async fn fresh_token(&self) -> String {
        let answer = self.grant(&[]).await;
        answer["access_token"].as_str().unwrap_or_else(|| panic!("no token: {answer}")).to_owned()
    }

    pub(crate) async fn refresh(&mut self) {
        self.token = self.fresh_token().await;
    }

    /// Asks for a token with some fields changed.
    pub(crate) async fn grant(&self, changes: &[(&str, &str)]) -> Value {
        let announced = self.emulator.announcement();
        let mut fields = vec![
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", announced.refresh_token),
            ("client_id", announced.client_id),
            ("client_secret", announced.client_secret),
        ];
        for (name, value) in changes {
            fields.retain(|(field, _)| field != name);
            fields.push((name, (*value).to_owned()));
        }
        let answer = self.http.post(&announced.token_url).form(&fields).send().await.unwrap();
        let status = answer.status().as_u16();
        let mut body: Value = answer.json().await.unwrap();
        body["status"] = json!(status);
        body
    }

    /// Acts in another account from here on.
    pub(crate) fn enter(&mut self, account: usize) {
        let announced = self.emulator.announcement();
        let account = &announced.accounts[account];
        self.set_header("Amazon-Advertising-API-AdvertiserId", &account.account_id);
        self.set_header("Amazon-Advertising-API-MarketplaceId", &account.marketplace_id);
    }

    /// Sends another value for a header; an empty one leaves it out.
    pub(crate) fn set_header(&mut self, name: &'static str, value: &str) {
        self.headers.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            self.headers.push((name, value.to_owned()));
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.emulator.url()));
        let request = request.bearer_auth(&self.token).timeout(Duration::from_secs(30));
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }

    /// Sends a request and holds the answer against the specification.
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let answer = self.send_unchecked(method.clone(), path, body).await;
        spec::check(&self.options, &method, path, &answer);
        answer
    }

    pub(crate) async fn send_unchecked(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Calls the control surface, which needs no headers.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}/_emulator{path}", self.emulator.url());
        let request = self.http.request(method, url);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        read(request.send().await.unwrap()).await
    }

    /// Holds the clock or lets it run.
    pub(crate) async fn freeze(&self, frozen: bool) {
        let answer = self.control(Method::POST, "/clock", Some(json!({"frozen": frozen}))).await;
        assert_eq!(answer.body["frozen"], frozen);
    }

    /// Plans a fault over HTTP.
    pub(crate) async fn fail(&self, fault: Value) {
        let answer = self.control(Method::POST, "/faults", Some(fault)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Gives the path of a noun of the first instance.
    pub(crate) fn reporting(&self, noun: &str) -> String {
        format!("/amc/reporting/{}/{noun}", self.instance())
    }

    /// Starts a run in the first instance and gives its id.
    pub(crate) async fn run(&self, order: Value) -> String {
        self.run_in(&self.instance(), order).await
    }

    pub(crate) async fn run_in(&self, instance: &str, order: Value) -> String {
        let path = format!("/amc/reporting/{instance}/workflowExecutions");
        let answer = self.post(&path, order).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.body["status"], "PENDING");
        answer.body["workflowExecutionId"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn execution(&self, id: &str) -> Value {
        let answer = self.get(&self.reporting(&format!("workflowExecutions/{id}"))).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    pub(crate) async fn status(&self, id: &str) -> String {
        self.execution(id).await["status"].as_str().unwrap().to_owned()
    }

    /// Lets a run end and gives it.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        self.emulator.advance(A_WHILE).await;
        self.execution(id).await
    }

    pub(crate) async fn download_urls(&self, id: &str) -> Answer {
        self.get(&self.reporting(&format!("workflowExecutions/{id}/downloadUrls"))).await
    }

    /// Downloads every part of a result.
    pub(crate) async fn parts(&self, id: &str) -> Vec<String> {
        let urls = self.download_urls(id).await;
        assert_eq!(urls.status, 200, "{urls:?}");
        let mut parts = Vec::new();
        for url in urls.body["downloadUrls"].as_array().unwrap() {
            parts.push(self.fetch(url.as_str().unwrap()).await.1);
        }
        parts
    }

    /// Fetches a signed URL as a stranger does.
    pub(crate) async fn fetch(&self, url: &str) -> (StatusCode, String) {
        let answer = self.http.get(url).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}

/// The smallest order: an inline query over the default window.
pub(crate) fn inline(sql: &str) -> Value {
    json!({"workflow": {"sqlQuery": sql}})
}

/// A query of one column.
pub(crate) const QUERY: &str =
    "SELECT campaign, SUM(impressions) AS impressions FROM dsp_impressions GROUP BY campaign";

async fn read(answer: Response) -> Answer {
    let status = answer.status().as_u16();
    let headers = answer.headers().clone();
    let text = answer.text().await.unwrap();
    Answer { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}
