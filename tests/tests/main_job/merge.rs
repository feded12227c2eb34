//! The merged table against an independent download of every part.

use std::collections::BTreeMap;

use amc_fleet::Missing;
use amc_fleet_emulator::Options;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::Value;

use super::fleet::{Scene, run};

/// Rows by instance, as text.
type Rows = BTreeMap<String, Vec<Vec<String>>>;

/// Rows in = rows out; every value is what AMC's own files say.
#[tokio::test]
async fn merge_loses_nothing() {
    let options = Options { instances: 6, rows: 120, part_rows: 50, latency_ms: 50, ..Options::default() };
    let scene = Scene::of(options).await;
    let fleet = scene.synced().await;
    let (batch, _) = run(&fleet).await;
    let results = batch.results(Missing::Raise).await.unwrap();
    let export = results.write_csv(scene.path("merged.csv")).await.unwrap();
    let pages = [results.page(0, 100).await.unwrap(), results.page(100, 10_000).await.unwrap()];
    let sizes = pages.map(|page| page.iter().map(|batch| batch.num_rows()).sum::<usize>());
    assert_eq!((sizes, results.page(720, 10).await.unwrap().len()), ([100, 620], 0));
    fleet.close().await;

    let ours = merged(&std::fs::read(&export.path).unwrap());
    let theirs = downloaded(&scene).await;
    let total: usize = theirs.values().map(Vec::len).sum();
    assert_eq!((export.rows, results.total_rows(), total), (720, 720, 720));
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (instance, rows) in &theirs {
        let own = &ours[instance];
        assert_eq!(own.len(), rows.len(), "{instance}");
        for (mine, amcs) in own.iter().zip(rows) {
            assert!(mine.iter().zip(amcs).all(|(a, b)| same(a, b)), "{instance}: {mine:?} is not {amcs:?}");
        }
    }
}

/// Equal text, or the same number, or the same instant.
fn same(mine: &str, amcs: &str) -> bool {
    let instant = |text: &str| {
        let zoned = text.parse::<DateTime<Utc>>();
        zoned.or_else(|_| text.parse::<NaiveDateTime>().map(|local| local.and_utc()))
    };
    let number = |text: &str| text.parse::<f64>().ok().filter(|_| text.contains('.'));
    mine == amcs
        || instant(mine).ok().is_some_and(|at| instant(amcs) == Ok(at))
        || number(mine)
            .is_some_and(|value| number(amcs).is_some_and(|other| other.to_bits() == value.to_bits()))
}

fn merged(csv: &[u8]) -> Rows {
    let mut rows = Rows::new();
    let mut reader = csv::Reader::from_reader(csv);
    assert_eq!(
        reader.headers().unwrap().iter().take(2).collect::<Vec<_>>(),
        ["_instance_id", "_instance_name"]
    );
    for record in reader.records() {
        let record = record.unwrap();
        let values = record.iter().skip(2).map(str::to_owned).collect();
        rows.entry(record[0].to_owned()).or_default().push(values);
    }
    rows
}

/// Every part of every run, fetched and read without any of our code.
async fn downloaded(scene: &Scene) -> Rows {
    let token = token(scene).await;
    let mut rows = Rows::new();
    for account in scene.emulator.announcement().accounts {
        for instance in &account.instances {
            let runs = scene.emulator.executions();
            let own = |run: &&Value| run["instanceId"] == instance.as_str();
            let run = runs["executions"].as_array().unwrap().iter().find(own).unwrap();
            let id = run["workflowExecutionId"].as_str().unwrap();
            let path = format!("/amc/reporting/{instance}/workflowExecutions/{id}/downloadUrls");
            let urls: Value = http()
                .get(format!("{}{path}", scene.emulator.url()))
                .bearer_auth(&token)
                .header("Amazon-Advertising-API-ClientId", scene.emulator.announcement().client_id)
                .header("Amazon-Advertising-API-AdvertiserId", &account.account_id)
                .header("Amazon-Advertising-API-MarketplaceId", &account.marketplace_id)
                .send()
                .await
                .unwrap()
                .json()
                .await
                .unwrap();
            let urls = urls["downloadUrls"].as_array().unwrap().clone();
            assert_eq!(urls.len(), 3, "120 rows in parts of 50");
            for url in urls {
                let part = http().get(url.as_str().unwrap()).send().await.unwrap().bytes().await.unwrap();
                rows.entry(instance.clone()).or_default().extend(records(&part));
            }
        }
    }
    rows
}

async fn token(scene: &Scene) -> String {
    let said = scene.emulator.announcement();
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &said.refresh_token),
        ("client_id", &said.client_id),
        ("client_secret", &said.client_secret),
    ];
    let answer: Value = http().post(&said.token_url).form(&form).send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

fn http() -> reqwest::Client {
    // Another test of this process may have been first; either provider will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

/// AMC's dialect, read by somebody else's reader: a backslash escapes.
fn records(part: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().double_quote(false).escape(Some(b'\\')).from_reader(part);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}
