//! Parameters: what a query declares, what a run gives, and how the two become the SQL that AMC gets.
//!
//! `CUSTOM_PARAMETER('x')` always goes to AMC as a parameter of its own; `{{x}}` is always written into the query,
//! in the form its place asks for. No value changes the query outside its place.

mod arguments;
mod declaration;
mod native;
mod place;
mod render;
mod structure;
mod value;
mod write;

pub use declaration::{Declaration, ParameterType};
pub use render::{Backslash, Rendered, render, render_with};

#[cfg(test)]
mod tests;
