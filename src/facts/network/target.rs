//! What each kind of database says of its own network: addressing, port, VPC, subnets and groups.
//!
//! A kind that listens in a VPC becomes known to the `network` fact here and nowhere else.

use crate::facts::Index;
use crate::facts::cluster::members_of;
use crate::inventory::{Gap, Kind, Reason, Resource, kinds, rds};

/// Where a database listens.
pub struct Target {
    /// Whether its name resolves to a public address.
    pub addressed: Result<bool, Gap>,
    pub port: Result<i64, Gap>,
    pub vpc: Result<String, Gap>,
    pub subnets: Result<Vec<String>, Gap>,
    pub security_groups: Result<Vec<String>, Gap>,
    /// Whether it has IPv6 addresses too.
    pub dual_stack: bool,
}

/// Whether resources of the kind listen in a VPC.
pub fn applies(kind: Kind) -> bool {
    INSTANCES.contains(&kind) || CLUSTERS.contains(&kind)
}

/// The operations that describe the target itself.
pub fn operations(kind: Kind) -> &'static [&'static str] {
    if CLUSTERS.contains(&kind) {
        &["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBSubnetGroups"]
    } else {
        &["rds:DescribeDBInstances"]
    }
}

const INSTANCES: [Kind; 3] = [kinds::DB_INSTANCE, kinds::DOCDB_INSTANCE, kinds::NEPTUNE_INSTANCE];
const CLUSTERS: [Kind; 3] = [kinds::DB_CLUSTER, kinds::DOCDB_CLUSTER, kinds::NEPTUNE_CLUSTER];

impl Target {
    /// Reads the target of a resource.
    pub fn of(resource: &Resource, index: &Index<'_>) -> Result<Self, Gap> {
        let unreadable = |error: serde_json::Error| Gap::new(resource.kind.operations[0], Reason::Failed, error.to_string());
        if CLUSTERS.contains(&resource.kind) {
            Ok(Self::of_cluster(&resource.data().map_err(unreadable)?, resource, index))
        } else {
            Ok(Self::of_instance(resource.data().map_err(unreadable)?))
        }
    }

    fn of_instance(instance: rds::DBInstance) -> Self {
        let missing = |field: &str| Gap::new("rds:DescribeDBInstances", Reason::NotReturned, format!("AWS did not return {field}"));
        let group = instance.DBSubnetGroup;
        let port = instance.Endpoint.and_then(|endpoint| endpoint.Port);
        // DbInstancePort is 0 where it says nothing.
        let port = port.or_else(|| instance.DbInstancePort.filter(|port| *port > 0));
        Self {
            addressed: instance.PubliclyAccessible.ok_or_else(|| missing("PubliclyAccessible")),
            port: port.ok_or_else(|| missing("Endpoint.Port")),
            vpc: group.as_ref().and_then(|group| group.VpcId.clone()).ok_or_else(|| missing("DBSubnetGroup.VpcId")),
            subnets: group.as_ref().and_then(subnets).ok_or_else(|| missing("DBSubnetGroup.Subnets")),
            security_groups: Ok(active(instance.VpcSecurityGroups)),
            dual_stack: is_dual_stack(instance.NetworkType.as_deref()),
        }
    }

    fn of_cluster(cluster: &rds::DBCluster, resource: &Resource, index: &Index<'_>) -> Self {
        let missing = |field: &str| Gap::new("rds:DescribeDBClusters", Reason::NotReturned, format!("AWS did not return {field}"));
        let group = cluster
            .DBSubnetGroup
            .as_deref()
            .ok_or_else(|| missing("DBSubnetGroup"))
            .and_then(|name| index.db_subnet_groups.get(name).map(|row| &row.data));
        Self {
            addressed: cluster_addressed(cluster, resource, index),
            port: cluster.Port.ok_or_else(|| missing("Port")),
            vpc: group.clone().and_then(|group| group.VpcId.clone().ok_or_else(|| missing("VpcId"))),
            subnets: group.and_then(|group| subnets(group).ok_or_else(|| missing("Subnets"))),
            security_groups: Ok(active(cluster.VpcSecurityGroups.clone())),
            dual_stack: is_dual_stack(cluster.NetworkType.as_deref()),
        }
    }
}

/// A cluster is publicly addressed when it says so itself (Multi-AZ DB clusters) or one of its
/// members does (Aurora, DocumentDB, Neptune).
fn cluster_addressed(cluster: &rds::DBCluster, resource: &Resource, index: &Index<'_>) -> Result<bool, Gap> {
    if cluster.PubliclyAccessible == Some(true) {
        return Ok(true);
    }
    let mut unknown = None;
    for member in members_of(resource, index)? {
        match member.data::<rds::DBInstance>().ok().and_then(|instance| instance.PubliclyAccessible) {
            Some(true) => return Ok(true),
            Some(false) => {}
            None => {
                unknown = Some(Gap::new(
                    "rds:DescribeDBInstances",
                    Reason::NotReturned,
                    format!("AWS did not return PubliclyAccessible of {}", member.arn),
                ));
            }
        }
    }
    unknown.map_or(Ok(false), Err)
}

fn subnets(group: &rds::DBSubnetGroup) -> Option<Vec<String>> {
    Some(group.Subnets.as_ref()?.iter().filter_map(|subnet| subnet.SubnetIdentifier.clone()).collect())
}

/// The groups in force; a membership without a status counts.
fn active(memberships: Option<Vec<rds::VpcSecurityGroupMembership>>) -> Vec<String> {
    let memberships = memberships.unwrap_or_default();
    let in_force = memberships.into_iter().filter(|membership| membership.Status.as_deref().is_none_or(|status| status == "active"));
    in_force.filter_map(|membership| membership.VpcSecurityGroupId).collect()
}

fn is_dual_stack(network_type: Option<&str>) -> bool {
    network_type.is_some_and(|network_type| network_type.eq_ignore_ascii_case("DUAL") || network_type.eq_ignore_ascii_case("IPV6"))
}
