use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;

use super::{ObjectResults, ResultsPlace};

async fn folder() -> (ObjectResults, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let objects = LocalFileSystem::new_with_prefix(folder.path()).unwrap();
    (ObjectResults::new(Arc::new(objects)), folder)
}

crate::result_suite!(in_a_folder, super::folder());
crate::result_suite!(in_memory, async { (ObjectResults::new(Arc::new(super::InMemory::new())), ()) });

#[tokio::test]
async fn rows_lie_where_other_tools_find_them() {
    let (store, folder) = folder().await;
    let written = crate::testing::result_suite::written(&store).await;
    let batch = written.batch.public();
    let rows = folder.path().join(format!("batch_id={batch}/instance_id=amc1"));
    let files: Vec<_> = std::fs::read_dir(rows).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    std::fs::write(&files[0], b"PAR1 something else PAR1").unwrap();
    crate::testing::result_suite::a_damaged_chunk_is_named(&store, &written).await;
}

#[test]
fn a_place_is_a_folder_or_a_bucket() {
    let shown = |text: &str| text.parse::<ResultsPlace>().unwrap().to_string();
    assert_eq!(shown("file:///data/a%20b"), "file:///data/a%20b");
    assert_eq!(shown("/data/results"), "file:///data/results");
    assert_eq!(shown("s3://bucket/clients/amc"), "s3://bucket/clients/amc");
    for text in ["", "ftp://host/x", "s3://", "s3://key:secret@bucket/x"] {
        let error = text.parse::<ResultsPlace>().unwrap_err();
        assert_eq!(error.code(), "unreadable_results_place", "{text}");
        assert!(!error.to_string().contains("secret"));
    }
}

#[cfg(not(feature = "s3"))]
#[test]
fn a_bucket_without_s3_is_refused() {
    let place: ResultsPlace = "s3://bucket".parse().unwrap();
    assert_eq!(place.open().unwrap_err().code(), "no_s3");
}
