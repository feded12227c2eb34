//! Parameters: what a query declares, what a run gives, and how the two become the SQL that AMC gets.
//!
//! `CUSTOM_PARAMETER('x')` always goes to AMC as a parameter of its own; `{{x}}` is written into the query, in the form
//! its place asks for. No value changes the query outside its place.

mod arguments;
mod declaration;
mod dialect;
mod infer;
mod kind;
mod layers;
mod native;
mod place;
mod presets;
mod reading;
mod remarks;
mod render;
mod schema;
mod structure;
mod value;
mod write;

pub use declaration::{Declaration, DefaultBy};
pub use dialect::LiteralDialect;
pub use infer::{Inferred, infer};
pub use kind::ParameterType;
pub use layers::Layers;
pub use presets::{Presets, as_json, presets_as_json, register_preset};
pub use reading::declarations;
pub use render::{RenderOptions, Rendered, render, render_with};
pub use schema::{json_schema, ui_schema};

#[cfg(test)]
mod tests;
