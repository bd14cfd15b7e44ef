//! Effective parameters: the user's value, else the family's default, else unset.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const SSL: &str = "rds.force_ssl";

/// `db` with the group `orders` of family `postgres16`, in which a user set these parameters and
/// whose defaults are those.
fn with(user: Value, defaults: Value) -> World {
    World::complete()
        .with(
            kinds::DB_INSTANCE,
            "db",
            json!({"DBInstanceIdentifier": "db",
            "DBParameterGroups": [{"DBParameterGroupName": "orders", "ParameterApplyStatus": "in-sync"}]}),
        )
        .with(
            kinds::DB_PARAMETER_GROUP,
            "orders",
            json!({"Name": "orders", "DBParameterGroupFamily": "postgres16", "Requested": [SSL], "Parameters": list(user)}),
        )
        .with(
            kinds::DB_PARAMETER_FAMILY,
            "postgres16",
            json!({"DBParameterGroupFamily": "postgres16", "Requested": [SSL], "Parameters": list(defaults)}),
        )
}

fn list(values: Value) -> Value {
    values.as_object().unwrap().iter().map(|(name, value)| json!({"ParameterName": name, "ParameterValue": value})).collect()
}

fn value(world: &World) -> Value {
    world.fact("parameters", "db")["value"][SSL].clone()
}

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

#[test]
fn the_users_value_wins_over_the_default() {
    assert_eq!(value(&with(json!({SSL: "0"}), json!({SSL: "1"}))), "0");
    assert_eq!(value(&with(json!({}), json!({SSL: "1"}))), "1");
    // Listed without a value is not set.
    assert_eq!(value(&with(json!({SSL: null}), json!({SSL: "1"}))), "1");
}

#[test]
fn unset_by_user_and_family_is_empty() {
    assert_eq!(value(&with(json!({}), json!({}))), "");
    assert_eq!(value(&with(json!({}), json!({SSL: null}))), "");
}

#[test]
fn switches_have_one_spelling() {
    for on in ["1", "ON", "on", "true", "TRUE"] {
        assert_eq!(value(&with(json!({SSL: on}), json!({}))), "1", "{on}");
    }
    for off in ["0", "OFF", "off", "false", "False"] {
        assert_eq!(value(&with(json!({SSL: off}), json!({}))), "0", "{off}");
    }
    assert_eq!(value(&with(json!({SSL: "TLSv1.2"}), json!({}))), "tlsv1.2");
}

#[test]
fn names_are_found_however_they_are_capitalised() {
    let world = with(json!({"RDS.Force_SSL": "0"}), json!({SSL: "1"}));
    assert_eq!(value(&world), "0");
    let asked = world.patch("orders", json!({"Requested": ["Rds.force_ssl"]}));
    assert_eq!(value(&asked), "0");
}

#[test]
fn a_default_group_needs_only_its_family() {
    let default = json!({"DBParameterGroups": [{"DBParameterGroupName": "default.postgres16", "ParameterApplyStatus": "in-sync"}]});
    let world = with(json!({SSL: "0"}), json!({SSL: "1"})).patch("db", default);
    assert_eq!(value(&world), "1");
    assert_eq!(value(&world.clone().denied("rds:DescribeDBParameterGroups")), "1");
    let denied = world.denied("rds:DescribeEngineDefaultParameters");
    assert_eq!(denied.fact("parameters", "db")["value"], gap("rds:DescribeEngineDefaultParameters"));
}

#[test]
fn without_the_family_the_users_value_still_decides() {
    let operation = "rds:DescribeEngineDefaultParameters";
    assert_eq!(value(&with(json!({SSL: "1"}), json!({})).denied(operation)), "1");
    assert_eq!(value(&with(json!({}), json!({SSL: "1"})).denied(operation)), gap(operation));
    assert_eq!(value(&with(json!({}), json!({SSL: "1"})).without("postgres16")), gap(operation));
    assert_eq!(value(&with(json!({}), json!({SSL: "1"})).unread("postgres16", "Parameters", operation)), gap(operation));
}

#[test]
fn a_list_that_was_not_read_is_not_an_empty_list() {
    let operation = "rds:DescribeDBParameters";
    let world = with(json!({SSL: "0"}), json!({SSL: "1"}));
    assert_eq!(value(&world.clone().denied(operation)), gap(operation));
    assert_eq!(value(&world.clone().not_called(operation)), gap(operation));
    let no_defaults = with(json!({}), json!({SSL: "1"})).patch("postgres16", json!({"Parameters": null}));
    assert_eq!(value(&no_defaults), gap("rds:DescribeEngineDefaultParameters"));
}

