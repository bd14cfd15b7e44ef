//! Who a resource's own policy lets in: `access`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::policy::LetIn;
use super::{Fact, fact, policy};
use crate::inventory::{Gap, Known, Reason, Resource, kinds, kms};
use crate::value::{IntoNode, Node};

fact! {
    /// What the resource's policy allows.
    Access {
        /// Whether it lets anyone use the resource's data.
        public: Known<bool>,
        /// The statements that do, by `Sid` or position.
        public_statements: Known<Vec<String>>,
        /// The accounts that it names, alone or by a principal of theirs: its own too.
        accounts: Known<Vec<String>>,
        /// The organizations that it narrows everybody to.
        organizations: Known<Vec<String>>,
    }
}

/// `access`.
pub const FACT: Fact = Fact {
    name: "access",
    about: "Who the resource's own policy lets in.",
    applies: |kind| kind == kinds::KMS_KEY,
    schema: |_| schemars::schema_for!(Access),
    operations: |_, _| Cow::Borrowed(&[OPERATION]),
    derive: |resource, _| {
        let let_in = let_in_by_key(resource);
        let named = |ids: fn(&LetIn) -> &BTreeSet<String>| let_in.clone().and_then(|let_in| named(&let_in, ids)).into();
        let statements = let_in.clone().map(|let_in| let_in.public);
        let access = Access {
            public: statements.clone().map(|statements| !statements.is_empty()).into(),
            public_statements: statements.into(),
            accounts: named(|let_in| &let_in.accounts),
            organizations: named(|let_in| &let_in.organizations),
        };
        access.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// Actions that read what the key protects, or hand on the right to.
const KEY_DATA_ACTIONS: [&str; 5] = ["kms:Decrypt", "kms:CreateGrant", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:PutKeyPolicy"];

const OPERATION: &str = "kms:GetKeyPolicy";

/// Those that are named; a gap where others are let in whose account is not known.
fn named(let_in: &LetIn, ids: fn(&LetIn) -> &BTreeSet<String>) -> Result<Vec<String>, Gap> {
    if let_in.unnamed.is_empty() {
        return Ok(ids(let_in).iter().cloned().collect());
    }
    let statements = let_in.unnamed.iter().cloned().collect::<Vec<_>>().join(", ");
    let why = format!("of which accounts those are that {statements} of the key policy lets in is not known: it names none");
    Err(Gap::new(OPERATION, Reason::NotEvaluated, why))
}

fn let_in_by_key(resource: &Resource) -> Result<LetIn, Gap> {
    if let Some(gap) = resource.gap_of("Policy") {
        return Err(gap);
    }
    let key: kms::Key = resource.data().map_err(|error| Gap::new(OPERATION, Reason::Failed, error.to_string()))?;
    let text = key.Policy.ok_or_else(|| Gap::new(OPERATION, Reason::NotCollected, "the key policy was not collected"))?;
    policy::lets_in(&text, &KEY_DATA_ACTIONS, OPERATION)
}
