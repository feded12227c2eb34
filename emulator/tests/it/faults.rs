//! Every kind of fault, as it shows on the wire, and that it is counted.

use std::io::ErrorKind;
use std::time::Duration;

use amc_fleet_emulator::{Fault, FaultKind};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::client::{A_WHILE, Client, QUERY, inline};

/// Long enough for an answer that is on its way, short enough to wait for none.
const PATIENCE: Duration = Duration::from_millis(300);

fn created(client: &Client) -> usize {
    client.emulator.executions()["executions"].as_array().unwrap().len()
}

/// Waits for something that happens in real time.
async fn until(what: &str, happened: impl Fn() -> bool) {
    let deadline = Instant::now() + A_WHILE;
    while !happened() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::task::yield_now().await;
    }
}

/// Sends the creation of a run as raw bytes.
async fn post_raw(client: &Client) -> TcpStream {
    let request = client.request(Method::POST, &client.reporting("workflowExecutions")).json(&inline(QUERY));
    let request = request.build().unwrap();
    let url = request.url();
    let mut stream = TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).await.unwrap();
    let body = request.body().unwrap().as_bytes().unwrap();
    let mut head =
        format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n", url.path(), body.len());
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream
}

#[tokio::test]
async fn a_status_comes_with_or_without_a_time_to_wait_and_without_effect() {
    let client = Client::start(&[]).await;
    client.emulator.fail(Fault::new(FaultKind::retry_after(429, 3)).method("POST").nth(2));
    client.emulator.fail(Fault::new(FaultKind::status(503)).path("*/workflowExecutions").nth(3));
    let path = client.reporting("workflowExecutions");
    let mut answers = Vec::new();
    for _ in 0..4 {
        let answer = client.send_unchecked(Method::POST, &path, Some(inline(QUERY))).await;
        answers.push((answer.status, answer.header("retry-after").to_owned()));
    }
    let expected = [(200, ""), (429, "3"), (503, ""), (200, "")];
    assert_eq!(answers, expected.map(|(status, header)| (status, header.to_owned())));
    assert_eq!(created(&client), 2);
    let counts: Vec<_> = client.emulator.faults().iter().map(|fault| (fault.matched, fault.fired)).collect();
    assert_eq!(counts, [(4, 1), (4, 1)]);
}

#[tokio::test]
async fn bodies_can_be_html_or_empty() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "status", "status": 502, "body": "html"})).await;
    let html = client.send_unchecked(Method::GET, "/amc/accounts", None).await;
    assert_eq!((html.status, html.header("content-type")), (502, "text/html"));
    assert!(html.body.as_str().unwrap().starts_with("<html>"));
    client.fail(json!({"kind": "status", "status": 500, "body": "empty"})).await;
    let empty = client.send_unchecked(Method::GET, "/amc/accounts", None).await;
    assert_eq!((empty.status, empty.body), (500, json!("")));
}

#[tokio::test]
async fn a_status_can_say_what_was_recorded() {
    let client = Client::start(&[]).await;
    let details = "Terms and conditions must be accepted to continue";
    client.fail(json!({"kind": "status", "status": 401, "details": details, "path": "/amc/instances"})).await;
    let answer = client.send_unchecked(Method::GET, "/amc/instances", None).await;
    assert_eq!((answer.status, answer.details()), (401, details));
}

#[tokio::test]
async fn a_status_can_come_after_the_effect() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "status", "status": 500, "after": true})).await;
    let path = client.reporting("workflowExecutions");
    let answer = client.send_unchecked(Method::POST, &path, Some(inline(QUERY))).await;
    assert_eq!((answer.status, created(&client)), (500, 1));
}

#[tokio::test]
async fn a_success_can_hold_an_error() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "status", "status": 200})).await;
    let answer = client.send_unchecked(Method::GET, "/amc/instances", None).await;
    assert_eq!((answer.status, answer.body), (200, json!({"code": "200", "details": "OK"})));
}

