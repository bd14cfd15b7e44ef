//! The kinds of resource, by their CloudFormation type names (AWS Config's where CloudFormation has
//! none), and what is known of each before any is seen: its shape, and the operations it comes from.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use schemars::Schema;

/// One kind of resource.
#[derive(Debug)]
pub struct KindInfo {
    /// Such as `AWS::RDS::DBInstance`.
    pub name: &'static str,
    /// In a sentence, singular and plural.
    pub noun: (&'static str, &'static str),
    /// The service of the kind's ARNs and of `--service`.
    pub service: &'static str,
    /// The field that names a resource.
    pub name_field: &'static str,
    /// The operations that list resources of the kind: when one did not answer, there may be more.
    pub operations: &'static [&'static str],
    /// Other operations that lead to resources of the kind: when one did not answer, there may be more.
    pub found_by: &'static [&'static str],
    /// Whether only those that databases use are listed, unless rules judge the kind.
    pub by_use: bool,
    /// Fields that come from an operation of their own, asked once a resource.
    pub field_operations: &'static [(&'static str, &'static str)],
    /// The operation that names a resource's tags, where the listing does not.
    pub tags_operation: Option<&'static str>,
    /// How clients reach it from a VPC, where it has no place in one.
    pub endpoints: Option<Endpoints>,
    /// Whether it holds data, or is a setting around what does.
    pub role: Role,
    /// The JSON schema of `data`.
    pub schema: fn() -> Schema,
    /// Whether a text is `data` of the kind's shape.
    pub check: fn(&str) -> serde_json::Result<()>,
}

/// The VPC endpoints that lead to a database which is in no VPC itself.
#[derive(Debug)]
pub struct Endpoints {
    /// What follows the region in the service's name: `dynamodb` of
    /// `com.amazonaws.us-east-1.dynamodb`; a `*` may end it.
    pub services: &'static [&'static str],
    /// The actions that carry data through them.
    pub data_actions: &'static [&'static str],
}

impl Endpoints {
    /// Whether an endpoint to the service of that name is one of them.
    pub fn lead_through(&self, service_name: &str, region: &str) -> bool {
        let end = service_name.split_once(&format!(".{region}.")).map(|(_, end)| end);
        let is = |end: &str, name: &str| name.strip_suffix('*').map_or(end == name, |prefix| end.starts_with(prefix));
        end.is_some_and(|end| self.services.iter().any(|name| is(end, name)))
    }
}

/// What a kind is to an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A database, or a copy of its data: rules judge it and it counts as a resource.
    Judged,
    /// What surrounds the databases: rules judge it, but it is none of the resources that are counted.
    Surrounding,
    /// Needed to judge others.
    Supporting,
}

/// A kind of resource, one of [`Kind::all`].
#[derive(Clone, Copy)]
pub struct Kind(&'static KindInfo);

impl Kind {
    pub(crate) const fn of(info: &'static KindInfo) -> Self {
        Self(info)
    }

    /// Finds a kind by its name.
    pub fn named(name: &str) -> Option<Self> {
        static BY_NAME: LazyLock<HashMap<&str, Kind>> = LazyLock::new(|| Kind::all().map(|kind| (kind.0.name, kind)).collect());
        BY_NAME.get(name).copied()
    }

    /// All kinds, those of one service together.
    pub fn all() -> impl Iterator<Item = Self> {
        SERVICES.iter().copied().flatten().copied()
    }

    /// The kinds that rules judge.
    pub fn judged() -> impl Iterator<Item = Self> {
        Self::all().filter(|kind| kind.role != Role::Supporting)
    }

    /// Whether an account has resources of the kind once, not in each region.
    pub fn is_global(self) -> bool {
        self.0.operations.first().is_some_and(|operation| super::is_global(operation))
    }

    /// The operations that name a resource's tags.
    pub fn tag_operations(self) -> &'static [&'static str] {
        self.0.tags_operation.as_ref().map_or(self.0.operations, std::slice::from_ref)
    }

    /// The operations that tell about single resources, rather than list them.
    pub fn detail_operations(self) -> impl Iterator<Item = &'static str> {
        self.0.field_operations.iter().map(|(_, operation)| *operation).chain(self.0.tags_operation)
    }

    /// The VPC endpoints that lead to it, where it has no place in a VPC.
    pub fn endpoints(self) -> Option<&'static Endpoints> {
        self.0.endpoints.as_ref()
    }

    /// The top-level fields of the kind's data that an operation fills.
    pub fn fields_of(self, operation: &str) -> Vec<&'static str> {
        self.0.field_operations.iter().filter(|(_, of)| *of == operation).map(|(field, _)| *field).collect()
    }

    /// The operation that fills a top-level field of the kind's data.
    pub fn operations_of(self, field: &str) -> &'static [&'static str] {
        self.0.field_operations.iter().find(|(name, _)| *name == field).map_or(self.0.operations, |(_, operation)| std::slice::from_ref(operation))
    }
}

