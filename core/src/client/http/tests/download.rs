//! Parts: without a token, whole or not at all, and with a URL that shows nowhere.

use bytes::Bytes;
use futures::TryStreamExt;

use super::server::Reply;
use super::{Scene, impatient, lwa};
use crate::client::{AmcClient, Credentials};
use crate::error::{Error, ErrorKind, Result};

async fn fetched(scene: &Scene) -> Result<Vec<Bytes>> {
    let url = scene.server.url() + "/part-0?X-Amz-Signature=s1gned";
    scene.client.fetch_part(&url, 0).await?.try_collect().await
}

fn hides_the_url(error: &Error) -> bool {
    let mut shown = format!("{error:?} {error} {:?} {:?}", error.raw_text(), error.what_to_do());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        shown += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    !shown.contains("s1gned") && !shown.contains("part-0")
}

#[tokio::test]
async fn a_part_is_fetched_without_a_token() {
    let scene = Scene::new().await;
    scene.server.script([Reply::ok("a,b\n1,2\n")]);
    assert_eq!(fetched(&scene).await.unwrap().concat(), b"a,b\n1,2\n");
    let seen = scene.server.seen().remove(0);
    assert_eq!(seen.line, "GET /part-0?X-Amz-Signature=s1gned HTTP/1.1");
    assert_eq!((seen.header("authorization"), seen.header("amazon-advertising-api-clientid")), (None, None));
    assert_eq!((scene.client.calls().file, scene.client.calls().total()), (1, 1));
}

#[tokio::test]
async fn a_truncated_part_ends_in_an_error() {
    let scene = Scene::new().await;
    scene.server.script([Reply::truncated("a,b\n1,2\n")]);
    let error = fetched(&scene).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("amc_answer_broken", true));
    assert!(hides_the_url(&error), "{error:?}");
}

#[tokio::test]
async fn a_part_that_stops_arriving_ends_in_a_timeout() {
    let scene = Scene::with(|server| Credentials::one(lwa(server)), impatient()).await;
    scene.server.script([Reply::stalled("a,b\n1,2\n")]);
    let error = fetched(&scene).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, true));
    assert!(hides_the_url(&error), "{error:?}");
}

#[tokio::test]
async fn an_expired_url_asks_for_a_fresh_one() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(403, "<Error><Code>AccessDenied</Code><X>s1gned</X></Error>")]);
    let error = fetched(&scene).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable(), scene.server.seen().len()), ("url_expired", true, 1));
    assert!(hides_the_url(&error), "{error:?}");
}

#[tokio::test]
async fn a_host_out_of_order_is_asked_again() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(503, "<Code>SlowDown</Code>"), Reply::Close, Reply::ok("x")]);
    assert_eq!(fetched(&scene).await.unwrap().concat(), b"x");
}

#[tokio::test]
async fn of_the_hosts_words_only_its_code_is_kept() {
    let scene = Scene::new().await;
    scene
        .server
        .script([Reply::status(400, "<Error><Code>Invalid</Code><Message>/part-0?s1gned</Message></Error>")]);
    let error = fetched(&scene).await.unwrap_err();
    assert!(error.message().ends_with("asked for a part of a result, answered 400: Invalid"), "{error}");
    assert!(hides_the_url(&error), "{error:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let scene = Scene::new().await;
    scene.server.script([Reply::headed(307, &[("location", "http://169.254.169.254/part-0?s1gned")], "")]);
    let error = fetched(&scene).await.unwrap_err();
    assert_eq!((error.code(), error.is_retryable()), ("download_redirected", false));
    assert!(hides_the_url(&error), "{error:?}");
}

#[tokio::test]
async fn silence_and_absence_hide_the_url_too() {
    let scene = Scene::with(|server| Credentials::one(lwa(server)), impatient()).await;
    scene.server.script([Reply::Hang, Reply::Hang, Reply::Hang]);
    let silent = fetched(&scene).await.unwrap_err();
    assert_eq!(silent.kind(), ErrorKind::Timeout);
    scene.server.script([Reply::status(404, "part-0")]);
    let gone = fetched(&scene).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    let absent = scene.client.fetch_part("http://127.0.0.1:1/part-0?s1gned", 0).await.map(drop).unwrap_err();
    let unusable = scene.client.fetch_part("part-0?s1gned", 0).await.map(drop).unwrap_err();
    assert!([silent, gone, absent, unusable].iter().all(hides_the_url));
}

async fn rest(scene: &Scene) -> Result<Vec<u8>> {
    let url = scene.server.url() + "/part-0?X-Amz-Signature=s1gned";
    let chunks: Vec<Bytes> = scene.client.fetch_part(&url, 4).await?.try_collect().await?;
    Ok(chunks.concat())
}

#[tokio::test]
async fn the_rest_of_a_part_is_asked_for_by_its_bytes() {
    let scene = Scene::new().await;
    scene.server.script([Reply::headed(206, &[("content-range", "bytes 4-7/8")], "1,2\n")]);
    assert_eq!(rest(&scene).await.unwrap(), b"1,2\n");
    let seen = scene.server.seen().remove(0);
    assert_eq!((seen.header("range"), seen.header("accept-encoding")), (Some("bytes=4-"), Some("identity")));
}

#[tokio::test]
async fn nothing_is_left_of_a_part_that_is_whole() {
    let scene = Scene::new().await;
    scene.server.script([Reply::status(416, "<Code>InvalidRange</Code>")]);
    assert_eq!(rest(&scene).await.unwrap(), b"");
}

/// A host that does not know ranges sends everything: taken for the rest, it would double rows.
#[tokio::test]
async fn another_range_than_asked_for_is_no_rest() {
    let scene = Scene::new().await;
    scene.server.script([
        Reply::ok("a,b\n1,2\n"),
        Reply::headed(206, &[("content-range", "bytes 0-7/8")], "a,b\n1,2\n"),
        Reply::status(206, "1,2\n"),
    ]);
    for _ in 0..3 {
        let error = rest(&scene).await.unwrap_err();
        assert_eq!((error.code(), error.is_retryable()), ("part_not_resumable", true));
        assert!(hides_the_url(&error), "{error:?}");
    }
}
