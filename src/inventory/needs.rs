//! What an inventory has to hold to be judged by some rules: what has to be asked of AWS.

use std::collections::BTreeSet;

use super::Kind;

/// What a set of rules reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// API operations, with their services as IAM names them.
    pub operations: BTreeSet<&'static str>,
    /// Kinds that some rule judges, rather than looks up for others.
    pub judged: BTreeSet<Kind>,
    /// Names of database parameters.
    pub parameters: BTreeSet<String>,
}

impl Needs {
    /// Whether some rule reads what the operation returns.
    pub fn operation(&self, operation: &str) -> bool {
        self.operations.contains(operation)
    }

    /// The operations whose answers an account has once, not in each region.
    pub fn global(&self) -> impl Iterator<Item = &'static str> {
        self.operations.iter().copied().filter(|operation| super::is_global(operation))
    }
}
