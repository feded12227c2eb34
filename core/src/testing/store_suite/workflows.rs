//! Workflows.

use serde_json::Map;

use super::fixture::{OWNER, scope, start};
use crate::clock::{IdSource, RandomIds};
use crate::model::{IdRef, NewWorkflow, PageRequest, Scope};
use crate::store::Store;

fn reach(sql: &str) -> NewWorkflow {
    NewWorkflow {
        id: RandomIds.next(start()).into(),
        owner_id: OWNER.to_owned(),
        created_by: None,
        name: "Reach".to_owned(),
        description: None,
        sql: sql.to_owned(),
        defaults: Map::new(),
        window: Some("last 30 days".to_owned()),
        amc_options: Map::new(),
        declarations: Vec::new(),
        template: None,
    }
}

/// A name is one workflow of its owner, whatever is saved under it.
pub async fn saving_a_workflow_again_updates_it<S: Store>(store: &S) {
    let first = store.save_workflow(&reach("SELECT 1"), start()).await.unwrap();
    let later = start() + chrono::TimeDelta::hours(1);
    let second = store.save_workflow(&reach("SELECT 2"), later).await.unwrap();
    assert_eq!((second.id, second.sql.as_str()), (first.id, "SELECT 2"));
    assert_eq!((second.created_at, second.updated_at), (start(), later));
    let all = store.workflows(&scope(), PageRequest::default()).await.unwrap();
    assert_eq!((all.total, all.items), (1, vec![second]));
}

/// A workflow answers to its UUID, its public id and its name.
pub async fn a_workflow_is_found_by_id_and_name<S: Store>(store: &S) {
    let saved = store.save_workflow(&reach("SELECT 1"), start()).await.unwrap();
    for id in [IdRef::from(saved.id), IdRef::Public(saved.id.public()), IdRef::Public("Reach".into())] {
        assert_eq!(store.workflow(&scope(), &id).await.unwrap().as_ref(), Some(&saved), "{id}");
    }
    assert_eq!(store.workflow(&scope(), &IdRef::Public("other".into())).await.unwrap(), None);
}

/// Another owner neither finds nor lists it, and may use the same name.
pub async fn owner_sees_own_workflows<S: Store>(store: &S) {
    let ours = store.save_workflow(&reach("SELECT 1"), start()).await.unwrap();
    let bob = Scope::Owner("bob".into());
    assert_eq!(store.workflow(&bob, &ours.id.into()).await.unwrap(), None);
    assert_eq!(store.workflows(&bob, PageRequest::default()).await.unwrap().total, 0);
    let theirs = NewWorkflow { owner_id: "bob".into(), ..reach("SELECT 2") };
    let theirs = store.save_workflow(&theirs, start()).await.unwrap();
    assert_ne!(theirs.id, ours.id);
    assert_eq!(store.workflow(&scope(), &ours.id.into()).await.unwrap(), Some(ours));
}

/// An archived workflow is found and listed no more; saving its name again brings it back under its old id.
pub async fn an_archived_workflow_is_put_away<S: Store>(store: &S) {
    let saved = store.save_workflow(&reach("SELECT 1"), start()).await.unwrap();
    assert!(!store.archive_workflow(&Scope::Owner("bob".into()), saved.id, start()).await.unwrap());
    assert!(store.archive_workflow(&scope(), saved.id, start()).await.unwrap());
    assert!(!store.archive_workflow(&scope(), saved.id, start()).await.unwrap());
    assert_eq!(store.workflow(&scope(), &saved.id.into()).await.unwrap(), None);
    assert_eq!(store.workflow(&scope(), &IdRef::Public("Reach".into())).await.unwrap(), None);
    assert_eq!(store.workflows(&scope(), PageRequest::default()).await.unwrap().total, 0);
    assert_eq!(store.save_workflow(&reach("SELECT 2"), start()).await.unwrap().id, saved.id);
    assert_eq!(store.workflows(&scope(), PageRequest::default()).await.unwrap().total, 1);
}
