//! What is said about an instance.

use amc_fleet::ProfileChange;
use napi_derive::napi;
use serde_json::{Map, Value};

/// A change of what an owner says about an instance: what is absent stays, what is empty is cleared.
#[napi(object, object_to_js = false)]
#[derive(Debug)]
pub struct ProfileOptions {
    /// What to call it.
    pub label: Option<String>,
    /// Words to select it by.
    pub tags: Option<Vec<String>>,
    /// The brands its data are about.
    pub brands: Option<Vec<String>>,
    /// The zone in which its days begin.
    pub timezone: Option<String>,
    /// The currency of its amounts, by its ISO 4217 code.
    pub currency: Option<String>,
    /// Values of parameters that differ by instance, for queries that have them.
    #[napi(ts_type = "Record<string, unknown>")]
    pub parameters: Option<Map<String, Value>>,
}

impl From<ProfileOptions> for ProfileChange {
    fn from(options: ProfileOptions) -> Self {
        let ProfileOptions { label, tags, brands, timezone, currency, parameters } = options;
        Self { label, tags, brands, timezone, currency, parameters }
    }
}