#[test]
fn a_default_that_was_not_asked_for_is_unknown() {
    let operation = "rds:DescribeEngineDefaultParameters";
    assert_eq!(value(&with(json!({}), json!({})).patch("postgres16", json!({"Requested": ["other"]}))), gap(operation));
    assert_eq!(value(&with(json!({}), json!({})).patch("postgres16", json!({"Requested": null}))), gap(operation));
}

#[test]
fn without_the_group_nothing_is_known() {
    let operation = "rds:DescribeDBParameterGroups";
    let all = |world: World| world.fact("parameters", "db")["value"].clone();
    assert_eq!(all(with(json!({}), json!({})).denied(operation)), gap(operation));
    assert_eq!(all(with(json!({}), json!({})).without("orders")), gap(operation));
    assert_eq!(all(with(json!({}), json!({})).patch("orders", json!({"DBParameterGroupFamily": null, "Requested": null}))), gap(operation));
}

#[test]
fn an_instance_that_names_no_group_is_unknown() {
    for groups in [Value::Null, json!([]), json!([{}])] {
        let world = with(json!({SSL: "1"}), json!({})).patch("db", json!({"DBParameterGroups": groups}));
        let parameters = world.fact("parameters", "db");
        assert!(parameters == gap("rds:DescribeDBInstances") || parameters["value"] == gap("rds:DescribeDBInstances"), "{parameters}");
    }
}

#[test]
fn in_sync_is_what_every_group_says() {
    let in_sync = |statuses: Value| {
        let groups: Vec<_> =
            statuses.as_array().unwrap().iter().map(|status| json!({"DBParameterGroupName": "orders", "ParameterApplyStatus": status})).collect();
        with(json!({}), json!({})).patch("db", json!({"DBParameterGroups": groups})).fact("parameters", "db")["in_sync"].clone()
    };
    assert_eq!(in_sync(json!(["in-sync"])), true);
    assert_eq!(in_sync(json!(["pending-reboot"])), false);
    assert_eq!(in_sync(json!(["applying"])), false);
    assert_eq!(in_sync(json!(["in-sync", "pending-reboot"])), false);
    assert_eq!(in_sync(json!([null])), gap("rds:DescribeDBInstances"));
    assert_eq!(in_sync(json!([null, "pending-reboot"])), false);
}

fn cluster(statuses: &[&str]) -> World {
    let members: Vec<_> = statuses.iter().map(|status| json!({"DBInstanceIdentifier": "a", "DBClusterParameterGroupStatus": status})).collect();
    World::complete()
        .with(kinds::DB_CLUSTER, "db", json!({"DBClusterIdentifier": "db", "DBClusterParameterGroup": "shop", "DBClusterMembers": members}))
        .with(
            kinds::DB_CLUSTER_PARAMETER_GROUP,
            "shop",
            json!({"Name": "shop", "DBParameterGroupFamily": "aurora-postgresql16", "Requested": [SSL],
            "Parameters": [{"ParameterName": SSL, "ParameterValue": "1"}]}),
        )
        // Instance groups and families of the same names are other things.
        .with(
            kinds::DB_PARAMETER_GROUP,
            "shop-instance",
            json!({"Name": "shop", "Requested": [SSL], "Parameters": [{"ParameterName": SSL, "ParameterValue": "0"}]}),
        )
}

#[test]
fn a_cluster_has_its_own_groups_and_is_in_sync_when_every_member_is() {
    let world = cluster(&["in-sync", "in-sync"]);
    assert_eq!(world.fact("parameters", "db"), json!({"in_sync": true, "value": {SSL: "1"}}));
    assert_eq!(cluster(&["in-sync", "pending-reboot"]).fact("parameters", "db")["in_sync"], false);
    assert_eq!(cluster(&[]).fact("parameters", "db")["in_sync"], true);
    let silent = world.patch("db", json!({"DBClusterMembers": null, "DBClusterParameterGroup": null}));
    let unknown = gap("rds:DescribeDBClusters");
    assert_eq!(silent.fact("parameters", "db"), json!({"in_sync": unknown, "value": unknown}));
}
