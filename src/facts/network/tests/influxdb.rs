//! Timestream for InfluxDB: subnets and groups of the customer, and a public address if it is asked for.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::{Kind, kinds};

const KINDS: [(Kind, &str); 2] =
    [(kinds::INFLUXDB_INSTANCE, "timestream-influxdb:GetDbInstance"), (kinds::INFLUXDB_CLUSTER, "timestream-influxdb:GetDbCluster")];

/// One that the internet reaches.
fn world(kind: Kind) -> World {
    let data = json!({"name": "it", "publiclyAccessible": true, "port": 5432, "networkType": "IPV4", "vpcSubnetIds": ["subnet-1"],
        "vpcSecurityGroupIds": ["sg-1"]});
    open().with(kind, "it", data)
}

#[test]
fn a_public_address_in_a_public_subnet_behind_an_open_group_is_reached() {
    for (kind, _) in KINDS {
        let network = world(kind).fact("network", "it");
        assert_eq!(network["internet_paths"], json!(["0.0.0.0/0 → igw-1 → rtb-1 → acl-1 → sg-1 → 5432"]), "{kind}");
        assert_eq!((&network["vpc_id"], &network["port"]), (&json!("vpc-1"), &json!(5432)), "{kind}");
        let private = world(kind).patch("it", json!({"publiclyAccessible": false})).fact("network", "it");
        assert_eq!((&private["internet_reachable"], &private["public_subnets"]), (&json!(false), &json!(["subnet-1"])), "{kind}");
        let elsewhere = world(kind).patch("it", json!({"port": 8086})).fact("network", "it");
        assert_eq!((&elsewhere["internet_reachable"], &elsewhere["public_sources"]), (&json!(false), &json!([])), "{kind}");
    }
}

#[test]
fn only_a_dual_stack_listens_on_ipv6() {
    let groups = json!({"IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]});
    let routes = json!({"Routes": [{"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", "State": "active"}]});
    let allow = |egress: bool| json!({"RuleNumber": 100, "Egress": egress, "RuleAction": "allow", "Protocol": "-1", "Ipv6CidrBlock": "::/0"});
    for (kind, _) in KINDS {
        let world =
            world(kind).patch("sg-1", groups.clone()).patch("rtb-1", routes.clone()).patch("acl-1", json!({"Entries": [allow(false), allow(true)]}));
        assert_eq!(world.fact("network", "it")["internet_reachable"], false, "{kind}");
        assert_eq!(world.patch("it", json!({"networkType": "DUAL"})).fact("network", "it")["internet_reachable"], true, "{kind}");
    }
}

#[test]
fn what_aws_left_out_or_did_not_tell_is_a_gap() {
    for (kind, operation) in KINDS {
        let gap = json!({"gap": operation});
        for (field, shown) in [("publiclyAccessible", "publicly_addressed"), ("port", "port"), ("vpcSubnetIds", "vpc_id")] {
            let network = world(kind).patch("it", json!({field: null})).fact("network", "it");
            assert_eq!((&network[shown], &network["internet_reachable"]), (&gap, &gap), "{kind} without {field}");
        }
        for groups in [Value::Null, json!([])] {
            let network = world(kind).patch("it", json!({"vpcSecurityGroupIds": groups})).fact("network", "it");
            assert_eq!((&network["public_sources"], &network["internet_reachable"]), (&gap, &gap), "{kind} without groups");
        }
        let subnets = world(kind).denied("ec2:DescribeSubnets").fact("network", "it");
        assert_eq!(subnets["vpc_id"], json!({"gap": "ec2:DescribeSubnets"}), "{kind}");
    }
}
