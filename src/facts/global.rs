//! What an account has once, for the facts of all its regions: its scope `aws-global`, with what is
//! made of it kept for all of them.

use std::sync::OnceLock;

use super::identity::Identities;
use crate::inventory::Scope;

/// The scope `aws-global` of an account.
pub struct Global {
    pub scope: Scope,
    identities: OnceLock<Identities>,
}

impl Global {
    /// Nothing of the scope is read before some fact asks for it.
    pub fn new(scope: Scope) -> Self {
        Self { scope, identities: OnceLock::new() }
    }

    /// The users and roles, with their policies parsed.
    pub fn identities(&self) -> &Identities {
        self.identities.get_or_init(|| Identities::of(&self.scope))
    }
}
