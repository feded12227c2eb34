//! What the core traces, for a callback of the host.

use std::fmt::{Debug, Write};
use std::str::FromStr;

use amc_fleet::Error;
use napi::Status;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use parking_lot::RwLock;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Metadata, Subscriber, span};

use crate::error::host;

/// One thing the core says about its work.
#[napi(object, object_from_js = false)]
#[derive(Debug, Clone, Default)]
pub struct LogRecord {
    /// How much it matters.
    #[napi(ts_type = "'error' | 'warn' | 'info' | 'debug' | 'trace'")]
    pub level: String,
    /// Which part says it.
    pub target: String,
    /// What it says.
    pub message: String,
    /// What it is about, by name.
    #[napi(ts_type = "Record<string, unknown>")]
    pub fields: Map<String, Value>,
}

/// Hands records over without waiting; it does not keep Node alive.
type Callback = ThreadsafeFunction<LogRecord, (), LogRecord, Status, false, true>;

static OUT: RwLock<Option<(LevelFilter, Callback)>> = RwLock::new(None);

/// Sends what the core logs to a callback; `null` ends it. There is one callback in a process.
///
/// ```js
/// onLog(({ level, message, fields }) => logger[level](fields, message), "info");
/// ```
///
/// Throws a `FleetError` (`unknown_log_level`) for a level that is none of error, warn, info, debug and trace.
#[napi]
pub fn on_log(
    #[napi(ts_arg_type = "((record: LogRecord) => void) | null")] callback: Option<Callback>,
    #[napi(ts_arg_type = "LogRecord['level']")] level: Option<String>,
) -> napi::Result<()> {
    let level =
        LevelFilter::from_str(level.as_deref().unwrap_or("info")).map_err(|_| host(unknown(level)))?;
    *OUT.write() = callback.map(|callback| (level, callback));
    // Refused from the second time on: ours is there already.
    let _ = tracing::subscriber::set_global_default(Forwarding);
    tracing::callsite::rebuild_interest_cache();
    Ok(())
}

fn unknown(level: Option<String>) -> Error {
    Error::invalid("unknown_log_level", format!("level = '{}' means nothing", level.unwrap_or_default()))
        .hint("one of error, warn, info, debug, trace")
}

/// Sends every event of this project to the callback; spans carry nothing a line needs.
struct Forwarding;

impl Subscriber for Forwarding {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let wanted = OUT.read().as_ref().is_some_and(|(level, _)| metadata.level() <= level);
        wanted && metadata.target().starts_with("amc_fleet")
    }

    fn new_span(&self, _attributes: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, _values: &span::Record<'_>) {}

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let level = metadata.level().as_str().to_ascii_lowercase();
        let mut record = LogRecord { level, target: metadata.target().to_owned(), ..LogRecord::default() };
        event.record(&mut record);
        if let Some((_, callback)) = OUT.read().as_ref() {
            callback.call(record, ThreadsafeFunctionCallMode::NonBlocking);
        }
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

impl LogRecord {
    fn put(&mut self, field: &Field, value: Value) {
        self.fields.insert(field.name().to_owned(), value);
    }
}

impl Visit for LogRecord {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            // Writing into a String cannot fail.
            let _ = write!(self.message, "{value:?}");
        } else {
            self.put(field, format!("{value:?}").into());
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }
}
