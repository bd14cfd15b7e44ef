//! DocumentDB elastic clusters: endpoints in subnets of the customer, on a port that nobody chooses.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

fn world() -> World {
    let cluster = json!({"clusterName": "sessions", "subnetIds": ["subnet-1"], "vpcSecurityGroupIds": ["sg-1"]});
    let groups = json!({"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 27017, "ToPort": 27017, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]});
    open().patch("sg-1", groups).with(kinds::DOCDB_ELASTIC_CLUSTER, "sessions", cluster)
}

#[test]
fn nothing_on_the_internet_reaches_it_whatever_routes_and_groups_say() {
    let network = world().fact("network", "sessions");
    assert_eq!((&network["publicly_addressed"], &network["internet_reachable"]), (&json!(false), &json!(false)));
    assert_eq!((&network["port"], &network["vpc_id"]), (&json!(27017), &json!("vpc-1")));
    assert_eq!((&network["public_subnets"], &network["public_sources"]), (&json!(["subnet-1"]), &json!(["sg-1: 0.0.0.0/0"])));
}

#[test]
fn groups_that_open_another_port_do_not_count() {
    let postgres = json!({"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]});
    assert_eq!(world().patch("sg-1", postgres).fact("network", "sessions")["public_sources"], json!([]));
}

#[test]
fn subnets_and_groups_that_are_not_told_are_gaps() {
    let gap = json!({"gap": "docdb-elastic:GetCluster"});
    for nothing in [Value::Null, json!([])] {
        let without_subnets = world().patch("sessions", json!({"subnetIds": nothing.clone()})).fact("network", "sessions");
        assert_eq!((&without_subnets["vpc_id"], &without_subnets["public_subnets"]), (&gap, &gap));
        let without_groups = world().patch("sessions", json!({"vpcSecurityGroupIds": nothing})).fact("network", "sessions");
        assert_eq!((&without_groups["public_sources"], &without_groups["internet_reachable"]), (&gap, &json!(false)));
    }
    let denied = world().denied("ec2:DescribeSubnets").fact("network", "sessions");
    assert_eq!(denied["vpc_id"], json!({"gap": "ec2:DescribeSubnets"}));
}
