//! What one query sees: the tables of its instance in its window, AMC's functions and types.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{TableReference, plan_datafusion_err};
use datafusion::config::ConfigOptions;
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, TypePlanner};
use datafusion::logical_expr::{
    AggregateUDF, HigherOrderUDF, LogicalPlan, ScalarUDF, TableSource, WindowUDF,
};
use datafusion::prelude::SessionConfig;
use datafusion::sql::planner::{ParserOptions, SqlToRel};
use datafusion::sql::sqlparser::ast::{Query, Statement};

use crate::catalogue::Catalogue;
use crate::functions;
use crate::joins;
use crate::planner;
use crate::scan::Scan;
use crate::window::Windows;
use crate::world::World;

/// Rows loaded by tests, by table name.
pub(crate) type Loaded = HashMap<String, RecordBatch>;

/// A DataFusion state with AMC's functions; every query starts from a copy.
pub(crate) fn state() -> SessionState {
    let mut config = SessionConfig::new().with_target_partitions(1).with_batch_size(8192);
    let options = config.options_mut();
    options.sql_parser.map_string_types_to_utf8view = false;
    options.sql_parser.collect_spans = true;
    let mut state = SessionStateBuilder::new().with_config(config).with_default_features();
    state.expr_planners().get_or_insert_default().insert(0, Arc::new(planner::Types));
    let scalars = state.scalar_functions().get_or_insert_default();
    scalars.extend(functions::scalars());
    let aggregates = state.aggregate_functions().get_or_insert_default();
    aggregates.extend(functions::aggregates());
    planner::with_rules(state).with_physical_optimizer_rules(joins::rules()).build()
}

/// The names that a query can use.
pub(crate) struct Scope<'a> {
    /// Functions and options.
    pub(crate) state: &'a SessionState,
    /// The data sources.
    pub(crate) catalogue: &'a Catalogue,
    /// The instance's world.
    pub(crate) world: &'a Arc<World>,
    /// The query's window.
    pub(crate) windows: &'a Windows,
    /// Rows in place of synthetic ones.
    pub(crate) loaded: &'a Loaded,
    /// Common table expressions that were computed beforehand.
    pub(crate) shared: HashMap<String, Arc<dyn TableSource>>,
}

impl Scope<'_> {
    /// Plans a rewritten query.
    pub(crate) fn plan(&self, query: Query) -> Result<LogicalPlan> {
        let parser = &self.state.config_options().sql_parser;
        let options = ParserOptions {
            collect_spans: true,
            map_string_types_to_utf8view: parser.map_string_types_to_utf8view,
            ..ParserOptions::default()
        };
        SqlToRel::new_with_options(self, options).sql_statement_to_plan(Statement::Query(Box::new(query)))
    }

    fn scan(&self, name: &str) -> Option<Scan> {
        let (table, window) = name.split_once(' ').unwrap_or((name, ""));
        Some(Scan {
            table: Arc::clone(self.catalogue.get(table)?),
            world: Arc::clone(self.world),
            span: self.windows.extended(window)?,
            loaded: self.loaded.get(table).cloned(),
        })
    }
}

impl ContextProvider for Scope<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        if let Some(shared) = self.shared.get(name.table()) {
            return Ok(Arc::clone(shared));
        }
        let scan =
            self.scan(name.table()).ok_or_else(|| plan_datafusion_err!("Object '{name}' not found"))?;
        Ok(provider_as_source(Arc::new(scan)))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        self.state.expr_planners()
    }

    fn get_type_planner(&self) -> Option<Arc<dyn TypePlanner>> {
        None
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        self.state.scalar_functions().get(name).cloned()
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.state.higher_order_functions().get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        self.state.aggregate_functions().get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.state.window_functions().get(name).cloned()
    }

    fn get_variable_type(&self, _names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.state.config_options()
    }

    fn udf_names(&self) -> Vec<String> {
        self.state.scalar_functions().keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.state.aggregate_functions().keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        self.state.window_functions().keys().cloned().collect()
    }
}
