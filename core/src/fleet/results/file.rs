//! A CSV file as the result of an instance.

use std::fs::File;
use std::io::{Read as _, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Field, SchemaRef};
use async_trait::async_trait;
use futures::FutureExt;

use super::piece::{Read, Source, Stretch};
use crate::error::{Error, ErrorKind, Result};
use crate::results::store::BATCH_ROWS;
use crate::results::{Dialect, Mark, MergePlan, RunDecoder, Survey};

/// A CSV file that was looked at: its types are known, and places to enter it.
#[derive(Debug)]
pub(super) struct ResultFile {
    path: PathBuf,
    dialect: Dialect,
    survey: Survey,
}

impl ResultFile {
    /// Looks at a whole file.
    pub(super) fn open(path: PathBuf, dialect: Dialect) -> Result<Self> {
        let survey = File::open(&path).map_err(unreadable).and_then(|file| Survey::of(dialect, file));
        Ok(Self { survey: survey.map_err(|error| of_file(error, &path))?, path, dialect })
    }

    pub(super) fn row_count(&self) -> u64 {
        self.survey.rows()
    }

    fn read(&self, from: Mark, to: Mark, fields: &[(usize, Field)]) -> Result<Vec<RecordBatch>> {
        let width = self.survey.schema.fields().len();
        let mut decoder = RunDecoder::within(self.dialect, width, fields, [from, to], BATCH_ROWS);
        let mut batches = decoder.push(&self.bytes(from, to).map_err(unreadable)?)?;
        batches.extend(decoder.finish()?.1);
        Ok(batches)
    }

    fn bytes(&self, from: Mark, to: Mark) -> std::io::Result<Vec<u8>> {
        let (mut file, length) = (File::open(&self.path)?, to.bytes - from.bytes);
        file.seek(SeekFrom::Start(from.bytes))?;
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let read = file.take(length).read_to_end(&mut bytes)?;
        let is_whole = u64::try_from(read) == Ok(length);
        if is_whole { Ok(bytes) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    }
}

#[async_trait]
impl Source for ResultFile {
    fn schema(&self) -> SchemaRef {
        SchemaRef::clone(&self.survey.schema)
    }

    async fn stretches(self: Arc<Self>) -> Result<Vec<Stretch>> {
        let stretch = |marks: &[Mark]| {
            let (file, from, to) = (Arc::clone(&self), marks[0], marks[1]);
            let read = move |plan: &MergePlan| {
                let batches = file.read(from, to, &plan.needed(&file.survey.schema));
                batches.map_err(|error| of_file(error, &file.path))
            };
            let fetch = async move { Ok(Box::new(read) as Read) };
            Stretch { row_count: to.rows - from.rows, fetch: fetch.boxed() }
        };
        Ok(self.survey.marks.windows(2).map(stretch).collect())
    }
}

fn of_file(error: Error, path: &Path) -> Error {
    let message = format!("{}: {}", path.display(), error.message());
    Error::new(error.kind(), error.code(), message)
        .hint("compare the file with the dialect it was read by")
        .caused_by(error)
}

fn unreadable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "file_not_readable", "the file cannot be read").caused_by(error)
}
