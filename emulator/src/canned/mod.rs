//! The engine without SQL: seeded rows under the columns that a query's own select list names.
//!
//! It reads the query's outline only, so it accepts much that AMC rejects and its values mean nothing. A table that a
//! test has loaded gives its own rows instead.

mod guess;
mod select_list;
mod sources;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, stream};
use parking_lot::Mutex;

use self::select_list::Reading;
use self::values::Maker;
use crate::options::Options;
use crate::query::{Answer, DataSource, LoadedTable, OutputColumn, Query, QueryEngine, Refusal, Row};

/// Rows loaded, by instance and table.
type Loaded = HashMap<(String, String), Arc<LoadedTable>>;

/// Answers every query with rows that follow from the seed.
#[derive(Debug)]
pub struct CannedEngine {
    seed: u64,
    rows: usize,
    loaded: Mutex<Loaded>,
}

impl CannedEngine {
    /// Makes the engine of an emulator with these options.
    pub fn shared(options: &Options) -> Arc<dyn QueryEngine> {
        Arc::new(Self { seed: options.seed, rows: options.rows, loaded: Mutex::default() })
    }

    fn loaded(&self, query: &Query, reading: &Reading) -> Option<Arc<LoadedTable>> {
        let loaded = self.loaded.lock();
        let table = |table: &String| loaded.get(&(query.instance_id.clone(), table.to_lowercase())).cloned();
        reading.tables.iter().find_map(table)
    }
}

#[async_trait]
impl QueryEngine for CannedEngine {
    async fn compile(&self, query: &Query) -> Result<Vec<OutputColumn>, Refusal> {
        let reading = select_list::read(&query.sql)?;
        Ok(reading.columns.unwrap_or_else(fixed_columns))
    }

    async fn execute(&self, query: &Query) -> Result<Answer, Refusal> {
        let reading = select_list::read(&query.sql)?;
        let loaded = self.loaded(query, &reading);
        let rows = if reading.one_row { 1 } else { self.rows };
        let columns = reading.columns.unwrap_or_else(fixed_columns);
        let rows = match loaded {
            Some(table) => stream::iter([Ok(project(&table, &columns))]).boxed(),
            None => stream::iter(Maker::new(self.seed, query, &columns, rows).map(Ok)).boxed(),
        };
        Ok(Answer { columns, rows })
    }

    fn data_sources(&self, instance_id: &str) -> Vec<DataSource> {
        let loaded = self.loaded.lock();
        let own = loaded.iter().filter(|((instance, _), _)| instance == instance_id);
        sources::with(own.map(|((_, table), rows)| (table.as_str(), rows.columns.as_slice())))
    }

    fn load(&self, instance_id: &str, table: &str, rows: LoadedTable) -> Result<(), String> {
        let key = (instance_id.to_owned(), table.to_lowercase());
        self.loaded.lock().insert(key, Arc::new(rows));
        Ok(())
    }
}

/// Describes a column of which nothing but the name is known.
pub(crate) fn guess_column(name: &str) -> OutputColumn {
    guess::column(name, &[])
}

/// The columns of a query whose own cannot be read.
fn fixed_columns() -> Vec<OutputColumn> {
    ["campaign", "impressions", "clicks", "total_cost"].map(guess_column).into()
}

/// Gives the loaded rows under the columns asked for; a column that was not loaded is NULL.
fn project(table: &LoadedTable, columns: &[OutputColumn]) -> Vec<Row> {
    let place = |column: &OutputColumn| table.columns.iter().position(|name| *name == column.name);
    let places: Vec<Option<usize>> = columns.iter().map(place).collect();
    let project = |row: &Row| -> Row {
        places.iter().map(|place| place.and_then(|place| row.get(place).cloned().flatten())).collect()
    };
    table.rows.iter().map(project).collect()
}
