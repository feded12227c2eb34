//! Accounts and instances.

use std::collections::BTreeMap;

use super::fixture::{Fixture, account, instances, scope};
use crate::model::{Access, Scope};
use crate::store::{Store, SyncCounts};

/// An instance keeps its id over syncs; what AMC does not list any more stays known as unreachable, and may come back.
pub async fn sync_keeps_ids_and_marks_what_is_gone<S: Store>(store: &S) {
    let fixture = Fixture::new(store);
    let first = fixture.sync(account(&instances(3))).await;
    assert_eq!(first, SyncCounts { added: 3, ..SyncCounts::default() });
    let before = fixture.instances().await;

    let second = fixture.sync(account(&instances(2))).await;
    assert_eq!(second, SyncCounts { updated: 2, lost: 1, ..SyncCounts::default() });
    let after = fixture.instances().await;
    assert_eq!(
        after.iter().map(|it| it.id).collect::<Vec<_>>(),
        before.iter().map(|it| it.id).collect::<Vec<_>>()
    );
    let access: Vec<Access> = after.iter().map(|it| it.access).collect();
    assert_eq!(access, [Access::Ok, Access::Ok, Access::Unreachable]);

    fixture.sync(account(&instances(3))).await;
    assert!(fixture.instances().await.iter().all(|instance| instance.access == Access::Ok));
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
    assert_eq!(fixture.sync(denied).await.lost, 2);
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
