//! Databases of the RDS API: instances, and clusters through their members and shard groups.

use super::{Reader, Target};
use crate::facts::Index;
use crate::facts::cluster::each_member;
use crate::facts::instance::Instance;
use crate::inventory::{Gap, Resource, kinds, rds};

pub const INSTANCE: Reader = Reader {
    kind: kinds::DB_INSTANCE,
    operations: &["rds:DescribeDBInstances"],
    read: |resource, _| resource.read().map(|instance| of_instance(instance, resource)),
};

pub const CLUSTER: Reader = Reader {
    kind: kinds::DB_CLUSTER,
    operations: &["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBSubnetGroups", "rds:DescribeDBShardGroups"],
    read: |resource, index| resource.read().map(|cluster| of_cluster(cluster, resource, index)),
};

/// A cluster of a product that has no shard groups.
pub const CLUSTER_OF_INSTANCES: Reader =
    Reader { operations: &["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBSubnetGroups"], ..CLUSTER };

fn of_instance(instance: &Instance, resource: &Resource) -> Target {
    let group = resource.required("DBSubnetGroup", instance.DBSubnetGroup.as_ref());
    // Ports are 0 where they say nothing.
    let port = instance.Endpoint.as_ref().and_then(|endpoint| endpoint.Port).filter(|port| *port > 0);
    let port = port.or_else(|| instance.DbInstancePort.filter(|port| *port > 0));
    Target {
        addressed: with_known_family(resource.required("PubliclyAccessible", instance.PubliclyAccessible), resource),
        port: resource.required("Endpoint", port),
        vpc: vpc(&group, resource),
        subnets: subnets(&group, resource),
        security_groups: security_groups(instance.VpcSecurityGroups.as_deref(), resource),
        dual_stack: may_be_dual_stack(instance.NetworkType.as_deref(), resource),
        has_own_gateway: false,
    }
}

fn of_cluster(cluster: &rds::DBCluster, resource: &Resource, index: &Index<'_>) -> Target {
    let addressed = with_known_family(cluster_addressed(cluster, resource, index), resource);
    let name = resource.required("DBSubnetGroup", cluster.DBSubnetGroup.as_ref());
    let group = name.and_then(|name| index.db_subnet_groups().get(name).map(|row| &row.data));
    Target {
        addressed,
        port: resource.required("Port", cluster.Port.filter(|port| *port > 0)),
        vpc: vpc(&group, resource),
        subnets: subnets(&group, resource),
        security_groups: security_groups(cluster.VpcSecurityGroups.as_deref(), resource),
        dual_stack: may_be_dual_stack(cluster.NetworkType.as_deref(), resource),
        has_own_gateway: cluster.InternetAccessGatewayEnabled == Some(true),
    }
}

/// A cluster is publicly addressed when it says so itself (Multi-AZ DB clusters), has a gateway of
/// its own, or one of its members (Aurora, DocumentDB, Neptune) or shard groups (Aurora Limitless) does.
fn cluster_addressed(cluster: &rds::DBCluster, resource: &Resource, index: &Index<'_>) -> Result<bool, Gap> {
    if cluster.PubliclyAccessible == Some(true) || cluster.InternetAccessGatewayEnabled == Some(true) {
        return Ok(true);
    }
    let own = resource.gap_of("PubliclyAccessible").map_or(Ok(false), Err);
    let members = each_member(resource, index)?.into_iter().map(|member| {
        let member = member?;
        member.required("PubliclyAccessible", member.read::<Instance>().ok().and_then(|instance| instance.PubliclyAccessible))
    });
    let shard_groups = if cluster.is_limitless() { shard_groups(cluster, resource, index) } else { Vec::new() };
    // One that is public decides; a gap leaves it open only where none is.
    let mut addressed = Ok(false);
    for one in members.chain(shard_groups).chain([own]) {
        match one {
            Ok(true) => return one,
            Ok(false) => {}
            Err(gap) => addressed = Err(gap),
        }
    }
    addressed
}

/// Whether each shard group of a cluster is publicly addressed, and the gap that may hide more of them.
fn shard_groups(cluster: &rds::DBCluster, resource: &Resource, index: &Index<'_>) -> Vec<Result<bool, Gap>> {
    let Ok(name) = resource.required("DBClusterIdentifier", cluster.DBClusterIdentifier.as_ref()) else {
        return vec![Err(resource.not_returned("DBClusterIdentifier"))];
    };
    let (seen, gap) = index.db_shard_groups().seen();
    let own = seen.filter(|row| row.data.DBClusterIdentifier.as_ref().is_none_or(|of| of == name));
    own.map(|row| row.resource.required("PubliclyAccessible", row.data.PubliclyAccessible)).chain(gap.map(Err)).collect()
}

/// A public address whose family is unread may be of IPv6, which other rules admit.
fn with_known_family(addressed: Result<bool, Gap>, resource: &Resource) -> Result<bool, Gap> {
    match resource.gap_of("NetworkType") {
        Some(gap) if addressed != Ok(false) => Err(gap),
        _ => addressed,
    }
}

fn vpc(group: &Result<&rds::DBSubnetGroup, Gap>, resource: &Resource) -> Result<String, Gap> {
    group.as_ref().map_err(Clone::clone)?.VpcId.clone().ok_or_else(|| resource.not_returned("DBSubnetGroup"))
}

fn subnets(group: &Result<&rds::DBSubnetGroup, Gap>, resource: &Resource) -> Result<Vec<String>, Gap> {
    let listed = group.as_ref().map_err(Clone::clone)?.Subnets.iter().flatten();
    super::subnets(listed.map(|subnet| subnet.SubnetIdentifier.clone()), "DBSubnetGroup", resource)
}

fn security_groups(memberships: Option<&[rds::VpcSecurityGroupMembership]>, resource: &Resource) -> Result<Vec<String>, Gap> {
    let memberships =
        memberships.map(|memberships| memberships.iter().map(|membership| (membership.VpcSecurityGroupId.clone(), membership.Status.clone())));
    super::security_groups(memberships, "VpcSecurityGroups", resource)
}

/// Whether it has IPv6 addresses too, by what it says of its network.
pub fn may_be_dual_stack(network_type: Option<&str>, resource: &Resource) -> bool {
    let says_so = |network_type: &str| ["DUAL", "DUAL_STACK", "IPV6"].iter().any(|name| network_type.eq_ignore_ascii_case(name));
    resource.gap_of("NetworkType").is_some() || network_type.is_some_and(says_so)
}
