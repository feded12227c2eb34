//! Plain objects: one field each for a field of the core's struct, none forgotten.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// Turns a value of the core into what Node takes.
pub(crate) trait Host<T> {
    fn host(self) -> T;
}

/// Declares a plain object and how it is made of the core's struct, whose line for people may follow. A field that the
/// core gains breaks the build here.
macro_rules! record {
    (
        $(#[$doc:meta])* $name:ident of $core:ty { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }
        $($(#[$line_doc:meta])* $line:ident)?
    ) => {
        $(#[$doc])*
        #[napi_derive::napi(object, object_from_js = false, use_nullable = true)]
        #[derive(Debug, Clone)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
            $($(#[$line_doc])* pub $line: String,)?
        }

        impl $crate::record::Host<$name> for $core {
            fn host(self) -> $name {
                $(let $line = self.to_string();)?
                let Self { $($field,)* } = self;
                $name { $($field: $crate::record::Host::host($field),)* $($line,)? }
            }
        }
    };
}

/// Values that both sides hold alike.
macro_rules! same {
    ($($kind:ty),*) => {$(
        impl Host<$kind> for $kind {
            fn host(self) -> $kind {
                self
            }
        }
    )*};
}

/// Words of the core.
macro_rules! word {
    ($($kind:ty),*) => {$(
        impl Host<String> for $kind {
            fn host(self) -> String {
                self.to_string()
            }
        }
    )*};
}

/// Numbers that JavaScript counts with.
macro_rules! number {
    ($($kind:ty),*) => {$(
        impl Host<i64> for $kind {
            fn host(self) -> i64 {
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        }
    )*};
}

same!(String, bool, f64, i64, DateTime<Utc>, Map<String, Value>);
word!(amc_fleet::BatchStatus, amc_fleet::ExecutionStatus, amc_fleet::EventKind, amc_fleet::results::Verdict);
number!(u64, usize);

impl<A: Host<B>, B> Host<Option<B>> for Option<A> {
    fn host(self) -> Option<B> {
        self.map(Host::host)
    }
}

impl<A: Host<B>, B> Host<Vec<B>> for Vec<A> {
    fn host(self) -> Vec<B> {
        self.into_iter().map(Host::host).collect()
    }
}
