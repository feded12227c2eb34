//! Where values come from, and which of them count.

use serde_json::{Map, Value};

use crate::sql::Reference;

/// The values of one run, each layer over the one before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layers {
    /// Defaults of the template that the workflow was made of.
    pub template: Map<String, Value>,
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

impl Layers {
    /// The values that count: template < workflow < profile < base < instance < tick.
    ///
    /// What stands in the first three and is not mentioned in the query is left out: it may be meant for others. What was
    /// given for this very run is kept, so that a misspelt name is found.
    #[must_use]
    pub fn merged(self, mentioned: &[Reference]) -> Map<String, Value> {
        let is_mentioned = |name: &String| mentioned.iter().any(|reference| reference.name == *name);
        let lasting = self.template.into_iter().chain(self.workflow).chain(self.profile);
        let mut values: Map<String, Value> = lasting.filter(|(name, _)| is_mentioned(name)).collect();
        values.extend(self.base.into_iter().chain(self.instance).chain(self.tick));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::references;
    use serde_json::json;

    type Layer = fn(&mut Layers) -> &mut Map<String, Value>;

    fn one(name: &str, value: i64) -> Map<String, Value> {
        Map::from_iter([(name.to_owned(), json!(value))])
    }

    #[test]
    fn the_later_layer_counts() {
        let mut layers = Layers::default();
        let mentioned = references("SELECT {{x}}");
        let merged = |layers: &Layers| layers.clone().merged(&mentioned).get("x").cloned();
        let fields: [Layer; 6] = [
            |it| &mut it.template,
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
    fn what_is_not_mentioned_is_kept_only_where_it_was_given_for_this_run() {
        let layers =
            Layers { workflow: one("a", 1), profile: one("b", 2), base: one("c", 3), ..Layers::default() };
        assert_eq!(Value::from(layers.merged(&references("SELECT {{x}}"))), json!({"c": 3}));
    }
}
