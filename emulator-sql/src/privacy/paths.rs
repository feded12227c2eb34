//! The ways by which users came into a plan: each place where a data source is read.

/// The data source of each path, in the order of their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paths(Vec<String>);

impl Paths {
    /// Numbers one more path.
    pub(super) fn add(&mut self, source: &str) -> u64 {
        self.0.push(source.to_owned());
        self.0.len() as u64 - 1
    }

    /// `'dsp_impressions'`, or `'dsp_impressions' (path 2 of 3)` where there are several.
    pub(super) fn name(&self, path: u64) -> Option<String> {
        let place = usize::try_from(path).ok()?;
        let source = self.0.get(place)?;
        let same = |paths: &[String]| paths.iter().filter(|other| *other == source).count();
        Some(match same(&self.0) {
            1 => format!("'{source}'"),
            all => format!("'{source}' (path {} of {all})", same(&self.0[..=place])),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_read_once_has_no_path() {
        let mut paths = Paths::default();
        let numbers = ["conversions", "dsp_clicks", "conversions"].map(|source| paths.add(source));
        let names = numbers.map(|number| paths.name(number).unwrap());
        assert_eq!(names, ["'conversions' (path 1 of 2)", "'dsp_clicks'", "'conversions' (path 2 of 2)"]);
    }
}
