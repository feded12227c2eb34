//! How many requests went to AMC, by what they ask.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// A token.
    Token,
    /// A submit.
    Submit,
    /// One run.
    Get,
    /// A page of runs.
    List,
    /// Download URLs.
    DownloadUrls,
    /// A part of a result.
    File,
    /// A cancel.
    Cancel,
    /// A page of accounts or instances.
    Admin,
    /// AMC's own saved workflows.
    Workflow,
}

/// How many requests were sent, repetitions included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
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

    /// Counts one more.
    pub fn add(&mut self, kind: CallKind) {
        *self.of(kind) += 1;
    }

    fn of(&mut self, kind: CallKind) -> &mut u64 {
        match kind {
            CallKind::Token => &mut self.token,
            CallKind::Submit => &mut self.submit,
            CallKind::Get => &mut self.get,
            CallKind::List => &mut self.list,
            CallKind::DownloadUrls => &mut self.download_urls,
            CallKind::File => &mut self.file,
            CallKind::Cancel => &mut self.cancel,
            CallKind::Admin => &mut self.admin,
            CallKind::Workflow => &mut self.workflow,
        }
    }
}

impl AddAssign for CallCounts {
    fn add_assign(&mut self, other: Self) {
        let Self { token, submit, get, list, download_urls, file, cancel, admin, workflow } = other;
        self.token += token;
        self.submit += submit;
        self.get += get;
        self.list += list;
        self.download_urls += download_urls;
        self.file += file;
        self.cancel += cancel;
        self.admin += admin;
        self.workflow += workflow;
    }
}
