//! Data sources: `/amc/reporting/{instanceId}/dataSources`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::access::ReportingAccess;
use super::error::ApiError;
use super::page::Parameters;
use super::single;
use crate::query::{DataSource, DataSourceColumn};
use crate::service::Service;

/// Lists the data sources by id.
pub(super) async fn list(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    parameters: Parameters,
) -> Result<Json<Value>, ApiError> {
    let page = parameters.page()?;
    let mut sources = service.engine.data_sources(&access.instance);
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    let listed = page.cut(sources.iter(), |source| source.id.clone(), |source| body(source));
    Ok(Json(listed.reporting("dataSources")))
}

/// Shows a data source.
pub(super) async fn get(
    State(service): State<Arc<Service>>,
    access: ReportingAccess,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<Value>, ApiError> {
    let sources = service.engine.data_sources(&access.instance);
    let source = sources.iter().find(|source| source.id == id);
    let source =
        source.ok_or_else(|| ApiError::bad_request(format!("Data source with ID {id} does not exist.")))?;
    Ok(single(&service, "dataSource", body(source)))
}

fn body(source: &DataSource) -> Value {
    json!({
        "dataSourceId": source.id,
        "description": source.description,
        "columns": source.columns.iter().map(column).collect::<Vec<_>>(),
        "owner": "AMAZON",
        "provider": "AMAZON",
        "tags": [],
        "outputChannels": [{"channel": {"type": "DOWNLOAD"}, "outputAvailable": true}],
        "isPremium": source.is_premium,
    })
}

fn column(column: &DataSourceColumn) -> Value {
    json!({
        "name": column.name,
        "description": column.name.replace('_', " "),
        "columnType": column.column_type,
        "dataType": column.data_type,
        "sensitivity": column.sensitivity,
    })
}
