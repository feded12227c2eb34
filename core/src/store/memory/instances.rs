//! Accounts, instances and workflows in memory.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::MemoryStore;
use super::state::State;
use crate::clock::IdSource;
use crate::error::Result;
use crate::model::{
    Access, Account, Change, DataSources, ExecutionStatus, Failure, IdRef, Instance, InstanceUuid,
    NewWorkflow, Page, PageRequest, Profile, Scope, SyncedAccount, SyncedInstance, Workflow, WorkflowId,
};
use crate::store::{InstanceStore, Known, SyncChanges, WorkflowFilter, WorkflowSort, WorkflowStore};

#[async_trait]
impl InstanceStore for MemoryStore {
    async fn sync_account(
        &self,
        owner: &str,
        synced: &SyncedAccount,
        ids: &dyn IdSource,
        now: DateTime<Utc>,
    ) -> Result<SyncChanges> {
        let mut state = self.state.lock();
        let account = state.account(synced, ids, now);
        let mut known = state.instances_of(&account);
        let mut changes = SyncChanges::default();
        for instance in synced.instances.iter().flatten() {
            let id = known.remove(&instance.instance_id);
            changes.see(instance, id.and_then(|id| state.known(id, owner)).as_ref());
            let id = id.unwrap_or_else(|| ids.next(now).into());
            state.save(id, &account, instance, now);
            state.grants.insert((id, owner.to_owned()));
        }
        let access = if synced.instances.is_some() { Access::Unreachable } else { Access::Denied };
        for (instance_id, id) in known {
            if let Some(known) = state.known(id, owner) {
                changes.miss(&instance_id, &known);
            }
            if let Some(instance) = state.instances.get_mut(&id) {
                instance.access = access;
            }
        }
        Ok(changes.in_order())
    }

    async fn instances(&self, scope: &Scope) -> Result<Vec<Instance>> {
        let state = self.state.lock();
        let granted = |id: InstanceUuid| {
            scope.owner().is_none_or(|owner| state.grants.contains(&(id, owner.to_owned())))
        };
        let mut found: Vec<Instance> =
            state.instances.values().filter(|it| granted(it.id)).cloned().collect();
        for instance in &mut found {
            let own = scope.owner().and_then(|owner| state.profiles.get(&(instance.id, owner.to_owned())));
            instance.profile = own.cloned().unwrap_or_default();
            instance.data_sources = state.tables(instance.id);
        }
        found.sort_by(|a, b| (&a.name, &a.instance_id).cmp(&(&b.name, &b.instance_id)));
        Ok(found)
    }

    async fn save_profiles(
        &self,
        owner: &str,
        profiles: &[(InstanceUuid, Profile)],
        _now: DateTime<Utc>,
    ) -> Result<()> {
        let mut state = self.state.lock();
        for (instance, profile) in profiles {
            let key = (*instance, owner.to_owned());
            if state.grants.contains(&key) {
                state.profiles.insert(key, profile.clone());
            }
        }
        Ok(())
    }

    async fn grant(
        &self,
        owner: &str,
        instances: &[InstanceUuid],
        _ids: &dyn IdSource,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        self.state.lock().grants.extend(instances.iter().map(|instance| (*instance, owner.to_owned())));
        Ok(())
    }

    async fn revoke(&self, owner: &str, instances: &[InstanceUuid]) -> Result<()> {
        let mut state = self.state.lock();
        for instance in instances {
            let key = (*instance, owner.to_owned());
            state.grants.remove(&key);
            state.profiles.remove(&key);
        }
        Ok(())
    }

    async fn deny_account(
        &self,
        instance: InstanceUuid,
        failure: &Failure,
        now: DateTime<Utc>,
    ) -> Result<usize> {
        let mut state = self.state.lock();
        let Some(account) = state.instances.get(&instance).map(|it| it.account.id) else { return Ok(0) };
        let own: Vec<InstanceUuid> =
            state.instances.values().filter(|it| it.account.id == account).map(|it| it.id).collect();
        for id in &own {
            state.instances.entry(*id).and_modify(|it| it.access = Access::Denied);
        }
        let waiting = state.executions.values();
        let waiting =
            waiting.filter(|it| it.status == ExecutionStatus::Pending && own.contains(&it.instance));
        let waiting: Vec<_> = waiting.cloned().collect();
        for execution in &waiting {
            state.take(execution, &Change::Failed(failure.clone()), now)?;
        }
        Ok(waiting.len())
    }

    async fn remember(&self, setting: &str, value: &str) -> Result<String> {
        let mut state = self.state.lock();
        Ok(state.settings.entry(setting.to_owned()).or_insert_with(|| value.to_owned()).clone())
    }
}

impl State {
    /// The workflows of a scope that are not archived.
    fn shown<'s>(&'s self, scope: &'s Scope) -> impl Iterator<Item = &'s Workflow> {
        let open = self.workflows.values().filter(|workflow| !self.archived.contains(&workflow.id));
        open.filter(|workflow| scope.admits(&workflow.owner_id))
    }

