//! GuardDuty's detector.

use serde_json::json;

use super::replay::Replay;
use crate::inventory::kinds;

const OPERATIONS: [&str; 3] = ["guardduty:GetDetector", "guardduty:ListDetectors", "rds:DescribeDBInstances"];
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

fn wire(engine: &str) -> Replay {
    let instance = format!(
        "<DBInstance><DBInstanceIdentifier>db</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:db</DBInstanceArn><Engine>{engine}</Engine></DBInstance>"
    );
    let instances = format!(
        "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>{instance}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
    );
    Replay::default()
        .on(&["Action=DescribeDBInstances"], instances)
        .on(&["GET", "/detector"], r#"{"detectorIds":[],"nextToken":"second"}"#)
        .on(&["GET", "/detector", "nextToken=second"], r#"{"detectorIds":["d1"]}"#)
        .on(&["GET", "/detector/d1"], r#"{"status":"ENABLED","serviceRole":"r","features":[{"name":"RDS_LOGIN_EVENTS","status":"DISABLED"}]}"#)
}

#[tokio::test]
async fn the_detector_is_found_on_the_last_page_and_its_features_are_kept() {
    let wire = wire("aurora-postgresql");
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let detector = scope.resources.iter().find(|resource| resource.kind == kinds::DETECTOR).unwrap();
    assert_eq!(detector.arn, "arn:aws:guardduty:us-east-1:111122223333:detector/d1");
    let expected = json!({"DetectorId": "d1", "Status": "ENABLED", "Features": [{"Name": "RDS_LOGIN_EVENTS", "Status": "DISABLED"}]});
    assert_eq!(detector.data::<serde_json::Value>().unwrap(), expected);
    assert_eq!(wire.count(&["/detector"]), 3);
}

#[tokio::test]
async fn where_there_is_nothing_to_watch_it_is_not_asked() {
    let wire = wire("mysql");
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(wire.count(&["/detector"]), 0);
    assert!(OPERATIONS.iter().all(|operation| scope.gap_of(operation).is_none()));
}

#[tokio::test]
async fn an_account_without_a_subscription_and_a_denied_detector_are_gaps() {
    let unsubscribed = r#"{"__type":"SubscriptionRequiredException","message":"The AWS Access Key Id needs a subscription for the service"}"#;
    let scope = wire("postgres").fail(&["GET", "/detector", "guardduty"], 400, unsubscribed).collect(&OPERATIONS).await;
    assert_eq!(
        scope.gap_of("guardduty:ListDetectors").unwrap().message,
        "SubscriptionRequiredException: The AWS Access Key Id needs a subscription for the service"
    );
    let scope = wire("postgres").fail(&["GET", "/detector/d1", "guardduty"], 403, DENIED).collect(&OPERATIONS).await;
    let detector = scope.resources.iter().find(|resource| resource.kind == kinds::DETECTOR).unwrap();
    assert_eq!(detector.gap_of("Features").unwrap().operation, "guardduty:GetDetector");
}