impl std::ops::Deref for Kind {
    type Target = KindInfo;
    fn deref(&self) -> &KindInfo {
        self.0
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.0.name == other.0.name
    }
}
impl Eq for Kind {}
impl std::hash::Hash for Kind {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}
impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Kind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.name.cmp(other.0.name)
    }
}
impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}
impl serde::Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}
impl<'de> serde::Deserialize<'de> for Kind {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| serde::de::Error::custom(unknown(&name)))
    }
}

/// The sentence for a name that is no kind, with the nearest that is.
pub fn unknown(name: &str) -> String {
    let nearest = crate::suggest::nearest(name, Kind::all().map(|kind| kind.0.name));
    format!("unknown resource kind {name:?}{nearest}")
}

/// What a kind may have; a constant cannot call `Option::or`.
macro_rules! optional {
    () => {
        None
    };
    ($value:literal) => {
        Some($value)
    };
}

/// Declares kinds of the shapes in scope, in a module `kinds` that [`Kind::all`] knows once it is in
/// the list of `services!`.
macro_rules! kinds {
    (@listed) => { false };
    (@listed by_use) => { true };
    (@endpoints) => { None };
    (@endpoints [$($service:literal),*] [$($action:literal),*]) => {
        Some(registry::Endpoints { services: &[$($service),*], data_actions: &[$($action),*] })
    };
    ($( $constant:ident = $name:literal as $shape:ty {
        noun: $singular:literal / $plural:literal,
        service: $service:literal,
        name: $name_field:literal,
        role: $role:ident,
        operations: [$($operation:literal),*]
        $(, listed: $listed:ident)?
        $(, found_by: [$($finder:literal),* $(,)?])?
        $(, tags: $tags_operation:literal)?
        $(, fields: { $($field:literal: $field_operation:literal),* $(,)? })?
        $(, endpoints: [$($endpoint_service:literal),*] for [$($data_action:literal),*])? $(,)?
    } )*) => {
        pub mod kinds {
            use super::*;
            use $crate::inventory::kinds::{self as registry, Kind, KindInfo, kinds, optional};
            $(
            #[doc = concat!("`", $name, "`.")]
            pub const $constant: Kind = {
                static INFO: KindInfo = KindInfo {
                    name: $name,
                    noun: ($singular, $plural),
                    service: $service,
                    name_field: $name_field,
                    operations: &[$($operation),*],
                    by_use: kinds!(@listed $($listed)?),
                    found_by: &[$($($finder),*)?],
                    field_operations: &[$($(($field, $field_operation)),*)?],
                    tags_operation: optional!($($tags_operation)?),
                    endpoints: kinds!(@endpoints $([$($endpoint_service),*] [$($data_action),*])?),
                    role: registry::Role::$role,
                    schema: || schemars::schema_for!($shape),
                    check: |text| serde_json::from_str::<$shape>(text).map(drop),
                };
                Kind::of(&INFO)
            };
            )*

            /// Those of this module.
            pub(crate) static ALL: &[Kind] = &[$($constant),*];
        }
    };
}
pub(crate) use {kinds, optional};

/// The modules of `inventory` that declare kinds.
macro_rules! services {
    ($($($module:ident)::+),* $(,)?) => {
        $(pub use super::$($module)::+::kinds::*;)*
        static SERVICES: &[&[Kind]] = &[$(super::$($module)::+::kinds::ALL),*];
    };
}

services! {
    account,
    alarms,
    autoscaling,
    backup,
    cloudtrail,
    cloudwatch,
    config,
    dax,
    docdb_elastic,
    dsql,
    dynamodb,
    ec2,
    elasticache,
    events,
    guardduty,
    iam,
    keyspaces,
    kms,
    logs,
    memorydb,
    neptune_graph,
    organizations,
    ram,
    rds,
    rds::advice,
    rds::engines,
    rds::groups,
    rds::snapshots,
    rds_proxy,
    secrets,
    s3,
    streams,
    timestream,
    vpc,
}
