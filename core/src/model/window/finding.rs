//! Something worth telling that stops nothing by itself.

use serde::Serialize;

use crate::Position;

/// A remark on the caller's input: the caller decides what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable code.
    pub code: &'static str,
    /// What was found, in one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    /// Where in the user's own text it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}
