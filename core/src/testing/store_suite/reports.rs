//! Reports and their runs.

use serde_json::{Map, json};

use super::fixture::{Fixture, OWNER, scope, start};
use crate::clock::{IdSource, RandomIds};
use crate::model::{
    BatchStatus, IdRef, Origin, PageRequest, Priority, Report, ReportChange, Scope, TriggeredBy,
};
use crate::store::{CancelTarget, ReportFilter, Store};

/// A report that nothing has run yet.
pub(crate) fn monday() -> Report {
    Report {
        id: RandomIds.next(start()).into(),
        owner_id: OWNER.to_owned(),
        created_by: None,
        name: "Monday report".to_owned(),
        description: Some("100 % of reach_and_cost".to_owned()),
        workflow: None,
        sql: Some("SELECT 1".to_owned()),
        instances: json!("all"),
        parameters: Map::new(),
        instance_parameters: Map::new(),
        window: "last 7 days".to_owned(),
        timezone: "UTC".to_owned(),
        is_active: true,
        created_at: start(),
        updated_at: start(),
    }
}

fn manual(report: &Report) -> Origin {
    Origin { report: report.id, triggered_by: TriggeredBy::Manual }
}

/// A name is one report of its owner, whatever is saved under it.
pub async fn saving_a_report_again_updates_it<S: Store>(store: &S) {
    let first = store.save_report(&monday()).await.unwrap();
    let later = start() + chrono::TimeDelta::hours(1);
    let again = Report { window: "yesterday".into(), created_at: later, updated_at: later, ..monday() };
    let second = store.save_report(&again).await.unwrap();
    assert_eq!((second.id, second.window.as_str()), (first.id, "yesterday"));
    assert_eq!((second.created_at, second.updated_at), (start(), later));
    for id in [IdRef::from(first.id), IdRef::Public(first.id.public()), IdRef::Public("Monday report".into())]
    {
        assert_eq!(store.report(&scope(), &id).await.unwrap().as_ref(), Some(&second), "{id}");
    }
}

/// Another owner neither finds, lists nor changes it.
pub async fn owner_sees_own_reports<S: Store>(store: &S) {
    let ours = store.save_report(&monday()).await.unwrap();
    let bob = Scope::Owner("bob".into());
    let all = ReportFilter::default();
    assert_eq!(store.report(&bob, &ours.id.into()).await.unwrap(), None);
    assert_eq!(store.reports(&bob, &all, PageRequest::default()).await.unwrap().total, 0);
    assert_eq!(store.report_runs(&bob, ours.id, PageRequest::default()).await.unwrap().total, 0);
    assert!(!store.change_report(&bob, ours.id, ReportChange::Archived, start()).await.unwrap());
    assert_eq!(store.report(&scope(), &ours.id.into()).await.unwrap(), Some(ours));
}

/// Lists are by name and find texts as they stand, whatever signs they have.
pub async fn reports_are_found_by_text<S: Store>(store: &S) {
    store.save_report(&monday()).await.unwrap();
    let other = Report { name: "Daily".into(), description: None, is_active: false, ..monday() };
    store.save_report(&Report { id: RandomIds.next(start()).into(), ..other }).await.unwrap();
    let cases = [
        (None, None, vec!["Daily", "Monday report"]),
        (Some("MONDAY"), None, vec!["Monday report"]),
        (Some("100 % of"), None, vec!["Monday report"]),
        (Some("reach_and"), None, vec!["Monday report"]),
        (Some("reachXand"), None, vec![]),
        (Some("%"), None, vec!["Monday report"]),
        (None, Some(false), vec!["Daily"]),
    ];
    for (text, is_active, names) in cases {
        let filter = ReportFilter { text: text.map(str::to_owned), is_active };
        let page = store.reports(&scope(), &filter, PageRequest::default()).await.unwrap();
        let found: Vec<&str> = page.items.iter().map(|it| it.report.name.as_str()).collect();
        assert_eq!((found, page.total), (names.clone(), names.len() as u64), "{filter:?}");
    }
}

