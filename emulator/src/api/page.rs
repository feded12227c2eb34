//! Lists in pages: `limit` as a string of 1 to 100, `nextToken` opaque.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde_json::{Map, Value};

use super::error::ApiError;
use super::fields::as_boolean;
use crate::ids::hex;

const MAX_LIMIT: usize = 100;

/// The query of a URL.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let read = Query::try_from_uri(&parts.uri);
        let Query(parameters) =
            read.map_err(|_| ApiError::bad_request("The query of the URL is not valid."))?;
        Ok(Self(parameters))
    }
}

impl Parameters {
    /// Gives a parameter that is there and not empty.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// Reads a boolean; absent is false.
    pub(crate) fn boolean(&self, name: &str) -> Result<bool, ApiError> {
        let Some(text) = self.text(name) else { return Ok(false) };
        as_boolean(&Value::from(text))
            .ok_or_else(|| ApiError::bad_request(format!("{name} must be true or false.")))
    }

    /// Reads which page is wanted.
    pub(crate) fn page(&self) -> Result<Page, ApiError> {
        let limit = match self.text("limit") {
            None => MAX_LIMIT,
            Some(text) => {
                text.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or_else(|| {
                    ApiError::bad_request(format!("limit must be between 1 and {MAX_LIMIT}."))
                })?
            }
        };
        let after = self.text("nextToken").map(read_token).transpose()?;
        Ok(Page { limit, after })
    }
}

/// Which page of a list is wanted.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    limit: usize,
    /// The key of the last item of the page before.
    after: Option<String>,
}

/// A page of a list and the token of the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) items: Vec<Value>,
    pub(crate) next: Option<String>,
}

impl Page {
    /// Gives the position that the page before ended at, in a list of items named by [`position_key`].
    pub(crate) fn position(&self) -> Option<usize> {
        self.after.as_ref()?.parse().ok()
    }

    /// Cuts the page out of all items; `key` names an item and must grow along the list, so that items may come
    /// and go between two pages.
    pub(crate) fn cut<T>(
        &self,
        items: impl Iterator<Item = T>,
        key: impl Fn(&T) -> String,
        json: impl Fn(&T) -> Value,
    ) -> Listed {
        let seen = |item: &T| self.after.as_ref().is_some_and(|after| key(item) <= *after);
        let mut items = items.skip_while(seen).peekable();
        let page: Vec<T> = items.by_ref().take(self.limit).collect();
        let more = items.peek().is_some();
        let next = page.last().filter(|_| more).map(|last| hex(key(last).as_bytes()));
        Listed { items: page.iter().map(json).collect(), next }
    }
}

impl Listed {
    /// Answers as reporting lists do: the last page has no `nextToken`.
    pub(crate) fn reporting(self, name: &str) -> Value {
        let mut answer = Map::new();
        answer.insert(name.to_owned(), Value::from(self.items));
        if let Some(next) = self.next {
            answer.insert("nextToken".to_owned(), Value::from(next));
        }
        Value::Object(answer)
    }

    /// Answers as administration lists do: the last page's `nextToken` is null.
    pub(crate) fn administration(self, name: &str) -> Value {
        let mut answer = Map::new();
        answer.insert(name.to_owned(), Value::from(self.items));
        answer.insert("nextToken".to_owned(), self.next.map_or(Value::Null, Value::from));
        Value::Object(answer)
    }
}

/// Names the `position`th item of a list.
pub(crate) fn position_key(position: usize) -> String {
    format!("{position:020}")
}

fn bad_token() -> ApiError {
    ApiError::bad_request("nextToken is not valid.")
}

fn read_token(token: &str) -> Result<String, ApiError> {
    let bytes: Option<Vec<u8>> = token
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(bad_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(limit: usize, after: Option<&str>) -> Listed {
        let page = Page { limit, after: after.map(str::to_owned) };
        page.cut(["a", "b", "c"].into_iter(), |item| (*item).to_owned(), |item| Value::from(*item))
    }

    #[test]
    fn pages_follow_each_other() {
        let first = cut(2, None);
        assert_eq!(first.items, ["a", "b"]);
        let after = read_token(first.next.as_deref().unwrap()).unwrap();
        assert_eq!(cut(2, Some(&after)), Listed { items: vec![Value::from("c")], next: None });
    }

    #[test]
    fn an_invented_token_is_refused() {
        for token in ["zz", "é", "ff"] {
            assert_eq!(read_token(token), Err(bad_token()));
        }
    }
}
