//! Clusters: addressed as their members are, in the subnets of their subnet group.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

/// An Aurora cluster of these members, each by name and public flag.
fn cluster(members: &[(&str, Value)]) -> World {
    let names: Vec<_> = members.iter().map(|(name, _)| json!({"DBInstanceIdentifier": name})).collect();
    let world = open()
        .with(
            kinds::DB_SUBNET_GROUP,
            "group-1",
            json!({"DBSubnetGroupName": "group-1", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}),
        )
        .with(
            kinds::DB_CLUSTER,
            "shop",
            json!({"DBClusterIdentifier": "shop", "Engine": "aurora-postgresql", "Port": 5432, "DBSubnetGroup": "group-1",
            "DBClusterMembers": names, "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}]}),
        );
    members.iter().fold(world, |world, (name, public)| {
        world.with(kinds::DB_INSTANCE, name, json!({"DBInstanceIdentifier": name, "DBClusterIdentifier": "shop", "PubliclyAccessible": public}))
    })
}

fn reachable(world: &World) -> Value {
    world.fact("network", "shop")["internet_reachable"].clone()
}

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

#[test]
fn one_public_member_is_enough() {
    assert_eq!(reachable(&cluster(&[("a", json!(false)), ("b", json!(false))])), false);
    assert_eq!(reachable(&cluster(&[("a", json!(false)), ("b", json!(true))])), true);
}

#[test]
fn a_multi_az_db_cluster_says_so_itself() {
    assert_eq!(reachable(&cluster(&[("a", json!(false))]).patch("shop", json!({"PubliclyAccessible": true}))), true);
    assert_eq!(reachable(&cluster(&[("a", json!(false))]).patch("shop", json!({"PubliclyAccessible": false}))), false);
}

#[test]
fn no_members_no_address_but_unlisted_members_are_unknown() {
    assert_eq!(reachable(&cluster(&[])), false);
    assert_eq!(reachable(&cluster(&[]).patch("shop", json!({"DBClusterMembers": null}))), gap("rds:DescribeDBClusters"));
}

#[test]
fn a_member_that_is_missing_or_silent_leaves_it_open_unless_another_is_public() {
    let silent = [("a", Value::Null), ("b", json!(false))];
    assert_eq!(reachable(&cluster(&silent)), gap("rds:DescribeDBInstances"));
    assert_eq!(reachable(&cluster(&silent).without("a")), gap("rds:DescribeDBInstances"));
    assert_eq!(reachable(&cluster(&[("a", Value::Null), ("b", json!(true))]).without("a")), true);
    assert_eq!(reachable(&cluster(&[("a", json!(true))]).denied("rds:DescribeDBInstances")), gap("rds:DescribeDBInstances"));
}

#[test]
fn without_its_subnet_group_it_is_unknown_unless_closed_otherwise() {
    let world = cluster(&[("a", json!(true))]).denied("rds:DescribeDBSubnetGroups");
    assert_eq!(reachable(&world), gap("rds:DescribeDBSubnetGroups"));
    assert_eq!(reachable(&world.patch("sg-1", json!({"IpPermissions": []}))), false);
    let unnamed = cluster(&[("a", json!(true))]).patch("shop", json!({"DBSubnetGroup": null}));
    assert_eq!(reachable(&unnamed), gap("rds:DescribeDBClusters"));
    assert_eq!(reachable(&cluster(&[("a", json!(true))]).without("group-1")), gap("rds:DescribeDBSubnetGroups"));
}

#[test]
fn an_internet_access_gateway_passes_by_the_vpc() {
    let express = json!({"InternetAccessGatewayEnabled": true, "DBSubnetGroup": null, "VpcSecurityGroups": []});
    let world = cluster(&[("a", json!(false))]).patch("shop", express);
    assert_eq!(reachable(&world), true);
    assert_eq!(world.fact("network", "shop")["publicly_addressed"], true);
    assert_eq!(reachable(&cluster(&[("a", json!(false))]).patch("shop", json!({"InternetAccessGatewayEnabled": false}))), false);
}

#[test]
fn aurora_limitless_is_addressed_as_its_shard_groups_are() {
    let limitless = || cluster(&[]).patch("shop", json!({"ClusterScalabilityType": "limitless"}));
    let group = |world: World, public: Value| {
        world.with(
            kinds::DB_SHARD_GROUP,
            "shards",
            json!({"DBShardGroupIdentifier": "shards", "DBClusterIdentifier": "shop", "PubliclyAccessible": public}),
        )
    };
    assert_eq!(reachable(&limitless()), false);
    assert_eq!(reachable(&group(limitless(), json!(false))), false);
    assert_eq!(reachable(&group(limitless(), json!(true))), true);
    assert_eq!(reachable(&group(limitless(), Value::Null)), gap("rds:DescribeDBShardGroups"));
    let of_another = group(limitless(), json!(true)).patch("shards", json!({"DBClusterIdentifier": "other"}));
    assert_eq!(reachable(&of_another), false);
    let denied = limitless().denied("rds:DescribeDBShardGroups");
    assert_eq!(reachable(&denied), gap("rds:DescribeDBShardGroups"));
    // One that is known to be public decides, and a cluster of another kind has none.
    assert_eq!(reachable(&group(denied, json!(true))), true);
    assert_eq!(reachable(&cluster(&[]).denied("rds:DescribeDBShardGroups")), false);
}
