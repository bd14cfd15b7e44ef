//! RDS Proxy: never publicly addressed, behind the groups and in the subnets that it names itself.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

/// An open VPC with a proxy and an endpoint of it.
fn world() -> World {
    let place = json!({"VpcId": "vpc-1", "VpcSubnetIds": ["subnet-1"], "VpcSecurityGroupIds": ["sg-1"], "EndpointNetworkType": "IPV4"});
    open()
        .with(kinds::DB_PROXY, "proxy", place.clone())
        .patch("proxy", json!({"DBProxyName": "orders", "EngineFamily": "POSTGRESQL"}))
        .with(kinds::DB_PROXY_ENDPOINT, "endpoint", place)
        .patch("endpoint", json!({"DBProxyEndpointName": "reports", "DBProxyName": "orders"}))
}

fn network(world: &World, id: &str, field: &str) -> Value {
    world.fact("network", id)[field].clone()
}

#[test]
fn it_has_no_public_address_but_public_subnets_and_sources() {
    for id in ["proxy", "endpoint"] {
        let network = |field| network(&world(), id, field);
        assert_eq!((network("publicly_addressed"), network("internet_reachable")), (json!(false), json!(false)), "{id}");
        assert_eq!(network("public_subnets"), json!(["subnet-1"]), "{id}");
        assert_eq!(network("public_sources"), json!(["sg-1: 0.0.0.0/0"]), "{id}");
    }
}

#[test]
fn the_port_is_the_default_of_its_engines() {
    for (family, port) in [("POSTGRESQL", 5432), ("MYSQL", 3306), ("SQLSERVER", 1433)] {
        let world = world().patch("proxy", json!({"EngineFamily": family}));
        assert_eq!((network(&world, "proxy", "port"), network(&world, "endpoint", "port")), (json!(port), json!(port)), "{family}");
        assert_eq!(network(&world, "proxy", "public_sources") == json!([]), family != "POSTGRESQL", "{family}");
    }
    let unknown = world().patch("proxy", json!({"EngineFamily": "NEWSQL"}));
    assert_eq!(network(&unknown, "proxy", "port"), json!({"gap": "rds:DescribeDBProxies"}));
}

#[test]
fn an_endpoint_without_its_proxy_has_an_unknown_port() {
    let gap = json!({"gap": "rds:DescribeDBProxies"});
    assert_eq!(network(&world().without("proxy"), "endpoint", "port"), gap);
    assert_eq!(network(&world().without("proxy"), "endpoint", "public_sources"), gap);
    assert_eq!(network(&world().without("proxy"), "endpoint", "public_subnets"), json!(["subnet-1"]));
    assert_eq!(network(&world().without("proxy").patch("sg-1", json!({"IpPermissions": []})), "endpoint", "public_sources"), json!([]));
}

#[test]
fn what_aws_left_out_is_unknown() {
    for field in ["VpcSubnetIds", "VpcId"] {
        assert_eq!(
            network(&world().patch("proxy", json!({field: null})), "proxy", "public_subnets"),
            json!({"gap": "rds:DescribeDBProxies"}),
            "{field}"
        );
    }
    let without_groups = world().patch("endpoint", json!({"VpcSecurityGroupIds": []}));
    assert_eq!(network(&without_groups, "endpoint", "public_sources"), json!({"gap": "rds:DescribeDBProxyEndpoints"}));
}
