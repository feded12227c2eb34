//! Kept templates.

use serde_json::json;

use super::fixture::{Fixture, OWNER, scope, start};
use crate::clock::{IdSource, RandomIds};
use crate::model::{IdRef, NewTemplate, NewWorkflow, Priority, Scope, TemplateVersion};
use crate::store::Store;
use crate::templates::Template;

fn template(name: &str, sql: &str) -> NewTemplate {
    let template = json!({"name": name, "category": "reach", "tags": ["dsp"], "sql": sql, "columns": {"n": "additive"},
        "parameters": [{"name": "days", "type": "lookback_days"}], "window": "last 30 days"});
    NewTemplate {
        id: RandomIds.next(start()).into(),
        owner_id: OWNER.to_owned(),
        created_by: Some("eve".to_owned()),
        template: Template::read(template).unwrap(),
        note: None,
    }
}

async fn save<S: Store>(store: &S, new: &NewTemplate) -> TemplateVersion {
    store.save_template(new, start()).await.unwrap()
}

/// Other content is the next version, equal content is the version that has it; what a version asks never changes.
pub async fn a_version_never_changes<S: Store>(store: &S) {
    let (first, second) = (template("Reach", "SELECT 1 AS n"), template("Reach", "SELECT 2 AS n"));
    let one = save(store, &first).await;
    assert_eq!((one.number, &one.template, one.id), (1, &first.template, first.id));
    let two = save(store, &second).await;
    assert_eq!((two.number, &two.template, two.id), (2, &second.template, one.id));
    let filed = Template { tags: vec!["tv".to_owned()], ..first.template.clone() };
    let again = save(store, &NewTemplate { template: filed.clone(), ..first }).await;
    assert_eq!((again.number, &again.template, &again.content_hash), (1, &filed, &one.content_hash));
    for id in [IdRef::from(one.id), IdRef::Public(one.id.public()), IdRef::Public("Reach".into())] {
        let versions = store.template_versions(&scope(), &id).await.unwrap();
        assert_eq!(versions.iter().map(|it| it.number).collect::<Vec<_>>(), [2, 1], "{id}");
        assert_eq!(versions[0].template.tags, ["tv"]);
    }
    let found = store.template_of(&scope(), &one.content_hash).await.unwrap();
    assert_eq!(found, Some(again));
}

/// Each template is listed once, by name, in its newest version.
pub async fn templates_are_listed_by_name<S: Store>(store: &S) {
    for (name, sql) in [("b", "SELECT 1 AS n"), ("a", "SELECT 1 AS n"), ("b", "SELECT 2 AS n")] {
        save(store, &template(name, sql)).await;
    }
    let all = store.templates(&scope()).await.unwrap();
    let shown: Vec<_> = all.iter().map(|it| (it.template.name.as_str(), it.number)).collect();
    assert_eq!(shown, [("a", 1), ("b", 2)]);
}

/// Another owner neither finds, lists nor changes them, and may use the same name.
pub async fn owner_sees_own_templates<S: Store>(store: &S) {
    let ours = save(store, &template("Reach", "SELECT 1 AS n")).await;
    let bob = Scope::Owner("bob".into());
    assert_eq!(store.templates(&bob).await.unwrap(), []);
    assert_eq!(store.template_versions(&bob, &ours.id.into()).await.unwrap(), []);
    assert_eq!(store.template_of(&bob, &ours.content_hash).await.unwrap(), None);
    store.deprecate_template(&bob, ours.id, Some(start()), None, start()).await.unwrap();
    assert_eq!(store.templates(&scope()).await.unwrap(), vec![ours.clone()]);
    let theirs = NewTemplate { owner_id: "bob".into(), ..template("Reach", "SELECT 2 AS n") };
    assert_ne!(save(store, &theirs).await.id, ours.id);
}

/// A template is deprecated in all its versions, also in those to come, until it is not.
pub async fn a_deprecated_template_stays<S: Store>(store: &S) {
    let id = save(store, &template("Reach", "SELECT 1 AS n")).await.id;
    store.deprecate_template(&scope(), id, Some(start()), Some("use Overlap"), start()).await.unwrap();
    let next = save(store, &template("Reach", "SELECT 2 AS n")).await;
    assert_eq!((next.deprecated_at, next.deprecation.as_deref()), (Some(start()), Some("use Overlap")));
    store.deprecate_template(&scope(), id, None, None, start()).await.unwrap();
    let versions = store.template_versions(&scope(), &id.into()).await.unwrap();
    assert!(versions.iter().all(|it| it.deprecated_at.is_none() && it.deprecation.is_none()));
}

/// What was made of a version is counted: workflows, their batches and the executions of those.
pub async fn usage_is_counted<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let version = save(store, &template("Reach", "SELECT 1 AS n")).await;
    let unused = store.template_usage(&scope(), &version.content_hash).await.unwrap();
    assert_eq!((unused.workflows, unused.last_used_at, unused.success_rate()), (0, None, None));
    let workflow = NewWorkflow {
        id: RandomIds.next(start()).into(),
        owner_id: OWNER.to_owned(),
        created_by: None,
        name: "Reach".to_owned(),
        description: None,
        sql: "SELECT 1 AS n".to_owned(),
        defaults: serde_json::Map::new(),
        window: None,
        amc_options: serde_json::Map::new(),
        declarations: Vec::new(),
        template: Some(version.content_hash.clone()),
    };
    let saved = store.save_workflow(&workflow, start()).await.unwrap();
    for number in [1, 2] {
        let mut batch = fixture.new_batch(Priority::Interactive, number).await;
        batch.workflow = Some(saved.id);
        store.create_batch(&batch, fixture.now).await.unwrap();
    }
    let used = store.template_usage(&scope(), &version.content_hash).await.unwrap();
    assert_eq!((used.workflows, used.batches, used.executions, used.completed), (1, 2, 4, 0));
    assert_eq!(used.last_used_at, Some(fixture.now));
}
