//! What an account has once, for the facts of all its regions: its scope `aws-global`, with what is
//! made of it kept for all of them.

use std::sync::{Arc, OnceLock};

use super::coverage::Regions;
use super::identity::Identities;
use super::organization::Organization;
use crate::inventory::{Gap, Scope};

/// The scope `aws-global` of an account.
pub struct Global {
    pub scope: Scope,
    /// The account's regions that are scanned with it, once all have come.
    pub regions: Result<Regions, Gap>,
    identities: OnceLock<Identities>,
    organization: OnceLock<Arc<Organization>>,
}

impl Global {
    /// Nothing of the scope is read before some fact asks for it.
    pub fn new(scope: Scope) -> Self {
        Self { scope, regions: Ok(Regions::new()), identities: OnceLock::new(), organization: OnceLock::new() }
    }

    /// The users and roles, with their policies parsed.
    pub fn identities(&self) -> &Identities {
        self.identities.get_or_init(|| Identities::of(&self.scope, self.organization()))
    }

    /// The organization that the account is in.
    pub fn organization(&self) -> &Arc<Organization> {
        self.organization.get_or_init(|| Arc::new(Organization::of(&self.scope)))
    }
}
