//! Whom the user trusts: `trusted`, the same for every resource of an account.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::policy::Party;
use super::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Resource, kinds};
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

/// Those who are not trusted, by the ids of their accounts and organizations; a gap where there may be
/// some and none is known. An account is trusted while it is in a trusted organization.
pub fn strangers<'p>(parties: impl IntoIterator<Item = &'p Party>, resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let trusted = derive(resource, index);
    let (mut strangers, mut unknown) = (BTreeSet::new(), None);
    for party in parties {
        let source = party.source.as_ref().map(|(_, id)| id).filter(|_| party.account.is_none() && party.organization.is_none());
        let ids: Vec<&String> = party.account.iter().chain(&party.organization).chain(source).collect();
        if ids.iter().any(|id| trusted.accounts.contains(id) || trusted.organizations.contains(id)) {
            continue;
        }
        match &trusted.own_organization {
            Known::Value(own) if ids.contains(&own) => {}
            Known::Gap(gap) if ids.iter().any(|id| is_organization(id)) => unknown = Some(gap.clone()),
            _ => strangers.extend(ids.first().copied().cloned()),
        }
    }
    unknown.filter(|_| strangers.is_empty()).map_or(Ok(strangers.into_iter().collect()), Err)
}

fn is_organization(id: &str) -> bool {
    id.starts_with("o-")
}
