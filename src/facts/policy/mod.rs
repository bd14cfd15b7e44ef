//! Policy documents in the grammar of IAM, and what they mean: a library that knows of no resource.
//!
//! [`allowed`] asks whether policies allow a request, as far as its [`Context`] is known;
//! [`Policy::lets_in`] asks whom the policy of a resource lets in. What an answer needs that is known
//! only when somebody asks makes it *maybe*, never a silent yes or no. [`Ceiling`] asks what service
//! control policies leave of it.
//!
//! As IAM has it: actions and condition keys ignore case, all else does not; a wildcard spans `/` and
//! `:`, but in the ARN operators no `:` before an ARN's last part; a Deny goes before every Allow.
//! Session policies are not seen: they exist only while a session does.

mod answer;
mod ceiling;
mod context;
mod document;
mod evaluate;
mod grantees;
mod operators;
pub mod pattern;
mod public;

use crate::inventory::{Gap, Reason};

pub use answer::Answer;
pub use ceiling::Ceiling;
pub use context::{Context, Value};
pub use document::{Effect, OneOrMany, Policy, Principal, Scalar, Statement};
pub use evaluate::{Request, account_of, allowed};
pub use grantees::Grantee;
pub use operators::Operator;
pub use pattern::{Case, filled, matches};
pub use public::{LetIn, Party};

/// Whom a policy's text lets do one of the actions; a gap of the operation that told a text that is no
/// policy.
pub fn lets_in(text: &str, actions: &[&str], operation: &str) -> Result<LetIn, Gap> {
    let policy = Policy::parse(text).map_err(|why| Gap::new(operation, Reason::NotEvaluated, why))?;
    Ok(policy.lets_in(actions))
}

/// The statements of a policy's text that let anyone do one of the actions, as [`lets_in`] finds them.
pub fn public_statements(text: &str, actions: &[&str], operation: &str) -> Result<Vec<String>, Gap> {
    let let_in = lets_in(text, actions, operation)?;
    let_in.everybody().map(<[_]>::to_vec).map_err(|why| Gap::new(operation, Reason::NotEvaluated, why))
}

#[cfg(test)]
mod tests;
