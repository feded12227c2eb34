//! Every file of `tests/corpus/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::case;

/// The files of the corpus, in order.
pub(crate) fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let inside = |folder: PathBuf| {
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path())
    };
    let mut files: Vec<PathBuf> = inside(root).filter(|path| path.is_dir()).flat_map(inside).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "slt"));
    files.sort();
    files
}

/// The records of a file without its comments: the first line of each, and the others.
pub(crate) fn records(text: &str) -> impl Iterator<Item = (&str, Vec<&str>)> {
    text.split("\n\n").filter_map(|record| {
        let mut lines = record.trim().lines().filter(|line| !line.starts_with('#'));
        Some((lines.next()?, lines.collect()))
    })
}

#[tokio::test]
async fn every_file_holds() {
    let (mut failures, mut checked) = (Vec::new(), 0);
    for file in files() {
        let name = file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&file).display().to_string();
        match case::run(&fs::read_to_string(&file).expect("a file")).await {
            Ok(0) => failures.push(format!("{name}: checks nothing")),
            Ok(count) => checked += count,
            Err(problem) => failures.push(format!("{name}\n{problem}")),
        }
    }
    assert!(failures.is_empty(), "{} files fail:\n\n{}", failures.len(), failures.join("\n\n"));
    assert!(checked >= 120, "{checked} records");
}

#[test]
fn there_are_enough_files_and_each_names_its_source() {
    let files = files();
    assert!(files.len() >= 120, "{} files", files.len());
    for file in files {
        let text = fs::read_to_string(&file).expect("a file");
        assert!(text.starts_with("# ") && text.contains("# source: "), "{}", file.display());
    }
}
