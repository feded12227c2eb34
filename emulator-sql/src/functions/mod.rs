//! AMC's functions that DataFusion lacks, and the list of all that AMC has.

mod arithmetic;
mod arrays;
mod binary;
mod coalesce;
mod digest;
pub(crate) mod hidden;
mod json;
pub(crate) mod ledger;
mod maps;
mod regex;
mod scalar;
mod skewness;
mod text;
mod times;
pub(crate) mod weights;

use std::sync::Arc;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

pub(crate) use arithmetic::{divide, multiply};

/// The documented functions.
const OFFICIAL: &str = "charindex concat format instr left length locate lower ltrim position regexp_replace \
    regexp_substr regexp_split replace right rtrim strpos str_to_map substring substr trim upper \
    abs ceil ceiling e exp floor ln log log10 power random rand round sqrt trunc mod \
    avg count min max sum collect stddev_pop var_pop stddev stddev_samp variance var_samp skewness percentile \
    approx_percentile median \
    current_date current_timestamp convert_time_zone_from_utc date_trunc dayofmonth dayofweek epoch_to_utc_timestamp \
    extract hour minute second month week year seconds_between extend_time_window \
    coalesce if ifnull nullif nvl nvl2 greatest least \
    array_cat array_contains array_complement array_distinct array_intersect array_remove array_sort array_to_string \
    array_union cardinality explode flatten \
    rank dense_rank row_number hash64 md5 sha1 from_varbinary to_varbinary json_extract json_serialize \
    cast named_row contained_in uuid built_in_parameter custom_parameter";

/// Functions without a documented use that production queries were seen with.
const SEEN: &str = "now approx_count_distinct lag lead first_value last_value nth_value ntile percent_rank cume_dist \
    percentile_cont array_agg to_char make_array array struct row char_length character_length initcap lpad rpad \
    reverse split_part translate ascii chr sign nanvl sin cos tan date_part to_date to_timestamp unnest every any_value";

const AGGREGATES: &str = "avg count min max sum collect stddev_pop var_pop stddev stddev_samp variance var_samp skewness \
    percentile approx_percentile median array_agg percentile_cont approx_count_distinct approx_distinct \
    approx_percentile_cont first_value last_value every bool_and any_value";

/// Whether a name (in lower case) is a function: documented, or at least seen unless `strict`.
pub(crate) fn is_function(name: &str, strict: bool) -> bool {
    lists(OFFICIAL, name) || !strict && lists(SEEN, name)
}

/// Whether a name (in lower case) is an aggregate.
pub(crate) fn is_aggregate(name: &str) -> bool {
    lists(AGGREGATES, name)
}

fn lists(names: &str, name: &str) -> bool {
    names.split_whitespace().any(|known| known == name)
}

/// The scalar functions of this module.
pub(crate) fn scalars() -> Vec<Arc<ScalarUDF>> {
    let all = [
        times::functions(),
        arithmetic::functions(),
        arrays::functions(),
        regex::functions(),
        text::functions(),
        maps::functions(),
        digest::functions(),
        binary::functions(),
        json::functions(),
    ];
    let own = all.into_iter().flatten().map(ScalarUDF::from);
    own.chain([ScalarUDF::from(coalesce::Coalesce::default())]).map(Arc::new).collect()
}

/// The aggregates of this module.
pub(crate) fn aggregates() -> Vec<Arc<AggregateUDF>> {
    vec![Arc::new(skewness::function())]
}
