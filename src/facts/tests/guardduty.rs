//! Whether GuardDuty watches the logins of databases.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const ACCOUNT: &str = "arn:aws:account:us-east-1:111122223333:account";

fn region() -> World {
    World::complete().with(kinds::ACCOUNT, ACCOUNT, json!({"Region": "us-east-1"})).with(
        kinds::DB_INSTANCE,
        "db",
        json!({"DBInstanceIdentifier": "db", "Engine": "postgres"}),
    )
}

fn with_detector(status: &str, features: &[(&str, &str)]) -> World {
    let features: Vec<_> = features.iter().map(|(name, status)| json!({"Name": name, "Status": status})).collect();
    region().with(kinds::DETECTOR, "detector", json!({"DetectorId": "1", "Status": status, "Features": features}))
}

fn guardduty(world: &World, field: &str) -> Value {
    world.fact("guardduty", ACCOUNT)[field].clone()
}

#[test]
fn a_detector_tells_its_own_state_and_that_of_rds_protection() {
    let world = with_detector("ENABLED", &[("S3_DATA_EVENTS", "ENABLED"), ("RDS_LOGIN_EVENTS", "DISABLED")]);
    assert_eq!((guardduty(&world, "status"), guardduty(&world, "rds_protection")), (json!("ENABLED"), json!("DISABLED")));
    assert_eq!((guardduty(&region(), "status"), guardduty(&region(), "rds_protection")), (json!("NONE"), json!("NONE")));
}

#[test]
fn a_region_that_may_not_offer_it_is_unknown_and_so_is_what_was_denied() {
    let without = with_detector("ENABLED", &[("S3_DATA_EVENTS", "ENABLED")]);
    assert_eq!(guardduty(&without, "rds_protection"), json!({"gap": "guardduty:GetDetector"}));
    let denied = with_detector("ENABLED", &[("RDS_LOGIN_EVENTS", "ENABLED")]).denied("guardduty:GetDetector");
    assert_eq!(guardduty(&denied, "status"), json!({"gap": "guardduty:GetDetector"}));
    assert_eq!(guardduty(&region().denied("guardduty:ListDetectors"), "status"), json!({"gap": "guardduty:ListDetectors"}));
}

#[test]
fn only_aurora_and_rds_for_postgresql_are_watched() {
    assert_eq!(guardduty(&region(), "watchable"), true);
    let other = region().patch("db", json!({"Engine": "mariadb"}));
    assert_eq!(guardduty(&other, "watchable"), false);
    assert_eq!(guardduty(&other.clone().denied("rds:DescribeDBClusters"), "watchable"), json!({"gap": "rds:DescribeDBClusters"}));
    let aurora = other.with(kinds::DB_CLUSTER, "shop", json!({"DBClusterIdentifier": "shop", "Engine": "aurora-mysql"}));
    assert_eq!(guardduty(&aurora, "watchable"), true);
}
