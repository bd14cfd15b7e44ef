//! Caches of ElastiCache. What runs on nodes has no public address, whatever its subnets are; a
//! serverless cache may have an endpoint on the internet instead of one in a VPC.

use super::rds::may_be_dual_stack;
use super::{Reader, Target, security_groups, subnets};
use crate::facts::Index;
use crate::facts::cluster::members_of;
use crate::facts::tables::Row;
use crate::inventory::elasticache::{CacheCluster, CacheSubnetGroup, Endpoint, ReplicationGroup, ServerlessCache};
use crate::inventory::{Gap, Reason, Resource, kinds};

pub const REPLICATION_GROUP: Reader = Reader {
    kind: kinds::REPLICATION_GROUP,
    operations: &["elasticache:DescribeReplicationGroups", "elasticache:DescribeCacheClusters", "elasticache:DescribeCacheSubnetGroups"],
    read: |resource, index| {
        let group: &ReplicationGroup = resource.read()?;
        let primaries = group.NodeGroups.iter().flatten().map(|shard| shard.PrimaryEndpoint.as_ref());
        let own = std::iter::once(group.ConfigurationEndpoint.as_ref()).chain(primaries).find_map(port);
        let members = members_of(resource, index).and_then(|members| members.into_iter().map(Node::read).collect());
        let target = of_nodes(members, index);
        Ok(Target { port: own.map_or(target.port, Ok), ..target })
    },
};

pub const CACHE_CLUSTER: Reader = Reader {
    kind: kinds::CACHE_CLUSTER,
    operations: &["elasticache:DescribeCacheClusters", "elasticache:DescribeCacheSubnetGroups"],
    read: |resource, index| Ok(of_nodes(Node::read(resource).map(|node| vec![node]), index)),
};

pub const SERVERLESS_CACHE: Reader = Reader {
    kind: kinds::SERVERLESS_CACHE,
    operations: &["elasticache:DescribeServerlessCaches", "ec2:DescribeSubnets"],
    read: |resource, index| Ok(of_serverless(resource.read()?, resource, index)),
};

/// The port of a serverless cache's reader endpoint, which is not that of its endpoint.
pub fn reader_port(cache: &Resource) -> Option<i64> {
    port(cache.read::<ServerlessCache>().ok()?.ReaderEndpoint.as_ref())
}

fn port(endpoint: Option<&Endpoint>) -> Option<i64> {
    endpoint?.Port.filter(|port| *port > 0)
}

/// A cache cluster: all that is known of the network of a Memcached cluster, a single Redis node, or
/// the part of a replication group in one of its nodes.
struct Node<'r> {
    resource: &'r Resource,
    cluster: &'r CacheCluster,
}

impl<'r> Node<'r> {
    fn read(resource: &'r Resource) -> Result<Self, Gap> {
        Ok(Self { resource, cluster: resource.read()? })
    }

    fn port(&self) -> Result<i64, Gap> {
        let nodes = self.cluster.CacheNodes.iter().flatten().map(|node| &node.Endpoint);
        let known = std::iter::once(&self.cluster.ConfigurationEndpoint).chain(nodes).find_map(|endpoint| port(endpoint.as_ref()));
        self.resource.required("CacheNodes", known)
    }

    fn security_groups(&self) -> Result<Vec<String>, Gap> {
        let memberships = self.cluster.SecurityGroups.clone();
        let memberships = memberships.map(|groups| groups.into_iter().map(|group| (group.SecurityGroupId, group.Status)));
        security_groups(memberships, "SecurityGroups", self.resource)
    }

    fn subnet_group<'i, 's>(&self, index: &'i Index<'s>) -> Result<&'i Row<'s, CacheSubnetGroup>, Gap> {
        let name = self.resource.required("CacheSubnetGroupName", self.cluster.CacheSubnetGroupName.as_deref())?;
        index.cache_subnet_groups().get(name)
    }

    fn vpc(&self, index: &Index<'_>) -> Result<String, Gap> {
        let group = self.subnet_group(index)?;
        group.resource.required("VpcId", group.data.VpcId.clone())
    }

    fn subnets(&self, index: &Index<'_>) -> Result<Vec<String>, Gap> {
        let listed = self.subnet_group(index)?.data.Subnets.iter().flatten();
        subnets(listed.map(|subnet| subnet.SubnetIdentifier.clone()), "CacheSubnetGroupName", self.resource)
    }

    fn may_be_dual_stack(&self) -> bool {
        may_be_dual_stack(self.cluster.NetworkType.as_deref(), self.resource)
    }
}

/// One node, or the nodes of a replication group: they share port and subnet group, and each has the
/// group's security groups or its own.
fn of_nodes(nodes: Result<Vec<Node<'_>>, Gap>, index: &Index<'_>) -> Target {
    let nothing = || Gap::new("elasticache:DescribeCacheClusters", Reason::NotReturned, "AWS returned no node");
    let first = nodes.as_ref().map_err(Clone::clone).and_then(|nodes| nodes.first().ok_or_else(nothing));
    let groups = nodes.as_ref().map_err(Clone::clone).and_then(|nodes| nodes.iter().map(Node::security_groups).collect::<Result<Vec<_>, _>>());
    Target {
        addressed: Ok(false),
        port: first.clone().and_then(Node::port),
        vpc: first.clone().and_then(|node| node.vpc(index)),
        subnets: first.and_then(|node| node.subnets(index)),
        security_groups: groups.map(|groups| {
            let mut groups = groups.concat();
            groups.sort();
            groups.dedup();
            groups
        }),
        dual_stack: nodes.as_ref().map_or(true, |nodes| nodes.iter().any(Node::may_be_dual_stack)),
        has_own_gateway: false,
    }
}

fn of_serverless(cache: &ServerlessCache, resource: &Resource, index: &Index<'_>) -> Target {
    let on_the_internet = cache.ConnectionType.as_deref() == Some("public");
    // One with a public endpoint is in no VPC.
    let of_vpc = |field: &str, ids: &Option<Vec<String>>| match resource.required(field, ids.clone().filter(|ids| !ids.is_empty())) {
        Err(_) if on_the_internet => Ok(Vec::new()),
        ids => ids,
    };
    let subnets = of_vpc("SubnetIds", &cache.SubnetIds);
    let vpc = subnets.clone().and_then(|subnets| {
        let first = subnets.first().ok_or_else(|| resource.not_returned("SubnetIds"))?;
        let subnet = index.subnets().get(first)?;
        subnet.resource.required("VpcId", subnet.data.VpcId.clone())
    });
    Target {
        addressed: resource.gap_of("ConnectionType").map_or(Ok(on_the_internet), Err),
        port: resource.required("Endpoint", port(cache.Endpoint.as_ref())),
        vpc,
        subnets,
        security_groups: of_vpc("SecurityGroupIds", &cache.SecurityGroupIds),
        dual_stack: may_be_dual_stack(cache.NetworkType.as_deref(), resource),
        has_own_gateway: on_the_internet,
    }
}
