//! Whom the user trusts: `trusted`, the same for every resource of an account.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Fact, Index, fact};
use crate::inventory::{Known, Resource, kinds};
use crate::value::{IntoNode, Node};

/// The accounts and organizations that are named as trusted, and the accounts that are scanned
/// together.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    pub accounts: BTreeSet<String>,
    pub organizations: BTreeSet<String>,
}

fact! {
    /// Whom the user trusts.
    Trusted {
        /// Ids of accounts: the resource's own, all that are scanned, and those named with `--trusted-account`.
        accounts: Vec<String>,
        /// Ids of the organizations named with `--trusted-organization`.
        organizations: Vec<String>,
        /// Id of the organization that the account is in, which is trusted too; empty where it is in none.
        own_organization: Known<String>,
    }
}

/// `trusted`.
pub const FACT: Fact = Fact {
    name: "trusted",
    about: "Whom the user trusts: `trusted.accounts`, `trusted.organizations` and `trusted.own_organization`.",
    applies: |_| true,
    schema: |_| schemars::schema_for!(Trusted),
    operations: |_, field| Cow::Borrowed(if field == "own_organization" { kinds::ORGANIZATION.operations } else { &[] }),
    derive: |resource, index| derive(resource, index).into_node().unwrap_or_else(|| Node::map([])),
};

fn derive(resource: &Resource, index: &Index<'_>) -> Trusted {
    let own = [&index.scope.id.account, &resource.account];
    Trusted {
        accounts: index.trust.accounts.iter().chain(own).cloned().collect::<BTreeSet<_>>().into_iter().collect(),
        organizations: index.trust.organizations.iter().cloned().collect(),
        own_organization: index.organization().map(|own| own.unwrap_or_default().to_owned()).into(),
    }
}
