//! The engine over whole rules and scopes.

mod gaps;
mod linting;
mod scopes;
mod selecting;
