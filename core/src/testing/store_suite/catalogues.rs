//! What queries may read at instances.

use serde_json::json;

use super::fixture::{Fixture, scope};
use crate::model::{DataSourceSet, InstanceUuid, KnownDataSources, Scope};
use crate::store::Store;

fn listed(column: &str) -> DataSourceSet {
    DataSourceSet::new([
        json!({"dataSourceId": "dsp_clicks", "columns": [{"name": column, "dataType": "STRING"}]}),
    ])
}

/// Instances of equal lists share one, a later list takes the place of the one before, and an owner sees own instances.
pub async fn equal_lists_of_tables_are_kept_once<S: Store>(store: &S) {
    let fixture = Fixture::with_instances(store, 3).await;
    let ids: Vec<_> = fixture.instances().await.iter().map(|instance| instance.id).collect();
    let (first, second) = (listed("campaign"), listed("site"));
    for (instance, set) in [(ids[0], &first), (ids[1], &first), (ids[1], &second), (ids[0], &first)] {
        store.save_catalogue(instance, set, fixture.now).await.unwrap();
    }
    let mut known = store.catalogues(&scope()).await.unwrap();
    known.sort();
    let shown = |instance: InstanceUuid, set: &DataSourceSet| KnownDataSources {
        instance,
        content_hash: set.content_hash.clone(),
        read_at: fixture.now,
    };
    let mut expected = vec![shown(ids[0], &first), shown(ids[1], &second)];
    expected.sort();
    assert_eq!(known, expected);
    assert_eq!(store.catalogues(&Scope::Owner("bob".into())).await.unwrap(), []);
    let read = store.catalogue(&second.content_hash).await.unwrap();
    assert_eq!(read, Some(second.data_sources));
    assert_eq!(store.catalogue("none").await.unwrap(), None);
}
