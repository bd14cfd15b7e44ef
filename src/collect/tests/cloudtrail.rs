//! Trails and event data stores.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::{Scope, kinds};

const OPERATIONS: [&str; 5] = [
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventDataStore",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:ListEventDataStores",
];

const TRAIL: &str = r#"{"Name":"audit","TrailARN":"arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit","HomeRegion":"eu-west-1",
    "IsMultiRegionTrail":true,"LogFileValidationEnabled":true}"#;
const SELECTORS: &str = r#"{"AdvancedEventSelectors":[{"Name":"x","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}]}"#;
const STORE: &str = "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1";

fn wire() -> Replay {
    Replay::default()
        .on(&["DescribeTrails"], format!(r#"{{"trailList":[{TRAIL}]}}"#))
        .on(&["GetTrailStatus", "arn:aws:cloudtrail:eu-west-1"], r#"{"IsLogging":true}"#)
        .on(&["GetEventSelectors"], SELECTORS)
        .on(&["ListEventDataStores"], r#"{"EventDataStores":[],"NextToken":"second"}"#)
        .on(&["ListEventDataStores", "second"], format!(r#"{{"EventDataStores":[{{"EventDataStoreArn":"{STORE}","Name":"lake"}}]}}"#))
        .on(&["GetEventDataStore"], format!(r#"{{"EventDataStoreArn":"{STORE}","Name":"lake","Status":"ENABLED","AdvancedEventSelectors":[]}}"#))
}

fn data(scope: &Scope, kind: crate::inventory::Kind) -> Vec<Value> {
    scope.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.data().unwrap()).collect()
}

#[tokio::test]
async fn trails_are_asked_at_home_and_stores_to_the_last_page() {
    let wire = wire();
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let [trail] = data(&scope, kinds::TRAIL).try_into().unwrap();
    assert_eq!((&trail["IsLogging"], &trail["KmsKeyId"]), (&json!(true), &Value::Null));
    assert_eq!(trail["AdvancedEventSelectors"][0]["FieldSelectors"][0], json!({"Field": "eventCategory", "Equals": ["Management"]}));
    assert_eq!(data(&scope, kinds::EVENT_DATA_STORE)[0]["Status"], "ENABLED");
    assert_eq!(wire.count(&["cloudtrail.eu-west-1", "GetTrailStatus"]), 1);
    assert_eq!((wire.count(&["cloudtrail.us-east-1", "DescribeTrails"]), wire.count(&["ListEventDataStores"])), (1, 2));
}

#[tokio::test]
async fn what_is_denied_of_a_trail_is_a_gap_of_its_fields() {
    let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#;
    let scope = wire().fail(&["GetTrailStatus", "arn:aws:cloudtrail:eu-west-1:111122223333"], 400, denied).collect(&OPERATIONS).await;
    let trail = scope.resources.iter().find(|resource| resource.kind == kinds::TRAIL).unwrap();
    assert_eq!(trail.gap_of("IsLogging").unwrap().operation, "cloudtrail:GetTrailStatus");
    assert_eq!(trail.gap_of("EventSelectors"), None);
    let unlisted = wire().fail(&["Trail_20131101.DescribeTrails"], 400, denied).collect(&OPERATIONS).await;
    assert_eq!(unlisted.gaps[0].operation, "cloudtrail:DescribeTrails");
}

#[tokio::test]
async fn only_what_rules_need_is_asked() {
    let wire = wire();
    wire.collect(&["cloudtrail:DescribeTrails"]).await;
    assert_eq!((wire.count(&["DescribeTrails"]), wire.count(&["GetTrailStatus"]), wire.count(&["EventDataStore"])), (1, 0, 0));
}
