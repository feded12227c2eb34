//! A template as a file: its query under a comment of JSON that describes it.

use std::str::FromStr;

use serde_json::{Map, Value, json};

use super::{Template, invalid};
use crate::params::{Presets, declarations};
use crate::{Error, Result};

const BEGINNING: &str = "/* amc-fleet template";

impl Template {
    /// Writes the file. Reading it gives the same template.
    #[must_use]
    pub fn to_file(&self) -> String {
        let mut head = json!(self);
        if let Value::Object(fields) = &mut head {
            fields.remove("sql");
        }
        // A comment ends with its first `*/`, and JSON may spell a slash another way.
        let head = serde_json::to_string_pretty(&head).unwrap_or_default().replace("*/", "*\\/");
        format!("{BEGINNING}\n{head}\n*/\n{}\n", self.sql)
    }
}

impl FromStr for Template {
    type Err = Error;

    /// Reads a file. Parameters may name presets as their types.
    fn from_str(file: &str) -> Result<Self> {
        let rest = file.trim_start_matches('\u{feff}').trim_start().strip_prefix(BEGINNING);
        let (head, sql) = rest.and_then(|rest| rest.split_once("*/")).ok_or_else(|| {
            invalid("this is no file of a template").hint(format!("begin it with {BEGINNING}, JSON, and */"))
        })?;
        let mut fields: Map<String, Value> =
            serde_json::from_str(head).map_err(|error| invalid(format!("the head of the file: {error}")))?;
        fields.insert("sql".to_owned(), Value::from(sql.trim()));
        Self::read(Value::Object(fields))
    }
}

impl Template {
    /// Reads a template of JSON. Parameters may name presets as their types.
    ///
    /// # Errors
    /// `InvalidInput`: `template_invalid`, `declaration_invalid`.
    pub fn read(written: Value) -> Result<Self> {
        let Value::Object(mut fields) = written else { return Err(invalid("a template is an object")) };
        let parameters =
            declarations(&fields.remove("parameters").unwrap_or_default(), &Presets::registered())?;
        let read: Self =
            serde_json::from_value(Value::Object(fields)).map_err(|error| invalid(error.to_string()))?;
        Ok(Self { parameters, ..read })
    }
}

#[cfg(test)]
mod tests {
    use super::super::starter;
    use super::*;

    #[test]
    fn a_file_reads_back_as_the_template_it_was_written_of() {
        for template in starter() {
            assert_eq!(template.to_file().parse::<Template>().unwrap(), *template, "{}", template.name);
        }
        let odd = Template { description: "a */ b".to_owned(), ..starter()[0].clone() };
        assert_eq!(odd.to_file().parse::<Template>().unwrap(), odd);
    }

    #[test]
    fn other_files_are_refused() {
        for file in
            ["SELECT 1", "/* amc-fleet template {", "/* amc-fleet template\n{\"nam\": 1}\n*/ SELECT 1"]
        {
            assert_eq!(file.parse::<Template>().unwrap_err().code(), "template_invalid", "{file}");
        }
    }
}
