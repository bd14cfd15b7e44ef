//! What AWS Config records.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const ACCOUNT: &str = "arn:aws:account:us-east-1:111122223333:account";

/// An instance, a Neptune cluster and a table, which is all that there is.
fn region() -> World {
    World::complete()
        .with(kinds::ACCOUNT, ACCOUNT, json!({"Region": "us-east-1"}))
        .with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "db"}))
        .with(kinds::NEPTUNE_CLUSTER, "graph", json!({"DBClusterIdentifier": "graph"}))
        .with(kinds::DYNAMODB_TABLE, "table", json!({"TableName": "table"}))
}

fn recorder(group: Value) -> World {
    region().with(kinds::CONFIGURATION_RECORDER, "default", json!({"name": "default", "recordingGroup": group, "recording": true}))
}

fn strategy(name: &str, more: Value) -> World {
    let mut group = json!({"allSupported": false, "recordingStrategy": {"useOnly": name}});
    group.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    recorder(group)
}

fn unrecorded(world: &World) -> Value {
    world.fact("config", ACCOUNT)["unrecorded_types"].clone()
}

#[test]
fn the_strategy_says_which_types_are_recorded() {
    assert_eq!(unrecorded(&recorder(json!({"allSupported": true}))), json!([]));
    assert_eq!(unrecorded(&strategy("ALL_SUPPORTED_RESOURCE_TYPES", json!({"allSupported": true}))), json!([]));
    let listed = json!({"resourceTypes": ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"]});
    assert_eq!(unrecorded(&strategy("INCLUSION_BY_RESOURCE_TYPES", listed.clone())), json!(["AWS::DynamoDB::Table"]));
    assert_eq!(unrecorded(&recorder(listed.clone())), json!(["AWS::DynamoDB::Table"]));
    let all_but = strategy("EXCLUSION_BY_RESOURCE_TYPES", json!({"exclusionByResourceTypes": listed}));
    assert_eq!(unrecorded(&all_but), json!(["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"]));
    assert_eq!(unrecorded(&strategy("EXCLUSION_BY_RESOURCE_TYPES", json!({}))), json!([]));
}

#[test]
fn a_recorder_that_stands_still_or_serves_another_records_nothing() {
    let all = json!(["AWS::DynamoDB::Table", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"]);
    assert_eq!(unrecorded(&region()), all);
    let whole = recorder(json!({"allSupported": true}));
    assert_eq!(unrecorded(&whole.clone().patch("default", json!({"recording": false}))), all);
    assert_eq!(unrecorded(&whole.patch("default", json!({"servicePrincipal": "observabilityadmin.amazonaws.com"}))), all);
}

#[test]
fn of_several_recorders_one_is_enough_and_what_matters_not_is_not_asked() {
    let tables = json!({"name": "tables", "recordingGroup": {"resourceTypes": ["AWS::DynamoDB::Table"]}, "recording": true});
    let rest = json!({"resourceTypes": ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"]});
    let both = recorder(rest).with(kinds::CONFIGURATION_RECORDER, "tables", tables);
    assert_eq!(unrecorded(&both), json!([]));
    let status = "config:DescribeConfigurationRecorderStatus";
    assert_eq!(unrecorded(&both.unread("tables", "recording", status)), json!({"gap": status}));
    let loose = recorder(json!({"resourceTypes": ["AWS::DynamoDB::Table"]})).unread("default", "recording", status);
    assert_eq!(unrecorded(&loose), json!(["AWS::RDS::DBCluster", "AWS::RDS::DBInstance"]));
}

#[test]
fn what_is_not_listed_may_not_be_recorded_either() {
    let denied = "rds:DescribeDBInstances";
    assert_eq!(unrecorded(&recorder(json!({"allSupported": true})).denied(denied)), json!({"gap": denied}));
    assert_eq!(unrecorded(&region().denied(denied)), json!(["AWS::DynamoDB::Table", "AWS::RDS::DBCluster"]));
    let empty = World::complete().with(kinds::ACCOUNT, ACCOUNT, json!({}));
    assert_eq!(empty.fact("config", ACCOUNT)["types"], json!([]));
    assert_eq!(empty.denied(denied).fact("config", ACCOUNT)["types"], json!({"gap": denied}));
}
