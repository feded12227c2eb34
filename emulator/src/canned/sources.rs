//! The data sources the canned engine shows: the base tables with their commonest columns.

use crate::query::{DataSource, DataSourceColumn};

/// A column: name, data type, column type, sensitivity.
type Column<'a> = (&'a str, &'static str, &'static str, &'static str);

const CAMPAIGN: [Column<'static>; 4] = [
    ("advertiser", "STRING", "DIMENSION", "LOW"),
    ("campaign", "STRING", "DIMENSION", "LOW"),
    ("campaign_id", "LONG", "DIMENSION", "LOW"),
    ("user_id", "STRING", "DIMENSION", "VERY_HIGH"),
];

/// The tables: name, what a row is, the columns beside [`CAMPAIGN`].
const TABLES: [(&str, &str, &[Column<'static>]); 7] = [
    (
        "dsp_impressions",
        "One row per impression of Amazon DSP.",
        &[
            ("impression_date", "DATE", "DIMENSION", "LOW"),
            ("impressions", "LONG", "METRIC", "NONE"),
            ("total_cost", "DOUBLE", "METRIC", "NONE"),
        ],
    ),
    (
        "dsp_clicks",
        "One row per click of Amazon DSP.",
        &[("click_date", "DATE", "DIMENSION", "LOW"), ("clicks", "LONG", "METRIC", "NONE")],
    ),
    (
        "dsp_views",
        "One row per view event of Amazon DSP.",
        &[("event_date", "DATE", "DIMENSION", "LOW"), ("views", "LONG", "METRIC", "NONE")],
    ),
    (
        "sponsored_ads_traffic",
        "One row per impression or click of sponsored ads.",
        &[
            ("ad_product_type", "STRING", "DIMENSION", "LOW"),
            ("event_date", "DATE", "DIMENSION", "LOW"),
            ("impressions", "LONG", "METRIC", "NONE"),
            ("clicks", "LONG", "METRIC", "NONE"),
            ("spend", "LONG", "METRIC", "NONE"),
        ],
    ),
    ("amazon_attributed_events_by_conversion_time", "Conversions by their own time.", &ATTRIBUTED),
    ("amazon_attributed_events_by_traffic_time", "Conversions by the time of their traffic.", &ATTRIBUTED),
    (
        "conversions",
        "One row per conversion.",
        &[
            ("event_date", "DATE", "DIMENSION", "LOW"),
            ("tracked_asin", "STRING", "DIMENSION", "LOW"),
            ("conversions", "LONG", "METRIC", "NONE"),
        ],
    ),
];

const ATTRIBUTED: [Column<'static>; 3] = [
    ("conversion_event_date", "DATE", "DIMENSION", "LOW"),
    ("purchases", "LONG", "METRIC", "NONE"),
    ("product_sales", "DECIMAL", "METRIC", "NONE"),
];

/// Gives the data sources, and after them what a test has loaded under names of its own: uploads of the client.
pub(super) fn with<'a>(loaded: impl Iterator<Item = (&'a str, &'a [String])>) -> Vec<DataSource> {
    let is_own = |name: &str| TABLES.iter().all(|(id, ..)| *id != name);
    let uploads = loaded.filter(|(name, _)| is_own(name)).map(|(name, columns)| upload(name, columns));
    TABLES.iter().map(source).chain(uploads).collect()
}

fn upload(name: &str, columns: &[String]) -> DataSource {
    DataSource {
        id: name.to_owned(),
        description: "An upload of the client.".to_owned(),
        is_premium: false,
        columns: columns.iter().map(|name| column(&(name.as_str(), "STRING", "DIMENSION", "LOW"))).collect(),
    }
}

fn source((id, description, columns): &(&str, &str, &[Column<'static>])) -> DataSource {
    DataSource {
        id: (*id).to_owned(),
        description: (*description).to_owned(),
        is_premium: false,
        columns: CAMPAIGN.iter().chain(*columns).map(column).collect(),
    }
}

fn column((name, data_type, column_type, sensitivity): &Column<'_>) -> DataSourceColumn {
    DataSourceColumn {
        name: (*name).to_owned(),
        data_type: (*data_type).to_owned(),
        column_type: (*column_type).to_owned(),
        sensitivity: (*sensitivity).to_owned(),
    }
}
