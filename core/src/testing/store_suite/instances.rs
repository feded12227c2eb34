//! Accounts and instances.

use std::collections::BTreeMap;

use serde_json::json;

use super::fixture::{Fixture, OWNER, account, instances, scope};
use crate::clock::RandomIds;
use crate::model::{Access, DataSourceSet, DataSources, Failure, Profile, Scope};
use crate::store::{Store, SyncChanges};

/// An instance keeps its id over syncs; what AMC does not list any more stays known as unreachable, and may come back.
pub async fn sync_keeps_ids_and_marks_what_is_gone<S: Store>(store: &S) {
    let fixture = Fixture::new(store);
    let first = fixture.sync(account(&instances(3))).await;
    assert_eq!(first, SyncChanges { added: ids(&[0, 1, 2]), ..SyncChanges::default() });
    let before = fixture.instances().await;

    let second = fixture.sync(account(&instances(2))).await;
    assert_eq!(second, SyncChanges { unchanged: 2, lost: ids(&[2]), ..SyncChanges::default() });
    let after = fixture.instances().await;
    assert_eq!(
        after.iter().map(|it| it.id).collect::<Vec<_>>(),
        before.iter().map(|it| it.id).collect::<Vec<_>>()
    );
    let access: Vec<Access> = after.iter().map(|it| it.access).collect();
    assert_eq!(access, [Access::Ok, Access::Ok, Access::Unreachable]);

    assert_eq!(fixture.sync(account(&instances(2))).await.lost, ids(&[]), "what is gone is said once");
    let third = fixture.sync(account(&instances(3))).await;
    assert_eq!(third, SyncChanges { unchanged: 2, changed: ids(&[2]), ..SyncChanges::default() });
    assert!(fixture.instances().await.iter().all(|instance| instance.access == Access::Ok));
}

fn ids(numbers: &[usize]) -> Vec<String> {
    numbers.iter().map(|number| format!("amc{number}")).collect()
}

/// A profile is its owner's alone, and a sync leaves it as it is.
pub async fn a_profile_is_kept_through_syncs<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let first = fixture.instances().await[0].clone();
    let profile = Profile {
        label: Some("Nova".to_owned()),
        tags: vec!["dach".to_owned()],
        timezone: Some("Europe/Berlin".to_owned()),
        parameters: serde_json::Map::from_iter([("brand".to_owned(), "Nova".into())]),
        ..Profile::default()
    };
    store.sync_account("bob", &account(&instances(2)), &RandomIds, fixture.now).await.unwrap();
    store.save_profiles(OWNER, &[(first.id, profile.clone())], fixture.now).await.unwrap();
    fixture.sync(account(&instances(2))).await;
    assert_eq!(fixture.instances().await[0].profile, profile);
    assert_eq!(fixture.instances().await[0].zone(), "Europe/Berlin");
    let of_bob = store.instances(&Scope::Owner("bob".into())).await.unwrap();
    assert_eq!(of_bob[0].profile, Profile::default());
    store.save_profiles("eve", &[(first.id, profile)], fixture.now).await.unwrap();
    assert!(store.instances(&Scope::Owner("eve".into())).await.unwrap().is_empty());
}

/// What is granted is seen until it is revoked.
pub async fn instances_are_granted_and_revoked<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (bob, first) = (Scope::Owner("bob".into()), fixture.instances().await[0].id);
    for _ in 0..2 {
        store.grant("bob", &[first], &RandomIds, fixture.now).await.unwrap();
    }
    assert_eq!(store.instances(&bob).await.unwrap()[0].id, first);
    assert_eq!(store.instances(&bob).await.unwrap().len(), 1);
    store.revoke("bob", &[first]).await.unwrap();
    assert!(store.instances(&bob).await.unwrap().is_empty());
    assert_eq!(fixture.instances().await.len(), 2);
}

/// The tables of an instance are kept as they were listed last.
pub async fn data_sources_are_kept_through_syncs<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let first = fixture.instances().await[0].id;
    let set = DataSourceSet::new([json!({"dataSourceId": "dsp_clicks", "columns": []})]);
    store.save_catalogue(first, &set, fixture.now).await.unwrap();
    fixture.sync(account(&instances(2))).await;
    let listed: Vec<_> = fixture.instances().await.into_iter().map(|it| it.data_sources).collect();
    let known = DataSources { ids: vec!["dsp_clicks".to_owned()], read_at: fixture.now };
    assert_eq!(listed, [Some(known), None]);
}

/// What waits for an account out of reach fails, and its instances are out of reach until a sync finds them again.
pub async fn a_denied_account_fails_what_waits<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let batch = fixture.batch().await;
    let first = fixture.instances().await[0].id;
    let failure = Failure::new("account_denied", "no access");
    assert_eq!(store.deny_account(first, &failure, fixture.now).await.unwrap(), 2);
    assert!(fixture.instances().await.iter().all(|it| it.access == Access::Denied));
    let codes = fixture.executions(batch).await.into_iter().map(|it| it.failure.map(|why| why.code));
    assert!(codes.into_iter().all(|code| code.as_deref() == Some("account_denied")));
    fixture.sync(account(&instances(2))).await;
    assert!(fixture.instances().await.iter().all(|it| it.access == Access::Ok));
}

/// The headers an account was asked with are kept, and replaced by the next sync's.
pub async fn extra_headers_are_those_of_the_last_sync<S: Store>(store: &S) {
    let fixture = Fixture::new(store);
    for value in ["1", "2"] {
        let mut synced = account(&instances(1));
        synced.extra_headers = BTreeMap::from([("x-suite".to_owned(), value.to_owned())]);
        fixture.sync(synced.clone()).await;
        assert_eq!(fixture.instances().await[0].account.extra_headers, synced.extra_headers);
    }
}

/// Being refused an account says nothing about its instances but that they are out of reach.
pub async fn an_account_that_is_denied_keeps_its_instances<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let mut denied = account(&[]);
    denied.instances = None;
    assert_eq!(fixture.sync(denied).await.lost, ids(&[0, 1]));
    assert!(fixture.instances().await.iter().all(|instance| instance.access == Access::Denied));
}

/// A sync grants what it found to its owner and to nobody else.
pub async fn owner_sees_own_instances<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    assert_eq!(fixture.instances().await.len(), 2);
    assert!(store.instances(&Scope::Owner("bob".into())).await.unwrap().is_empty());
    assert_eq!(store.instances(&Scope::System).await.unwrap(), store.instances(&scope()).await.unwrap());
}

/// Of each setting the first value stays.
pub async fn what_holds_for_the_database_is_remembered<S: Store>(store: &S) {
    assert_eq!(store.remember("endpoint_kind", "test").await.unwrap(), "test");
    assert_eq!(store.remember("endpoint_kind", "production").await.unwrap(), "test");
    assert_eq!(store.remember("results", "database").await.unwrap(), "database");
}
