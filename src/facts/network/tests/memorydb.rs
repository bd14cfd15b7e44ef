//! MemoryDB clusters: in a VPC, without public addresses, with subnets from their group.

use serde_json::json;

use crate::facts::testing::{World, open};
use crate::inventory::kinds;

fn world() -> World {
    open().with(kinds::MEMORYDB_SUBNET_GROUP, "group", json!({"Name": "group", "VpcId": "vpc-1", "Subnets": [{"Identifier": "subnet-1"}]})).with(
        kinds::MEMORYDB_CLUSTER,
        "carts",
        json!({"Name": "carts", "SubnetGroupName": "group", "ClusterEndpoint": {"Port": 5432},
            "SecurityGroups": [{"SecurityGroupId": "sg-1", "Status": "active"}]}),
    )
}

#[test]
fn nothing_on_the_internet_reaches_it_whatever_routes_and_groups_say() {
    let network = world().fact("network", "carts");
    assert_eq!(network["publicly_addressed"], false);
    assert_eq!(network["internet_reachable"], false);
    assert_eq!(network["port"], 5432);
    assert_eq!(network["vpc_id"], "vpc-1");
    assert_eq!(network["public_subnets"], json!(["subnet-1"]));
    assert_eq!(network["public_sources"], json!(["sg-1: 0.0.0.0/0"]));
}

#[test]
fn without_its_subnet_group_the_groups_still_count() {
    let gap = json!({"gap": "memorydb:DescribeSubnetGroups"});
    for world in [world().denied("memorydb:DescribeSubnetGroups"), world().without("group")] {
        let network = world.fact("network", "carts");
        assert_eq!((&network["vpc_id"], &network["public_subnets"]), (&gap, &gap));
        assert_eq!(network["public_sources"], json!(["sg-1: 0.0.0.0/0"]));
        assert_eq!(network["internet_reachable"], false);
    }
}

#[test]
fn a_cluster_that_is_being_made_has_no_port_yet() {
    for endpoint in [json!(null), json!({"Port": 0})] {
        let network = world().patch("carts", json!({"ClusterEndpoint": endpoint})).fact("network", "carts");
        assert_eq!(network["port"], json!({"gap": "memorydb:DescribeClusters"}));
        assert_eq!(network["public_sources"], json!({"gap": "memorydb:DescribeClusters"}));
    }
}
