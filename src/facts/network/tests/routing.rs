//! Routes: which table is a subnet's, and what in it leads to the internet.

use serde_json::{Value, json};

use super::{assert_closed, assert_public, assert_unknown, network};
use crate::facts::testing::{World, open};
use crate::inventory::kinds;

fn routed(routes: Value) -> World {
    open().patch("rtb-1", json!({"Routes": routes}))
}

fn to(destination: &str, gateway: &str) -> Value {
    json!({"DestinationCidrBlock": destination, "GatewayId": gateway, "State": "active"})
}

fn table(id: &str, vpc: &str, association: Value, routes: Value) -> Value {
    json!({"RouteTableId": id, "VpcId": vpc, "Associations": [association], "Routes": routes})
}

#[test]
fn another_vpcs_main_table_does_not_count() {
    let other = table("rtb-9", "vpc-9", json!({"Main": true}), json!([to("0.0.0.0/0", "igw-1")]));
    assert_closed(&routed(json!([to("10.0.0.0/16", "local")])).with(kinds::ROUTE_TABLE, "rtb-9", other));
}

#[test]
fn an_explicit_association_beats_the_main_table() {
    let private = table("rtb-2", "vpc-1", json!({"SubnetId": "subnet-1"}), json!([to("0.0.0.0/0", "nat-1")]));
    assert_closed(&open().with(kinds::ROUTE_TABLE, "rtb-2", private));
    let public = table("rtb-2", "vpc-1", json!({"SubnetId": "subnet-1"}), json!([to("0.0.0.0/0", "igw-1")]));
    assert_public(&routed(json!([])).with(kinds::ROUTE_TABLE, "rtb-2", public));
}

#[test]
fn nat_and_egress_only_gateways_are_not_public() {
    assert_closed(&routed(json!([{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}])));
    let egress_only = json!([{"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "State": "active"}]);
    let six = json!([{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]);
    assert_closed(&routed(egress_only).patch("db", json!({"NetworkType": "DUAL"})).patch("sg-1", json!({"IpPermissions": six})));
}

#[test]
fn a_more_specific_route_diverts() {
    let diverted = json!([to("0.0.0.0/0", "igw-1"), to("203.0.113.0/24", "vgw-1")]);
    let only_partner = json!([{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "203.0.113.0/25"}]}]);
    assert_closed(&routed(diverted.clone()).patch("sg-1", json!({"IpPermissions": only_partner})));
    assert_public(&routed(diverted));
}

#[test]
fn a_route_to_one_partner_is_reachable_but_makes_no_public_subnet() {
    let world = routed(json!([to("203.0.113.0/24", "igw-1")]));
    assert_public(&world);
    assert_eq!(network(&world, "internet_addresses"), 256);
    assert_eq!(network(&world, "public_subnets"), json!([]));
}

#[test]
fn a_blackhole_leads_nowhere_but_still_takes_its_addresses() {
    assert_closed(&routed(json!([{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "blackhole"}])));
    let hole = json!([to("0.0.0.0/0", "igw-1"), {"DestinationCidrBlock": "128.0.0.0/1", "NatGatewayId": "nat-1", "State": "blackhole"},
        {"DestinationCidrBlock": "0.0.0.0/1", "NatGatewayId": "nat-1", "State": "blackhole"}]);
    assert_closed(&routed(hole));
}

#[test]
fn a_default_route_may_be_split() {
    let world = routed(json!([to("0.0.0.0/1", "igw-1"), to("128.0.0.0/1", "igw-1")]));
    assert_public(&world);
    assert_eq!(network(&world, "public_subnets"), json!(["subnet-1"]));
}

#[test]
fn a_gateway_must_be_attached_to_this_vpc() {
    assert_closed(&open().patch("igw-1", json!({"Attachments": []})));
    assert_closed(&open().patch("igw-1", json!({"Attachments": [{"VpcId": "vpc-9", "State": "available"}]})));
}

#[test]
fn a_gateway_of_the_account_that_shares_the_vpc_is_attached_where_the_route_is_active() {
    assert_public(&open().without("igw-1"));
}

#[test]
fn a_static_route_wins_over_a_propagated_one_of_the_same_length() {
    let propagated = json!({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "vgw-1", "State": "active", "Origin": "EnableVgwRoutePropagation"});
    assert_public(&routed(json!([propagated, to("0.0.0.0/0", "igw-1")])));
}

#[test]
fn an_unread_prefix_list_leaves_open_who_is_diverted() {
    let listed = |target: &str| json!({"DestinationPrefixListId": "pl-1", "GatewayId": target, "State": "active"});
    assert_unknown(&routed(json!([to("0.0.0.0/0", "igw-1"), listed("tgw-1")])), "ec2:DescribeManagedPrefixLists");
    assert_unknown(&routed(json!([listed("igw-1")])), "ec2:DescribeManagedPrefixLists");
    // Only AWS's own networks go through a gateway endpoint.
    assert_public(&routed(json!([to("0.0.0.0/0", "igw-1"), listed("vpce-1")])));
    // Nothing leads to an internet gateway.
    assert_closed(&routed(json!([to("0.0.0.0/0", "nat-1"), listed("tgw-1")])));
}

#[test]
fn a_prefix_list_may_lead_to_the_gateway_or_away_from_it() {
    let list = json!({"PrefixListId": "pl-1", "Entries": [{"Cidr": "0.0.0.0/1"}, {"Cidr": "128.0.0.0/1"}]});
    let world = |target: &str, rest: Value| {
        routed(json!([{"DestinationPrefixListId": "pl-1", "GatewayId": target, "State": "active"}, rest])).with(
            kinds::PREFIX_LIST,
            "pl-1",
            list.clone(),
        )
    };
    assert_public(&world("igw-1", to("10.0.0.0/16", "local")));
    assert_closed(&world("tgw-1", to("0.0.0.0/0", "igw-1")));
}

#[test]
fn behind_a_firewall_of_the_gateways_own_route_table_it_is_not_known() {
    let inspected = routed(json!([to("0.0.0.0/0", "vpce-1")]));
    assert_closed(&inspected);
    let edge = table("rtb-2", "vpc-1", json!({"GatewayId": "igw-1"}), json!([to("10.0.0.0/24", "vpce-1")]));
    let inspected = inspected.with(kinds::ROUTE_TABLE, "rtb-2", edge);
    assert_unknown(&inspected, "ec2:DescribeRouteTables");
    assert_closed(&inspected.patch("sg-1", json!({"IpPermissions": []})));
}

#[test]
fn a_table_without_its_routes_and_one_that_cannot_be_read_are_unknown() {
    assert_unknown(&open().patch("rtb-1", json!({"Routes": null})), "ec2:DescribeRouteTables");
    // The unreadable table may be the subnet's own.
    let private = routed(json!([to("0.0.0.0/0", "nat-1")]));
    assert_closed(&private);
    assert_unknown(&private.with(kinds::ROUTE_TABLE, "rtb-2", json!({"RouteTableId": "rtb-2", "Routes": "many"})), "ec2:DescribeRouteTables");
}
