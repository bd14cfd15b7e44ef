//! The log groups of a database.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const OPERATION: &str = "logs:DescribeLogGroups";

fn gap() -> Value {
    json!({"gap": OPERATION})
}

fn world() -> World {
    World::complete()
        .with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "db", "EnabledCloudwatchLogsExports": ["postgresql", "upgrade"]}))
        .with(kinds::DB_CLUSTER, "shop", json!({"DBClusterIdentifier": "shop", "EnabledCloudwatchLogsExports": ["audit"]}))
        .with(kinds::LOG_GROUP, "log", json!({"logGroupName": "/aws/rds/instance/db/postgresql", "retentionInDays": 400, "kmsKeyId": "key"}))
        .with(kinds::LOG_GROUP, "other", json!({"logGroupName": "/aws/rds/instance/db2/upgrade"}))
        .with(kinds::LOG_GROUP, "audit", json!({"logGroupName": "/aws/rds/cluster/shop/audit"}))
}

#[test]
fn the_groups_are_those_of_the_exported_logs() {
    let group = json!({"name": "/aws/rds/instance/db/postgresql", "retention_days": 400, "kms_key_id": "key"});
    assert_eq!(world().fact("logs", "db"), json!({"groups": [group], "missing": ["upgrade"]}));
    assert_eq!(world().fact("logs", "shop"), json!({"groups": [{"name": "/aws/rds/cluster/shop/audit"}], "missing": []}));
}

#[test]
fn the_logs_of_a_member_are_its_clusters() {
    let member = world().patch("db", json!({"DBClusterIdentifier": "shop", "EnabledCloudwatchLogsExports": ["audit"]}));
    assert_eq!(member.fact("logs", "db")["groups"], json!([{"name": "/aws/rds/cluster/shop/audit"}]));
}

#[test]
fn a_database_that_exports_nothing_has_no_groups() {
    let silent = world().patch("db", json!({"EnabledCloudwatchLogsExports": null})).denied(OPERATION);
    assert_eq!(silent.fact("logs", "db"), json!({"groups": [], "missing": []}));
}

#[test]
fn exports_without_any_group_leave_it_open() {
    assert_eq!(world().without("log").fact("logs", "db"), json!({"groups": gap(), "missing": ["postgresql", "upgrade"]}));
}

#[test]
fn groups_that_were_not_listed_are_a_gap() {
    assert_eq!(world().denied(OPERATION).fact("logs", "db"), gap());
    assert_eq!(world().not_called(OPERATION).fact("logs", "shop"), gap());
    let unread = world().unread("db", "EnabledCloudwatchLogsExports", "rds:DescribeDBInstances");
    assert_eq!(unread.fact("logs", "db"), json!({"gap": "rds:DescribeDBInstances"}));
}
