//! The clock over HTTP: read, set, moved, held.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use chrono::{DateTime, SecondsFormat, Utc};
use jiff::{Span, SpanRelativeTo};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlError, read};
use crate::service::Service;

/// A change of the clock; `frozen` is applied first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// Whether the clock stands still.
    frozen: Option<bool>,
    /// Where to set it; what is due on the way happens, unless it is set back.
    now: Option<DateTime<Utc>>,
    /// How far to move it on: `2h`, `90 minutes`, `1d 6h`, `PT2H`, or seconds.
    advance: Option<Amount>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Amount {
    Seconds(f64),
    Text(String),
}

impl Amount {
    fn duration(&self) -> Result<Duration, ControlError> {
        let parsed = match self {
            Self::Seconds(seconds) => Duration::try_from_secs_f64(*seconds).ok(),
            Self::Text(text) => text.parse().ok().and_then(length),
        };
        parsed.ok_or_else(|| {
            ControlError(format!("advance must be a duration such as 2h, 90m or 1d, not {self}"))
        })
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => seconds.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// Measures a span whose days have 24 hours; months and years have no length.
fn length(span: Span) -> Option<Duration> {
    span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.try_into().ok()
}

/// Shows the clock.
pub(super) async fn show(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(shown(&service))
}

/// Changes the clock and shows it; everything due on the way has happened then.
pub(super) async fn change(
    State(service): State<Arc<Service>>,
    body: Bytes,
) -> Result<Json<Value>, ControlError> {
    let change: Change = read(&body)?;
    let advance = change.advance.as_ref().map(Amount::duration).transpose()?;
    if let Some(frozen) = change.frozen {
        service.freeze(frozen);
    }
    if let Some(now) = change.now {
        service.set_clock(now).await;
    }
    if let Some(advance) = advance {
        service.advance(advance).await;
    }
    Ok(Json(shown(&service)))
}

fn shown(service: &Service) -> Value {
    let now = service.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true);
    json!({"now": now, "frozen": service.clock.is_frozen()})
}
