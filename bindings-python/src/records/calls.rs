//! The requests to AMC that something took.

use super::{mirrors, record};

record! {
    /// How many requests went to AMC, repetitions included, by what they asked.
    CallCounts {
        /// Token requests.
        token: u64,
        /// Submits.
        submit: u64,
        /// Reads of one run.
        get: u64,
        /// Pages of runs.
        list: u64,
        /// Requests for download URLs.
        download_urls: u64,
        /// Parts opened.
        file: u64,
        /// Cancels.
        cancel: u64,
        /// Pages of accounts and instances.
        admin: u64,
        /// Calls about AMC's own saved workflows.
        workflow: u64,
    }
}

mirrors!(CallCounts of amc_fleet::CallCounts {
    token, submit, get, list, download_urls, file, cancel, admin, workflow,
});

impl CallCounts {
    fn shown(&self) -> String {
        let Self { submit, get, list, download_urls, .. } = self;
        format!("<CallCounts {submit} submits, {get} reads, {list} lists, {download_urls} for download URLs>")
    }
}
