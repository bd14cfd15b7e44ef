//! MemoryDB clusters: always in a VPC, never with a public address.

use super::{Reader, Target, security_groups, subnets};
use crate::facts::Index;
use crate::inventory::{Resource, kinds, memorydb};

pub const CLUSTER: Reader = Reader {
    kind: kinds::MEMORYDB_CLUSTER,
    operations: &["memorydb:DescribeClusters", "memorydb:DescribeSubnetGroups"],
    read: |resource, index| resource.read().map(|cluster| of_cluster(cluster, resource, index)),
};

fn of_cluster(cluster: &memorydb::Cluster, resource: &Resource, index: &Index<'_>) -> Target {
    let group = resource.required("SubnetGroupName", cluster.SubnetGroupName.as_deref()).and_then(|name| index.memorydb_subnet_groups().get(name));
    let groups = cluster.SecurityGroups.as_ref().map(|groups| groups.iter().map(|group| (group.SecurityGroupId.clone(), group.Status.clone())));
    Target {
        addressed: Ok(false),
        port: resource.required("ClusterEndpoint", cluster.ClusterEndpoint.as_ref().and_then(|endpoint| endpoint.Port).filter(|port| *port > 0)),
        vpc: group.clone().and_then(|group| group.resource.required("VpcId", group.data.VpcId.clone())),
        subnets: group.and_then(|group| {
            let listed = group.data.Subnets.iter().flatten().map(|subnet| subnet.Identifier.clone());
            subnets(listed, "Subnets", group.resource)
        }),
        security_groups: security_groups(groups, "SecurityGroups", resource),
        dual_stack: false,
        has_own_gateway: false,
    }
}
