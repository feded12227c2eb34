//! The functions AMC has, as its documentation lists them, and those that were seen in practice.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Documented.
const OFFICIAL: &str = "charindex concat format instr left length locate lower ltrim position regexp_replace \
    regexp_substr regexp_split replace right rtrim strpos str_to_map substring trim upper abs ceil e exp floor ln log \
    log10 power random round sqrt trunc avg count min max sum collect stddev_pop var_pop stddev stddev_samp variance \
    var_samp skewness percentile approx_percentile median current_date current_timestamp convert_time_zone_from_utc \
    date_trunc dayofmonth dayofweek epoch_to_utc_timestamp extract hour minute second month week year seconds_between \
    extend_time_window coalesce if ifnull nullif nvl nvl2 greatest least array_cat array_contains array_complement \
    array_distinct array_intersect array_remove array_sort array_to_string array_union cardinality explode flatten rank \
    dense_rank row_number hash64 md5 sha1 from_varbinary to_varbinary json_extract json_serialize cast named_row \
    contained_in uuid built_in_parameter custom_parameter";

/// Not documented; AMC may have them.
const SEEN: &str = "substr ceiling rand mod now approx_count_distinct lag lead first_value last_value nth_value \
    percent_rank cume_dist percentile_cont percentile_disc array_agg collect_list collect_set to_char make_array array \
    struct row map char_length character_length initcap lpad rpad reverse split split_part translate ascii chr sign \
    nanvl sin cos tan date_part to_date to_timestamp unnest every any_value listagg string_agg concat_ws date_format \
    from_unixtime unix_timestamp size element_at sequence transform filter aggregate exists any_match grouping \
    grouping_id rollup cube sets bool_and bool_or bit_and bit_or mode corr kurtosis try_cast typeof date timestamp \
    time crc32 sha2 sha256 base64 quarter dayofyear last_day last add_months months_between cosine degrees radians \
    pow greatest_ignore_nulls slice arrays_zip zip shuffle json_value json_query json_object ceiling_to tumble hop \
    multiset element cardinality_of similar contains_common_element isnull isnotnull hex unhex format_number overlay";

/// Said not to be there by documents or by practice.
const MISSING: &str = "ntile datediff date_diff date_add date_sub dateadd timestampdiff timestampadd";

/// Documented not to be there.
const REFUSED: &str = "getdate";

const AGGREGATES: &str = "avg count min max sum collect stddev_pop var_pop stddev stddev_samp variance var_samp skewness \
    percentile approx_percentile median array_agg percentile_cont approx_count_distinct first_value last_value every \
    any_value collect_list collect_set listagg string_agg bool_and bool_or mode corr kurtosis percentile_disc";

/// Functions whose number of arguments is known: the fewest and the most.
const ARITY: [(&str, usize, usize); 24] = [
    ("if", 3, 3),
    ("ifnull", 2, 2),
    ("nvl", 2, 2),
    ("nvl2", 3, 3),
    ("nullif", 2, 2),
    ("seconds_between", 2, 2),
    ("convert_time_zone_from_utc", 2, 2),
    ("date_trunc", 2, 2),
    ("array_contains", 2, 2),
    ("cardinality", 1, 1),
    ("sum", 1, 1),
    ("avg", 1, 1),
    ("min", 1, 1),
    ("max", 1, 1),
    ("median", 1, 1),
    ("lower", 1, 1),
    ("upper", 1, 1),
    ("length", 1, 1),
    ("abs", 1, 1),
    ("sqrt", 1, 1),
    ("extend_time_window", 3, 3),
    ("custom_parameter", 1, 1),
    ("built_in_parameter", 1, 1),
    ("round", 1, 2),
];

/// What is known of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Known,
    Missing,
    Refused,
    Unknown,
}

/// What is known of each name.
static STANDINGS: LazyLock<HashMap<&str, Standing>> = LazyLock::new(|| {
    let known = words(OFFICIAL).chain(words(SEEN)).map(|name| (name, Standing::Known));
    let missing = words(MISSING).map(|name| (name, Standing::Missing));
    known.chain(missing).chain(words(REFUSED).map(|name| (name, Standing::Refused))).collect()
});

static AGGREGATING: LazyLock<HashSet<&str>> = LazyLock::new(|| words(AGGREGATES).collect());

pub(super) fn standing(name: &str) -> Standing {
    STANDINGS.get(name).copied().unwrap_or(Standing::Unknown)
}

pub(super) fn is_aggregate(name: &str) -> bool {
    AGGREGATING.contains(name)
}

/// Whether the number of arguments is one the function takes.
pub(super) fn takes(name: &str, arguments: usize) -> bool {
    let known = ARITY.iter().find(|(known, ..)| *known == name);
    known.is_none_or(|(_, fewest, most)| (*fewest..=*most).contains(&arguments))
}

/// Every documented function.
pub(super) fn official() -> impl Iterator<Item = &'static str> {
    words(OFFICIAL)
}

fn words(names: &'static str) -> impl Iterator<Item = &'static str> {
    names.split_whitespace()
}
