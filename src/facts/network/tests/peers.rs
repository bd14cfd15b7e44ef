//! Whose networks the databases of a VPC exchange traffic with.

use serde_json::{Value, json};

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

const STRANGER: &str = "999988887777";

/// `db`, behind a group that lets in these networks, in a subnet with one more route.
fn routed(route: Value, admitted: &str) -> World {
    let local = json!({"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"});
    let rule = json!({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": admitted}]});
    let side = |account: &str, vpc: &str| json!({"OwnerId": account, "VpcId": vpc});
    let peering =
        json!({"VpcPeeringConnectionId": "pcx-1", "RequesterVpcInfo": side(STRANGER, "vpc-9"), "AccepterVpcInfo": side("111122223333", "vpc-1")});
    open().patch("rtb-1", json!({"Routes": [local, route]})).patch("sg-1", json!({"IpPermissions": [rule]})).with(
        kinds::VPC_PEERING_CONNECTION,
        "pcx-1",
        peering,
    )
}

fn peered(admitted: &str) -> World {
    routed(json!({"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-1", "State": "active"}), admitted)
}

fn attached(admitted: &str, attachments: &[(&str, &str, &str)]) -> World {
    let world = routed(json!({"DestinationCidrBlock": "10.0.0.0/8", "TransitGatewayId": "tgw-1", "State": "active"}), admitted);
    attachments.iter().fold(world, |world, (id, owner, state)| {
        let data = json!({"TransitGatewayAttachmentId": id, "TransitGatewayId": "tgw-1", "TransitGatewayOwnerId": "111122223333", "ResourceOwnerId": owner, "State": state});
        world.with(kinds::TRANSIT_GATEWAY_ATTACHMENT, id, data)
    })
}

fn peers(world: &World) -> Value {
    world.fact("peers", "vpc-1")["routed"].clone()
}

fn peer(account: &str, via: &str, admitted: bool) -> Value {
    json!({"account": account, "via": via, "databases": if admitted { vec!["db"] } else { vec![] }, "admitted": admitted})
}

#[test]
fn a_peering_connection_leads_to_the_other_side_if_groups_admit_its_network() {
    assert_eq!(peers(&peered("10.9.1.0/24")), json!([peer(STRANGER, "pcx-1", true)]));
    assert_eq!(peers(&peered("10.0.0.0/8")), json!([peer(STRANGER, "pcx-1", true)]));
    assert_eq!(peers(&peered("10.0.0.0/16")), json!([peer(STRANGER, "pcx-1", false)]));
    assert_eq!(peers(&open()), json!([]));
}

#[test]
fn a_group_of_the_peer_is_a_way_in_too() {
    let pair = json!({"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": "sg-9", "UserId": STRANGER}]});
    let world = peered("10.0.0.0/16").patch("sg-1", json!({"IpPermissions": [pair]}));
    assert_eq!(peers(&world), json!([peer(STRANGER, "pcx-1", true)]));
}

#[test]
fn a_route_takes_only_what_no_longer_prefix_takes() {
    let inner = routed(json!({"DestinationCidrBlock": "10.0.0.0/8", "VpcPeeringConnectionId": "pcx-1", "State": "active"}), "10.0.0.0/16");
    assert_eq!(peers(&inner), json!([peer(STRANGER, "pcx-1", false)]), "the VPC's own network stays in it");
    let dead = routed(json!({"DestinationCidrBlock": "10.9.0.0/16", "VpcPeeringConnectionId": "pcx-1", "State": "blackhole"}), "10.0.0.0/8");
    assert_eq!(peers(&dead), json!([]));
}

#[test]
fn a_transit_gateway_leads_to_all_that_are_attached() {
    let world = attached("10.9.0.0/16", &[("a-1", "111122223333", "available"), ("a-2", STRANGER, "available"), ("a-3", "555566667777", "deleted")]);
    assert_eq!(peers(&world), json!([peer("111122223333", "tgw-1", true), peer(STRANGER, "tgw-1", true)]));
}

#[test]
fn where_a_way_leads_may_be_unknown() {
    let unknown = |operation: &str, via: &str| json!([{"account": {"gap": operation}, "via": via, "databases": [], "admitted": {"gap": operation}}]);
    let pcx = "ec2:DescribeVpcPeeringConnections";
    assert_eq!(peers(&peered("10.9.0.0/16").denied(pcx)), unknown(pcx, "pcx-1"));
    assert_eq!(peers(&peered("10.0.0.0/16").denied(pcx)), json!([]), "nothing is let in, whoever is there");
    assert_eq!(peers(&attached("10.9.0.0/16", &[])), unknown("ec2:DescribeTransitGatewayAttachments", "tgw-1"));
    assert_eq!(peers(&peered("10.9.0.0/16").denied("ec2:DescribeRouteTables")), unknown("ec2:DescribeRouteTables", ""));
}
