//! The KMS key that a database's storage is encrypted with, and what depends on a key.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::Fact;
use crate::inventory::{Kind, Resource, Scope, kinds};
use crate::value::Node;

/// `key`: the key named by `KmsKeyId`, in the fields of `kms:DescribeKey`; empty without one.
pub const FACT: Fact = Fact {
    name: "key",
    about: "The KMS key that `KmsKeyId` names, in the fields of `kms:DescribeKey`; empty for a resource that names none.",
    applies: |kind| has_key(kind),
    schema: |_| (kinds::KMS_KEY.schema)(),
    operations: |_, field| Cow::Borrowed(kinds::KMS_KEY.operations_of(field)),
    derive: |resource, index| match key_id(resource) {
        None => Node::map([]),
        Some(id) => match index.keys.get(&id) {
            Ok(row) => crate::value::of_resource(row.resource),
            Err(gap) => Node::Gap(Arc::new(gap)),
        },
    },
};

/// `dependents`: the ARNs of the scope's databases and snapshots that a key encrypts.
pub const DEPENDENTS: Fact = Fact {
    name: "dependents",
    about: "The ARNs of the databases and snapshots of the region that the KMS key encrypts.",
    applies: |kind| kind == kinds::KMS_KEY,
    schema: |_| schemars::schema_for!(Vec<String>),
    operations: |_, _| Cow::Borrowed(&[]),
    derive: |key, index| Node::List(index.dependents(&key.arn).map(|resource| Node::String(resource.arn.as_str().into())).collect()),
};

/// Whether resources of the kind are encrypted with a key that `KmsKeyId` names.
fn has_key(kind: Kind) -> bool {
    static KINDS: LazyLock<Vec<Kind>> =
        LazyLock::new(|| Kind::judged().filter(|kind| (kind.schema)().pointer("/properties/KmsKeyId").is_some()).collect());
    KINDS.contains(&kind)
}

/// The positions in the scope of the resources that each key encrypts, by the key's ARN.
pub fn dependents(scope: &Scope) -> HashMap<String, Vec<usize>> {
    let mut dependents: HashMap<String, Vec<usize>> = HashMap::new();
    for (position, resource) in scope.resources.iter().enumerate().filter(|(_, resource)| has_key(resource.kind)) {
        if let Some(key) = key_id(resource) {
            dependents.entry(key.into_owned()).or_default().push(position);
        }
    }
    dependents
}

/// The ARN in `KmsKeyId`.
fn key_id(resource: &Resource) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Encrypted<'a> {
        #[serde(borrow, rename = "KmsKeyId")]
        key: Option<Cow<'a, str>>,
    }
    serde_json::from_str::<Encrypted>(resource.data.get()).ok()?.key
}
