//! What goes wrong at AMC meanwhile: drawn from a seed, so that a round can be repeated.

use serde_json::{Value, json};

const SUBMIT: &str = "*/workflowExecutions";

/// The faults of a round. Slow submits and slow results make time to kill in; the rest is what networks do. A request that
/// the network delivers twice is not among them: nobody can count that against whoever sent it once.
pub(super) fn plan(seed: u64) -> Vec<Value> {
    let submit = |more: Value| with(more, "POST", SUBMIT);
    let read = |path: &str, more: Value| with(more, "GET", path);
    let faults = vec![
        submit(json!({"kind": "lateEffect", "delayMs": 250, "chance": 0.3})),
        submit(json!({"kind": "slow", "delayMs": 250, "chance": 0.3})),
        submit(json!({"kind": "status", "status": 503, "body": "html", "after": true, "chance": 0.04})),
        submit(json!({"kind": "status", "status": 500, "chance": 0.04})),
        submit(json!({"kind": "status", "status": 429, "retryAfter": 1, "chance": 0.05})),
        submit(json!({"kind": "gatewayTimeout", "after": true, "chance": 0.03})),
        submit(json!({"kind": "reset", "after": true, "chance": 0.04})),
        submit(json!({"kind": "reset", "chance": 0.04})),
        submit(json!({"kind": "halfOpen", "after": true, "chance": 0.03})),
        submit(json!({"kind": "halfOpen", "chance": 0.03})),
        submit(
            json!({"kind": "runFails", "status": "FAILED", "reason": "Internal error, try again later", "chance": 0.03}),
        ),
        read(SUBMIT, json!({"kind": "halfOpen", "chance": 0.02})),
        read(SUBMIT, json!({"kind": "status", "status": 502, "body": "html", "chance": 0.03})),
        read("*/downloadUrls", json!({"kind": "slow", "delayMs": 300, "chance": 0.6})),
        read("*/downloadUrls", json!({"kind": "expiredUrl", "chance": 0.05})),
        read("/results/*", json!({"kind": "truncate", "chance": 0.1})),
        read("/results/*", json!({"kind": "reset", "after": true, "chance": 0.05})),
    ];
    (0..)
        .zip(faults)
        .map(|(number, fault): (u64, Value)| with_seed(fault, seed.wrapping_add(number)))
        .collect()
}

fn with(mut fault: Value, method: &str, path: &str) -> Value {
    fault["method"] = method.into();
    fault["path"] = path.into();
    fault
}

fn with_seed(mut fault: Value, seed: u64) -> Value {
    fault["seed"] = seed.into();
    fault
}
