//! What AWS says of the engine version of a database.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const VERSIONS: &str = "rds:DescribeDBEngineVersions";
const LIFECYCLES: &str = "rds:DescribeDBMajorEngineVersions";

fn gap(operation: &str) -> Value {
    json!({"gap": operation})
}

fn major(engine: &str, major: &str) -> Value {
    json!({"Engine": engine, "MajorEngineVersion": major, "SupportedEngineLifecycles": [
        {"LifecycleSupportName": "open-source-rds-standard-support", "LifecycleSupportEndDate": "2029-02-28T00:00:00Z"},
        {"LifecycleSupportName": "open-source-rds-extended-support", "LifecycleSupportEndDate": "2032-02-29T00:00:00Z"}]})
}

fn world() -> World {
    World::complete()
        .with(kinds::DB_INSTANCE, "db", json!({"DBInstanceIdentifier": "db", "Engine": "postgres", "EngineVersion": "16.8"}))
        .with(
            kinds::DB_ENGINE,
            "postgres",
            json!({"Engine": "postgres", "Versions": [{"EngineVersion": "16.8", "Status": "available"}, {"EngineVersion": "16.1", "Status": "deprecated"}, {"EngineVersion": "17.4"}]}),
        )
        .with(kinds::DB_MAJOR_ENGINE_VERSION, "postgres:16", major("postgres", "16"))
        .with(kinds::DB_MAJOR_ENGINE_VERSION, "mysql:16", json!({"Engine": "mysql", "MajorEngineVersion": "16"}))
}

fn running(engine: &str, version: &str) -> World {
    world().patch("db", json!({"Engine": engine, "EngineVersion": version}))
}

fn engine(world: &World, field: &str) -> Value {
    world.fact("engine", "db")[field].clone()
}

#[test]
fn a_version_is_offered_unless_the_listing_says_otherwise() {
    let status = |version| engine(&running("postgres", version), "version_status");
    assert_eq!(status("16.8"), "available");
    assert_eq!(status("17.4"), "available");
    assert_eq!(status("16.1"), "deprecated");
    assert_eq!(status("16"), "not-listed");
}

#[test]
fn the_major_version_is_the_longest_that_is_listed_of_the_engine() {
    let found = world().fact("engine", "db");
    assert_eq!(found["major_version"], "16");
    assert_eq!(found["standard_support_end"], "2029-02-28T00:00:00Z");
    assert_eq!(found["extended_support_end"], "2032-02-29T00:00:00Z");
    let aurora = |version: &str| {
        let listed = running("aurora-mysql", version).with(kinds::DB_MAJOR_ENGINE_VERSION, "aurora", major("aurora-mysql", "8.0"));
        engine(&listed.with(kinds::DB_MAJOR_ENGINE_VERSION, "next", major("aurora-mysql", "8")), "major_version")
    };
    assert_eq!(aurora("8.0.mysql_aurora.3.08.0"), "8.0");
    assert_eq!(aurora("8.4.mysql_aurora.4.01.0"), "8");
    assert_eq!(aurora("80.1"), gap(LIFECYCLES));
}

#[test]
fn an_engine_without_lifecycles_has_no_dates() {
    let none = running("mysql", "16.1");
    assert_eq!(engine(&none, "standard_support_end"), gap(LIFECYCLES));
    let none = none.patch("mysql:16", json!({"SupportedEngineLifecycles": []})).fact("engine", "db");
    assert_eq!(none["major_version"], "16");
    assert!(none.get("standard_support_end").is_none(), "{none}");
}

#[test]
fn a_date_that_aws_left_out_is_unknown() {
    let silent = json!({"SupportedEngineLifecycles": [{"LifecycleSupportName": "open-source-rds-standard-support"}]});
    assert_eq!(engine(&world().patch("postgres:16", silent), "standard_support_end"), gap(LIFECYCLES));
}

#[test]
fn what_was_not_listed_is_a_gap() {
    for (operation, field) in [(VERSIONS, "version_status"), (LIFECYCLES, "standard_support_end")] {
        assert_eq!(engine(&world().denied(operation), field), gap(operation));
        assert_eq!(engine(&world().not_called(operation), field), gap(operation));
    }
    assert_eq!(engine(&world().unread("postgres", "Versions", VERSIONS), "version_status"), gap(VERSIONS));
    assert_eq!(engine(&running("mariadb", "11.4.5"), "version_status"), gap(VERSIONS));
    assert_eq!(engine(&running("postgres", "19.1"), "major_version"), gap(LIFECYCLES));
    assert_eq!(world().patch("db", json!({"EngineVersion": null})).fact("engine", "db"), gap("rds:DescribeDBInstances"));
}
