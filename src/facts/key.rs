//! The KMS keys that a database uses, a fact for each use, and what depends on a key.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use super::common::{CommonFields, WithKey};
use super::{Fact, Index};
use crate::inventory::{Gap, Kind, Resource, Scope, kinds, kms};
use crate::value::Node;

/// `key`: the key of the storage.
pub const STORAGE: Fact = Fact {
    name: "key",
    about: "The KMS key of the storage (`KmsKeyId`, or as the service calls it), in the fields of `kms:DescribeKey`; empty for a resource that names none.",
    applies: |kind| Use::Storage.applies(kind),
    schema: |_| (kinds::KMS_KEY.schema)(),
    operations: |_, field| Cow::Borrowed(kinds::KMS_KEY.operations_of(field)),
    derive: |resource, index| Use::Storage.key(resource, index),
};

/// `performance_insights_key`.
pub const PERFORMANCE_INSIGHTS: Fact = Fact {
    name: "performance_insights_key",
    about: "The KMS key that `PerformanceInsightsKMSKeyId` names, like `key`.",
    applies: |kind| Use::PerformanceInsights.applies(kind),
    derive: |resource, index| Use::PerformanceInsights.key(resource, index),
    ..STORAGE
};

/// `secret_key`.
pub const SECRET: Fact = Fact {
    name: "secret_key",
    about: "The KMS key of the managed master secret, that `MasterUserSecret.KmsKeyId` names, like `key`.",
    applies: |kind| Use::Secret.applies(kind),
    derive: |resource, index| Use::Secret.key(resource, index),
    ..STORAGE
};

/// `activity_stream_key`.
pub const ACTIVITY_STREAM: Fact = Fact {
    name: "activity_stream_key",
    about: "The KMS key that `ActivityStreamKmsKeyId` names, like `key`.",
    applies: |kind| Use::ActivityStream.applies(kind),
    derive: |resource, index| Use::ActivityStream.key(resource, index),
    ..STORAGE
};

/// `dependents`: the ARNs of the scope's databases, snapshots, exports, backup vaults and secrets that use a key.
pub const DEPENDENTS: Fact = Fact {
    name: "dependents",
    about: "The ARNs of the databases, snapshots, exports, backup vaults and secrets of the region that use the KMS key: for their storage, Performance Insights, master secret or activity stream.",
    applies: |kind| kind == kinds::KMS_KEY,
    schema: |_| schemars::schema_for!(Vec<String>),
    operations: |_, _| Cow::Owned(kinds_with_keys().flat_map(|kind| kind.operations).copied().collect()),
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
    kinds_with_keys().find_map(|kind| index.scope.gap_in_listing(kind))
}

fn kinds_with_keys() -> impl Iterator<Item = Kind> {
    Kind::judged().filter(|kind| USES.iter().any(|usage| usage.applies(*kind)))
}

/// What a database uses a key for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Storage,
    PerformanceInsights,
    Secret,
    ActivityStream,
}

static USES: [Use; 4] = [Use::Storage, Use::PerformanceInsights, Use::Secret, Use::ActivityStream];

impl Use {
    /// The top-level fields that name the key, one a service.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Storage => {
                &["KmsKeyId", "kmsKeyId", "kmsKeyIdentifier", "SSEDescription", "encryptionSpecification", "encryptionDetails", "EncryptionKeyArn"]
            }
            Self::PerformanceInsights => &["PerformanceInsightsKMSKeyId"],
            Self::Secret => &["MasterUserSecret"],
            Self::ActivityStream => &["ActivityStreamKmsKeyId"],
        }
    }

    /// The field of the kind that names the key, if it has one.
    fn field(self, kind: Kind) -> Option<&'static str> {
        static FIELDS: LazyLock<Vec<(Kind, Use, &'static str)>> = LazyLock::new(|| {
            let of_kind = |kind: Kind| {
                let schema = (kind.schema)();
                let has_field = |field: &&&str| schema.pointer(&format!("/properties/{field}")).is_some();
                let field = |usage: &Use| Some((kind, *usage, *usage.fields().iter().find(has_field)?));
                USES.iter().filter_map(field).collect::<Vec<_>>()
            };
            // A key is no user of itself, a trail no database that depends on it, and the `SSEDescription` of DAX names none.
            Kind::judged().filter(|kind| ![kinds::KMS_KEY, kinds::TRAIL, kinds::DAX_CLUSTER].contains(kind)).flat_map(of_kind).collect()
        });
        FIELDS.iter().find(|(of, usage, _)| *of == kind && *usage == self).map(|(_, _, field)| *field)
    }

    /// Whether resources of the kind have such a key.
    fn applies(self, kind: Kind) -> bool {
        self.field(kind).is_some()
    }

    /// The key as a value: empty where none is named, a gap where it is not known.
    fn key<'i>(self, resource: &Resource, index: &'i Index<'_>) -> Node<'i> {
        let find = |name: &str| index.keys().get(&kms::arn(name, &resource.account, &resource.region)).map(|row| row.node(index));
        let unread = self.field(resource.kind).and_then(|field| resource.gap_of(field));
        let named = unread.map_or_else(|| CommonFields::of(resource), Err).map(|own| of_use(own, self));
        match named.and_then(|name| name.map(find).transpose()) {
            Ok(key) => key.unwrap_or_else(|| Node::map([])),
            Err(gap) => Node::Gap(Arc::new(gap)),
        }
    }
}

/// The key that a resource names for a use.
fn of_use(own: &CommonFields, usage: Use) -> Option<&str> {
    let name = match usage {
        Use::Storage => own.KmsKeyId.as_deref().or_else(|| nested(own.SSEDescription.as_ref())),
        Use::PerformanceInsights => own.PerformanceInsightsKMSKeyId.as_deref(),
        Use::Secret => nested(own.MasterUserSecret.as_ref()),
        Use::ActivityStream => own.ActivityStreamKmsKeyId.as_deref(),
    };
    name.filter(|name| kms::is_name(name))
}

fn nested(with_key: Option<&WithKey>) -> Option<&str> {
    with_key.and_then(|with_key| with_key.KmsKeyId.as_deref())
}

/// All keys that a resource names.
fn all(own: &CommonFields) -> impl Iterator<Item = &str> {
    let nested = [&own.SSEDescription, &own.MasterUserSecret].into_iter().flatten().map(|nested| &nested.KmsKeyId);
    let names = [&own.KmsKeyId, &own.PerformanceInsightsKMSKeyId, &own.ActivityStreamKmsKeyId].into_iter().chain(nested);
    names.flatten().map(String::as_str).filter(|name| kms::is_name(name))
}

/// The positions in the scope of the resources that use each key, by the key's ARN. A resource that
/// uses a key twice is there once.
pub fn dependents(scope: &Scope) -> HashMap<String, Vec<usize>> {
    let mut dependents: HashMap<String, Vec<usize>> = HashMap::new();
    let with_keys: Vec<_> = kinds_with_keys().collect();
    for (position, resource) in scope.resources.iter().enumerate().filter(|(_, resource)| with_keys.contains(&resource.kind)) {
        let names = CommonFields::of(resource).into_iter().flat_map(all);
        let keys: BTreeSet<_> = names.map(|name| kms::arn(name, &resource.account, &resource.region)).collect();
        for key in keys {
            dependents.entry(key).or_default().push(position);
        }
    }
    dependents
}
