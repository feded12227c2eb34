//! Which instances a batch runs on: every name resolved, every doubt said, before anything is written.

use std::collections::{BTreeMap, HashSet};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::{Instance, Selector, Skipped, Unavailability};

/// The instances a caller asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instances {
    /// Every instance a query can run on.
    #[default]
    All,
    /// These, by AMC id or by our own.
    Ids(Vec<String>),
    /// Those that a selector asks for and a query can run on.
    Select(Selector),
}

impl Instances {
    /// These, by AMC id or by our own.
    pub fn ids<S: Into<String>>(ids: impl IntoIterator<Item = S>) -> Self {
        Self::Ids(ids.into_iter().map(Into::into).collect())
    }
}

impl FromStr for Instances {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "all" => Ok(Self::All),
            _ => Err(Error::invalid("unknown_instances", format!("instances = '{word}' means nothing"))
                .hint(format!("a list of instances or of their ids, here [\"{word}\"], or the word all"))),
        }
    }
}

impl From<Vec<Instance>> for Instances {
    fn from(instances: Vec<Instance>) -> Self {
        Self::ids(instances.into_iter().map(|instance| instance.id.0.to_string()))
    }
}

/// What to do about an instance that was named and cannot run a query.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnUnavailable {
    /// Refuse the batch.
    #[default]
    Refuse,
    /// Leave the instance out and say so.
    Skip,
}

impl FromStr for OnUnavailable {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "refuse" => Ok(Self::Refuse),
            "skip" => Ok(Self::Skip),
            _ => Err(Error::invalid(
                "unknown_on_unavailable",
                format!("on_unavailable = '{word}' means nothing"),
            )
            .hint("one of refuse, skip")),
        }
    }
}

/// What a selection came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Selected {
    /// The instances to run on, in the order asked for.
    pub(super) instances: Vec<Instance>,
    /// What was named and left out.
    pub(super) skipped: Vec<Skipped>,
}

/// Resolves what was asked for against what the owner has.
pub(super) fn select(
    known: Vec<Instance>,
    wanted: &Instances,
    on_unavailable: OnUnavailable,
) -> Result<Selected> {
    let selected = match wanted {
        Instances::All => all(known),
        Instances::Ids(ids) => named(&known, ids, on_unavailable)?,
        Instances::Select(selector) => admitted(known, selector),
    };
    if selected.instances.is_empty() {
        return Err(Error::invalid("no_instances", "no instance to run on")
            .instances(selected.skipped.iter().map(|skipped| skipped.instance_id.as_str()))
            .hint("sync instances first, or name at least one that is available"));
    }
    Ok(selected)
}

/// Sandboxes are among them only where the selector asks for nothing else.
fn admitted(known: Vec<Instance>, selector: &Selector) -> Selected {
    let sandboxes = selector.instance_type.as_slice() == ["SANDBOX"];
    let available = known.into_iter().filter(|instance| match instance.unavailability() {
        None => true,
        Some(why) => sandboxes && why == Unavailability::Sandbox,
    });
    Selected { instances: available.filter(|it| selector.admits(it)).collect(), skipped: Vec::new() }
}

fn all(known: Vec<Instance>) -> Selected {
    let available = known.into_iter().filter(|instance| instance.unavailability().is_none());
    Selected { instances: available.collect(), skipped: Vec::new() }
}

fn named(known: &[Instance], ids: &[String], on_unavailable: OnUnavailable) -> Result<Selected> {
    let found = resolve(known, ids)?;
    refuse_duplicates(&found)?;
    let among_sandboxes = found.iter().all(|instance| instance.is_sandbox());
    let (available, unavailable): (Vec<&Instance>, Vec<&Instance>) =
        found.into_iter().partition(|instance| match instance.unavailability() {
            None => true,
            Some(why) => among_sandboxes && why == Unavailability::Sandbox,
        });
    if on_unavailable == OnUnavailable::Refuse && !unavailable.is_empty() {
        return Err(refused(&unavailable));
    }
    let skipped = unavailable
        .into_iter()
        .map(|instance| Skipped { instance_id: instance.instance_id.clone(), reason: why(instance) });
    Ok(Selected { skipped: skipped.collect(), instances: available.into_iter().cloned().collect() })
}

pub(super) fn resolve<'a>(known: &'a [Instance], ids: &[String]) -> Result<Vec<&'a Instance>> {
    let mut by_name: BTreeMap<String, Vec<&Instance>> = BTreeMap::new();
    for instance in known {
        by_name.entry(instance.instance_id.clone()).or_default().push(instance);
        by_name.entry(instance.id.0.to_string()).or_default().push(instance);
    }
    let unknown: Vec<&String> = ids.iter().filter(|id| !by_name.contains_key(*id)).collect();
    if !unknown.is_empty() {
        return Err(unknown_instances(&unknown));
    }
    let one = |id: &String| match by_name.get(id).map(Vec::as_slice) {
        Some([instance]) => Ok(*instance),
        Some(several) => Err(ambiguous(id, several)),
        None => Err(unknown_instances(&[id])),
    };
    ids.iter().map(one).collect()
}

/// The one instance of a name, whatever can run there.
pub(super) fn one<'a>(known: &'a [Instance], id: &str) -> Result<&'a Instance> {
    Ok(resolve(known, &[id.to_owned()])?[0])
}

fn refuse_duplicates(found: &[&Instance]) -> Result<()> {
    let mut seen = HashSet::new();
    let twice: Vec<&str> =
        found.iter().filter(|it| !seen.insert(it.id)).map(|it| it.instance_id.as_str()).collect();
    if twice.is_empty() {
        return Ok(());
    }
    let message = format!("named more than once: {}", some(&twice));
    Err(Error::invalid("duplicate_instance", message).instances(twice).hint("name each instance once"))
}

fn unknown_instances(ids: &[&String]) -> Error {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    Error::not_found("unknown_instance", format!("not an instance of this owner: {}", some(&ids)))
        .instances(ids)
        .hint("sync instances, and give AMC's instance id (amc…) or ours")
}

fn ambiguous(id: &str, several: &[&Instance]) -> Error {
    let accounts: Vec<&str> =
        several.iter().map(|instance| instance.account.key.account_id.as_str()).collect();
    Error::invalid("ambiguous_instance", format!("{id} exists under the accounts {}", accounts.join(" and ")))
        .instances([id])
        .hint("give our own id of the one you mean")
}

fn refused(unavailable: &[&Instance]) -> Error {
    let reasons: Vec<String> =
        unavailable.iter().map(|it| format!("{} {}", it.instance_id, why(it))).collect();
    let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
    Error::new(ErrorKind::Forbidden, "instance_unavailable", some(&reasons))
        .instances(unavailable.iter().map(|instance| instance.instance_id.as_str()))
        .hint("leave them out, or say on_unavailable = skip; sandboxes run in a batch of their own")
}

fn why(instance: &Instance) -> String {
    instance.unavailability().map(|why| why.to_string()).unwrap_or_default()
}

/// A list for a message: the first few, and how many more.
fn some(items: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = items.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN { format!("{shown} and {} more", items.len() - SHOWN) } else { shown }
}