    fn account(&self, synced: &SyncedAccount, ids: &dyn IdSource, now: DateTime<Utc>) -> Account {
        let known =
            self.instances.values().map(|instance| &instance.account).find(|known| known.key == synced.key);
        Account {
            id: known.map_or_else(|| ids.next(now).into(), |known| known.id),
            key: synced.key.clone(),
            name: synced.name.clone(),
            region: synced.region.clone(),
            api_endpoint: synced.api_endpoint.clone(),
            credential_key: synced.credential_key.clone(),
            timezone: known.map_or_else(|| "UTC".to_owned(), |known| known.timezone.clone()),
            extra_headers: synced.extra_headers.clone(),
        }
    }

    fn tables(&self, id: InstanceUuid) -> Option<DataSources> {
        let (set, read_at) = self.catalogues.get(&id)?;
        Some(DataSources { ids: set.ids(), read_at: *read_at })
    }

    fn known(&self, id: InstanceUuid, owner: &str) -> Option<Known> {
        let instance = self.instances.get(&id)?;
        let said = SyncedInstance {
            instance_id: instance.instance_id.clone(),
            name: instance.name.clone(),
            customer_name: instance.customer_name.clone(),
            instance_type: instance.instance_type.clone(),
            creation_status: instance.creation_status.clone(),
        };
        let is_granted = self.grants.contains(&(id, owner.to_owned()));
        Some(Known { said, access: instance.access, is_granted })
    }

    fn instances_of(&self, account: &Account) -> BTreeMap<String, InstanceUuid> {
        let own = self.instances.values().filter(|instance| instance.account.id == account.id);
        own.map(|instance| (instance.instance_id.clone(), instance.id)).collect()
    }

    fn save(&mut self, id: InstanceUuid, account: &Account, synced: &SyncedInstance, now: DateTime<Utc>) {
        let instance = Instance {
            id,
            instance_id: synced.instance_id.clone(),
            name: synced.name.clone(),
            customer_name: synced.customer_name.clone(),
            instance_type: synced.instance_type.clone(),
            creation_status: synced.creation_status.clone(),
            access: Access::Ok,
            profile: Profile::default(),
            data_sources: None,
            account: account.clone(),
            synced_at: now,
        };
        self.instances.insert(id, instance);
    }
}

#[async_trait]
impl WorkflowStore for MemoryStore {
    async fn save_workflow(&self, new: &NewWorkflow, now: DateTime<Utc>) -> Result<Workflow> {
        let mut state = self.state.lock();
        let mut known = state.workflows.values();
        let known = known.find(|known| known.owner_id == new.owner_id && known.name == new.name);
        let workflow = Workflow {
            id: known.map_or(new.id, |known| known.id),
            owner_id: new.owner_id.clone(),
            name: new.name.clone(),
            description: new.description.clone(),
            sql: new.sql.clone(),
            defaults: new.defaults.clone(),
            window: new.window.clone(),
            amc_options: new.amc_options.clone(),
            declarations: new.declarations.clone(),
            template: new.template.clone(),
            created_at: known.map_or(now, |known| known.created_at),
            updated_at: now,
        };
        state.archived.remove(&workflow.id);
        state.workflows.insert(workflow.id, workflow.clone());
        Ok(workflow)
    }

    async fn workflow(&self, scope: &Scope, id: &IdRef) -> Result<Option<Workflow>> {
        let state = self.state.lock();
        let visible = || state.shown(scope);
        let found = match id {
            IdRef::Uuid(uuid) => visible().find(|workflow| workflow.id.0 == *uuid),
            IdRef::Public(name) => visible()
                .find(|workflow| workflow.id.public() == *name)
                .or_else(|| visible().find(|workflow| workflow.name == *name)),
        };
        Ok(found.cloned())
    }

    async fn archive_workflow(&self, scope: &Scope, id: WorkflowId, _now: DateTime<Utc>) -> Result<bool> {
        let mut state = self.state.lock();
        let is_shown = state.shown(scope).any(|workflow| workflow.id == id);
        Ok(is_shown && state.archived.insert(id))
    }

    async fn workflows(
        &self,
        scope: &Scope,
        filter: &WorkflowFilter,
        page: PageRequest,
    ) -> Result<Page<Workflow>> {
        let state = self.state.lock();
        let ran_on = |id: WorkflowId| {
            let own = state.executions.values().filter(move |it| it.workflow == Some(id));
            own.map(|it| it.instance_id.as_str())
        };
        let found = state.shown(scope).filter(|it| filter.admits(it, ran_on(it.id)));
        let mut all: Vec<Workflow> = found.cloned().collect();
        match filter.sort {
            WorkflowSort::Name => all.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id))),
            WorkflowSort::Newest => all.sort_by_key(|it| Reverse((it.updated_at, it.id))),
            WorkflowSort::Oldest => all.sort_by_key(|it| (it.updated_at, it.id)),
        }
        Ok(page.of(all))
    }
}
