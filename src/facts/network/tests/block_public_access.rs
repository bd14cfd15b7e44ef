//! VPC Block Public Access: what subnets say, what the region says, and who is excluded.

use serde_json::{Value, json};

use super::{assert_closed, assert_public, assert_unknown};
use crate::facts::testing::{World, open};
use crate::inventory::kinds;

fn blocked(mode: &str) -> World {
    open().patch("bpa", json!({"InternetGatewayBlockMode": mode}))
}

fn excluded(resource: &str, mode: &str, state: &str) -> World {
    let arn = format!("arn:aws:ec2:us-east-1:111122223333:{resource}");
    let exclusion = json!({"ExclusionId": "x-1", "InternetGatewayExclusionMode": mode, "ResourceArn": arn, "State": state});
    blocked("block-bidirectional").with(kinds::VPC_BLOCK_PUBLIC_ACCESS_EXCLUSION, "x-1", exclusion)
}

fn subnet_says(world: World, mode: Value) -> World {
    world.patch("subnet-1", json!({"BlockPublicAccessStates": {"InternetGatewayBlockMode": mode}}))
}

#[test]
fn both_block_modes_close_and_off_does_not() {
    assert_public(&blocked("off"));
    assert_closed(&blocked("block-bidirectional"));
    assert_closed(&blocked("block-ingress"));
}

#[test]
fn an_exclusion_of_the_vpc_or_the_subnet_opens() {
    assert_public(&excluded("vpc/vpc-1", "allow-bidirectional", "create-complete"));
    assert_public(&excluded("subnet/subnet-1", "allow-bidirectional", "update-complete"));
    assert_closed(&excluded("vpc/vpc-9", "allow-bidirectional", "create-complete"));
    assert_closed(&excluded("subnet/subnet-11", "allow-bidirectional", "create-complete"));
}

#[test]
fn an_exclusion_for_egress_lets_nobody_in() {
    assert_closed(&excluded("vpc/vpc-1", "allow-egress", "create-complete"));
}

#[test]
fn an_exclusion_counts_until_it_is_gone() {
    for state in ["delete-in-progress", "disable-in-progress", "update-failed", "update-in-progress"] {
        assert_public(&excluded("vpc/vpc-1", "allow-bidirectional", state));
    }
    for state in ["create-failed", "create-in-progress", "delete-complete", "disable-complete"] {
        assert_closed(&excluded("vpc/vpc-1", "allow-bidirectional", state));
    }
}

#[test]
fn what_the_subnet_says_beats_the_region() {
    assert_public(&subnet_says(blocked("block-bidirectional"), json!("off")));
    assert_closed(&subnet_says(open(), json!("block-ingress")));
}

#[test]
fn settings_of_the_account_that_shares_the_subnet_are_not_ours() {
    let shared = |world: World| world.patch("subnet-1", json!({"OwnerId": "999988887777"}));
    assert_unknown(&shared(open()), "ec2:DescribeSubnets");
    assert_public(&subnet_says(shared(open()), json!("off")));
    assert_unknown(&subnet_says(shared(open()), json!("block-bidirectional")), "ec2:DescribeVpcBlockPublicAccessExclusions");
}

#[test]
fn without_the_regions_setting_it_is_unknown_unless_the_subnet_says() {
    assert_unknown(&open().without("bpa"), "ec2:DescribeVpcBlockPublicAccessOptions");
    assert_unknown(&open().patch("bpa", json!({"InternetGatewayBlockMode": null})), "ec2:DescribeVpcBlockPublicAccessOptions");
    assert_public(&subnet_says(open().without("bpa"), json!("off")));
    assert_unknown(&blocked("block-ingress").denied("ec2:DescribeVpcBlockPublicAccessExclusions"), "ec2:DescribeVpcBlockPublicAccessExclusions");
}
