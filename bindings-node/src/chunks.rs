//! A stream that JavaScript takes one item at a time.

use amc_fleet::Result;
use futures::StreamExt;
use futures::stream::BoxStream;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use tokio::sync::Mutex;

use crate::error::host;

macro_rules! chunks {
    ($(#[$doc:meta])* $name:ident of $from:ty as $to:ty) => {
        $(#[$doc])*
        #[napi]
        pub struct $name(Mutex<BoxStream<'static, Result<$from>>>);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl From<BoxStream<'static, Result<$from>>> for $name {
            fn from(stream: BoxStream<'static, Result<$from>>) -> Self {
                Self(Mutex::new(stream))
            }
        }

        #[napi]
        impl $name {
            /// The next item; nothing at the end.
            ///
            /// # Errors
            /// Those of the stream.
            #[napi]
            pub async fn next(&self) -> napi::Result<Option<$to>> {
                self.0.lock().await.next().await.transpose().map(|item| item.map(<$to>::from)).map_err(host)
            }
        }
    };
}

chunks! {
    /// The chunks of an Arrow IPC stream, or of a file.
    IpcChunks of Vec<u8> as Buffer
}

chunks! {
    /// Pages of rows as JSON.
    RowPages of String as String
}
