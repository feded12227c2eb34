//! The data sources the canned engine shows: the base tables with their commonest columns.

use crate::query::{DataSource, DataSourceColumn};

/// A column: name, data type, column type, sensitivity.
type Column = (&'static str, &'static str, &'static str, &'static str);

const CAMPAIGN: [Column; 4] = [
    ("advertiser", "STRING", "DIMENSION", "LOW"),
    ("campaign", "STRING", "DIMENSION", "LOW"),
    ("campaign_id", "LONG", "DIMENSION", "LOW"),
    ("user_id", "STRING", "DIMENSION", "VERY_HIGH"),
];

/// The tables: name, what a row is, the columns beside [`CAMPAIGN`].
const TABLES: [(&str, &str, &[Column]); 7] = [
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

const ATTRIBUTED: [Column; 3] = [
    ("conversion_event_date", "DATE", "DIMENSION", "LOW"),
    ("purchases", "LONG", "METRIC", "NONE"),
    ("product_sales", "DECIMAL", "METRIC", "NONE"),
];

/// Gives the data sources.
pub(super) fn all() -> Vec<DataSource> {
    TABLES.iter().map(source).collect()
}

fn source((id, description, columns): &(&str, &str, &[Column])) -> DataSource {
    DataSource {
        id: (*id).to_owned(),
        description: (*description).to_owned(),
        is_premium: false,
        columns: CAMPAIGN.iter().chain(*columns).map(column).collect(),
    }
}

fn column((name, data_type, column_type, sensitivity): &Column) -> DataSourceColumn {
    DataSourceColumn {
        name: (*name).to_owned(),
        data_type: (*data_type).to_owned(),
        column_type: (*column_type).to_owned(),
        sensitivity: (*sensitivity).to_owned(),
    }
}
