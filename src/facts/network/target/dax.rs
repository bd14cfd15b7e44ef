//! DynamoDB Accelerator clusters: their nodes have private addresses only.

use super::{Reader, Target};
use crate::facts::Index;
use crate::inventory::{Gap, Resource, dax, kinds};

pub const CLUSTER: Reader = Reader {
    kind: kinds::DAX_CLUSTER,
    operations: &["dax:DescribeClusters", "dax:DescribeSubnetGroups"],
    read: |resource, index| resource.read().map(|cluster| of_cluster(cluster, resource, index)),
};

fn of_cluster(cluster: &dax::Cluster, resource: &Resource, index: &Index<'_>) -> Target {
    let name = resource.required("SubnetGroup", cluster.SubnetGroup.as_deref());
    let group = name.and_then(|name| index.dax_subnet_groups().get(name));
    let group = group.as_ref().map_err(Clone::clone);
    // Nodes listen on the port of the cluster's endpoint.
    let port = cluster.ClusterDiscoveryEndpoint.as_ref().and_then(|endpoint| endpoint.Port).filter(|port| *port > 0);
    let subnets = |group: &dax::SubnetGroup| group.Subnets.iter().flatten().map(|subnet| subnet.SubnetIdentifier.clone()).collect::<Option<Vec<_>>>();
    Target {
        addressed: Ok(false),
        port: resource.required("ClusterDiscoveryEndpoint", port),
        vpc: group.clone().and_then(|row| row.resource.required("VpcId", row.data.VpcId.clone())),
        subnets: group.and_then(|row| row.resource.required("Subnets", subnets(&row.data).filter(|subnets| !subnets.is_empty()))),
        security_groups: security_groups(cluster.SecurityGroups.as_deref(), resource),
        dual_stack: cluster.NetworkType.as_ref().is_some_and(|network_type| !network_type.eq_ignore_ascii_case("ipv4")),
        has_own_gateway: false,
    }
}

/// The groups in force: a membership that is being added or removed, or has no status, counts.
fn security_groups(memberships: Option<&[dax::SecurityGroupMembership]>, resource: &Resource) -> Result<Vec<String>, Gap> {
    let memberships = resource.required("SecurityGroups", memberships.filter(|memberships| !memberships.is_empty()))?;
    memberships.iter().map(|membership| resource.required("SecurityGroups", membership.SecurityGroupIdentifier.clone())).collect()
}
