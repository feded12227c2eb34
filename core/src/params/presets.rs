//! Declarations with a name of their own, that queries share.

use parking_lot::RwLock;
use serde_json::{Value, json};

use super::declaration::Declaration;
use super::kind::ParameterType;
use super::reading::{declarations, invalid};
use crate::Result;

/// Presets that were registered in this process.
static REGISTERED: RwLock<Vec<Declaration>> = RwLock::new(Vec::new());

/// Columns that a report over advertising is often cut by.
const DIMENSIONS: [&str; 24] = [
    "campaign",
    "campaign_id",
    "campaign_id_string",
    "advertiser",
    "advertiser_id",
    "line_item",
    "creative",
    "creative_type",
    "ad_product_type",
    "device_type",
    "environment_type",
    "operating_system",
    "browser_family",
    "site",
    "supply_source",
    "placement_type",
    "match_type",
    "targeting",
    "customer_search_term",
    "iso_country_code",
    "iso_state_province_code",
    "dma_code",
    "tracked_asin",
    "tracked_item",
];

/// The presets a declaration may name as its type.
///
/// ```
/// use amc_fleet::params::{Declaration, ParameterType, Presets};
///
/// let own = Declaration { min: Some(0.into()), ..Declaration::new("margin", ParameterType::Decimal) };
/// let presets = Presets::default().with(own);
/// assert_eq!(presets.get("granularity").unwrap().allowed.len(), 3);
/// assert!(presets.get("margin").is_some());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Presets(Vec<Declaration>);

impl Presets {
    /// The presets everybody has, and those that were [registered](register_preset) in this process.
    #[must_use]
    pub fn registered() -> Self {
        REGISTERED.read().iter().cloned().fold(Self::default(), Self::with)
    }

    /// Adds a preset under its declaration's name, in the place of one that has the name already.
    #[must_use]
    pub fn with(mut self, preset: Declaration) -> Self {
        self.0.retain(|known| known.name != preset.name);
        self.0.push(preset);
        self
    }

    /// The declaration of a preset.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Declaration> {
        self.0.iter().find(|preset| preset.name == name)
    }

    /// The names there are.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|preset| preset.name.as_str())
    }

    /// The declarations there are.
    pub fn iter(&self) -> impl Iterator<Item = &Declaration> {
        self.0.iter()
    }
}

impl Default for Presets {
    /// The presets everybody has.
    fn default() -> Self {
        use ParameterType::{Asin, CampaignId, Date, Identifier, Pattern, String, Timestamp};
        Self(vec![
            days(
                "attribution_window",
                &[1, 7, 14, 28, 60, 90],
                14,
                "Days after an ad in which a conversion counts",
            ),
            days("conversion_window", &[1, 7, 14, 28], 14, "Days in which conversions are counted"),
            days("lookback_days", &[7, 14, 30, 60, 90, 180], 30, "Days to look back"),
            words("granularity", String, &["daily", "weekly", "monthly"], "How finely time is cut"),
            words(
                "aggregation_type",
                Identifier,
                &["sum", "count", "avg", "min", "max"],
                "How values are aggregated",
            ),
            words("dimension", Identifier, &DIMENSIONS, "The column a report is cut by"),
            Declaration { max_items: Some(10_000), ..list("asin_list", Asin, "ASINs") },
            Declaration { max_items: Some(10_000), ..list("campaign_ids", CampaignId, "Campaign ids") },
            Declaration {
                max_items: Some(1_000),
                ..list("brand_list", String, "Brands, as they are written")
            },
            described("pattern", Pattern, "A pattern of LIKE: % is any text, _ any character"),
            described("start_date", Date, "The first day"),
            described("end_date", Date, "The last day"),
            described("event_time", Timestamp, "A moment"),
        ])
    }
}

