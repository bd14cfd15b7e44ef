//! Three-valued answers: each operation denied or not called leaves a gap, unless another condition
//! decides.

use serde_json::json;

use super::{assert_closed, assert_public, assert_unknown, network};
use crate::facts::testing::{World, open};
use crate::inventory::kinds;

/// Every operation without which an open database is not known to be open.
const NEEDED: [&str; 6] = [
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeRouteTables",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcBlockPublicAccessOptions",
];

/// What closes it, and the operation that tells.
fn closings() -> [(&'static str, World); 5] {
    let private = json!([{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}]);
    [
        ("rds:DescribeDBInstances", open().patch("db", json!({"PubliclyAccessible": false}))),
        ("ec2:DescribeSecurityGroups", open().patch("sg-1", json!({"IpPermissions": []}))),
        ("ec2:DescribeRouteTables", open().patch("rtb-1", json!({"Routes": private}))),
        ("ec2:DescribeNetworkAcls", open().patch("acl-1", json!({"Entries": []}))),
        ("ec2:DescribeVpcBlockPublicAccessOptions", open().patch("bpa", json!({"InternetGatewayBlockMode": "block-ingress"}))),
    ]
}

#[test]
fn each_denied_operation_leaves_a_gap_where_all_else_is_open() {
    for operation in NEEDED {
        assert_unknown(&open().denied(operation), operation);
        assert_unknown(&open().not_called(operation), operation);
    }
}

#[test]
fn operations_that_decide_nothing_here_leave_none() {
    for operation in
        ["ec2:DescribeVpcs", "ec2:DescribeVpcBlockPublicAccessExclusions", "ec2:DescribeManagedPrefixLists", "rds:DescribeDBSubnetGroups"]
    {
        assert_public(&open().denied(operation));
    }
}

#[test]
fn one_known_closed_door_decides_whatever_else_is_denied() {
    for (told_by, world) in closings() {
        for operation in NEEDED.into_iter().filter(|operation| *operation != told_by) {
            // The subnet carries the setting of Block Public Access.
            if told_by == "ec2:DescribeVpcBlockPublicAccessOptions" && operation == "ec2:DescribeSubnets" {
                continue;
            }
            let denied = world.clone().denied(operation);
            assert_eq!(super::reachable(&denied), false, "closed by {told_by}, without {operation}");
        }
    }
}

#[test]
fn a_closed_door_decides_though_all_else_is_denied_together() {
    for (told_by, world) in closings().into_iter().take(4) {
        let denied = NEEDED.into_iter().filter(|operation| *operation != told_by).fold(world, World::denied);
        assert_closed(&denied);
    }
}

#[test]
fn an_unknown_port_closes_nothing_and_hides_no_private_subnet() {
    let without_port = |world: World| world.patch("db", json!({"Endpoint": null}));
    assert_unknown(&without_port(open()), "rds:DescribeDBInstances");
    for (_, world) in closings() {
        // The ACL of these is closed to all ports, but its entries are read for one.
        if world.resource("acl-1").data.get().contains(r#""Entries":[]"#) {
            continue;
        }
        assert_closed(&without_port(world));
    }
    let all_ports = json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]);
    assert_eq!(network(&without_port(open().patch("sg-1", json!({"IpPermissions": all_ports}))), "ipv4_share"), 100.0);
}

#[test]
fn unknown_subnets_leave_a_gap_unless_a_group_or_the_flag_closes() {
    let without = |world: World, group| world.patch("db", json!({"DBSubnetGroup": group}));
    for group in [json!(null), json!({"VpcId": "vpc-1"}), json!({"VpcId": "vpc-1", "Subnets": []}), json!({"VpcId": "vpc-1", "Subnets": [{}]})] {
        assert_unknown(&without(open(), group.clone()), "rds:DescribeDBInstances");
        assert_closed(&without(open().patch("sg-1", json!({"IpPermissions": []})), group.clone()));
        assert_closed(&without(open().patch("db", json!({"PubliclyAccessible": false})), group));
    }
}

#[test]
fn an_unreadable_subnet_hides_nothing_of_what_another_opens() {
    let two = json!({"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-2"}, {"SubnetIdentifier": "subnet-1"}]});
    let world = open().patch("db", json!({"DBSubnetGroup": two}));
    assert_public(&world);
    let closed = world.patch("acl-1", json!({"Entries": []}));
    assert_unknown(&closed, "ec2:DescribeNetworkAcls");
}

#[test]
fn a_silent_flag_and_silent_groups_are_unknown() {
    assert_unknown(&open().patch("db", json!({"PubliclyAccessible": null})), "rds:DescribeDBInstances");
    assert_unknown(&open().patch("db", json!({"VpcSecurityGroups": null})), "rds:DescribeDBInstances");
    assert_unknown(&open().unread("db", "PubliclyAccessible", "rds:DescribeDBInstances"), "rds:DescribeDBInstances");
    assert_unknown(&open().without("sg-1"), "ec2:DescribeSecurityGroups");
}

#[test]
fn an_unknown_flag_still_knows_its_families() {
    let only_six = json!([{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]);
    assert_closed(&open().patch("db", json!({"PubliclyAccessible": null})).patch("sg-1", json!({"IpPermissions": only_six})));
}

#[test]
fn a_resource_of_another_shape_is_a_gap_as_a_whole() {
    let world = open().with(kinds::DB_INSTANCE, "db", json!({"PubliclyAccessible": "yes"}));
    assert_eq!(world.fact("network", "db"), json!({"gap": "rds:DescribeDBInstances"}));
}