#[tokio::test]
async fn the_gateway_times_out_before_or_after_the_effect() {
    for (after, runs) in [(false, 0), (true, 1)] {
        let client = Client::start(&[]).await;
        client.fail(json!({"kind": "gatewayTimeout", "after": after})).await;
        let path = client.reporting("workflowExecutions");
        let answer = client.send_unchecked(Method::POST, &path, Some(inline(QUERY))).await;
        assert_eq!((answer.status, answer.body), (504, json!({"message": "Endpoint request timed out"})));
        assert_eq!(created(&client), runs);
    }
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_the_effect() {
    for (after, runs) in [(false, 0), (true, 1)] {
        let client = Client::start(&[]).await;
        client.fail(json!({"kind": "reset", "after": after})).await;
        let mut stream = post_raw(&client).await;
        let read = stream.read(&mut [0; 64]).await;
        assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset, "after: {after}");
        assert_eq!(created(&client), runs);
    }
}

#[tokio::test]
async fn a_connection_stands_half_open_until_the_emulator_stops() {
    for (after, runs) in [(false, 0), (true, 1)] {
        let client = Client::start(&[]).await;
        client.fail(json!({"kind": "halfOpen", "after": after})).await;
        let mut stream = post_raw(&client).await;
        let mut buffer = [0; 64];
        until("the fault strikes", || client.emulator.faults()[0].fired == 1 && created(&client) == runs)
            .await;
        let silence = timeout(PATIENCE, stream.read(&mut buffer)).await;
        assert!(silence.is_err(), "something was read: {silence:?}");
        assert_eq!(created(&client), runs);
        client.emulator.stop().await;
        let end = timeout(Duration::from_secs(10), stream.read(&mut buffer)).await.unwrap();
        assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    }
}

#[tokio::test]
async fn an_answer_comes_late() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "slow", "delayMs": 150})).await;
    let begun = Instant::now();
    assert_eq!(client.get("/amc/instances").await.status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_body_comes_in_late_pieces_and_whole() {
    let client = Client::start(&[]).await;
    let whole = client.get("/amc/instances").await.body;
    client.fail(json!({"kind": "trickle", "delayMs": 30, "pieces": 4})).await;
    let begun = Instant::now();
    assert_eq!(client.get("/amc/instances").await.body, whole);
    assert!(begun.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn a_body_is_cut_short() {
    let client = Client::start(&[]).await;
    let length = client.get("/amc/instances").await.header("content-length").to_owned();
    client.fail(json!({"kind": "truncate", "keepBytes": 10})).await;
    let mut answer = client.request(Method::GET, "/amc/instances").send().await.unwrap();
    assert_eq!(answer.headers()["content-length"], length.as_str());
    let first = answer.chunk().await.unwrap().unwrap();
    assert_eq!(&first[..], b"{\"instance");
    assert!(answer.chunk().await.is_err());
}

#[tokio::test]
async fn a_download_is_cut_in_half() {
    let client = Client::start(&[]).await;
    let id = client.run(inline(QUERY)).await;
    client.ended(&id).await;
    let urls = client.download_urls(&id).await.body;
    client.fail(json!({"kind": "truncate", "path": "/results/*"})).await;
    let answer = client.http.get(urls["downloadUrls"][0].as_str().unwrap()).send().await.unwrap();
    assert!(answer.bytes().await.is_err());
    assert_eq!(client.parts(&id).await.len(), 1);
}

#[tokio::test]
async fn a_request_is_delivered_twice() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "duplicate"})).await;
    let answer = client.post(&client.reporting("workflowExecutions"), inline(QUERY)).await;
    assert_eq!((answer.status, created(&client)), (200, 2));
    let witness = client.emulator.executions();
    assert_eq!(answer.body["workflowExecutionId"], witness["executions"][1]["workflowExecutionId"]);
}

#[tokio::test]
async fn a_request_has_its_effect_after_its_caller_has_gone() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "lateEffect", "delayMs": 1500})).await;
    let request = client.request(Method::POST, &client.reporting("workflowExecutions")).json(&inline(QUERY));
    let gone = request.timeout(Duration::from_millis(20)).send().await;
    assert!(gone.unwrap_err().is_timeout());
    assert_eq!(created(&client), 0);
    until("the effect comes", || created(&client) == 1).await;
}

