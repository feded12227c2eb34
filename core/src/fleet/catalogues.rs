//! Reading queries against the tables that instances listed.

use std::collections::{BTreeMap, HashSet};
use std::pin::pin;

use chrono::TimeDelta;
use futures::{StreamExt, stream};
use serde_json::Value;

use super::Fleet;
use crate::Finding;
use crate::error::{Error, Result};
use crate::lint::{Catalogue, LintOptions, lint};
use crate::model::{DataSourceSet, Instance, InstanceUuid, KnownDataSources};
use crate::params::Declaration;

/// How long a list of tables is taken for true.
const DATA_SOURCES_LAST: TimeDelta = TimeDelta::days(7);

/// Instances that are asked for their tables at once.
const READS_AT_ONCE: usize = 4;

/// What a query is read against.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LintSpec {
    /// The tables there are, as AMC's `dataSources` gives them.
    pub data_sources: Option<Value>,
    /// The instance whose tables are meant, as it listed them last: by AMC's id or by ours. With neither this nor
    /// `data_sources` no table and no column is unknown.
    pub instance: Option<String>,
    /// The declared parameters; none: it is not known what is declared.
    pub declarations: Option<Vec<Declaration>>,
}

/// A list of tables, and the instances that gave it.
#[derive(Debug)]
pub(super) struct Listed {
    instances: Vec<String>,
    catalogue: Catalogue,
}

impl Fleet {
    /// Says what AMC will refuse about a query, or may read in another way. AMC hears nothing.
    ///
    /// # Errors
    /// `InvalidInput`: `data_sources_unreadable`, `unknown_instance`.
    pub async fn lint(&self, sql: &str, spec: LintSpec) -> Result<Vec<Finding>> {
        let LintSpec { data_sources, instance, declarations } = &spec;
        let given = data_sources.as_ref().map(Catalogue::read).transpose()?;
        let listed = match instance {
            Some(instance) if given.is_none() => self.listed(&[self.known_instance(instance).await?]).await?,
            _ => Vec::new(),
        };
        let data_sources = given.as_ref().or_else(|| listed.first().map(|listed| &listed.catalogue));
        let unknown = instance.as_deref().filter(|_| data_sources.is_none()).map(unlisted);
        let found = lint(sql, LintOptions { data_sources, declarations: declarations.as_deref() });
        Ok(unknown.into_iter().chain(found).collect())
    }

    /// Asks for the tables of instances where they are not known or may have changed. Without them a query is checked by
    /// AMC alone, so that no failure here fails a sync.
    pub(super) async fn read_data_sources(&self) -> Result<()> {
        let (client, clock) = (self.client()?, &self.0.surroundings.clock);
        let known = self.0.store.catalogues(&self.scope()).await?.into_iter();
        let is_fresh = |it: &KnownDataSources| it.read_at + DATA_SOURCES_LAST > clock.now();
        let fresh: HashSet<InstanceUuid> = known.filter(is_fresh).map(|it| it.instance).collect();
        let mut instances = self.instances().await?;
        instances.retain(|instance| !fresh.contains(&instance.id));
        let answers = stream::iter(instances)
            .map(|it| async move { (it.id, client.data_sources(&it.target()).await) })
            .buffer_unordered(READS_AT_ONCE);
        let mut answers = pin!(answers);
        while let Some((instance, answer)) = answers.next().await {
            match answer {
                Ok(listed) if listed.is_empty() => {}
                Ok(listed) => {
                    let set = DataSourceSet::new(listed);
                    self.0.store.save_catalogue(instance, &set, clock.now()).await?;
                }
                Err(error) => tracing::debug!(%error, "the data sources of an instance could not be read"),
            }
        }
        Ok(())
    }

    async fn known_instance(&self, id: &str) -> Result<Instance> {
        let known = self.0.store.instances(&self.scope()).await?.into_iter();
        let mut meant = known.filter(|it| it.instance_id == id || it.id.0.to_string() == id);
        meant.next().ok_or_else(|| {
            Error::invalid("unknown_instance", format!("no instance '{id}'"))
                .instances([id])
                .hint("name it by AMC's id (amc…); list them with instances()")
        })
    }

    /// The lists of tables of some instances, equal ones once; those whose lists are not known are left out.
    pub(super) async fn listed(&self, instances: &[Instance]) -> Result<Vec<Listed>> {
        let known = self.0.store.catalogues(&self.scope()).await?;
        let known: BTreeMap<InstanceUuid, String> =
            known.into_iter().map(|it| (it.instance, it.content_hash)).collect();
        let mut by_hash: BTreeMap<&String, Vec<String>> = BTreeMap::new();
        for instance in instances {
            if let Some(hash) = known.get(&instance.id) {
                by_hash.entry(hash).or_default().push(instance.instance_id.clone());
            }
        }
        let mut listed = Vec::new();
        for (hash, instances) in by_hash {
            if let Some(set) = self.0.store.catalogue(hash).await? {
                listed.push(Listed { instances, catalogue: Catalogue::read(&set)? });
            }
        }
        Ok(listed)
    }
}

/// What is found about a query at some instances; a finding that holds at some of them alone names these.
pub(super) fn found_at(sql: &str, listed: &[Listed], declarations: &[Declaration]) -> Vec<Finding> {
    let declarations = Some(declarations);
    if listed.is_empty() {
        return lint(sql, LintOptions { data_sources: None, declarations });
    }
    let mut all: Vec<(Finding, Vec<&Listed>)> = Vec::new();
    for list in listed {
        for finding in lint(sql, LintOptions { data_sources: Some(&list.catalogue), declarations }) {
            let same = |known: &Finding| known.code == finding.code && known.position == finding.position;
            match all.iter_mut().find(|(known, _)| same(known)) {
                Some((_, lists)) => lists.push(list),
                None => all.push((finding, vec![list])),
            }
        }
    }
    all.sort_by_key(|(finding, _)| finding.position);
    let named = |(finding, lists): (Finding, Vec<&Listed>)| {
        if lists.len() == listed.len() { finding } else { at_some(finding, &lists) }
    };
    all.into_iter().map(named).collect()
}

fn at_some(finding: Finding, lists: &[&Listed]) -> Finding {
    let mut at = lists.iter().flat_map(|list| &list.instances);
    let first = at.next().map_or("", String::as_str);
    let message = match at.count() {
        0 => format!("{} (at {first})", finding.message),
        more => format!("{} (at {first} and {more} more)", finding.message),
    };
    Finding { message, ..finding }
}

fn unlisted(instance: &str) -> Finding {
    Finding::info("data_sources_unknown", format!("the tables of {instance} are not known here"))
        .fix("read them: sync_instances()")
}
