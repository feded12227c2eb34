//! What earlier runs tell.

use chrono::TimeDelta;

use super::fixture::{Fixture, scope, start};
use crate::model::{Change, Scope};
use crate::store::{Likeness, Store};

/// The newest runs that completed tell how long one takes; other owners' tell nothing.
pub async fn history_tells_how_long_runs_took<S: Store>(store: &S) {
    let mut fixture = Fixture::with_instances(store, 2).await;
    let batch = fixture.batch().await;
    let worker = fixture.worker().await;
    for claim in fixture.submits(&worker).await {
        fixture.apply(&claim, fixture.submitted("run")).await;
    }
    for execution in fixture.executions(batch).await {
        fixture.pass(90);
        fixture.force(&execution, Change::Collecting).await;
        let collecting =
            fixture.executions(batch).await.into_iter().find(|it| it.id == execution.id).unwrap();
        fixture.force(&collecting, Change::Completed { row_count: 1, size_bytes: 1 }).await;
    }
    let took = async |scope: &Scope, likeness: Likeness, limit| {
        store.durations(scope, &likeness, limit).await.unwrap()
    };
    assert_eq!(took(&scope(), Likeness::default(), 10).await, [180.0, 90.0]);
    assert_eq!(took(&scope(), Likeness::default(), 1).await, [180.0]);
    let same = Likeness { sql_hash: Some("abc".into()), ..Likeness::default() };
    assert_eq!(took(&scope(), same, 10).await.len(), 2);
    let other = Likeness { sql_hash: Some("other".into()), ..Likeness::default() };
    assert!(took(&scope(), other, 10).await.is_empty());
    assert!(took(&Scope::Owner("bob".into()), Likeness::default(), 10).await.is_empty());
}

/// Runs that AMC took tell whose windows have a day in common with another.
pub async fn history_tells_who_read_the_same_days<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 2).await;
    let (from, until) = (start(), start() + TimeDelta::hours(1));
    fixture.batch().await;
    assert!(store.earlier_runs(&scope(), from, until).await.unwrap().is_empty(), "nothing has run yet");
    let worker = fixture.worker().await;
    for claim in fixture.submits(&worker).await {
        fixture.apply(&claim, fixture.submitted("run")).await;
    }
    let earlier = store.earlier_runs(&scope(), from, until).await.unwrap();
    assert_eq!(earlier.iter().map(|it| (it.runs, it.sql.as_str())).collect::<Vec<_>>(), [(1, "SELECT 1"); 2]);
    assert_eq!((earlier[0].window_start, earlier[0].window_end), (start(), start() + TimeDelta::days(1)));
    let after = start() + TimeDelta::days(1);
    assert!(store.earlier_runs(&scope(), after, after + TimeDelta::days(1)).await.unwrap().is_empty());
    assert!(store.earlier_runs(&Scope::Owner("bob".into()), from, until).await.unwrap().is_empty());
}
