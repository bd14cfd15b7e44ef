//! Security groups: the union of what their rules admit to the port.

use serde_json::{Value, json};

use super::{assert_closed, assert_public, assert_unknown, network};
use crate::facts::testing::{World, open};
use crate::inventory::kinds;

fn with_rules(rules: Value) -> World {
    open().patch("sg-1", json!({"IpPermissions": rules}))
}

fn tcp(cidrs: &[&str]) -> Value {
    let ranges: Vec<_> = cidrs.iter().map(|cidr| json!({"CidrIp": cidr})).collect();
    json!({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": ranges})
}

fn tcp6(cidr: &str) -> Value {
    json!({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "Ipv6Ranges": [{"CidrIpv6": cidr}]})
}

/// The same database with a second group.
fn and_group(world: World, rules: Value) -> World {
    world.with(kinds::SECURITY_GROUP, "sg-2", json!({"GroupId": "sg-2", "GroupName": "two", "VpcId": "vpc-1", "IpPermissions": rules})).patch(
        "db",
        json!({"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}, {"VpcSecurityGroupId": "sg-2", "Status": "active"}]}),
    )
}

fn dual(world: World) -> World {
    world
        .patch("db", json!({"NetworkType": "DUAL"}))
        .patch(
            "rtb-1",
            json!({"Routes": [
            {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"},
            {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", "State": "active"}]}),
        )
        .patch(
            "acl-1",
            json!({"Entries": [
        {"RuleNumber": 1, "Egress": false, "RuleAction": "allow", "Protocol": "-1", "Ipv6CidrBlock": "::/0"},
        {"RuleNumber": 1, "Egress": true, "RuleAction": "allow", "Protocol": "-1", "Ipv6CidrBlock": "::/0"}]}),
        )
}

#[test]
fn closed_groups_close() {
    assert_closed(&with_rules(json!([])));
    assert_closed(&with_rules(json!([tcp(&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"])])));
    assert_eq!(network(&with_rules(json!([tcp(&["10.0.0.0/8"])])), "public_sources"), json!([]));
}

#[test]
fn a_group_as_source_stands_for_private_addresses() {
    assert_closed(&with_rules(json!([{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-9"}]}])));
}

#[test]
fn the_whole_internet_may_be_split_in_one_group_or_over_two() {
    let one = with_rules(json!([tcp(&["0.0.0.0/1", "128.0.0.0/1"])]));
    let two = and_group(with_rules(json!([tcp(&["0.0.0.0/1"])])), json!([tcp(&["128.0.0.0/1"])]));
    for world in [one, two] {
        assert_public(&world);
        assert_eq!(network(&world, "ipv4_share"), 100.0);
        assert_eq!(network(&world, "widest_ipv4_prefix"), network(&open(), "widest_ipv4_prefix"));
    }
}

#[test]
fn protocols_and_port_ranges_that_hold_the_port() {
    let anyone = |mut rule: Value| {
        rule["IpRanges"] = json!([{"CidrIp": "0.0.0.0/0"}]);
        with_rules(json!([rule]))
    };
    assert_public(&anyone(json!({"IpProtocol": "-1"})));
    assert_public(&anyone(json!({"IpProtocol": "-1", "FromPort": -1, "ToPort": -1})));
    assert_public(&anyone(json!({"IpProtocol": "6", "FromPort": 5432, "ToPort": 5432})));
    assert_public(&anyone(json!({"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535})));
    assert_public(&anyone(json!({"IpProtocol": "tcp", "FromPort": 5000, "ToPort": 5432})));
    assert_closed(&anyone(json!({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443})));
    assert_closed(&anyone(json!({"IpProtocol": "tcp", "FromPort": 5433, "ToPort": 6000})));
    assert_closed(&anyone(json!({"IpProtocol": "udp", "FromPort": 5432, "ToPort": 5432})));
    assert_closed(&anyone(json!({"IpProtocol": "17", "FromPort": 0, "ToPort": 65535})));
    assert_closed(&anyone(json!({"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1})));
}

#[test]
fn ipv6_counts_only_with_dual_stack() {
    let rules = json!([tcp6("::/0")]);
    assert_closed(&with_rules(rules.clone()));
    let world = dual(with_rules(rules));
    assert_public(&world);
    assert_eq!(network(&world, "widest_ipv6_prefix"), 3);
    assert_eq!(network(&world, "ipv6_share"), 100.0);
    assert_eq!(network(&world, "widest_ipv4_prefix"), 33);
    assert_closed(&dual(with_rules(json!([tcp6("fd00::/8")]))));
    let counted = dual(with_rules(json!([tcp6("2001:db8:0:1::5/128"), tcp6("2001:db8:0:1::6/128")])));
    assert_eq!(network(&counted, "internet_ipv6_networks"), 1);
}

#[test]
fn prefix_lists_of_the_customer_and_of_aws_are_followed() {
    let rule = json!([{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "PrefixListIds": [{"PrefixListId": "pl-1"}]}]);
    let list = |owner: &str, cidr: &str| json!({"PrefixListId": "pl-1", "OwnerId": owner, "Entries": [{"Cidr": cidr}]});
    let of = |owner: &str, cidr: &str| with_rules(rule.clone()).with(kinds::PREFIX_LIST, "pl-1", list(owner, cidr));
    assert_public(&of("111122223333", "0.0.0.0/0"));
    assert_public(&of("AWS", "120.52.22.96/27"));
    assert_closed(&of("111122223333", "10.1.0.0/16"));
    assert_eq!(network(&of("AWS", "120.52.22.96/27"), "public_sources"), json!(["sg-1: pl-1 120.52.22.96/27"]));

    let entries = "ec2:GetManagedPrefixListEntries";
    assert_unknown(&of("AWS", "10.0.0.0/8").denied(entries), entries);
    assert_unknown(&of("AWS", "10.0.0.0/8").patch("pl-1", json!({"Entries": null})), entries);
    assert_unknown(&with_rules(rule), "ec2:DescribeManagedPrefixLists");
}

#[test]
fn a_membership_that_is_not_in_force_does_not_count_and_one_in_change_does() {
    let member = |status: Value| json!({"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": status}]});
    assert_unknown(&open().patch("db", member(json!("inactive"))), "rds:DescribeDBInstances");
    assert_public(&open().patch("db", member(json!("adding"))));
    assert_public(&open().patch("db", member(json!("removing"))));
    assert_public(&open().patch("db", json!({"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}]})));
}

#[test]
fn an_unread_group_hides_nothing_of_what_another_opens() {
    let world = and_group(open(), json!([])).without("sg-2");
    assert_public(&world);
    assert_eq!(network(&world, "ipv4_share"), 100.0);
    assert_eq!(network(&world, "public_sources"), json!({"gap": "ec2:DescribeSecurityGroups"}));
    // How many there are is another question.
    let some = and_group(with_rules(json!([tcp(&["203.0.113.0/24"])])), json!([])).without("sg-2");
    assert_public(&some);
    assert_eq!(network(&some, "internet_addresses"), json!({"gap": "ec2:DescribeSecurityGroups"}));
    assert_unknown(&and_group(with_rules(json!([])), json!([])).without("sg-2"), "ec2:DescribeSecurityGroups");
}

#[test]
fn rules_that_are_missing_or_no_networks_are_unknown() {
    assert_unknown(&with_rules(Value::Null), "ec2:DescribeSecurityGroups");
    assert_unknown(&with_rules(json!([tcp(&["everyone"])])), "ec2:DescribeSecurityGroups");
}

#[test]
fn a_port_is_admitted_by_any_source_at_all() {
    let with = |permissions: serde_json::Value| open().patch("sg-1", json!({"IpPermissions": permissions}));
    let admitted = |world: &World| world.fact("network", "db")["port_admitted"].clone();
    let group = json!({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": "sg-2"}]});
    assert_eq!(admitted(&with(json!([group]))), true);
    assert_eq!(admitted(&with(json!([{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.1/32"}]}]))), true);
    let elsewhere = json!({"IpProtocol": "tcp", "FromPort": 2484, "ToPort": 2484, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]});
    let closed = with(json!([elsewhere, {"IpProtocol": "udp", "FromPort": 5432, "ToPort": 5432}]));
    assert_eq!(admitted(&closed), false);
    assert_eq!(admitted(&with(json!([]))), false);
    let denied = json!({"gap": "ec2:DescribeSecurityGroups"});
    assert_eq!(admitted(&closed.clone().denied("ec2:DescribeSecurityGroups")), denied);
    // A group that cannot be seen hides a no, not a yes.
    let both = json!({"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-0", "Status": "active"}, {"VpcSecurityGroupId": "sg-1", "Status": "active"}]});
    assert_eq!(admitted(&closed.patch("db", both.clone())), denied);
    assert_eq!(admitted(&open().patch("db", both)), true);
}

#[test]
fn an_unread_network_type_may_mean_ipv6() {
    let of_ipv6 = json!([{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]);
    let world = || dual(with_rules(of_ipv6.clone()));
    assert_public(&world());
    assert_closed(&world().patch("db", json!({"NetworkType": "IPV4"})));
    let unread = || world().unread("db", "NetworkType", "rds:DescribeDBInstances");
    assert_unknown(&unread(), "rds:DescribeDBInstances");
    assert_closed(&unread().patch("db", json!({"PubliclyAccessible": false})));
    // No route and no ACL lets IPv6 through: closed whatever the type.
    assert_closed(&with_rules(of_ipv6.clone()).unread("db", "NetworkType", "rds:DescribeDBInstances"));
}
