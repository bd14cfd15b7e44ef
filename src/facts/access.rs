//! Who a resource's own policy lets in: `access`.

use std::borrow::Cow;

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
    }
}

/// `access`.
pub const FACT: Fact = Fact {
    name: "access",
    about: "Who the resource's own policy lets in.",
    applies: |kind| kind == kinds::KMS_KEY,
    schema: |_| schemars::schema_for!(Access),
    operations: |_, _| Cow::Borrowed(&["kms:GetKeyPolicy"]),
    derive: |resource, _| {
        let statements = public_statements_of_key(resource);
        let access = Access { public: statements.clone().map(|statements| !statements.is_empty()).into(), public_statements: statements.into() };
        access.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// Actions that read what the key protects, or hand on the right to.
const KEY_DATA_ACTIONS: [&str; 5] = ["kms:Decrypt", "kms:CreateGrant", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:PutKeyPolicy"];

fn public_statements_of_key(resource: &Resource) -> Result<Vec<String>, Gap> {
    const OPERATION: &str = "kms:GetKeyPolicy";
    if let Some(gap) = resource.gap_of("Policy") {
        return Err(gap);
    }
    let key: kms::Key = resource.data().map_err(|error| Gap::new(OPERATION, Reason::Failed, error.to_string()))?;
    let text = key.Policy.ok_or_else(|| Gap::new(OPERATION, Reason::NotCollected, "the key policy was not collected"))?;
    policy::public_statements(&text, &KEY_DATA_ACTIONS, OPERATION)
}
