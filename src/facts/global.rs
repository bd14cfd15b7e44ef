//! What an account has once, for the facts of all its regions: its scope `aws-global`, with what is
//! made of it kept for all of them.

use std::sync::OnceLock;

use super::coverage::Regions;
use super::identity::Identities;
use crate::inventory::{Gap, Reason, Scope, kinds, organizations::Organization};

/// The scope `aws-global` of an account.
pub struct Global {
    pub scope: Scope,
    /// The account's regions that are scanned with it, once all have come.
    pub regions: Result<Regions, Gap>,
    identities: OnceLock<Identities>,
    organization: OnceLock<Result<Option<String>, Gap>>,
}

impl Global {
    /// Nothing of the scope is read before some fact asks for it.
    pub fn new(scope: Scope) -> Self {
        Self { scope, regions: Ok(Regions::new()), identities: OnceLock::new(), organization: OnceLock::new() }
    }

    /// The users and roles, with their policies parsed.
    pub fn identities(&self) -> &Identities {
        self.identities.get_or_init(|| Identities::of(&self.scope))
    }

    /// The id of the organization that the account is in, if it is in one.
    pub fn organization(&self) -> Result<Option<&str>, Gap> {
        let found = self.organization.get_or_init(|| {
            let Some(resource) = self.scope.resources.iter().find(|resource| resource.kind == kinds::ORGANIZATION) else {
                return self.scope.gap_in_listing(kinds::ORGANIZATION).map_or(Ok(None), Err);
            };
            let unreadable = |error: serde_json::Error| Gap::new(kinds::ORGANIZATION.operations[0], Reason::Failed, error.to_string());
            let organization: Organization = resource.data().map_err(unreadable)?;
            resource.required("Id", organization.Id).map(Some)
        });
        found.as_ref().map(Option::as_deref).map_err(Clone::clone)
    }
}
