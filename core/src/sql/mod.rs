//! Reads a query as text: its tokens, whether it can be a query at all, and the parameters it refers to.
//!
//! Nothing here knows tables or types: what a query means is AMC's to say.

mod check;
mod complaint;
mod excerpt;
mod lexer;
mod one_line;
mod outputs;
mod places;
mod references;
mod sources;

pub use check::readable;
pub use complaint::place_named;
pub use excerpt::excerpt;
pub(crate) use lexer::is_word;
pub use lexer::{
    Token, TokenKind, Tokens, Unfinished, is_parameter_name, offset, placeholders, placeholders_of, position,
    tokens,
};
pub use one_line::{OneLine, one_line};
pub use outputs::{Aggregate, Output, Outputs, outputs};
pub use places::Places;
pub(crate) use references::references_of;
pub use references::{Place, Reference, ReferenceKind, references};
pub use sources::{Source, sources};
