//! Instances and what a sync of them found.

use super::{Plain, mirrors, record};
use crate::json::Kept;

record! {
    /// An AMC instance.
    Instance {
        /// Our own id, unique even where two accounts list the same instance.
        id: String,
        /// AMC's id (``amc…``).
        instance_id: String,
        /// Its name.
        name: String,
        /// The advertiser it is for.
        customer_name: String,
        /// ``STANDARD``, ``SANDBOX``, …
        instance_type: String,
        /// AMC's word on whether it is ready.
        creation_status: String,
        /// ``ok``, ``denied`` or ``unreachable``.
        access: String,
        /// Its time zone, its account's where it has none of its own.
        timezone: String,
        /// The AMC account it is in.
        account_id: String,
        /// The account's name.
        account_name: String,
        /// The account's marketplace.
        marketplace_id: String,
        /// The account's region.
        region: String,
        /// What its owner calls it.
        label: Option<String>,
        /// Words to select it by.
        tags: Vec<String>,
        /// The brands its data are about.
        brands: Vec<String>,
        /// The currency of its amounts.
        currency: Option<String>,
        /// Values of parameters that differ by instance.
        parameters: Kept,
        /// The tables a query may read there; None where AMC was never asked.
        data_sources: Option<Vec<String>>,
        /// Why no query can run on it; None when one can.
        unavailable: Option<String>,
    }
    /// >>> fleet.instances()[0].to_dict()["access"]
    /// 'ok'
}

impl From<amc_fleet::Instance> for Instance {
    fn from(it: amc_fleet::Instance) -> Self {
        Self {
            timezone: it.zone().to_owned(),
            unavailable: it.unavailability().map(|why| why.to_string()),
            id: it.id.0.to_string(),
            instance_id: it.instance_id,
            name: it.name,
            customer_name: it.customer_name,
            instance_type: it.instance_type,
            creation_status: it.creation_status,
            access: it.access.as_str().to_owned(),
            account_id: it.account.key.account_id,
            account_name: it.account.name,
            marketplace_id: it.account.key.marketplace_id,
            region: it.account.region,
            label: it.profile.label,
            tags: it.profile.tags,
            brands: it.profile.brands,
            currency: it.profile.currency,
            parameters: Kept(it.profile.parameters),
            data_sources: it.data_sources.map(|listed| listed.ids),
        }
    }
}

impl Instance {
    fn shown(&self) -> String {
        let but = self.unavailable.as_ref().map(|why| format!(", {why}")).unwrap_or_default();
        format!("<Instance {} '{}' {}{but}>", self.instance_id, self.name, self.region)
    }
}

record! {
    /// An account whose instances AMC refused to list.
    UnreachableAccount {
        /// The entity id.
        account_id: String,
        /// The marketplace.
        marketplace_id: String,
        /// Why, in AMC's words.
        reason: String,
        /// The instances of it that were in reach before.
        instances: Vec<String>,
    }
    /// >>> len(unreachable.to_dict()["instances"])
    /// 3
}

mirrors!(UnreachableAccount of amc_fleet::UnreachableAccount { account_id, marketplace_id, reason, instances });

impl UnreachableAccount {
    fn shown(&self) -> String {
        format!("<UnreachableAccount {}: {}>", self.account_id, self.reason)
    }
}

record! {
    /// What a sync of instances found, by AMC's instance ids.
    SyncReport {
        /// Accounts seen.
        accounts: usize,
        /// Instances this owner did not have before.
        added: Vec<String>,
        /// Instances of which AMC says something else than before, or which are in reach again.
        changed: Vec<String>,
        /// How many instances are as they were.
        unchanged: usize,
        /// Instances that AMC listed before and does not list any more. They stay known.
        gone: Vec<String>,
        /// Accounts whose instances AMC refused to list.
        unreachable: Vec<UnreachableAccount>,
        /// The whole in one line.
        summary: String,
    }
    /// >>> fleet.sync_instances().to_dict()["accounts"]
    /// 2
}

impl From<amc_fleet::SyncReport> for SyncReport {
    fn from(it: amc_fleet::SyncReport) -> Self {
        let summary = it.to_string();
        let amc_fleet::SyncReport { accounts, added, changed, unchanged, gone, unreachable } = it;
        Self { accounts, added, changed, unchanged, gone, unreachable: unreachable.plain(), summary }
    }
}

impl SyncReport {
    fn shown(&self) -> String {
        format!("<SyncReport {}>", self.summary)
    }
}
