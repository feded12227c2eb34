//! The data sources as data: every documented column with its type, class and how its values are made.
//!
//! The files in `catalogue/` are the source; [`catalogue`] reads them once.

mod class;
mod kind;
mod read;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};

pub(crate) use class::Class;
pub(crate) use kind::Kind;

use crate::recipe::Recipe;
use crate::world::Source;

/// A data source.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// Its name in SQL.
    pub(crate) name: String,
    /// One sentence.
    pub(crate) about: String,
    /// Where its rows come from.
    pub(crate) source: Source,
    /// The column that the time window applies to; dimension data have none.
    pub(crate) clock: Option<String>,
    /// Whether it belongs to a paid feature.
    pub(crate) paid: bool,
    /// Whether rows with a deal are hidden, as from audiences.
    pub(crate) hides_deals: bool,
    /// Its columns in documented order.
    pub(crate) columns: Vec<Column>,
    /// The same columns for Arrow.
    pub(crate) schema: SchemaRef,
}

/// A column of a data source.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Its name in SQL.
    pub(crate) name: String,
    /// Its type.
    pub(crate) kind: Kind,
    /// Its threshold class.
    pub(crate) class: Class,
    /// Whether it is documented as a metric, else a dimension.
    pub(crate) metric: bool,
    /// How its values are made.
    pub(crate) recipe: Recipe,
}

impl Table {
    /// The column of that name.
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    fn schema_of(columns: &[Column]) -> SchemaRef {
        let fields: Vec<Field> =
            columns.iter().map(|column| Field::new(&column.name, column.kind.arrow(), true)).collect();
        Arc::new(Schema::new(fields))
    }
}

/// Every data source by name.
pub(crate) type Catalogue = BTreeMap<String, Arc<Table>>;

static FILES: [(&str, &str); 12] = [
    ("dsp_impressions", include_str!("../../catalogue/dsp_impressions.txt")),
    ("dsp_clicks", include_str!("../../catalogue/dsp_clicks.txt")),
    ("dsp_views", include_str!("../../catalogue/dsp_views.txt")),
    ("dsp_segments", include_str!("../../catalogue/dsp_segments.txt")),
    ("sponsored_ads_traffic", include_str!("../../catalogue/sponsored_ads_traffic.txt")),
    ("attributed_events", include_str!("../../catalogue/attributed_events.txt")),
    ("conversions", include_str!("../../catalogue/conversions.txt")),
    ("audience_segments", include_str!("../../catalogue/audience_segments.txt")),
    ("brand_store", include_str!("../../catalogue/brand_store.txt")),
    ("prime_video", include_str!("../../catalogue/prime_video.txt")),
    ("partners", include_str!("../../catalogue/partners.txt")),
    ("retail", include_str!("../../catalogue/retail.txt")),
];

static CATALOGUE: LazyLock<Result<Catalogue, String>> = LazyLock::new(|| read::files(&FILES));

/// The catalogue, read from its files on first use.
///
/// # Errors
/// A sentence naming file and line if a catalogue file is malformed; a test holds that none is.
pub(crate) fn catalogue() -> Result<&'static Catalogue, String> {
    CATALOGUE.as_ref().map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_reads() {
        let tables = catalogue().unwrap();
        assert_eq!(tables["dsp_impressions"].columns.len(), 98);
        assert_eq!(tables["dsp_clicks"].columns.len(), 97);
        assert_eq!(tables["dsp_views"].columns.len(), 66);
        assert_eq!(tables["sponsored_ads_traffic"].columns.len(), 73);
        assert_eq!(tables["amazon_attributed_events_by_traffic_time"].columns.len(), 217);
        assert_eq!(tables["conversions"].columns.len(), 29);
        assert_eq!(tables["conversions_with_relevance"].columns.len(), 52);
        assert_eq!(tables["dsp_video_events_feed"].columns.len(), 113);
    }

    #[test]
    fn twins_hide_what_audiences_may_not_use() {
        let twin = &catalogue().unwrap()["dsp_impressions_for_audiences"];
        assert_eq!(twin.columns.len(), 96);
        assert!(twin.column("user_behavior_segment_ids").is_none());
    }

    #[test]
    fn every_clock_is_a_column() {
        for table in catalogue().unwrap().values() {
            assert!(table.clock.iter().all(|clock| table.column(clock).is_some()), "{}", table.name);
        }
    }
}
