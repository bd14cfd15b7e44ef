//! The cluster of an instance, and the instances of a cluster: `cluster` and `members`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::common::CommonFields;
use super::{Fact, Index};
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, kinds};
use crate::value::Node;

/// `cluster`: the cluster that an instance belongs to, as its API describes it; empty for an
/// instance that stands alone.
pub const CLUSTER: Fact = Fact {
    name: "cluster",
    about: "The cluster that a DB instance is a member of, or the replication group of a cache cluster, in the API's fields; empty for one that stands alone.",
    applies: |kind| cluster_kind(kind).is_some(),
    schema: |kind| cluster_kind(kind).map_or_else(schemars::Schema::default, |kind| (kind.schema)()),
    operations: |kind, _| cluster_kind(kind).map_or(Cow::Borrowed(&[]), |kind| Cow::Borrowed(kind.operations)),
    derive: |resource, index| match cluster_of(resource, index) {
        Ok(Some(cluster)) => index.node(cluster),
        Ok(None) => Node::map([]),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

/// `members`: the instances of a cluster.
pub const MEMBERS: Fact = Fact {
    name: "members",
    about: "The DB instances of a cluster, or the cache clusters of a replication group, a list in the API's fields.",
    applies: |kind| instance_kind(kind).is_some(),
    schema: |kind| {
        let mut element = instance_kind(kind).map_or_else(schemars::Schema::default, |kind| (kind.schema)());
        // References are read from the root.
        let definitions = element.remove("$defs").unwrap_or_default();
        schemars::json_schema!({"type": "array", "items": element, "$defs": definitions})
    },
    operations: |kind, _| instance_kind(kind).map_or(Cow::Borrowed(&[]), |kind| Cow::Borrowed(kind.operations)),
    derive: |resource, index| match members_of(resource, index) {
        Ok(members) => members.into_iter().map(|member| index.node(member)).collect(),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

fn cluster_kind(instance: Kind) -> Option<Kind> {
    PAIRS.iter().find(|(_, member)| *member == instance).map(|(cluster, _)| *cluster)
}

fn instance_kind(cluster: Kind) -> Option<Kind> {
    PAIRS.iter().find(|(owner, _)| *owner == cluster).map(|(_, member)| *member)
}

static PAIRS: &[(Kind, Kind)] = &[
    (kinds::DB_CLUSTER, kinds::DB_INSTANCE),
    (kinds::DOCDB_CLUSTER, kinds::DOCDB_INSTANCE),
    (kinds::NEPTUNE_CLUSTER, kinds::NEPTUNE_INSTANCE),
    (kinds::REPLICATION_GROUP, kinds::CACHE_CLUSTER),
];

fn cluster_of<'s>(instance: &Resource, index: &Index<'s>) -> Result<Option<&'s Resource>, Gap> {
    let Some(kind) = cluster_kind(instance.kind) else { return Ok(None) };
    if let Some(gap) = instance.gap_of("DBClusterIdentifier").or_else(|| instance.gap_of("ReplicationGroupId")) {
        return Err(gap);
    }
    let Some(name) = &CommonFields::of(instance)?.DBClusterIdentifier else { return Ok(None) };
    index.named(kind, name).map(Some).ok_or_else(|| missing(index, kind, name))
}

/// The member instances of a cluster, in the order that the cluster lists them.
pub fn members_of<'s>(cluster: &Resource, index: &Index<'s>) -> Result<Vec<&'s Resource>, Gap> {
    each_member(cluster, index)?.into_iter().collect()
}

/// The same, with a gap in place of each member that could not be read.
pub fn each_member<'s>(cluster: &Resource, index: &Index<'s>) -> Result<Vec<Result<&'s Resource, Gap>>, Gap> {
    let Some(kind) = instance_kind(cluster.kind) else { return Ok(Vec::new()) };
    if let Some(gap) = cluster.gap_of(members_field(cluster.kind)) {
        return Err(gap);
    }
    let CommonFields { DBClusterMembers: instances, MemberClusters: caches, .. } = CommonFields::of(cluster)?;
    let listed: Vec<&str> = match instances {
        Some(members) => members.iter().map(|member| member.DBInstanceIdentifier.as_str()).collect(),
        // A cluster of RDS may have no instances; a replication group has nodes once it is made.
        None => {
            let caches = caches.as_ref().filter(|members| !members.is_empty());
            caches.ok_or_else(|| cluster.not_returned(members_field(cluster.kind)))?.iter().map(String::as_str).collect()
        }
    };
    Ok(listed.iter().map(|name| index.named(kind, name).ok_or_else(|| missing(index, kind, name))).collect())
}

/// The field that lists the members of a cluster.
fn members_field(cluster: Kind) -> &'static str {
    if cluster == kinds::REPLICATION_GROUP { "MemberClusters" } else { "DBClusterMembers" }
}

/// The instances and clusters of a scope by kind and identifier.
pub fn by_name(scope: &Scope) -> HashMap<(Kind, Cow<'_, str>), &Resource> {
    scope
        .resources
        .iter()
        .filter_map(|resource| {
            let name = if instance_kind(resource.kind).is_some() {
                CommonFields::of(resource).ok()?.DBClusterIdentifier.as_deref()?
            } else if cluster_kind(resource.kind).is_some() {
                CommonFields::of(resource).ok()?.DBInstanceIdentifier.as_deref()?
            } else {
                return None;
            };
            Some(((resource.kind, Cow::Borrowed(name)), resource))
        })
        .collect()
}

fn missing(index: &Index<'_>, kind: Kind, name: &str) -> Gap {
    index
        .scope
        .gap_in_listing(kind)
        .unwrap_or_else(|| Gap::new(kind.operations[0], Reason::NotVisible, format!("did not return {} {name}", kind.noun.0)))
}
