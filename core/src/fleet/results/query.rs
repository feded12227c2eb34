//! What is known about the query a result comes from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::error::Result;
use crate::model::{Execution, Instance, Scope};
use crate::sql::{Outputs, outputs};
use crate::store::Store;
use crate::templates::ColumnRole;

/// What is known about a query and how it was asked.
#[derive(Debug, Clone, Default)]
pub(in crate::fleet) struct Query {
    /// What its columns are, by its text.
    pub(super) outputs: Outputs,
    /// What its columns are, by the template its workflow is made of.
    pub(super) declared: Vec<(String, ColumnRole)>,
    /// The hashes of the query as it was sent.
    pub(super) sql_hashes: BTreeSet<String>,
    /// The column that marks rows with suppressed values.
    pub(super) marker: Option<String>,
    /// What to know before numbers of several instances are put together.
    pub(super) notes: Vec<String>,
}

impl Query {
    /// What is known about the query of a batch's executions. Its structure is the same in all of them: parameters do
    /// not change it.
    pub(in crate::fleet) async fn of(
        executions: &[Execution],
        instances: &[Instance],
        scope: &Scope,
        store: &dyn Store,
    ) -> Result<Self> {
        let Some(first) = executions.first() else { return Ok(Self::default()) };
        Self::like(first, executions, instances, scope, store).await
    }

    /// What is known about the queries of a series: the columns of the newest, and what counts distinct things in any.
    pub(in crate::fleet) async fn of_series(
        runs: &[Execution],
        instances: &[Instance],
        scope: &Scope,
        store: &dyn Store,
    ) -> Result<Self> {
        let Some(newest) = runs.iter().max_by_key(|run| run.asked_at()) else { return Ok(Self::default()) };
        let mut query = Self::like(newest, runs, instances, scope, store).await?;
        for hash in query.sql_hashes.iter().filter(|hash| **hash != newest.sql_hash) {
            let sql = store.sent_sql(scope, hash).await?;
            query.outputs.distinct.extend(sql.iter().flat_map(|sql| outputs(sql).distinct));
        }
        Ok(query)
    }

    async fn like(
        first: &Execution,
        executions: &[Execution],
        instances: &[Instance],
        scope: &Scope,
        store: &dyn Store,
    ) -> Result<Self> {
        let sql = store.sent_sql(scope, &first.sql_hash).await?;
        let marker = first.amc.marker().map(str::to_owned);
        Ok(Self {
            outputs: sql.as_deref().map(outputs).unwrap_or_default(),
            sql_hashes: executions.iter().map(|execution| execution.sql_hash.clone()).collect(),
            declared: declared(first, scope, store).await?,
            marker,
            notes: notes(executions, instances),
        })
    }
}

/// The roles that the template of a workflow declares.
async fn declared(
    execution: &Execution,
    scope: &Scope,
    store: &dyn Store,
) -> Result<Vec<(String, ColumnRole)>> {
    let Some(id) = execution.workflow else { return Ok(Vec::new()) };
    let workflow = store.workflow(scope, &id.into()).await?;
    let Some(hash) = workflow.and_then(|workflow| workflow.template) else { return Ok(Vec::new()) };
    let version = store.template_of(scope, &hash).await?;
    version.map_or_else(|| Ok(Vec::new()), |version| version.template.roles())
}

/// What differs between instances that may make their numbers incomparable.
fn notes(executions: &[Execution], instances: &[Instance]) -> Vec<String> {
    let by_id: HashMap<_, _> = instances.iter().map(|instance| (instance.id, instance)).collect();
    let marketplace = |execution: &Execution| {
        by_id.get(&execution.instance).map(|instance| instance.account.key.marketplace_id.clone())
    };
    let marketplaces = counted(executions.iter().filter_map(marketplace));
    let zones = counted(executions.iter().map(|execution| execution.timezone.clone()));
    let said = [
        (marketplaces, "marketplaces", "their amounts may be in several currencies"),
        (zones, "time zones", "their days are not the same hours"),
    ];
    let several = said.into_iter().filter(|(found, ..)| found.len() > 1);
    several
        .map(|(found, what, so)| {
            let found: Vec<String> =
                found.into_iter().map(|(name, count)| format!("{name} ({count})")).collect();
            format!("instances of {} {what}: {}; {so}", found.len(), found.join(", "))
        })
        .collect()
}

fn counted(names: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    counts
}