#[tokio::test]
async fn tokens_expire_in_the_midst() {
    let mut client = Client::start(&[]).await;
    client.fail(json!({"kind": "tokenExpired", "nth": 2})).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(client.get("/amc/instances").await.status);
    }
    assert_eq!(statuses, [200, 401, 401]);
    client.refresh().await;
    assert_eq!(client.get("/amc/instances").await.status, 200);
}

#[tokio::test]
async fn urls_are_born_expired() {
    let client = Client::start(&[]).await;
    let id = client.run(inline(QUERY)).await;
    client.ended(&id).await;
    client.fail(json!({"kind": "expiredUrl"})).await;
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let urls = client.download_urls(&id).await.body;
        statuses.push(client.fetch(urls["downloadUrls"][0].as_str().unwrap()).await.0.as_u16());
    }
    assert_eq!(statuses, [403, 200]);
}

#[tokio::test]
async fn a_run_is_stuck_in_pending_or_running() {
    for (stuck, later) in [("PENDING", "PENDING"), ("RUNNING", "FAILED")] {
        let mut client = Client::start(&[]).await;
        client.fail(json!({"kind": "stuck", "status": stuck})).await;
        let id = client.run(inline(QUERY)).await;
        let other = client.run(inline(QUERY)).await;
        assert_eq!(client.ended(&id).await["status"], stuck);
        assert_eq!(client.status(&other).await, "SUCCEEDED");
        client.emulator.advance(Duration::from_secs(21_600)).await;
        client.refresh().await;
        assert_eq!(client.status(&id).await, later, "a time-out ends what runs, not what waits");
    }
}

#[tokio::test]
async fn a_run_is_missing_in_lists_for_a_while() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "lateInLists", "seconds": 30})).await;
    let id = client.run(json!({"workflow": {"sqlQuery": QUERY, "workflowId": "w"}})).await;
    let listed = async || {
        let answer = client.get(&client.reporting("workflowExecutions?workflowId=w")).await;
        answer.body["executions"].as_array().unwrap().len()
    };
    assert_eq!((listed().await, client.status(&id).await.as_str()), (0, "PENDING"));
    client.emulator.advance(Duration::from_secs(30)).await;
    assert_eq!(listed().await, 1);
}

#[tokio::test]
async fn a_run_ends_as_the_plan_has_it() {
    for (status, ran) in [("FAILED", true), ("REJECTED", false)] {
        let client = Client::start(&[]).await;
        client.fail(json!({"kind": "runFails", "status": status, "reason": "The query timed out."})).await;
        let id = client.run(inline(QUERY)).await;
        let ended = client.ended(&id).await;
        assert_eq!(
            (&ended["status"], &ended["statusReason"]),
            (&json!(status), &json!("The query timed out."))
        );
        let witness = client.emulator.executions();
        assert_eq!(witness["executions"][0]["startTime"].is_string(), ran);
    }
}

#[tokio::test]
async fn a_run_takes_virtual_hours() {
    let mut client = Client::start(&[]).await;
    client.fail(json!({"kind": "runTakes", "seconds": 7200})).await;
    let id = client.run(inline(QUERY)).await;
    client.emulator.advance(Duration::from_secs(3000)).await;
    assert_eq!(client.status(&id).await, "RUNNING");
    client.emulator.advance(Duration::from_secs(4201)).await;
    client.refresh().await;
    let ended = client.execution(&id).await;
    assert_eq!((&ended["status"], &ended["executionTime"]), (&json!("SUCCEEDED"), &json!(7200)));
}

#[tokio::test]
async fn a_fault_strikes_only_what_it_names() {
    let client = Client::start(&[]).await;
    let [first, second] = [client.instances(0)[0].clone(), client.instances(0)[1].clone()];
    client
        .fail(json!({"kind": "status", "status": 500, "instance": second, "method": "GET", "times": 0}))
        .await;
    let status = async |instance: &str| {
        let path = format!("/amc/reporting/{instance}/workflows");
        client.send_unchecked(Method::GET, &path, None).await.status
    };
    assert_eq!([status(&first).await, status(&second).await, status(&second).await], [200, 500, 500]);
    client.control(Method::DELETE, "/faults/1", None).await;
    assert_eq!(status(&second).await, 200);
}

