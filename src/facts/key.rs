//! The KMS key that a database's storage is encrypted with, and what depends on a key.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::{Fact, Index};
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, kinds};
use crate::value::Node;

/// `key`: the key named by `KmsKeyId`, in the fields of `kms:DescribeKey`; empty without one.
pub const FACT: Fact = Fact {
    name: "key",
    about: "The KMS key that `KmsKeyId` names, in the fields of `kms:DescribeKey`; empty for a resource that names none.",
    applies: |kind| has_key(kind),
    schema: |_| (kinds::KMS_KEY.schema)(),
    operations: |_, field| Cow::Borrowed(kinds::KMS_KEY.operations_of(field)),
    derive: |resource, index| {
        let key = |id: &str| index.keys.get(id).map(|row| index.node(row.resource));
        match key_id(resource).and_then(|id| id.as_deref().map(key).transpose()) {
            Ok(key) => key.unwrap_or_else(|| Node::map([])),
            Err(gap) => Node::Gap(Arc::new(gap)),
        }
    },
};

/// `dependents`: the ARNs of the scope's databases and snapshots that a key encrypts.
pub const DEPENDENTS: Fact = Fact {
    name: "dependents",
    about: "The ARNs of the databases and snapshots of the region that the KMS key encrypts.",
    applies: |kind| kind == kinds::KMS_KEY,
    schema: |_| schemars::schema_for!(Vec<String>),
    operations: |_, _| Cow::Owned(encrypted_kinds().flat_map(|kind| kind.operations).copied().collect()),
    derive: |key, index| {
        let dependents: Vec<_> = index.dependents(&key.arn).map(|resource| Node::String(resource.arn.as_str().into())).collect();
        match unseen_dependents(index) {
            // Those that were seen are enough for a key in use; that there are none takes all listings.
            Some(gap) if dependents.is_empty() => Node::Gap(Arc::new(gap)),
            _ => dependents.into_iter().collect(),
        }
    },
};

/// Why there may be databases or snapshots that no listing named.
fn unseen_dependents(index: &Index<'_>) -> Option<Gap> {
    encrypted_kinds().find_map(|kind| index.scope.gap_in_listing(kind))
}

fn encrypted_kinds() -> impl Iterator<Item = Kind> {
    Kind::judged().filter(|kind| has_key(*kind))
}

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
        if let Ok(Some(key)) = key_id(resource) {
            dependents.entry(key.into_owned()).or_default().push(position);
        }
    }
    dependents
}

/// The ARN in `KmsKeyId`; none where the resource names no key.
fn key_id(resource: &Resource) -> Result<Option<Cow<'_, str>>, Gap> {
    #[derive(Deserialize)]
    struct Encrypted<'a> {
        #[serde(borrow, rename = "KmsKeyId")]
        key: Option<Cow<'a, str>>,
    }
    if let Some(gap) = resource.gap_of("KmsKeyId") {
        return Err(gap);
    }
    let unreadable = |error: serde_json::Error| Gap::new(resource.kind.operations[0], Reason::Failed, error.to_string());
    serde_json::from_str::<Encrypted>(resource.data.get()).map(|encrypted| encrypted.key).map_err(unreadable)
}
