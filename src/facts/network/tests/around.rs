//! What rules about VPCs and regions hear of the networks around databases.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

const ACCOUNT: &str = "arn:aws:account:us-east-1:111122223333:account";

fn region() -> World {
    open().with(kinds::ACCOUNT, ACCOUNT, json!({"Region": "us-east-1"}))
}

#[test]
fn a_vpc_hosts_the_databases_that_listen_in_it() {
    let hosted = |world: &World, id: &str| world.fact("hosted", id)["databases"].clone();
    assert_eq!((hosted(&region(), "vpc-1"), hosted(&region(), ACCOUNT)), (json!(["db"]), json!(["db"])));
    let other = region().with(kinds::VPC, "vpc-2", json!({"VpcId": "vpc-2"}));
    assert_eq!(hosted(&other, "vpc-2"), json!([]));
    let denied = other.clone().denied("memorydb:DescribeClusters");
    assert_eq!((hosted(&denied, "vpc-1"), hosted(&denied, "vpc-2")), (json!(["db"]), json!({"gap": "memorydb:DescribeClusters"})));
    let lost = other.unread("db", "DBSubnetGroup", "rds:DescribeDBInstances");
    assert_eq!((hosted(&lost, "vpc-2"), hosted(&lost, ACCOUNT)), (json!({"gap": "rds:DescribeDBInstances"}), json!(["db"])));
}

fn logged(of: &str, changes: Value) -> World {
    let log = json!({"FlowLogId": "fl-1", "ResourceId": of, "FlowLogStatus": "ACTIVE", "DeliverLogsStatus": "SUCCESS", "TrafficType": "ALL"});
    region().with(kinds::FLOW_LOG, "fl-1", log).patch("fl-1", changes)
}

fn recorded(world: &World) -> Value {
    world.fact("flow_logs", "vpc-1")["recorded"].clone()
}

#[test]
fn a_flow_log_records_what_is_refused_and_is_delivered() {
    assert_eq!(recorded(&region()), false);
    assert_eq!(recorded(&logged("vpc-1", json!({}))), true);
    assert_eq!(recorded(&logged("vpc-1", json!({"TrafficType": "REJECT", "DeliverLogsStatus": null}))), true);
    assert_eq!(recorded(&logged("vpc-1", json!({"TrafficType": "ACCEPT"}))), false);
    assert_eq!(recorded(&logged("vpc-1", json!({"DeliverLogsStatus": "FAILED"}))), false);
    assert_eq!(recorded(&logged("vpc-2", json!({}))), false);
}

#[test]
fn flow_logs_of_all_subnets_of_databases_do_as_well() {
    let log = logged("subnet-1", json!({}));
    assert_eq!(recorded(&log), true);
    let two = json!({"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}, {"SubnetIdentifier": "subnet-2"}]});
    assert_eq!(recorded(&log.clone().patch("db", json!({"DBSubnetGroup": two}))), false);
    assert_eq!(recorded(&log.denied("dax:DescribeClusters")), json!({"gap": "dax:DescribeClusters"}));
}

#[test]
fn flow_logs_that_cannot_be_seen_are_unknown() {
    assert_eq!(recorded(&logged("vpc-1", json!({})).denied("ec2:DescribeFlowLogs")), json!({"gap": "ec2:DescribeFlowLogs"}));
    let shared = region().patch("vpc-1", json!({"OwnerId": "999988887777"}));
    assert_eq!(recorded(&shared), json!({"gap": "ec2:DescribeFlowLogs"}));
}

#[test]
fn the_acl_in_front_of_a_port_is_evaluated_for_incoming_connections() {
    let ports = |world: &World| world.fact("acls", "vpc-1")["ports"].clone();
    assert_eq!(ports(&region()), json!([{"acl": "acl-1", "port": 5432, "databases": ["db"], "ipv4_share": 100.0, "ipv6_share": 0.0}]));
    let allow = json!({"RuleNumber": 100, "Egress": false, "RuleAction": "allow", "Protocol": "-1", "CidrBlock": "0.0.0.0/0"});
    let deny = json!({"RuleNumber": 90, "Egress": false, "RuleAction": "deny", "Protocol": "6", "PortRange": {"From": 5000, "To": 6000}, "CidrBlock": "0.0.0.0/0"});
    assert_eq!(ports(&region().patch("acl-1", json!({"Entries": [allow, deny]})))[0]["ipv4_share"], 0.0);
    assert_eq!(ports(&region().patch("acl-1", json!({"Entries": [allow]})))[0]["ipv4_share"], 100.0, "whatever goes out");
}

#[test]
fn what_is_not_known_of_acls_stands_beside_what_is() {
    let ports = |world: &World| world.fact("acls", "vpc-1")["ports"].clone();
    let denied = ports(&region().denied("ec2:DescribeNetworkAcls"));
    assert_eq!((&denied[0]["databases"], &denied[0]["ipv4_share"]), (&json!(["db"]), &json!({"gap": "ec2:DescribeNetworkAcls"})));
    let more = ports(&region().denied("rds:DescribeDBClusters"));
    assert_eq!((&more[0]["acl"], &more[1]["acl"]), (&json!("acl-1"), &json!({"gap": "rds:DescribeDBClusters"})));
}

#[test]
fn subnets_of_databases_that_block_public_access_leaves_open() {
    let fact = |world: &World| world.fact("block_public_access", ACCOUNT);
    assert_eq!(fact(&region()), json!({"mode": "off", "open_subnets": ["subnet-1"]}));
    let blocking = region().patch("bpa", json!({"InternetGatewayBlockMode": "block-ingress"}));
    assert_eq!(fact(&blocking), json!({"mode": "block-ingress", "open_subnets": []}));
    let excluded = |mode: &str| {
        let exclusion = json!({"ExclusionId": "x", "InternetGatewayExclusionMode": mode, "State": "create-complete", "ResourceArn": "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1"});
        fact(&blocking.clone().with(kinds::VPC_BLOCK_PUBLIC_ACCESS_EXCLUSION, "x", exclusion))["open_subnets"].clone()
    };
    assert_eq!((excluded("allow-bidirectional"), excluded("allow-egress")), (json!(["subnet-1"]), json!([])));
    let unlisted = "ec2:DescribeVpcBlockPublicAccessExclusions";
    assert_eq!(fact(&blocking.clone().denied(unlisted))["open_subnets"], json!({"gap": unlisted}));
    assert_eq!(fact(&blocking.denied("rds:DescribeDBClusters"))["open_subnets"], json!({"gap": "rds:DescribeDBClusters"}));
    assert_eq!(fact(&region().denied("rds:DescribeDBClusters"))["open_subnets"], json!(["subnet-1"]));
}
