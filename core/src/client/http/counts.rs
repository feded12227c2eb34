//! How many requests left this process, by what they ask.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallKind {
    Token,
    Submit,
    Get,
    List,
    DownloadUrls,
    File,
    Cancel,
    Admin,
    Workflow,
}

/// How many requests were sent, repetitions included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CallCounts {
    /// Token requests.
    pub token: u64,
    /// Submits.
    pub submit: u64,
    /// Reads of one run.
    pub get: u64,
    /// Pages of runs.
    pub list: u64,
    /// Requests for download URLs.
    pub download_urls: u64,
    /// Parts opened.
    pub file: u64,
    /// Cancels.
    pub cancel: u64,
    /// Pages of accounts and instances.
    pub admin: u64,
    /// Calls about AMC's own saved workflows.
    pub workflow: u64,
}

impl CallCounts {
    /// All of them together.
    #[must_use]
    pub fn total(&self) -> u64 {
        let Self { token, submit, get, list, download_urls, file, cancel, admin, workflow } = *self;
        token + submit + get + list + download_urls + file + cancel + admin + workflow
    }
}

/// Counts as requests leave.
#[derive(Debug, Default)]
pub(super) struct CallCounter([AtomicU64; 9]);

impl CallCounter {
    pub(super) fn add(&self, kind: CallKind) {
        self.0[kind as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> CallCounts {
        let of = |kind: CallKind| self.0[kind as usize].load(Ordering::Relaxed);
        CallCounts {
            token: of(CallKind::Token),
            submit: of(CallKind::Submit),
            get: of(CallKind::Get),
            list: of(CallKind::List),
            download_urls: of(CallKind::DownloadUrls),
            file: of(CallKind::File),
            cancel: of(CallKind::Cancel),
            admin: of(CallKind::Admin),
            workflow: of(CallKind::Workflow),
        }
    }
}
