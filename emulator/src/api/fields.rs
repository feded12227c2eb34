//! Request bodies, read as widely as recorded practice is: booleans and numbers may come as strings.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::error::ApiError;

/// The fields of a JSON object.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|_| ApiError::bad_request("The request body could not be read."))?;
        match serde_json::from_slice(&body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(ApiError::bad_request("The request body must be a JSON object.")),
            Err(_) => Err(ApiError::bad_request("The request body is not valid JSON.")),
        }
    }
}

impl Fields {
    /// Gives a field that is there and not null.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Reads a string.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        self.read(name, "a string", Value::as_str)
    }

    /// Reads a string that must be there and not empty.
    pub(crate) fn required_text(&self, name: &str) -> Result<&str, ApiError> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| ApiError::bad_request(format!("{name} is required.")))
    }

    /// Reads a boolean; absent is false.
    pub(crate) fn boolean(&self, name: &str) -> Result<bool, ApiError> {
        Ok(self.read(name, "a boolean", as_boolean)?.unwrap_or(false))
    }

    /// Reads a whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, ApiError> {
        self.read(name, "an integer", as_integer)
    }

    /// Reads an object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, ApiError> {
        self.read(name, "an object", Value::as_object)
    }

    /// Reads a list of at most `max` items.
    pub(crate) fn list<T: DeserializeOwned>(&self, name: &str, max: usize) -> Result<Vec<T>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let items: Vec<T> = serde_json::from_value(value.clone())
            .map_err(|error| ApiError::bad_request(format!("{name} is not valid: {error}.")))?;
        if items.len() > max {
            return Err(ApiError::bad_request(format!("{name} must not have more than {max} items.")));
        }
        Ok(items)
    }

    /// Reads one word of an enumeration.
    pub(crate) fn choice<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let read = serde_json::from_value(value.clone());
        read.map(Some).map_err(|_| ApiError::bad_request(format!("{name} does not allow {value}.")))
    }

    fn read<'a, T>(
        &'a self,
        name: &str,
        what: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        let value = self.get(name);
        let wrong = || ApiError::bad_request(format!("{name} must be {what}."));
        value.map(|value| read(value).ok_or_else(wrong)).transpose()
    }
}

/// Reads a boolean as clients write it.
pub(crate) fn as_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn as_integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}
