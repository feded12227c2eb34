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
