//! The options of an instance's option groups.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const OPERATION: &str = "rds:DescribeOptionGroups";

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

fn world() -> World {
    World::complete()
        .with(
            kinds::DB_INSTANCE,
            "db",
            json!({"DBInstanceIdentifier": "db", "OptionGroupMemberships": [{"OptionGroupName": "oracle", "Status": "in-sync"}]}),
        )
        .with(
            kinds::OPTION_GROUP,
            "group",
            json!({"OptionGroupName": "oracle", "Options": [{
                "OptionName": "SSL", "Port": 2484, "VpcSecurityGroupMemberships": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
                "OptionSettings": [{"Name": "SQLNET.SSL_VERSION", "Value": "1.2"}, {"Name": "SQLNET.CIPHER_SUITE"}]}]}),
        )
}

fn with(memberships: Value) -> World {
    world().patch("db", json!({"OptionGroupMemberships": memberships}))
}

#[test]
fn the_options_are_those_of_the_attached_group() {
    let ssl = json!({"name": "SSL", "port": 2484, "settings": {"SQLNET.SSL_VERSION": "1.2"}, "security_groups": ["sg-1"]});
    let options = world().fact("options", "db");
    assert_eq!((&options["in_sync"], &options["list"]), (&json!(true), &json!([ssl])));
}

#[test]
fn a_default_group_has_no_options_and_is_not_looked_up() {
    let default = with(json!([{"OptionGroupName": "default:oracle-se2-19", "Status": "in-sync"}])).denied(OPERATION);
    assert_eq!(default.fact("options", "db"), json!({"in_sync": true, "list": [], "listeners": []}));
}

#[test]
fn a_group_that_was_not_seen_is_a_gap() {
    let unknown = json!({"in_sync": true, "list": gap(OPERATION), "listeners": gap(OPERATION)});
    assert_eq!(world().without("group").fact("options", "db"), unknown);
    assert_eq!(world().denied(OPERATION).fact("options", "db"), unknown);
    assert_eq!(world().not_called(OPERATION).fact("options", "db"), unknown);
    assert_eq!(world().patch("group", json!({"Options": null})).fact("options", "db"), unknown);
}

#[test]
fn settings_that_were_not_read_are_not_unset() {
    let silent = world().patch("group", json!({"Options": [{"OptionName": "SSL"}]}));
    assert_eq!(silent.fact("options", "db")["list"][0], json!({"name": "SSL", "settings": gap(OPERATION), "security_groups": []}));
    assert_eq!(world().patch("group", json!({"Options": [{"OptionSettings": []}]})).fact("options", "db")["list"], gap(OPERATION));
}

#[test]
fn in_sync_is_what_every_membership_says() {
    let in_sync = |memberships| with(memberships).fact("options", "db")["in_sync"].clone();
    let group = |status: &str| json!({"OptionGroupName": "oracle", "Status": status});
    assert_eq!(in_sync(json!([group("in-sync")])), true);
    assert_eq!(in_sync(json!([group("pending-apply"), {"OptionGroupName": "default:oracle-se2-19", "Status": "pending-removal"}])), false);
    assert_eq!(in_sync(json!([{"OptionGroupName": "oracle"}])), gap("rds:DescribeDBInstances"));
    assert_eq!(in_sync(json!([{"OptionGroupName": "oracle"}, group("failed")])), false);
}

#[test]
fn memberships_that_aws_left_out_are_unknown() {
    assert_eq!(world().patch("db", json!({"OptionGroupMemberships": null})).fact("options", "db"), gap("rds:DescribeDBInstances"));
    assert_eq!(with(json!([{"Status": "in-sync"}])).fact("options", "db")["list"], gap("rds:DescribeDBInstances"));
}

/// An instance behind `sg-db`, whose option `SSL` has a group of its own.
fn listening(of_instance: Value, of_option: Value) -> World {
    let group = |id: &str, permissions: Value| json!({"GroupId": id, "GroupName": id, "VpcId": "vpc-1", "IpPermissions": permissions});
    world()
        .patch("db", json!({"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db", "Status": "active"}], "Endpoint": {"Port": 1521}, "PubliclyAccessible": false}))
        .with(kinds::SECURITY_GROUP, "sg-db", group("sg-db", of_instance))
        .with(kinds::SECURITY_GROUP, "sg-1", group("sg-1", of_option))
}

fn admits(port: i64, cidr: &str) -> Value {
    json!([{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]}])
}

fn listeners(world: &World) -> Value {
    world.fact("options", "db")["listeners"].clone()
}

#[test]
fn a_listener_is_open_by_the_groups_of_its_option_or_of_its_instance() {
    let closed = json!([{"option": "SSL", "port": 2484, "public_sources": [], "widest_ipv4_prefix": 33, "widest_ipv6_prefix": 129}]);
    // Not here: a private network, and the database's own port.
    assert_eq!(listeners(&listening(admits(1521, "0.0.0.0/0"), admits(2484, "10.0.0.0/8"))), closed);
    for (open, group) in
        [(listening(json!([]), admits(2484, "198.51.100.0/24")), "sg-1"), (listening(admits(2484, "198.51.100.0/24"), json!([])), "sg-db")]
    {
        let found = &listeners(&open)[0];
        assert_eq!(found["public_sources"], json!([format!("{group}: 198.51.100.0/24")]));
        assert_eq!(found["widest_ipv4_prefix"], 24);
    }
}

#[test]
fn networks_of_both_groups_are_joined() {
    let halves = listening(admits(2484, "0.0.0.0/1"), admits(2484, "128.0.0.0/1"));
    let whole = listening(json!([]), admits(2484, "0.0.0.0/0"));
    assert_eq!(listeners(&halves)[0]["widest_ipv4_prefix"], listeners(&whole)[0]["widest_ipv4_prefix"]);
}

#[test]
fn a_group_that_was_not_read_leaves_a_listener_open_to_question() {
    const GROUPS: &str = "ec2:DescribeSecurityGroups";
    let shut = listening(json!([]), json!([]));
    assert_eq!(listeners(&shut.clone().without("sg-1"))[0]["widest_ipv4_prefix"], gap(GROUPS));
    assert_eq!(listeners(&shut.clone().without("sg-db"))[0]["widest_ipv4_prefix"], gap(GROUPS));
    assert_eq!(listeners(&shut.denied(GROUPS))[0]["public_sources"], gap(GROUPS));
    // What is known to be open needs no other group.
    let open = listening(json!([]), admits(2484, "0.0.0.0/0")).patch("db", json!({"VpcSecurityGroups": null}));
    assert_eq!(listeners(&open)[0]["widest_ipv4_prefix"], listeners(&listening(json!([]), admits(2484, "0.0.0.0/0")))[0]["widest_ipv4_prefix"]);
}

#[test]
fn an_option_that_always_listens_has_a_port() {
    let option = |name: &str| json!({"Options": [{"OptionName": name, "OptionSettings": []}]});
    assert_eq!(listeners(&world().patch("group", option("OEM_AGENT"))), gap(OPERATION));
    assert_eq!(listeners(&world().patch("group", option("NATIVE_NETWORK_ENCRYPTION"))), json!([]));
}
