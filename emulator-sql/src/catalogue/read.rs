//! The format of the catalogue files.
//!
//! A table begins with `table <name>`; `about`, `rows`, `clock`, `paid`, `twin` and `like` lines follow in any
//! order; every other line is a column: `name | type | class | METRIC or DIMENSION | recipe`.

use std::sync::Arc;

use super::{Catalogue, Class, Column, Table};
use crate::recipe::Recipe;
use crate::world::Source;

const TWIN_SUFFIX: &str = "_for_audiences";

/// Reads (name, text) pairs into one catalogue, audience twins included.
pub(super) fn files(files: &[(&str, &str)]) -> Result<Catalogue, String> {
    let mut catalogue = Catalogue::new();
    for (name, text) in files {
        for block in text.split("\n\n") {
            table(block, &mut catalogue).map_err(|problem| format!("catalogue/{name}.txt: {problem}"))?;
        }
    }
    Ok(catalogue)
}

/// What a block says before its table is complete.
#[derive(Default)]
struct Draft<'a> {
    name: &'a str,
    about: &'a str,
    rows: &'a str,
    clock: Option<&'a str>,
    paid: bool,
    twin: &'a str,
    columns: Vec<Column>,
}

fn table(block: &str, catalogue: &mut Catalogue) -> Result<(), String> {
    let mut draft = Draft::default();
    for line in block.lines() {
        draft.line(line, catalogue).map_err(|problem| format!("{line}: {problem}"))?;
    }
    let twin = draft.twin;
    let table = draft.finish()?;
    if twin != "none" {
        let hidden: Vec<&str> = twin.split(' ').collect();
        let twin = twin_of(&table, &hidden);
        catalogue.insert(twin.name.clone(), Arc::new(twin));
    }
    catalogue.insert(table.name.clone(), Arc::new(table));
    Ok(())
}

fn twin_of(table: &Table, hidden: &[&str]) -> Table {
    let columns: Vec<Column> =
        table.columns.iter().filter(|column| !hidden.contains(&column.name.as_str())).cloned().collect();
    Table {
        name: format!("{}{TWIN_SUFFIX}", table.name),
        about: format!("{} For audience queries.", table.about),
        hides_deals: table.name.starts_with("dsp_"),
        schema: Table::schema_of(&columns),
        columns,
        ..table.clone()
    }
}

impl<'a> Draft<'a> {
    fn line(&mut self, line: &'a str, catalogue: &Catalogue) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "table" => self.name = rest,
            "about" => self.about = rest,
            "rows" => self.rows = rest,
            "clock" => self.clock = Some(rest),
            "paid" => self.paid = true,
            "twin" => self.twin = rest,
            "like" => self.like(catalogue.get(rest).ok_or("no such table above")?),
            _ => self.columns.push(column(line)?),
        }
        Ok(())
    }

    fn like(&mut self, model: &Table) {
        self.columns.extend(model.columns.iter().cloned());
    }

    fn finish(self) -> Result<Table, String> {
        Ok(Table {
            name: self.name.to_owned(),
            about: self.about.to_owned(),
            source: self.rows.parse::<Source>()?,
            clock: self.clock.map(str::to_owned),
            paid: self.paid,
            hides_deals: false,
            schema: Table::schema_of(&self.columns),
            columns: self.columns,
        })
    }
}

fn column(line: &str) -> Result<Column, String> {
    let parts: Vec<&str> = line.splitn(5, " | ").collect();
    let [name, kind, class, role, recipe] = parts[..] else {
        return Err("expected `name | type | class | role | recipe`".to_owned());
    };
    Ok(Column {
        name: name.to_owned(),
        kind: kind.parse()?,
        class: class.parse::<Class>()?,
        metric: role == "METRIC",
        recipe: Recipe::parse(name, recipe)?,
    })
}
