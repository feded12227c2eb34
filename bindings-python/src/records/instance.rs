//! Instances and what a sync of them found.

use super::{mirrors, record};

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
    /// What a sync of instances found.
    SyncReport {
        /// Accounts seen.
        accounts: usize,
        /// Instances seen for the first time.
        added: usize,
        /// Instances known before and seen again.
        updated: usize,
        /// Instances known before and not seen any more.
        lost: usize,
        /// Accounts whose instances AMC refused to list, each with AMC's words.
        denied: Vec<(String, String)>,
    }
    /// >>> fleet.sync_instances().to_dict()["accounts"]
    /// 2
}

mirrors!(SyncReport of amc_fleet::SyncReport { accounts, added, updated, lost, denied });

impl SyncReport {
    fn shown(&self) -> String {
        let Self { accounts, added, updated, lost, denied } = self;
        let denied = denied.len();
        format!(
            "<SyncReport {accounts} accounts: {added} added, {updated} updated, {lost} lost, {denied} denied>"
        )
    }
}
