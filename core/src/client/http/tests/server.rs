//! A server that answers each request with the next scripted reply.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// Writes these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Writes these bytes and says nothing more.
    Stall(Vec<u8>),
    /// Closes the connection without a word.
    Close,
    /// Keeps the connection open and says nothing.
    Hang,
}

impl Reply {
    pub(super) fn status(status: u16, body: &str) -> Self {
        Self::headed(status, &[], body)
    }

    pub(super) fn ok(body: &str) -> Self {
        Self::status(200, body)
    }

    pub(super) fn headed(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        Self::announced(status, headers, body, body.len())
    }

    /// Announces more bytes than it sends.
    pub(super) fn truncated(body: &str) -> Self {
        Self::announced(200, &[], body, body.len() + 7)
    }

    /// Announces more bytes than it sends, and keeps the reader waiting for them.
    pub(super) fn stalled(body: &str) -> Self {
        match Self::truncated(body) {
            Self::Bytes(bytes) => Self::Stall(bytes),
            other => other,
        }
    }

    fn announced(status: u16, headers: &[(&str, &str)], body: &str, length: usize) -> Self {
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
        Self::Bytes((head + body).into_bytes())
    }
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) line: String,
    pub(super) headers: HashMap<String, String>,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    fn is_token(&self) -> bool {
        self.line.starts_with("POST /token ")
    }
}

#[derive(Debug, Default)]
struct Script {
    replies: VecDeque<Reply>,
    token_replies: VecDeque<Reply>,
    refused_token: Option<String>,
    seen: Vec<Seen>,
}

impl Script {
    /// Takes the reply to a request. Unscripted tokens are given, `Atza|1`, `Atza|2`, …; nothing else is.
    fn take(&mut self, seen: Seen) -> Reply {
        self.seen.push(seen.clone());
        if self.refused_token.is_some() && seen.header("authorization") == self.refused_token.as_deref() {
            return Reply::status(401, "");
        }
        if !seen.is_token() {
            return self.replies.pop_front().unwrap_or_else(|| Reply::status(418, "nothing is scripted"));
        }
        let number = self.seen.iter().filter(|seen| seen.is_token()).count();
        let token = format!(r#"{{"access_token":"Atza|{number}","token_type":"bearer","expires_in":3600}}"#);
        self.token_replies.pop_front().unwrap_or_else(|| Reply::ok(&token))
    }
}

/// A listener on this machine and its script.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let script = Arc::<Mutex<Script>>::default();
        tokio::spawn(serve(listener, Arc::clone(&script)));
        Self { address, script }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Queues replies to everything but token requests.
    pub(super) fn script(&self, replies: impl IntoIterator<Item = Reply>) {
        self.script.lock().replies.extend(replies);
    }

    /// Queues replies to token requests.
    pub(super) fn script_tokens(&self, replies: impl IntoIterator<Item = Reply>) {
        self.script.lock().token_replies.extend(replies);
    }

    /// Answers 401 to every request with this token.
    pub(super) fn refuse(&self, token: &str) {
        self.script.lock().refused_token = Some(format!("Bearer {token}"));
    }

    /// Every request so far but the token requests.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.script.lock().seen.iter().filter(|seen| !seen.is_token()).cloned().collect()
    }

    /// Every token request so far.
    pub(super) fn seen_tokens(&self) -> Vec<Seen> {
        self.script.lock().seen.iter().filter(|seen| seen.is_token()).cloned().collect()
    }
}

async fn serve(listener: TcpListener, script: Arc<Mutex<Script>>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, Arc::clone(&script)));
    }
}

async fn answer(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    let Some(seen) = receive(&mut stream).await else { return };
    let reply = script.lock().take(seen);
    match reply {
        Reply::Bytes(bytes) => stream.write_all(&bytes).await.unwrap_or_default(),
        Reply::Stall(bytes) => {
            stream.write_all(&bytes).await.unwrap_or_default();
            until_closed(&mut stream).await;
        }
        Reply::Close => {}
        Reply::Hang => until_closed(&mut stream).await,
    }
}

/// Waits until the client gives up and closes its side.
async fn until_closed(stream: &mut TcpStream) {
    while stream.read(&mut [0]).await.is_ok_and(|read| read > 0) {}
}

async fn receive(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        if let Some(seen) = parse(&bytes) {
            return Some(seen);
        }
        let read = stream.read_buf(&mut bytes).await.ok()?;
        if read == 0 {
            return None;
        }
    }
}

/// A request, once it is whole.
fn parse(bytes: &[u8]) -> Option<Seen> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (line, fields) = head.split_once("\r\n")?;
    let headers: HashMap<String, String> = fields
        .lines()
        .filter_map(|field| field.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    (body.len() >= length).then(|| Seen { line: line.to_owned(), headers, body: body.to_owned() })
}
