//! Where large results lie: one temporary file without a name, which goes when the process does, however it ends.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

/// A file that only grows.
#[derive(Debug)]
pub(crate) struct Spool {
    file: File,
    end: AtomicU64,
}

/// A piece of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extent {
    start: u64,
    length: usize,
}

impl Extent {
    /// Gives its length in bytes.
    pub(crate) fn len(self) -> u64 {
        self.length as u64
    }
}

impl Spool {
    /// Makes an empty file in the folder for temporary files.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { file: tempfile::tempfile()?, end: AtomicU64::new(0) })
    }

    /// Writes `bytes` at the end; it blocks the thread.
    pub(crate) fn append(&self, bytes: &[u8]) -> io::Result<Extent> {
        let start = self.end.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        self.file.write_all_at(bytes, start)?;
        Ok(Extent { start, length: bytes.len() })
    }

    /// Reads a piece.
    pub(crate) async fn read(self: Arc<Self>, extent: Extent) -> io::Result<Bytes> {
        let read = move || {
            let mut bytes = vec![0; extent.length];
            self.file.read_exact_at(&mut bytes, extent.start)?;
            Ok(Bytes::from(bytes))
        };
        tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
    }
}
