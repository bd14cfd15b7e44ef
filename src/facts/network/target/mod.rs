//! What each kind of database says of its own network: addressing, port, VPC, subnets and groups.
//!
//! A kind that listens in a VPC becomes known to the `network` fact in [`READERS`] and nowhere else.

mod dax;
mod docdb_elastic;
mod elasticache;
mod influxdb;
mod memorydb;
mod rds;
mod rds_proxy;

use crate::facts::Index;
use crate::inventory::{Gap, Kind, Reason, Resource, kinds};

/// Where a database listens.
pub struct Target {
    /// Whether its name resolves to a public address.
    pub addressed: Result<bool, Gap>,
    pub port: Result<i64, Gap>,
    pub vpc: Result<String, Gap>,
    pub subnets: Result<Vec<String>, Gap>,
    pub security_groups: Result<Vec<String>, Gap>,
    /// Whether it has IPv6 addresses too, or may have them.
    pub dual_stack: bool,
    /// Whether the internet reaches it past any VPC: through Aurora's internet access gateway, or the
    /// public endpoint of a serverless cache.
    pub has_own_gateway: bool,
}

/// How the target of a kind's resources is read.
struct Reader {
    kind: Kind,
    /// The operations that describe the target itself.
    operations: &'static [&'static str],
    read: fn(&Resource, &Index<'_>) -> Result<Target, Gap>,
}

/// Every kind that listens in a VPC.
const READERS: &[Reader] = &[
    Reader { kind: kinds::DB_INSTANCE, ..rds::INSTANCE },
    Reader { kind: kinds::DB_CLUSTER, ..rds::CLUSTER },
    memorydb::CLUSTER,
    Reader { kind: kinds::DOCDB_INSTANCE, ..rds::INSTANCE },
    Reader { kind: kinds::DOCDB_CLUSTER, ..rds::CLUSTER_OF_INSTANCES },
    Reader { kind: kinds::NEPTUNE_INSTANCE, ..rds::INSTANCE },
    Reader { kind: kinds::NEPTUNE_CLUSTER, ..rds::CLUSTER_OF_INSTANCES },
    Reader { kind: kinds::DB_PROXY, ..rds_proxy::PROXY },
    Reader { kind: kinds::DB_PROXY_ENDPOINT, ..rds_proxy::ENDPOINT },
    dax::CLUSTER,
    docdb_elastic::CLUSTER,
    elasticache::CACHE_CLUSTER,
    elasticache::REPLICATION_GROUP,
    elasticache::SERVERLESS_CACHE,
    influxdb::CLUSTER,
    influxdb::INSTANCE,
];

fn reader(kind: Kind) -> Option<&'static Reader> {
    READERS.iter().find(|reader| reader.kind == kind)
}

/// The kinds that listen in a VPC.
pub fn kinds() -> impl Iterator<Item = Kind> {
    READERS.iter().map(|reader| reader.kind)
}

/// Whether resources of the kind listen in a VPC.
pub fn applies(kind: Kind) -> bool {
    reader(kind).is_some()
}

/// The operations that describe the target itself.
pub fn operations(kind: Kind) -> &'static [&'static str] {
    reader(kind).map_or(&[], |reader| reader.operations)
}

/// The port that it listens on beside the target's.
pub fn further_port(resource: &Resource) -> Option<i64> {
    (resource.kind == kinds::SERVERLESS_CACHE).then(|| elasticache::reader_port(resource)).flatten()
}

impl Target {
    /// Reads the target of a resource.
    pub fn of<'r>(resource: &'r Resource, index: &Index<'_>) -> Result<&'r Self, Gap> {
        let operation = || resource.kind.operations.first().copied().unwrap_or_default();
        let reader = reader(resource.kind).ok_or_else(|| Gap::new(operation(), Reason::Unsupported, "it listens in no VPC"))?;
        resource.memo.get_or(|| (reader.read)(resource, index)).as_ref().map_err(Gap::clone)
    }
}

/// The subnets of a subnet group: it has at least one, and each has an id.
fn subnets(listed: impl Iterator<Item = Option<String>>, field: &str, resource: &Resource) -> Result<Vec<String>, Gap> {
    let subnets: Option<Vec<String>> = listed.collect();
    subnets.filter(|subnets| !subnets.is_empty()).ok_or_else(|| resource.not_returned(field))
}

/// The security groups in force, of memberships by id and status; one that is being added or removed,
/// or has no status, counts.
fn security_groups(
    memberships: Option<impl Iterator<Item = (Option<String>, Option<String>)>>,
    field: &str,
    resource: &Resource,
) -> Result<Vec<String>, Gap> {
    let memberships = resource.required(field, memberships)?;
    let in_force = memberships.filter(|(_, status)| !matches!(status.as_deref(), Some("inactive" | "removed")));
    let groups: Vec<_> = in_force.map(|(id, _)| resource.required(field, id)).collect::<Result<_, _>>()?;
    // What listens in a VPC has a group.
    if groups.is_empty() { Err(resource.not_returned(field)) } else { Ok(groups) }
}

/// The VPC of a database whose API names subnets only: that of the first, since they share it.
fn vpc_of(subnets: &Result<Vec<String>, Gap>, resource: &Resource, index: &Index<'_>) -> Result<String, Gap> {
    let first = subnets.as_ref().map_err(Clone::clone)?.first().ok_or_else(|| resource.not_returned("subnets"))?;
    let row = index.subnets().get(first)?;
    row.resource.required("VpcId", row.data.VpcId.clone())
}

/// A list that has at least one entry: what listens in a VPC has subnets and groups.
fn some(resource: &Resource, field: &str, list: Option<Vec<String>>) -> Result<Vec<String>, Gap> {
    resource.required(field, list.filter(|list| !list.is_empty()))
}
