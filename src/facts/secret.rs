//! The secret with which a database's users log in: `secret`.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index, access, fact};
use crate::inventory::shape::Timestamp;
use crate::inventory::{Gap, Known, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// A secret; all but `exists` is absent where there is none.
    Secret {
        /// Whether there is one.
        exists: Known<bool>,
        /// Whether Secrets Manager rotates it.
        rotates: Option<Known<bool>>,
        /// When it was last changed in any way.
        last_changed: Option<Known<Timestamp>>,
        /// The statements of its policy that let anyone act on it, by `Sid` or position.
        public_statements: Option<Known<Vec<String>>>,
    }
}

/// `secret`.
pub const FACT: Fact = Fact {
    name: "secret",
    about: "The secret that `influxAuthParametersSecretArn` names; empty for a resource that names none.",
    applies: |kind| [kinds::INFLUXDB_INSTANCE, kinds::INFLUXDB_CLUSTER].contains(&kind),
    schema: |_| schemars::schema_for!(Secret),
    operations: |kind, field| {
        let policy = if field == "public_statements" { kinds::SECRET.operations_of("ResourcePolicy") } else { &[] };
        Cow::Owned([kind.operations_of(NAME), kinds::SECRET.operations, policy].concat())
    },
    derive: |resource, index| match index.node(resource).get(NAME) {
        Some(Node::Gap(gap)) => Node::Gap(Arc::clone(gap)),
        named => named.and_then(Node::as_str).map_or_else(|| Node::map([]), |arn| node(arn, index)),
    },
};

const NAME: &str = "influxAuthParametersSecretArn";

fn node(arn: &str, index: &Index<'_>) -> Node<'static> {
    let secret = derive(arn, index).unwrap_or_else(|gap| Secret {
        exists: Known::Gap(gap.clone()),
        rotates: Some(Known::Gap(gap.clone())),
        last_changed: Some(Known::Gap(gap.clone())),
        public_statements: Some(Known::Gap(gap)),
    });
    secret.into_node().unwrap_or_else(|| Node::map([]))
}

fn derive(arn: &str, index: &Index<'_>) -> Result<Secret, Gap> {
    let Some(row) = index.secrets().find(arn)? else {
        return Ok(Secret { exists: Known::Value(false), rotates: None, last_changed: None, public_statements: None });
    };
    // One that answered to nobody may be there all the same.
    if let Some(unread) = row.gap_of("RotationEnabled") {
        return Err(unread);
    }
    let last_changed = row.resource.required("LastChangedDate", row.data.LastChangedDate);
    let public = access::public_statements(row.resource, index);
    Ok(Secret {
        exists: Known::Value(true),
        rotates: Some(Known::Value(row.data.RotationEnabled == Some(true))),
        last_changed: Some(last_changed.into()),
        public_statements: Some(public.into()),
    })
}
