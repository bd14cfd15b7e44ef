//! Whom the grants of a KMS key let use it: `grants`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::access::KEY_ACTIONS;
use super::policy::{Party, account_of};
use super::trusted::strangers;
use super::{Fact, Index, fact};
use crate::inventory::kms::{Grant, Key};
use crate::inventory::{Gap, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// Whom the grants let read what the key protects, or hand on the right to.
    Grants {
        /// The accounts that are not trusted.
        untrusted: Known<Vec<String>>,
        /// The grants to principals of those accounts: who may do what by which.
        to_untrusted: Known<Vec<String>>,
    }
}

/// `grants`.
pub const FACT: Fact = Fact {
    name: "grants",
    about: "Whom the grants of a KMS key let read what it protects or hand on the right to, beside its policy.",
    applies: |kind| kind == kinds::KMS_KEY,
    schema: |_| schemars::schema_for!(Grants),
    operations: |_, _| Cow::Borrowed(kinds::KMS_KEY.operations_of("Grants")),
    derive: |resource, index| {
        let found = derive(resource, index);
        let accounts = found.as_ref().map(|found| found.keys().map(|account| (*account).to_owned()).collect()).map_err(Clone::clone);
        let grants = found.map(|found| found.into_values().flatten().collect());
        Grants { untrusted: accounts.into(), to_untrusted: grants.into() }.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// The grants to strangers by their accounts.
fn derive(resource: &Resource, index: &Index<'_>) -> Result<BTreeMap<String, Vec<String>>, Gap> {
    let key: Key = resource.data().map_err(|error| Gap::new("kms:ListGrants", Reason::Failed, error.to_string()))?;
    let never_asked = index.scope.gap_of("kms:ListGrants").filter(|_| key.Grants.is_none());
    let grants = never_asked.map_or_else(|| resource.required("Grants", key.Grants), Err)?;
    let mut by_account: BTreeMap<Party, Vec<String>> = BTreeMap::new();
    for grant in grants.iter().filter(|grant| discloses(grant)) {
        // A service has no account, nor has a principal that is gone.
        let principal = grant.GranteePrincipal.as_deref().unwrap_or_default();
        if let Some((account, _)) = account_of(principal) {
            let operations = grant.Operations.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ");
            let text = format!("{principal} may {operations} by grant {}", grant.GrantId.as_deref().unwrap_or_default());
            by_account.entry(Party::of_account(account)).or_default().push(text);
        }
    }
    let strangers = strangers(by_account.keys(), resource, index)?;
    Ok(by_account
        .into_iter()
        .filter_map(|(party, grants)| Some((party.account?, grants)))
        .filter(|(account, _)| strangers.contains(account))
        .collect())
}

/// Whether a grant lets do what an account that is let in by the policy must not: not where it only lets
/// describe the key or retire the grant, encrypt or verify.
fn discloses(grant: &Grant) -> bool {
    let mut operations = grant.Operations.iter().flatten();
    operations.any(|operation| KEY_ACTIONS.iter().any(|action| action.strip_prefix("kms:") == Some(operation)))
}
