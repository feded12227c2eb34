//! The library that comes with this crate: one file a template in `templates/`.

use std::sync::LazyLock;

use super::Template;

const FILES: [&str; 15] = [
    include_str!("../../templates/basket.sql"),
    include_str!("../../templates/channel_overlap.sql"),
    include_str!("../../templates/device_and_place.sql"),
    include_str!("../../templates/first_touch.sql"),
    include_str!("../../templates/frequency_distribution.sql"),
    include_str!("../../templates/frequent_non_buyers.sql"),
    include_str!("../../templates/incremental_reach.sql"),
    include_str!("../../templates/last_touch.sql"),
    include_str!("../../templates/new_to_brand.sql"),
    include_str!("../../templates/path_to_conversion.sql"),
    include_str!("../../templates/product_sales.sql"),
    include_str!("../../templates/reach_and_frequency.sql"),
    include_str!("../../templates/search_terms.sql"),
    include_str!("../../templates/time_of_day.sql"),
    include_str!("../../templates/time_to_conversion.sql"),
];

static STARTER: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let mut read: Vec<Template> = FILES.iter().filter_map(|file| file.parse().ok()).collect();
    read.sort_by(|left, right| left.name.cmp(&right.name));
    read
});

/// The templates of the starter library, by name.
#[must_use]
pub fn starter() -> &'static [Template] {
    &STARTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_template_that_holds_together() {
        assert_eq!(starter().len(), FILES.len());
        for template in starter() {
            template.check().unwrap_or_else(|error| panic!("{}: {error}", template.name));
            assert!(
                !template.description.is_empty()
                    && !template.category.is_empty()
                    && !template.tags.is_empty()
            );
            assert!(!template.columns.is_empty() && template.window.is_some(), "{}", template.name);
        }
    }
}
