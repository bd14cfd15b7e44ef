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
    assert_eq!(world().fact("options", "db"), json!({"in_sync": true, "list": [ssl]}));
}

#[test]
fn a_default_group_has_no_options_and_is_not_looked_up() {
    let default = with(json!([{"OptionGroupName": "default:oracle-se2-19", "Status": "in-sync"}])).denied(OPERATION);
    assert_eq!(default.fact("options", "db"), json!({"in_sync": true, "list": []}));
}

#[test]
fn a_group_that_was_not_seen_is_a_gap() {
    let unknown = json!({"in_sync": true, "list": gap(OPERATION)});
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
