//! Where results are kept beside the database, as a user writes it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;
use url::Url;

use super::{ObjectResults, unavailable};
use crate::error::{Error, ErrorKind, Result};

/// A place for results: `file:///folder`, a path of a folder, or `s3://bucket/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResultsPlace {
    /// A folder of this machine, or one that all workers mount at the same path.
    Folder(PathBuf),
    /// A bucket that speaks S3, and what names begin with. Keys and endpoint come from the environment (`AWS_…`).
    Bucket(Url),
}

impl ResultsPlace {
    /// Opens it; a folder that is not there is made.
    ///
    /// # Errors
    /// `Unavailable` (`results_unavailable`) when the folder cannot be made; `Unsupported` (`no_s3`) where this build does
    /// not speak S3.
    pub fn open(&self) -> Result<ObjectResults> {
        let objects: Arc<dyn ObjectStore> = match self {
            Self::Folder(path) => {
                std::fs::create_dir_all(path).map_err(|error| unusable(path.display(), error))?;
                Arc::new(LocalFileSystem::new_with_prefix(path).map_err(unavailable)?)
            }
            Self::Bucket(url) => bucket(url)?,
        };
        Ok(ObjectResults::new(objects))
    }
}

#[cfg(feature = "s3")]
fn bucket(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    use object_store::aws::AmazonS3Builder;
    use object_store::prefix::PrefixStore;

    let bucket = AmazonS3Builder::from_env().with_url(url.as_str()).build().map_err(unavailable)?;
    Ok(Arc::new(PrefixStore::new(bucket, url.path().trim_matches('/'))))
}

#[cfg(not(feature = "s3"))]
fn bucket(_url: &Url) -> Result<Arc<dyn ObjectStore>> {
    Err(Error::new(ErrorKind::Unsupported, "no_s3", "this build keeps no results in a bucket")
        .hint("build with the feature `s3`, or name a folder: \"file:///data/results\""))
}

impl FromStr for ResultsPlace {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(unreadable(text));
        }
        match Url::parse(text) {
            Ok(url) if url.scheme() == "file" => {
                url.to_file_path().map(Self::Folder).map_err(|()| unreadable(text))
            }
            Ok(url) if url.scheme() == "s3" && url.host_str().is_some_and(|bucket| !bucket.is_empty()) => {
                if url.password().is_some() || !url.username().is_empty() || url.query().is_some() {
                    return Err(
                        unreadable("s3://…").hint("keys come from the environment, as AWS_ACCESS_KEY_ID")
                    );
                }
                Ok(Self::Bucket(url))
            }
            _ if text.contains("://") => Err(unreadable(text)),
            _ => {
                let absolute = std::path::absolute(text);
                absolute.map(Self::Folder).map_err(|error| unusable(text, error))
            }
        }
    }
}

impl fmt::Display for ResultsPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => match Url::from_directory_path(path) {
                Ok(url) => f.write_str(url.as_str().trim_end_matches('/')),
                Err(()) => write!(f, "{}", path.display()),
            },
            Self::Bucket(url) => url.fmt(f),
        }
    }
}

fn unreadable(text: &str) -> Error {
    Error::invalid("unreadable_results_place", format!("'{text}' names no place for results"))
        .hint("write a folder, \"file:///data/results\", or \"s3://bucket/prefix\"")
}

fn unusable(path: impl fmt::Display, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "results_unavailable", format!("{path} cannot be made or found"))
        .hint("look whether this process may write there")
        .caused_by(error)
}
