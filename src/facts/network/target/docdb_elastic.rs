//! DocumentDB elastic clusters: endpoints in subnets of the customer, never with a public address.

use super::{Reader, Target, some, vpc_of};
use crate::facts::Index;
use crate::inventory::{Resource, docdb_elastic, kinds};

pub const CLUSTER: Reader = Reader {
    kind: kinds::DOCDB_ELASTIC_CLUSTER,
    operations: &["docdb-elastic:ListClusters", "docdb-elastic:GetCluster", "ec2:DescribeSubnets"],
    read: |resource, index| resource.read().map(|cluster| of_cluster(cluster, resource, index)),
};

/// The API names no port and lets none be chosen.
const PORT: i64 = 27_017;

fn of_cluster(cluster: &docdb_elastic::Cluster, resource: &Resource, index: &Index<'_>) -> Target {
    let subnets = some(resource, "subnetIds", cluster.subnetIds.clone());
    Target {
        addressed: Ok(false),
        port: Ok(PORT),
        vpc: vpc_of(&subnets, resource, index),
        subnets,
        security_groups: some(resource, "vpcSecurityGroupIds", cluster.vpcSecurityGroupIds.clone()),
        dual_stack: false,
        has_own_gateway: false,
    }
}
