//! The rules engine: loads rule files, checks them, and evaluates them over resources and facts.
//! It knows no service by name.

pub mod cases;
mod decide;
pub mod expression;
mod judge;
pub mod lint;
mod lint_cases;
pub mod load;
mod params;
mod placeholder;
mod program;
pub mod rule;
mod schema;
mod select;
pub mod template;
#[cfg(test)]
mod tests;
mod variables;

pub use judge::{Counted, Depth, Detail, Judged, Verdicts, judge, most_verdicts};
pub use rule::{Rule, Severity, Topic};
pub use select::{RuleSet, Selection};
pub use template::Template;
