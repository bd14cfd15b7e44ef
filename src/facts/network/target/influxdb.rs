//! Timestream for InfluxDB: instances and clusters.

use super::{Reader, Target, some, vpc_of};
use crate::facts::Index;
use crate::inventory::{Resource, kinds, timestream};

pub const INSTANCE: Reader = Reader {
    kind: kinds::INFLUXDB_INSTANCE,
    operations: &["timestream-influxdb:ListDbInstances", "timestream-influxdb:GetDbInstance", "ec2:DescribeSubnets"],
    read: |resource, index| {
        let instance: timestream::DbInstance = resource.read().cloned()?;
        let network = (instance.publiclyAccessible, instance.port, instance.networkType);
        Ok(target(network, instance.vpcSubnetIds, instance.vpcSecurityGroupIds, resource, index))
    },
};

pub const CLUSTER: Reader = Reader {
    kind: kinds::INFLUXDB_CLUSTER,
    operations: &["timestream-influxdb:ListDbClusters", "timestream-influxdb:GetDbCluster", "ec2:DescribeSubnets"],
    read: |resource, index| {
        let cluster: timestream::DbCluster = resource.read().cloned()?;
        let network = (cluster.publiclyAccessible, cluster.port, cluster.networkType);
        Ok(target(network, cluster.vpcSubnetIds, cluster.vpcSecurityGroupIds, resource, index))
    },
};

fn target(
    (public, port, network_type): (Option<bool>, Option<i64>, Option<String>),
    subnets: Option<Vec<String>>,
    groups: Option<Vec<String>>,
    resource: &Resource,
    index: &Index<'_>,
) -> Target {
    let subnets = some(resource, "vpcSubnetIds", subnets);
    Target {
        addressed: resource.required("publiclyAccessible", public),
        port: resource.required("port", port),
        vpc: vpc_of(&subnets, resource, index),
        subnets,
        security_groups: some(resource, "vpcSecurityGroupIds", groups),
        dual_stack: network_type.as_deref() == Some("DUAL"),
        has_own_gateway: false,
    }
}
