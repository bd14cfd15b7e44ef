//! Caches: their subnets and groups, and the endpoint on the internet that a serverless one may have.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

const CLUSTERS: &str = "elasticache:DescribeCacheClusters";

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

fn member(name: &str, group: &str) -> Value {
    json!({"CacheClusterId": name, "ReplicationGroupId": "cache", "CacheSubnetGroupName": "subnets-1",
        "SecurityGroups": [{"SecurityGroupId": group, "Status": "active"}],
        "CacheNodes": [{"CacheNodeId": "0001", "Endpoint": {"Port": 5432}}]})
}

/// A replication group of two nodes, a Memcached cluster and a serverless cache where a database would
/// be public.
fn world() -> World {
    open()
        .with(
            kinds::CACHE_SUBNET_GROUP,
            "subnets",
            json!({"CacheSubnetGroupName": "subnets-1", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}),
        )
        .with(kinds::REPLICATION_GROUP, "cache", json!({"ReplicationGroupId": "cache", "MemberClusters": ["cache-001", "cache-002"]}))
        .with(kinds::CACHE_CLUSTER, "cache-001", member("cache-001", "sg-1"))
        .with(kinds::CACHE_CLUSTER, "cache-002", member("cache-002", "sg-1"))
        .with(
            kinds::CACHE_CLUSTER,
            "pages",
            json!({"CacheClusterId": "pages", "ConfigurationEndpoint": {"Port": 11211}, "CacheSubnetGroupName": "subnets-1",
            "SecurityGroups": [{"SecurityGroupId": "sg-1", "Status": "active"}]}),
        )
        .with(
            kinds::SERVERLESS_CACHE,
            "carts",
            json!({"ServerlessCacheName": "carts", "SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"], "Endpoint": {"Port": 6379},
            "ReaderEndpoint": {"Port": 6380}}),
        )
}

fn network(world: &World, cache: &str, field: &str) -> Value {
    world.fact("network", cache)[field].clone()
}

#[test]
fn a_cache_is_not_reached_from_the_internet_however_open_its_network_is() {
    for cache in ["cache", "pages", "carts"] {
        let network = world().fact("network", cache);
        assert_eq!((&network["publicly_addressed"], &network["internet_reachable"]), (&json!(false), &json!(false)), "{cache}");
        assert_eq!((&network["vpc_id"], &network["public_subnets"]), (&json!("vpc-1"), &json!(["subnet-1"])), "{cache}");
        assert_eq!(network["security_groups"], json!(["sg-1"]), "{cache}");
    }
    assert_eq!(network(&world(), "cache", "public_sources"), json!(["sg-1: 0.0.0.0/0"]));
}

#[test]
fn the_port_is_that_of_the_endpoint_or_else_of_a_node() {
    assert_eq!(network(&world(), "cache", "port"), 5432);
    assert_eq!(network(&world(), "pages", "port"), 11211);
    let clustered = world().patch("cache", json!({"ConfigurationEndpoint": {"Port": 6390}}));
    assert_eq!(network(&clustered, "cache", "port"), 6390);
    let sharded = world().patch("cache", json!({"NodeGroups": [{"PrimaryEndpoint": {"Port": 6391}}]}));
    assert_eq!(network(&sharded, "cache", "port"), 6391);
    let silent = world().patch("pages", json!({"ConfigurationEndpoint": null}));
    assert_eq!(network(&silent, "pages", "port"), gap(CLUSTERS));
}

#[test]
fn each_member_counts_for_the_security_groups() {
    let closed = json!({"GroupId": "sg-2", "GroupName": "closed", "VpcId": "vpc-1", "IpPermissions": []});
    let world = world().with(kinds::SECURITY_GROUP, "sg-2", closed);
    let one_open = world.clone().with(kinds::CACHE_CLUSTER, "cache-001", member("cache-001", "sg-2"));
    assert_eq!(network(&one_open, "cache", "security_groups"), json!(["sg-1", "sg-2"]));
    assert_eq!(network(&one_open, "cache", "public_sources"), json!(["sg-1: 0.0.0.0/0"]));
    let all_closed = one_open.with(kinds::CACHE_CLUSTER, "cache-002", member("cache-002", "sg-2"));
    assert_eq!(network(&all_closed, "cache", "public_sources"), json!([]));
}

#[test]
fn what_was_not_read_is_a_gap() {
    let denied = world().denied(CLUSTERS);
    for field in ["port", "vpc_id", "public_subnets", "security_groups", "public_sources"] {
        assert_eq!(network(&denied, "cache", field), gap(CLUSTERS), "{field}");
    }
    assert_eq!(network(&denied, "cache", "internet_reachable"), false);
    let no_group = world().denied("elasticache:DescribeCacheSubnetGroups");
    assert_eq!(network(&no_group, "pages", "public_subnets"), gap("elasticache:DescribeCacheSubnetGroups"));
    let unlisted = world().without("cache-002");
    assert_eq!(network(&unlisted, "cache", "security_groups"), gap(CLUSTERS));
    let making = world().patch("cache", json!({"MemberClusters": []}));
    assert_eq!(network(&making, "cache", "security_groups"), gap("elasticache:DescribeReplicationGroups"));
    let no_subnets = world().denied("ec2:DescribeSubnets");
    assert_eq!(network(&no_subnets, "carts", "vpc_id"), gap("ec2:DescribeSubnets"));
}

#[test]
fn the_port_of_the_reader_endpoint_counts_too() {
    let admitting = |port: i64| {
        let rule = json!([{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]);
        world().patch("sg-1", json!({"IpPermissions": rule}))
    };
    for port in [6379, 6380] {
        assert_eq!(network(&admitting(port), "carts", "public_sources"), json!(["sg-1: 0.0.0.0/0"]), "{port}");
    }
    assert_eq!(network(&admitting(6381), "carts", "public_sources"), json!([]));
}

#[test]
fn a_public_endpoint_is_reached_past_every_filter() {
    let public = world().patch("carts", json!({"ConnectionType": "public", "SubnetIds": null, "SecurityGroupIds": null}));
    let network = public.fact("network", "carts");
    assert_eq!((&network["publicly_addressed"], &network["internet_reachable"]), (&json!(true), &json!(true)));
    assert_eq!(network["internet_paths"], json!(["0.0.0.0/0 → endpoint outside any VPC"]));
    assert_eq!((&network["public_subnets"], &network["security_groups"]), (&gap("elasticache:DescribeServerlessCaches"), &json!([])));
    let in_vpc = world().patch("carts", json!({"ConnectionType": "vpc"}));
    assert_eq!(in_vpc.fact("network", "carts")["internet_reachable"], false);
}

#[test]
fn a_private_network_has_a_width_too() {
    let from = |cidr: &str| json!({"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 11211, "ToPort": 11211, "IpRanges": [{"CidrIp": cidr}]}]});
    let widest = |cidr: &str| network(&world().patch("sg-1", from(cidr)), "pages", "widest_private_ipv4_prefix");
    assert_eq!(widest("10.0.0.0/8"), 8);
    assert_eq!(widest("10.20.0.0/16"), 16);
    assert_eq!(widest("203.0.113.0/24"), 33);
    assert_eq!(network(&world().denied("ec2:DescribeSecurityGroups"), "pages", "widest_private_ipv4_prefix"), gap("ec2:DescribeSecurityGroups"));
}