/// What became of the runs of a report is worked out when it is read.
pub async fn a_report_tells_what_became_of_its_runs<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 2).await;
    let report = store.save_report(&monday()).await.unwrap();
    let overview = async || {
        let page = store.reports(&scope(), &ReportFilter::default(), PageRequest::default()).await.unwrap();
        page.items.into_iter().next().unwrap()
    };
    let fresh = overview().await;
    assert_eq!((fresh.run_count, fresh.last_run_at, fresh.success_rate()), (0, None, None));
    fixture.batch().await;
    let batch = fixture.new_batch(Priority::Scheduled, 2).await;
    let created = store.create_report_run(&batch, manual(&report), fixture.now).await.unwrap();
    assert!(created.is_new);
    fixture.pass(60);
    store.request_cancel(&scope(), CancelTarget::Batch(batch.id), fixture.now).await.unwrap();
    let ran = overview().await;
    assert_eq!((ran.run_count, ran.last_run_at), (1, Some(start())), "a batch of its own is no run");
    assert_eq!((ran.last_status, ran.completed_count), (Some(BatchStatus::Cancelled), 0));
    let runs = store.report_runs(&scope(), report.id, PageRequest::default()).await.unwrap();
    assert_eq!(runs.items.iter().map(|run| run.id).collect::<Vec<_>>(), [batch.id]);
}

/// A series is made of ticks and backfills of the report, and of windows that touch the range.
pub async fn a_series_is_of_ticks_and_backfills<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let report = store.save_report(&monday()).await.unwrap();
    let mut expected = Vec::new();
    for (number, triggered_by) in [
        (1, TriggeredBy::Manual),
        (2, TriggeredBy::Schedule),
        (3, TriggeredBy::Backfill),
        (4, TriggeredBy::Api),
    ] {
        let batch = fixture.new_batch(Priority::Scheduled, number).await;
        let origin = Origin { report: report.id, triggered_by };
        store.create_report_run(&batch, origin, fixture.now).await.unwrap();
        expected.extend(triggered_by.is_standing().then_some(batch.id));
    }
    expected.sort();
    fixture.batch().await;
    let day = chrono::TimeDelta::days(1);
    let found = async |scope: Scope, from, before| {
        let runs = store.series_executions(&scope, report.id, from, before).await.unwrap();
        let mut named: Vec<_> = runs.iter().map(|run| (run.instance_name.clone(), run.batch)).collect();
        assert!(named.is_sorted_by_key(|(name, _)| name.clone()), "{named:?}");
        named.sort();
        named
    };
    let both: Vec<_> = ["Client 0", "Client 1"]
        .iter()
        .flat_map(|name| expected.iter().map(|batch| ((*name).to_owned(), *batch)))
        .collect();
    assert_eq!(found(scope(), start(), start() + day).await, both);
    assert_eq!(found(scope(), start() - day, start()).await, []);
    assert_eq!(found(scope(), start() + day, start() + day * 2).await, []);
    assert_eq!(found(Scope::Owner("bob".into()), start(), start() + day).await, []);
}

/// An archived report is found and listed no more; saving its name again brings it back under its old id.
pub async fn an_archived_report_is_put_away<S: Store>(store: &S) {
    let saved = store.save_report(&monday()).await.unwrap();
    let change = async |change| store.change_report(&scope(), saved.id, change, start()).await.unwrap();
    assert!(change(ReportChange::Active(false)).await);
    assert!(!store.report(&scope(), &saved.id.into()).await.unwrap().unwrap().is_active);
    assert!(change(ReportChange::Archived).await);
    assert!(!change(ReportChange::Archived).await);
    assert_eq!(store.report(&scope(), &saved.id.into()).await.unwrap(), None);
    let all = ReportFilter::default();
    assert_eq!(store.reports(&scope(), &all, PageRequest::default()).await.unwrap().total, 0);
    assert_eq!(store.save_report(&monday()).await.unwrap().id, saved.id);
}
