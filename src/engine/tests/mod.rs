//! The engine over whole rules and scopes.

mod deciding;
mod gaps;
mod linting;
mod scopes;
mod selecting;
