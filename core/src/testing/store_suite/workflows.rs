//! Workflows.

use chrono::TimeDelta;
use serde_json::Map;

use super::fixture::{OWNER, scope, start};
use crate::clock::{IdSource, RandomIds};
use crate::model::{IdRef, NewWorkflow, PageRequest, Scope};
use crate::store::{Store, WorkflowFilter, WorkflowSort};

const ALL: WorkflowFilter = WorkflowFilter {
    text: None,
    instance: None,
    updated_from: None,
    updated_before: None,
    sort: WorkflowSort::Name,
};

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
    let all = store.workflows(&scope(), &ALL, PageRequest::default()).await.unwrap();
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
    assert_eq!(store.workflows(&bob, &ALL, PageRequest::default()).await.unwrap().total, 0);
    let theirs = NewWorkflow { owner_id: "bob".into(), ..reach("SELECT 2") };
    let theirs = store.save_workflow(&theirs, start()).await.unwrap();
    assert_ne!(theirs.id, ours.id);
    assert_eq!(store.workflow(&scope(), &ours.id.into()).await.unwrap(), Some(ours));
}

/// Workflows are found by what they say and when they changed, and sorted as asked.
pub async fn workflows_are_found_and_sorted<S: Store>(store: &S) {
    for (minutes, name) in ["Reach", "Cost", "Loyalty 100%"].into_iter().enumerate() {
        let workflow = NewWorkflow { name: name.to_owned(), ..reach(&format!("SELECT '{name}'")) };
        let at = start() + TimeDelta::minutes(i64::try_from(minutes).unwrap());
        store.save_workflow(&workflow, at).await.unwrap();
    }
    let names = async |filter: WorkflowFilter, limit, offset| {
        let found = store.workflows(&scope(), &filter, PageRequest { limit, offset }).await.unwrap();
        (found.items.into_iter().map(|it| it.name).collect::<Vec<_>>().join(", "), found.total)
    };
    let sorted = |sort| WorkflowFilter { sort, ..ALL };
    assert_eq!(names(ALL, 9, 0).await, ("Cost, Loyalty 100%, Reach".into(), 3));
    assert_eq!(names(sorted(WorkflowSort::Newest), 2, 0).await, ("Loyalty 100%, Cost".into(), 3));
    assert_eq!(names(sorted(WorkflowSort::Oldest), 2, 1).await, ("Cost, Loyalty 100%".into(), 3));
    let with = |text: &str| WorkflowFilter { text: Some(text.into()), ..ALL };
    assert_eq!(names(with("REACH"), 9, 0).await, ("Reach".into(), 1));
    assert_eq!(names(with("select"), 1, 0).await, ("Cost".into(), 3));
    assert_eq!(names(with("0%"), 9, 0).await, ("Loyalty 100%".into(), 1));
    assert_eq!(names(with("_"), 9, 0).await, (String::new(), 0));
    let late = WorkflowFilter { updated_from: Some(start() + TimeDelta::minutes(1)), ..ALL };
    assert_eq!(names(late.clone(), 9, 0).await.1, 2);
    let between = WorkflowFilter { updated_before: Some(start() + TimeDelta::minutes(2)), ..late };
    assert_eq!(names(between, 9, 0).await, ("Cost".into(), 1));
    let ran = WorkflowFilter { instance: Some("amc0".into()), ..ALL };
    assert_eq!(names(ran, 9, 0).await.1, 0);
}

/// An archived workflow is found and listed no more; saving its name again brings it back under its old id.
pub async fn an_archived_workflow_is_put_away<S: Store>(store: &S) {
    let saved = store.save_workflow(&reach("SELECT 1"), start()).await.unwrap();
    assert!(!store.archive_workflow(&Scope::Owner("bob".into()), saved.id, start()).await.unwrap());
    assert!(store.archive_workflow(&scope(), saved.id, start()).await.unwrap());
    assert!(!store.archive_workflow(&scope(), saved.id, start()).await.unwrap());
    assert_eq!(store.workflow(&scope(), &saved.id.into()).await.unwrap(), None);
    assert_eq!(store.workflow(&scope(), &IdRef::Public("Reach".into())).await.unwrap(), None);
    assert_eq!(store.workflows(&scope(), &ALL, PageRequest::default()).await.unwrap().total, 0);
    assert_eq!(store.save_workflow(&reach("SELECT 2"), start()).await.unwrap().id, saved.id);
    assert_eq!(store.workflows(&scope(), &ALL, PageRequest::default()).await.unwrap().total, 1);
}
