//! A fault: which requests it strikes, and what it does to them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::FaultKind;

/// Which requests a fault strikes, and what it does to them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// Which requests.
    #[serde(flatten)]
    pub target: FaultTarget,
    /// What it does.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// Which requests a fault strikes; whatever is not named matches all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultTarget {
    /// The HTTP method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The path, `*` standing for anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The instance named in the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The first of the matching requests that it strikes, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// How often it strikes from there on; 0 strikes for ever. One time if not given, for ever with a chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// The chance with which it strikes, from 0 to 1, drawn from `seed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// What chance is drawn from; the emulator's own if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// The statuses that can end a request; those below only announce another one.
const STATUSES: std::ops::RangeInclusive<u16> = 200..=599;

/// The request as far as a fault sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
}

impl Fault {
    /// Makes a fault that strikes once: the first request, or the first of those its kind makes sense for.
    pub fn new(kind: FaultKind) -> Self {
        let mut fault = Self { target: FaultTarget::default(), kind };
        fault.fill_target();
        fault
    }

    /// Strikes requests with this method only.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.target.method = Some(method.to_owned());
        self
    }

    /// Strikes requests with this path only, `*` standing for anything.
    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        self.target.path = Some(path.to_owned());
        self
    }

    /// Strikes requests for this instance only.
    #[must_use]
    pub fn instance(mut self, instance: &str) -> Self {
        self.target.instance = Some(instance.to_owned());
        self
    }

    /// Leaves the matching requests before the `nth` alone.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.target.nth = Some(nth);
        self
    }

    /// Strikes so often; 0 for ever.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.target.times = Some(times);
        self
    }

    /// Strikes by chance, drawn from `seed`.
    #[must_use]
    pub fn chance(mut self, chance: f64, seed: u64) -> Self {
        self.target.chance = Some(chance);
        self.target.seed = Some(seed);
        self
    }

    fn fill_target(&mut self) {
        let (None, None) = (&self.target.method, &self.target.path) else { return };
        if let Some((method, path)) = self.kind.usual_requests() {
            self.target.method = Some(method.to_owned());
            self.target.path = Some(path.to_owned());
        }
    }

    /// Reads a fault out of one flat JSON object.
    ///
    /// Where no kind is named it is `status`.
    ///
    /// # Errors
    /// The sentence that says which field is wrong; a field that is not known is wrong.
    pub fn read(mut fields: Map<String, Value>) -> Result<Self, String> {
        fields.entry("kind").or_insert_with(|| "status".into());
        const TARGET: [&str; 7] = ["method", "path", "instance", "nth", "times", "chance", "seed"];
        let (target, kind): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|(name, _)| TARGET.contains(&name.as_str()));
        let target = read_fields(target.into_iter().collect())?;
        let mut fault = Self { target, kind: read_fields(kind.into_iter().collect())? };
        fault.check()?;
        fault.fill_target();
        Ok(fault)
    }

    fn check(&self) -> Result<(), String> {
        if let FaultKind::Status { status, .. } = self.kind
            && !STATUSES.contains(&status)
        {
            return Err(format!("status must be from 200 to 599, not {status}"));
        }
        if self.target.nth == Some(0) {
            return Err("nth counts from 1".to_owned());
        }
        match self.target.chance {
            Some(chance) if !(0.0..=1.0).contains(&chance) => {
                Err(format!("chance must be from 0 to 1, not {chance}"))
            }
            _ => Ok(()),
        }
    }
}

/// Reads fields, and names the one that is wrong: without it the error is another.
fn read_fields<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, String> {
    let read = |fields: Map<String, Value>| {
        serde_json::from_value::<T>(Value::Object(fields)).map_err(|error| error.to_string())
    };
    let without = |name: &String| {
        let mut rest = fields.clone();
        rest.remove(name);
        read(rest).err()
    };
    read(fields.clone()).map_err(|error| {
        let wrong = fields.keys().find(|name| *name != "kind" && without(name).as_ref() != Some(&error));
        wrong.map_or(error.clone(), |name| format!("{name}: {error}"))
    })
}

impl FaultTarget {
    /// Tells whether a request is one that is meant, whatever its turn.
    pub(super) fn matches(&self, seen: Seen<'_>) -> bool {
        self.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(seen.method))
            && self.path.as_ref().is_none_or(|path| fits(path, seen.path))
            && self.instance.as_ref().is_none_or(|id| seen.path.split('/').any(|segment| segment == id))
    }

    /// Tells whether the `turn`th matching request, from 1, is due after `fired` strikes.
    pub(super) fn is_due(&self, turn: u64, fired: u64) -> bool {
        let unless_told = if self.chance.is_some() { 0 } else { 1 };
        let times = self.times.unwrap_or(unless_told);
        turn >= self.nth.unwrap_or(1) && (times == 0 || fired < times)
    }
}

/// Compares a path with a pattern in which `*` stands for anything.
fn fits(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((start, rest)) => path.strip_prefix(start).is_some_and(|path| {
            (0..=path.len()).filter(|at| path.is_char_boundary(*at)).any(|at| fits(rest, &path[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Result<Fault, String> {
        Fault::read(serde_json::from_value(value).unwrap())
    }

    #[test]
    fn patterns_stand_for_anything() {
        assert!(fits("*/workflowExecutions", "/amc/reporting/amc1/workflowExecutions"));
        assert!(!fits("*/workflowExecutions", "/amc/reporting/amc1/workflowExecutions/1"));
        assert!(fits("/amc/*/amc1/*", "/amc/reporting/amc1/workflows"));
    }

    #[test]
    fn a_fault_is_written_as_it_is_read() {
        let json = json!({"method": "POST", "nth": 2, "kind": "status", "status": 429, "retryAfter": 1});
        let fault = read(json).unwrap();
        let built = Fault::new(FaultKind::retry_after(429, 1)).method("POST").nth(2);
        assert_eq!(fault, built);
        let written = serde_json::to_value(&fault).unwrap();
        assert_eq!(read(written).unwrap(), fault);
    }

    #[test]
    fn a_status_needs_no_kind() {
        assert_eq!(read(json!({"status": 503})).unwrap(), Fault::new(FaultKind::status(503)));
        assert!(read(json!({"method": "POST"})).unwrap_err().contains("status"));
    }

    #[test]
    fn unknown_fields_are_refused() {
        assert!(read(json!({"kind": "reset", "nht": 2})).unwrap_err().contains("nht"));
        assert!(read(json!({"kind": "explode"})).unwrap_err().contains("explode"));
    }

    #[test]
    fn the_field_that_is_wrong_is_named() {
        let wrong = |fault| read(fault).unwrap_err();
        assert_eq!(wrong(json!({"status": "429"})), "status: invalid type: string \"429\", expected u16");
        assert!(wrong(json!({"status": 429, "times": -1, "nth": 1})).starts_with("times: "));
        assert!(wrong(json!({"status": 429, "body": "xml"})).starts_with("body: "));
        assert_eq!(wrong(json!({"status": 429, "nth": 0})), "nth counts from 1");
        assert_eq!(wrong(json!({"kind": "slow"})), "missing field `delayMs`");
    }

    #[test]
    fn faults_of_runs_strike_their_creation() {
        let fault = read(json!({"kind": "stuck", "status": "PENDING"})).unwrap();
        assert_eq!(fault.target.method.as_deref(), Some("POST"));
        assert_eq!(fault.target.path.as_deref(), Some("*/workflowExecutions"));
    }
}
