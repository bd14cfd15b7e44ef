//! Which engine a cache runs, and its version: `cache_engine`. A replication group says neither its
//! version nor, in old answers, its engine; its members do.

use std::borrow::Cow;
use std::sync::Arc;

use super::cluster::members_of;
use super::{Fact, Index, fact};
use crate::inventory::elasticache::{CacheCluster, ReplicationGroup};
use crate::inventory::{Gap, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The engine of a cache.
    CacheEngine {
        /// `redis`, `valkey` or `memcached`.
        name: Known<String>,
        /// The version; of a replication group the lowest of its members, which differ during an upgrade.
        version: Known<String>,
        /// The first number of the version.
        major: Known<i64>,
        /// The second number of the version.
        minor: Known<i64>,
        /// Whether AWS offers the version for new caches.
        offered: Known<bool>,
    }
}

/// `cache_engine`.
pub const FACT: Fact = Fact {
    name: "cache_engine",
    about: "The engine of a replication group or cache cluster: `cache_engine.name`, `cache_engine.version` (the lowest of a group's members), its first numbers `cache_engine.major` and `cache_engine.minor`, and whether AWS offers it (`cache_engine.offered`).",
    applies: |kind| [kinds::REPLICATION_GROUP, kinds::CACHE_CLUSTER].contains(&kind),
    schema: |_| schemars::schema_for!(CacheEngine),
    operations: |kind, field| {
        let more: &[&str] = if field == "offered" { kinds::CACHE_ENGINE_VERSION.operations } else { &[] };
        Cow::Owned([kind.operations, kinds::CACHE_CLUSTER.operations, more].concat())
    },
    derive: |resource, index| {
        derive(resource, index).map_or_else(|gap| Node::Gap(Arc::new(gap)), |engine| engine.into_node().unwrap_or(Node::map([])))
    },
};

fn derive(resource: &Resource, index: &Index<'_>) -> Result<CacheEngine, Gap> {
    let (said, members) = if resource.kind == kinds::REPLICATION_GROUP {
        (resource.parse::<ReplicationGroup>()?.Engine, members_of(resource, index))
    } else {
        (None, Ok(vec![resource]))
    };
    let name = said.map_or_else(|| members.clone().and_then(|members| name(&members)), Ok);
    let version = members.and_then(|members| lowest_version(&members));
    let number = |place: usize| version.clone().and_then(|version| number(&version, place));
    let offered = name.clone().and_then(|name| is_offered(&name, &version.clone()?, index));
    Ok(CacheEngine { major: number(0).into(), minor: number(1).into(), offered: offered.into(), name: name.into(), version: version.into() })
}

fn name(members: &[&Resource]) -> Result<String, Gap> {
    let member = members.first().ok_or_else(|| unread("AWS returned no member"))?;
    member.required("Engine", member.parse::<CacheCluster>()?.Engine)
}

fn lowest_version(members: &[&Resource]) -> Result<String, Gap> {
    let version = |member: &&Resource| member.required("EngineVersion", member.parse::<CacheCluster>()?.EngineVersion);
    let versions = members.iter().map(version).collect::<Result<Vec<_>, _>>()?;
    versions.into_iter().min_by_key(|version| numbers(version)).ok_or_else(|| unread("AWS returned no member"))
}

/// The numbers of a version up to the first part that is none: `6.x` stands for any of 6.
fn numbers(version: &str) -> Vec<i64> {
    version.split('.').map_while(|part| part.parse().ok()).collect()
}

fn number(version: &str, place: usize) -> Result<i64, Gap> {
    numbers(version).get(place).copied().ok_or_else(|| unread(&format!("the version {version} does not say")))
}

fn unread(why: &str) -> Gap {
    Gap::new("elasticache:DescribeCacheClusters", Reason::NotReturned, why)
}

/// AWS lists Redis and Valkey by their first two numbers, while a cluster says the patch as well.
fn is_offered(engine: &str, version: &str, index: &Index<'_>) -> Result<bool, Gap> {
    let rows = index.cache_engine_versions().all()?;
    let mut of_engine = rows.filter(|row| row.data.Engine.as_deref() == Some(engine)).filter_map(|row| row.data.EngineVersion.as_deref()).peekable();
    if of_engine.peek().is_none() {
        return Err(index.cache_engine_versions().not_visible(engine));
    }
    Ok(of_engine.any(|offered| version == offered || version.strip_prefix(offered).is_some_and(|rest| rest.starts_with('.'))))
}