/// Makes a preset known to whatever reads declarations in this process, under its own name: as a type, as a `preset`, and
/// for parameters that are called so. What was declared with it before keeps what it was.
///
/// # Errors
/// `InvalidInput` (`declaration_invalid`), also for a name that is a type's.
///
/// ```
/// use amc_fleet::params::{Presets, declarations, register_preset};
/// use serde_json::json;
///
/// register_preset(&json!({"name": "margin", "type": "decimal", "min": 0, "max": 1, "default": 0.2}))?;
/// let read = declarations(&json!({"floor": "margin"}), &Presets::registered())?;
/// assert_eq!(read[0].default, Some(json!(0.2)));
/// # Ok::<(), amc_fleet::Error>(())
/// ```
pub fn register_preset(written: &Value) -> Result<()> {
    let read = declarations(&json!([written]), &Presets::registered())?;
    let mut registered = REGISTERED.write();
    for preset in read {
        if ParameterType::read(&preset.name).is_some() {
            return Err(invalid(format!("a preset cannot be called {:?}, which is a type", preset.name)));
        }
        registered.retain(|known| known.name != preset.name);
        registered.push(preset);
    }
    Ok(())
}

/// The presets there are in this process, as declarations are written.
#[must_use]
pub fn presets_as_json() -> Vec<Value> {
    as_json(&Presets::registered().0)
}

/// Declarations as they are written.
#[must_use]
pub fn as_json(declarations: &[Declaration]) -> Vec<Value> {
    declarations.iter().map(|declaration| json!(declaration)).collect()
}

fn described(name: &str, kind: ParameterType, description: &str) -> Declaration {
    Declaration { description: Some(description.to_owned()), ..Declaration::new(name, kind) }
}

fn list(name: &str, kind: ParameterType, description: &str) -> Declaration {
    Declaration { list: true, ..described(name, kind, description) }
}

fn days(name: &str, allowed: &[i64], default: i64, description: &str) -> Declaration {
    let allowed = allowed.iter().map(|days| json!(days)).collect();
    Declaration {
        allowed,
        default: Some(json!(default)),
        ..described(name, ParameterType::Integer, description)
    }
}

fn words(name: &str, kind: ParameterType, allowed: &[&str], description: &str) -> Declaration {
    let allowed: Vec<Value> = allowed.iter().map(|word| json!(word)).collect();
    Declaration { default: allowed.first().cloned(), allowed, ..described(name, kind, description) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_holds_together() {
        for preset in Presets::default().iter() {
            preset.check().unwrap();
            assert!(preset.description.is_some(), "{}", preset.name);
        }
    }

    #[test]
    fn days_are_the_usual_ones() {
        let presets = Presets::default();
        let allowed = |name: &str| json!(presets.get(name).unwrap().allowed);
        assert_eq!(allowed("attribution_window"), json!([1, 7, 14, 28, 60, 90]));
        assert_eq!(allowed("lookback_days"), json!([7, 14, 30, 60, 90, 180]));
        assert_eq!(allowed("conversion_window"), json!([1, 7, 14, 28]));
        assert_eq!(allowed("granularity"), json!(["daily", "weekly", "monthly"]));
        assert_eq!(allowed("aggregation_type"), json!(["sum", "count", "avg", "min", "max"]));
    }

    #[test]
    fn a_registered_preset_is_known_wherever_declarations_are_read() {
        register_preset(&json!({"name": "own_score", "type": "decimal", "min": 0, "max": 1})).unwrap();
        let read: Declaration = serde_json::from_value(json!({"name": "x", "type": "own_score"})).unwrap();
        assert_eq!((read.parameter_type, read.max), (ParameterType::Decimal, Some(json!(1))));
        let found = super::super::infer("SELECT a FROM t WHERE b > {{own_score}}");
        assert_eq!(found[0].declaration.min, Some(json!(0)));
        assert!(presets_as_json().iter().any(|preset| preset["name"] == "own_score"));
        for wrong in
            [json!({"name": "string"}), json!({"type": "integer"}), json!({"name": "x", "type": "blob"})]
        {
            assert_eq!(register_preset(&wrong).unwrap_err().code(), "declaration_invalid", "{wrong}");
        }
    }

    #[test]
    fn an_own_preset_takes_the_place_of_one_of_the_same_name() {
        let presets = Presets::default().with(Declaration::new("dimension", ParameterType::String));
        assert_eq!(presets.get("dimension").unwrap().parameter_type, ParameterType::String);
    }
}
