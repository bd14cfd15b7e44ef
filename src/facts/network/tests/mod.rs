//! The network fact over whole scopes. Each test takes one thing away from, or adds one to, a
//! database that the whole internet reaches.

mod acls;
mod around;
mod block_public_access;
mod clusters;
mod docdb_elastic;
mod elasticache;
mod groups;
mod influxdb;
mod ingress;
mod memorydb;
mod models;
mod peers;
mod proxies;
mod routing;
mod unknown;

use serde_json::{Value, json};

use crate::facts::testing::{World, open};

const PATH: &str = "0.0.0.0/0 → igw-1 → rtb-1 → acl-1 → sg-1 → 5432";

/// Whether the internet reaches `db`: `true`, `false`, or the gap.
fn reachable(world: &World) -> Value {
    let network = world.fact("network", "db");
    // However a rule asks, it hears the same.
    if network["internet_reachable"].is_boolean() {
        let yes = network["internet_reachable"] == true;
        assert_eq!(network["internet_paths"].as_array().unwrap().is_empty(), !yes, "{network}");
        assert!(network["internet_addresses"].is_object() || (network["internet_addresses"] != 0) == yes, "{network}");
    } else {
        assert_eq!((&network["internet_addresses"], &network["internet_paths"]), (&network["internet_reachable"], &network["internet_reachable"]));
    }
    network["internet_reachable"].clone()
}

#[track_caller]
fn assert_public(world: &World) {
    assert_eq!(reachable(world), true);
}

#[track_caller]
fn assert_closed(world: &World) {
    assert_eq!(reachable(world), false);
}

#[track_caller]
fn assert_unknown(world: &World, operation: &str) {
    assert_eq!(reachable(world), json!({"gap": operation}));
}

fn network(world: &World, field: &str) -> Value {
    world.fact("network", "db")[field].clone()
}

#[test]
fn with_every_condition_met_the_path_is_told() {
    let world = open();
    assert_public(&world);
    assert_eq!(network(&world, "internet_paths"), json!([PATH]));
    assert_eq!(network(&world, "public_subnets"), json!(["subnet-1"]));
    assert_eq!(network(&world, "public_sources"), json!(["sg-1: 0.0.0.0/0"]));
    assert_eq!(network(&world, "internet_ipv6_networks"), 0);
    assert_eq!(network(&world, "in_default_vpc"), false);
    assert_eq!(network(&world, "default_security_groups"), json!([]));
}

#[test]
fn the_public_flag_off_closes_it() {
    assert_closed(&open().patch("db", json!({"PubliclyAccessible": false})));
}

#[test]
fn a_vpc_and_a_group_may_be_the_default_ones() {
    let world = open().patch("vpc-1", json!({"IsDefault": true})).patch("sg-1", json!({"GroupName": "default"}));
    assert_eq!(network(&world, "in_default_vpc"), true);
    assert_eq!(network(&world, "default_security_groups"), json!(["sg-1"]));
}

#[test]
fn a_failover_may_come_up_in_any_subnet() {
    let two = json!({"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-2"}, {"SubnetIdentifier": "subnet-1"}]});
    let private = json!({"RouteTableId": "rtb-2", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-2"}], "Routes": []});
    let world = open().patch("db", json!({"DBSubnetGroup": two})).with(crate::inventory::kinds::ROUTE_TABLE, "rtb-2", private);
    assert_public(&world);
    assert_eq!(network(&world, "public_subnets"), json!(["subnet-1"]));
    assert_eq!(network(&world, "internet_paths"), json!([PATH]));
}

#[test]
fn the_port_comes_from_the_endpoint_else_from_the_instance_and_zero_is_none() {
    assert_eq!(network(&open().patch("db", json!({"Endpoint": null, "DbInstancePort": 5432})), "port"), 5432);
    assert_eq!(network(&open().patch("db", json!({"Endpoint": {"Port": 0}, "DbInstancePort": 5432})), "port"), 5432);
    assert_eq!(network(&open().patch("db", json!({"Endpoint": null, "DbInstancePort": 0})), "port"), json!({"gap": "rds:DescribeDBInstances"}));
}
