//! The program: its one line, its exit.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::client::http;

/// A running program that ends with the test.
struct Program(Child);

impl Program {
    fn start(flags: &[&str]) -> (Self, String) {
        Self::start_with(flags, Stdio::null())
    }

    fn start_with(flags: &[&str], log: Stdio) -> (Self, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_amc-fleet-emulator"))
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        (Self(child), line.trim_end().to_owned())
    }

    fn terminate(mut self) -> Option<i32> {
        let terminated = Command::new("kill").arg(self.0.id().to_string()).status().unwrap();
        assert!(terminated.success());
        self.0.wait().unwrap().code()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[tokio::test]
async fn the_first_line_says_where_and_how_and_a_signal_ends_it() {
    let (program, line) = Program::start(&["--instances", "3", "--accounts", "1"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["accounts"][0]["instances"].as_array().unwrap().len(), 3);
    let url = format!("{}/_emulator/executions", line["url"].as_str().unwrap());
    let witness: Value = http().get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(witness["executions"], Value::Array(Vec::new()));
    let token = http().post(line["token_url"].as_str().unwrap());
    let fields = ["refresh_token", "client_id", "client_secret"];
    let mut form: Vec<_> = fields.iter().map(|name| (*name, line[*name].as_str().unwrap())).collect();
    form.push(("grant_type", "refresh_token"));
    assert_eq!(token.form(&form).send().await.unwrap().status(), 200);
    assert_eq!(program.terminate(), Some(0));
}

#[test]
fn the_line_can_be_exports() {
    let (program, line) = Program::start(&["--env", "--instances", "1"]);
    assert!(line.starts_with("export AMC_API_URL='http://127.0.0.1:"), "{line}");
    for name in ["AMC_TOKEN_URL=", "AMC_CLIENT_ID=", "AMC_CLIENT_SECRET=", "AMC_REFRESH_TOKEN="] {
        assert!(line.contains(name), "{line}");
    }
    assert_eq!(program.terminate(), Some(0));
}

#[test]
fn a_port_that_is_taken_is_said_and_nothing_is_announced() {
    let (_program, line) = Program::start(&["--instances", "1"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    let port = line["url"].as_str().unwrap().rsplit(':').next().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_amc-fleet-emulator")).args(["--port", port]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let mut said = String::new();
    output.stderr.as_slice().read_to_string(&mut said).unwrap();
    assert!(said.contains("choose another --port"), "{said}");
}

#[tokio::test]
async fn the_log_shows_the_seed_of_a_random_fault() {
    let (mut program, line) = Program::start_with(&["--instances", "1", "--seed", "4711"], Stdio::piped());
    let log = program.0.stderr.take().unwrap();
    let line: Value = serde_json::from_str(&line).unwrap();
    let url = format!("{}/_emulator/faults", line["url"].as_str().unwrap());
    let fault = serde_json::json!({"status": 503, "chance": 0.5});
    assert_eq!(http().post(url).json(&fault).send().await.unwrap().status(), 200);
    assert_eq!(program.terminate(), Some(0));
    let mut said = String::new();
    BufReader::new(log).read_to_string(&mut said).unwrap();
    assert!(said.contains("a fault is planned") && said.contains("seed: Some(4711)"), "{said}");
}
