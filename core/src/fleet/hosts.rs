//! Where AMC is asked: at one endpoint that somebody named, else at the host of each account's region.

use crate::client::endpoint::Region;

/// The endpoint somebody named, if anybody did.
#[derive(Debug, Clone)]
pub(super) struct Hosts(Option<String>);

impl Hosts {
    /// The endpoint given, else that of `AMC_API_URL`, else none: then Amazon's own.
    pub(super) fn new(given: Option<&str>) -> Self {
        Self::of(given, std::env::var("AMC_API_URL").ok().as_deref())
    }

    fn of(given: Option<&str>, environment: Option<&str>) -> Self {
        let named = given.or(environment).filter(|url| !url.is_empty());
        Self(named.map(|url| url.trim_end_matches('/').to_owned()))
    }

    /// Who lists the accounts of every region: any of Amazon's hosts does.
    pub(super) fn of_all(&self) -> &str {
        self.of_region(Region::Na)
    }

    /// Who serves the accounts of a region.
    pub(super) fn of_region(&self, region: Region) -> &str {
        self.0.as_deref().unwrap_or_else(|| region.endpoint())
    }

    /// Whether these are Amazon's own.
    pub(super) fn kind(&self) -> &'static str {
        let url = self.of_all();
        let host = url.split("://").nth(1).unwrap_or(url).split(['/', ':']).next().unwrap_or_default();
        if host.ends_with(".amazon.com") { "production" } else { "test" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazon_s_hosts_are_production() {
        for (url, kind) in [
            (Some("https://advertising-api-eu.amazon.com"), "production"),
            (None, "production"),
            (Some("http://127.0.0.1:4000"), "test"),
            (Some("https://amazon.com.evil.example"), "test"),
        ] {
            assert_eq!(Hosts::of(url, None).kind(), kind, "{url:?}");
        }
    }

    #[test]
    fn an_account_is_served_by_its_region_unless_an_endpoint_is_named() {
        let eu = Region::Eu.endpoint();
        for (given, environment, host) in [
            (None, None, eu),
            (None, Some(""), eu),
            (None, Some("http://127.0.0.1:4000/"), "http://127.0.0.1:4000"),
            (Some("http://amc.test"), Some("http://127.0.0.1:4000"), "http://amc.test"),
        ] {
            assert_eq!(Hosts::of(given, environment).of_region(Region::Eu), host);
        }
    }
}
