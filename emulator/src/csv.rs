//! CSV as AMC writes it: the dialect of a request's `outputFormat`, NULL as an empty field, an empty string quoted.

use serde_json::Value;

use crate::query::Row;

/// The three characters of a CSV dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    separator: char,
    quote: char,
    escape: char,
}

impl Default for Dialect {
    /// Gives AMC's own: comma, double quote, backslash.
    fn default() -> Self {
        Self { separator: ',', quote: '"', escape: '\\' }
    }
}

impl Dialect {
    /// Reads `outputFormat`; characters that are absent keep their default.
    ///
    /// # Errors
    /// The sentence to answer with, when it is no object or a value is no single character.
    pub(crate) fn read(format: &Value) -> Result<Self, String> {
        let default = Self::default();
        let Value::Object(format) = format else { return Err("outputFormat must be an object.".to_owned()) };
        let character = |name: &str, otherwise| match format.get(name) {
            None | Some(Value::Null) => Ok(otherwise),
            Some(value) => single(value).ok_or_else(|| format!("outputFormat.{name} must be one character.")),
        };
        Ok(Self {
            separator: character("separatorCharacter", default.separator)?,
            quote: character("quoteCharacter", default.quote)?,
            escape: character("escapeCharacter", default.escape)?,
        })
    }

    /// Appends a line to `text`.
    pub(crate) fn write<'a>(self, text: &mut String, fields: impl IntoIterator<Item = Option<&'a str>>) {
        for (index, field) in fields.into_iter().enumerate() {
            if index > 0 {
                text.push(self.separator);
            }
            self.write_field(text, field);
        }
        text.push('\n');
    }

    fn write_field(self, text: &mut String, field: Option<&str>) {
        match field {
            None => {}
            Some(field) if !field.is_empty() && !field.contains(|c| self.is_special(c)) => {
                text.push_str(field)
            }
            Some(field) => self.write_quoted(text, field),
        }
    }

    fn write_quoted(self, text: &mut String, field: &str) {
        text.push(self.quote);
        for character in field.chars() {
            if character == self.quote || character == self.escape {
                text.push(self.escape);
            }
            text.push(character);
        }
        text.push(self.quote);
    }

    fn is_special(self, character: char) -> bool {
        [self.separator, self.quote, self.escape, '\n', '\r'].contains(&character)
    }

    /// Reads the lines of `text`, the inverse of [`Self::write`]; a doubled quote in a quoted field is one, too.
    ///
    /// # Errors
    /// The sentence that says which line has an unclosed quote.
    pub(crate) fn parse(self, text: &str) -> Result<Vec<Row>, String> {
        let mut reader = Reader { dialect: self, rows: Vec::new(), row: Vec::new(), field: None };
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\n' => reader.end_row(),
                '\r' if characters.peek() == Some(&'\n') => {}
                c if c == self.separator => reader.end_field(),
                c if c == self.quote && reader.field.is_none() => reader.read_quoted(&mut characters)?,
                c => reader.push(c),
            }
        }
        if reader.field.is_some() || !reader.row.is_empty() {
            reader.end_row();
        }
        Ok(reader.rows)
    }
}

struct Reader {
    dialect: Dialect,
    rows: Vec<Row>,
    row: Row,
    field: Option<String>,
}

impl Reader {
    fn push(&mut self, character: char) {
        self.field.get_or_insert_default().push(character);
    }

    fn end_field(&mut self) {
        self.row.push(self.field.take());
    }

    fn end_row(&mut self) {
        self.end_field();
        self.rows.push(std::mem::take(&mut self.row));
    }

    fn read_quoted(
        &mut self,
        characters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    ) -> Result<(), String> {
        let Dialect { quote, escape, .. } = self.dialect;
        let field = self.field.insert(String::new());
        while let Some(character) = characters.next() {
            let escaped = characters.peek().filter(|next| **next == quote || **next == escape).copied();
            match (character, escaped) {
                (c, Some(next)) if c == escape || (c == quote && next == quote) => {
                    field.push(next);
                    characters.next();
                }
                (c, _) if c == quote => return Ok(()),
                (c, _) => field.push(c),
            }
        }
        Err(format!("CSV line {}: a quote is not closed.", self.rows.len() + 1))
    }
}

fn single(value: &Value) -> Option<char> {
    let mut characters = value.as_str()?.chars();
    characters.next().filter(|_| characters.next().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn written(dialect: Dialect, row: &[Option<&str>]) -> String {
        let mut text = String::new();
        dialect.write(&mut text, row.iter().copied());
        text
    }

    #[test]
    fn null_is_empty_and_an_empty_string_is_quoted() {
        assert_eq!(written(Dialect::default(), &[None, Some(""), Some("a")]), ",\"\",a\n");
    }

    #[test]
    fn quotes_are_escaped_with_a_backslash() {
        assert_eq!(written(Dialect::default(), &[Some(r#"a "b", c"#)]), "\"a \\\"b\\\", c\"\n");
    }

    #[test]
    fn the_dialect_is_the_requests() {
        let format = json!({"separatorCharacter": "|", "quoteCharacter": "'", "escapeCharacter": "'"});
        let dialect = Dialect::read(&format).unwrap();
        assert_eq!(written(dialect, &[Some("it's"), Some("a,b")]), "'it''s'|a,b\n");
    }

    #[test]
    fn quotes_of_other_programs_are_read() {
        let read = Dialect::default().parse("a,\"say \"\"hi\"\"\"\n\"\",\"\"\"\"\n").unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(read, [[text("a"), text("say \"hi\"")], [text(""), text("\"")]]);
    }

    #[test]
    fn a_dialect_of_two_characters_is_refused() {
        let refusal = Dialect::read(&json!({"quoteCharacter": "''"})).unwrap_err();
        assert_eq!(refusal, "outputFormat.quoteCharacter must be one character.");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec(prop::option::of("[a,\"\\\\\r\n é]{0,6}"), 2..4), 0..5)) {
            for dialect in [Dialect::default(), Dialect { separator: ';', quote: '"', escape: '"' }] {
                let mut text = String::new();
                for row in &rows {
                    dialect.write(&mut text, row.iter().map(Option::as_deref));
                }
                prop_assert_eq!(dialect.parse(&text).unwrap(), rows.clone());
            }
        }
    }
}
