//! What an inventory has to hold to be judged by some rules: what has to be asked of AWS.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

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

    /// Tells whether two inventories were collected for the same.
    pub fn digest(&self) -> String {
        let names = self.operations.iter().copied().chain(self.judged.iter().map(|kind| kind.name)).chain(self.parameters.iter().map(String::as_str));
        let digest = names.fold(Sha256::new(), |digest, name| digest.chain_update(name).chain_update("\n")).finalize();
        digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