#[tokio::test]
async fn faults_are_listed_with_their_counts_and_cleared() {
    let client = Client::start(&[]).await;
    client.fail(json!({"kind": "status", "status": 500, "path": "/auth/o2/token"})).await;
    let refused = client.http.post(format!("{}/auth/o2/token", client.emulator.url())).send().await.unwrap();
    assert_eq!(refused.status(), 500);
    let listed = client.control(Method::GET, "/faults", None).await.body;
    let expected = json!({"faults": [{
        "id": 1, "path": "/auth/o2/token", "kind": "status", "status": 500, "body": "json", "after": false,
        "matched": 1, "fired": 1,
    }]});
    assert_eq!(listed, expected);
    client.control(Method::DELETE, "/faults", None).await;
    assert_eq!(client.control(Method::GET, "/faults", None).await.body, json!({"faults": []}));
}

#[tokio::test]
async fn random_faults_repeat_with_their_seed() {
    let mut drawn: Vec<Vec<u16>> = Vec::new();
    for seed in [1, 1, 2] {
        let client = Client::start(&[]).await;
        let fault = json!({"kind": "status", "status": 503, "chance": 0.5, "seed": seed});
        let planned = client.control(Method::POST, "/faults", Some(fault)).await.body;
        assert_eq!(planned["seed"], seed);
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(client.send_unchecked(Method::GET, "/amc/accounts", None).await.status);
        }
        assert!(statuses.contains(&200) && statuses.contains(&503));
        drawn.push(statuses);
    }
    assert_eq!(drawn[0], drawn[1]);
    assert_ne!(drawn[0], drawn[2]);
}

#[tokio::test]
async fn a_fault_that_is_not_understood_is_refused() {
    let client = Client::start(&[]).await;
    let wrong: [Value; 10] = [
        json!({"status": 500, "nth": 0}),
        json!({"status": 500, "instance": "amcnothing"}),
        json!({"kind": "explode"}),
        json!({"kind": "reset", "nht": 1}),
        json!({"kind": "status"}),
        json!({"status": 7}),
        json!({"status": 100}),
        json!({"status": 600}),
        json!({"kind": "reset", "chance": 1.5}),
        json!({"kind": "reset", "chance": -0.1}),
    ];
    for fault in wrong {
        let answer = client.control(Method::POST, "/faults", Some(fault.clone())).await;
        assert_eq!(answer.status, 400, "{fault}");
        assert!(answer.body["error"].is_string());
    }
    assert_eq!(client.emulator.faults(), []);
}

#[tokio::test]
async fn what_is_injected_looks_as_the_service_would_say_it() {
    let client = Client::start(&[]).await;
    let throttled = json!({"status": 429, "retryAfter": 1, "times": 0});
    client.fail(throttled).await;
    for path in ["/amc/accounts", "/amc/instances", &client.reporting("workflowExecutions?workflowId=w")] {
        let answer = client.get(path).await;
        assert_eq!((answer.status, answer.header("retry-after")), (429, "1"), "{path}");
        assert_eq!(answer.header("x-amz-request-id").len(), 20, "{path}");
    }
    let accounts = client.get("/amc/accounts").await;
    let request_id = accounts.header("x-amz-request-id");
    assert_eq!(accounts.body, json!({"message": "Too Many Requests", "requestId": request_id}));
    let granted = client.grant(&[]).await;
    assert_eq!(
        (&granted["error"], &granted["error_description"]),
        (&json!("temporarily_unavailable"), &json!("Too Many Requests"))
    );
    let (status, body) = client.fetch(&format!("{}/results/amc1/1/0.csv", client.emulator.url())).await;
    assert_eq!(status, 429);
    assert!(body.contains("<Code>SlowDown</Code><Message>Too Many Requests</Message>"), "{body}");
}

#[tokio::test]
async fn the_gateway_and_an_empty_answer_have_request_ids_and_a_proxy_has_none() {
    let client = Client::start(&[]).await;
    for (fault, length) in [
        (json!({"kind": "gatewayTimeout"}), 20),
        (json!({"status": 500, "body": "empty"}), 20),
        (json!({"status": 502, "body": "html"}), 0),
    ] {
        client.fail(fault.clone()).await;
        let answer = client.send_unchecked(Method::GET, "/amc/instances", None).await;
        assert_eq!(answer.header("x-amz-request-id").len(), length, "{fault}");
    }
}
