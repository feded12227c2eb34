//! Where values come from, and which of them count.

use serde_json::{Map, Value};

use super::arguments::Arguments;
use super::declaration::Declaration;
use crate::sql::Reference;

/// The values of one run, each layer over the one before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layers<'a> {
    /// What is declared about them, by the workflow's template or by the workflow: its defaults lie below everything.
    pub declarations: &'a [Declaration],
    /// Values that the workflow brings.
    pub workflow: Map<String, Value>,
    /// Values that belong to the instance whatever runs on it.
    pub profile: Map<String, Value>,
    /// Values for all instances of the batch.
    pub base: Map<String, Value>,
    /// Values for one instance of the batch.
    pub instance: Map<String, Value>,
    /// Values of one tick of a schedule.
    pub tick: Map<String, Value>,
}

impl Layers<'_> {
    /// The values that count: declared defaults < workflow < profile < base < instance < tick.
    ///
    /// What stands in the first three and is not mentioned in the query is left out: it may be meant for others. What was
    /// given for this very run is kept, so that a misspelt name is found.
    #[must_use]
    pub fn merged(self, mentioned: &[Reference]) -> Map<String, Value> {
        let is_mentioned = |name: &String| mentioned.iter().any(|reference| reference.name == *name);
        let lasting = self.workflow.into_iter().chain(self.profile);
        let mut values: Map<String, Value> = lasting.filter(|(name, _)| is_mentioned(name)).collect();
        values.extend(self.base.into_iter().chain(self.instance).chain(self.tick));
        let unset: Vec<&Reference> = mentioned.iter().filter(|it| !values.contains_key(&it.name)).collect();
        let defaults: Vec<(String, Value)> = {
            let arguments = Arguments::new(&values, self.declarations);
            let default = |it: &Reference| Some((it.name.clone(), arguments.default(&it.name)?.clone()));
            unset.into_iter().filter_map(default).collect()
        };
        values.extend(defaults);
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::{Presets, declarations};
    use crate::sql::references;
    use serde_json::json;

    type Layer = for<'m> fn(&'m mut Layers<'_>) -> &'m mut Map<String, Value>;

    fn one(name: &str, value: i64) -> Map<String, Value> {
        Map::from_iter([(name.to_owned(), json!(value))])
    }

    #[test]
    fn the_later_layer_counts() {
        let declared =
            declarations(&json!([{"name": "x", "type": "integer", "default": -1}]), &Presets::default())
                .unwrap();
        let mut layers = Layers { declarations: &declared, ..Layers::default() };
        let mentioned = references("SELECT {{x}}");
        let merged = |layers: &Layers<'_>| layers.clone().merged(&mentioned).get("x").cloned();
        assert_eq!(merged(&layers), Some(json!(-1)));
        let fields: [Layer; 5] = [
            |it| &mut it.workflow,
            |it| &mut it.profile,
            |it| &mut it.base,
            |it| &mut it.instance,
            |it| &mut it.tick,
        ];
        for (number, field) in (0_i64..).zip(fields) {
            *field(&mut layers) = one("x", number);
            assert_eq!(merged(&layers), Some(json!(number)));
        }
    }

    #[test]
    fn a_default_by_another_parameter_follows_the_value_that_counts() {
        let written = json!([{"name": "g", "type": "granularity"}, {"name": "days", "type": "integer", "default": 7,
            "default_by": {"parameter": "g", "values": {"weekly": 90}}}, {"name": "z", "type": "asin_list", "optional": true}]);
        let declared = declarations(&written, &Presets::default()).unwrap();
        let base = Map::from_iter([("g".to_owned(), json!("weekly"))]);
        let layers = Layers { declarations: &declared, base, ..Layers::default() };
        let merged = Value::from(layers.merged(&references("SELECT {{days}}, {{g}}, {{z}}")));
        assert_eq!(merged, json!({"g": "weekly", "days": 90, "z": null}));
    }

    #[test]
    fn what_is_not_mentioned_is_kept_only_where_it_was_given_for_this_run() {
        let layers =
            Layers { workflow: one("a", 1), profile: one("b", 2), base: one("c", 3), ..Layers::default() };
        assert_eq!(Value::from(layers.merged(&references("SELECT {{x}}"))), json!({"c": 3}));
    }
}
