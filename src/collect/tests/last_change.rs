//! CloudTrail's event history on the wire.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::replay::{ACCOUNT, REGION, Replay};
use crate::collect::Interrupt;
use crate::inventory::ScopeId;
use crate::inventory::last_change::{LastChange, Target};

const ANN: &str = "arn:aws:iam::111122223333:user/ann";

fn scope(region: &str) -> ScopeId {
    ScopeId { account: ACCOUNT.to_owned(), region: region.to_owned() }
}

fn arn(name: &str) -> String {
    format!("arn:aws:rds:us-east-1:111122223333:db:{name}")
}

/// What the history says of these databases, by name.
async fn told(wire: &Replay, names: &[&str]) -> BTreeMap<String, LastChange> {
    let targets = names.iter().map(|name| Target { arn: arn(name), name: (*name).to_owned() }).collect();
    let told = wire.last_changes(&BTreeMap::from([(scope(REGION), targets)])).await;
    told.into_iter().map(|(arn, change)| (arn.rsplit(':').next().unwrap().to_owned(), change)).collect()
}

fn event(name: &str, read_only: &str, record: Value) -> Value {
    let event = json!({"EventId": "1", "EventName": name, "ReadOnly": read_only, "EventTime": 1_795_000_000.0, "EventSource": "rds.amazonaws.com", "Username": "ann"});
    let mut event = event.as_object().unwrap().clone();
    event.insert("CloudTrailEvent".to_owned(), record.to_string().into());
    event.into()
}

fn change() -> Value {
    event("ModifyDBInstance", "false", json!({"userIdentity": {"type": "IAMUser", "arn": ANN}}))
}

fn page(events: Value, next: Option<&str>) -> String {
    json!({"Events": events, "NextToken": next}).to_string()
}

fn found(by: &str) -> LastChange {
    LastChange::Found { time: "2026-11-18T11:06:40Z".parse().unwrap(), event: "ModifyDBInstance".to_owned(), by: by.to_owned() }
}

const BY_NAME: [&str; 2] = ["LookupEvents", r#""AttributeValue":"orders""#];
const BY_ARN: [&str; 2] = ["LookupEvents", r#""AttributeValue":"arn:aws:rds"#];

#[tokio::test]
async fn the_newest_event_that_is_no_read_and_did_not_fail_tells() {
    let failed = event("DeleteDBInstance", "false", json!({"errorCode": "AccessDenied", "userIdentity": {"arn": ANN}}));
    let mut of_table = event("DeleteTable", "false", json!({}));
    of_table["EventSource"] = "dynamodb.amazonaws.com".into();
    let older = event("CreateDBInstance", "false", json!({}));
    let events = json!([event("DescribeDBInstances", "true", json!({})), failed, of_table, change(), older]);
    let wire = Replay::default().on(&BY_NAME, page(events, Some("two")));
    assert_eq!(told(&wire, &["orders"]).await["orders"], found(ANN));
    assert_eq!(wire.count(&["LookupEvents"]), 1);
}

#[tokio::test]
async fn services_and_events_without_a_record_name_somebody_too() {
    let by_service = event("ModifyDBInstance", "false", json!({"userIdentity": {"type": "AWSService", "invokedBy": "rds.amazonaws.com"}}));
    let mut bare = change();
    bare["CloudTrailEvent"] = Value::Null;
    for (event, by) in [(by_service, "rds.amazonaws.com"), (bare, "ann")] {
        assert_eq!(told(&Replay::default().on(&BY_NAME, page(json!([event]), None)), &["orders"]).await["orders"], found(by));
    }
}

#[tokio::test]
async fn pages_of_reads_are_turned_and_then_the_arn_is_tried() {
    let reads = || json!([event("DescribeDBInstances", "true", json!({}))]);
    let wire = Replay::default()
        .on(&BY_NAME, page(reads(), Some("two")))
        .on(&[BY_NAME[0], BY_NAME[1], r#""NextToken":"two""#], page(json!([]), None))
        .on(&BY_ARN, page(json!([change()]), None));
    assert_eq!(told(&wire, &["orders"]).await["orders"], found(ANN));
    assert_eq!((wire.count(&BY_NAME), wire.count(&BY_ARN)), (2, 1));
    let empty = Replay::default().on(&["LookupEvents"], page(json!([]), None));
    assert_eq!((told(&empty, &["orders"]).await["orders"].clone(), empty.count(&["LookupEvents"])), (LastChange::NoneKept, 2));
}

#[tokio::test]
async fn reads_without_end_are_given_up() {
    let endless = Replay::default().on(&["LookupEvents"], page(json!([event("DescribeDBInstances", "true", json!({}))]), Some("more")));
    let LastChange::Unknown { why } = told(&endless, &["orders"]).await["orders"].clone() else { panic!("known") };
    assert_eq!((why.as_str(), endless.count(&["LookupEvents"])), ("the newest 150 events that name it only read", 6));
}

#[tokio::test]
async fn what_fails_is_not_asked_again_in_the_region() {
    let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#;
    let wire = Replay::default().fail(&["LookupEvents"], 400, denied);
    let told = told(&wire, &["orders", "stock"]).await;
    let unknown = LastChange::Unknown { why: "cloudtrail:LookupEvents: access-denied: AccessDeniedException: no".to_owned() };
    assert_eq!(told, BTreeMap::from([("orders".to_owned(), unknown.clone()), ("stock".to_owned(), unknown)]));
    assert_eq!(wire.count(&["LookupEvents"]), 1);
}

#[tokio::test]
async fn what_the_account_has_once_is_in_the_history_of_one_region_and_strangers_are_not_asked() {
    let wire = Replay::default().on(&["cloudtrail.us-east-1", "LookupEvents"], page(json!([]), None));
    let of = |account: &str, region: &str| {
        (
            ScopeId { account: account.to_owned(), region: region.to_owned() },
            vec![Target { arn: format!("{account}-{region}"), name: "admin".to_owned() }],
        )
    };
    let told = wire.last_changes(&BTreeMap::from([of(ACCOUNT, "aws-global"), of("444455556666", "us-east-1")])).await;
    assert_eq!(told[&format!("{ACCOUNT}-aws-global")], LastChange::NoneKept);
    assert_eq!(told["444455556666-us-east-1"], LastChange::Unknown { why: "account 444455556666 was not scanned".to_owned() });
}

#[tokio::test]
async fn an_interruption_ends_the_asking_and_each_is_told_all_the_same() {
    let wire = Replay::default().on(&["LookupEvents"], page(json!([]), None));
    let targets = ["orders", "stock"].map(|name| Target { arn: arn(name), name: name.to_owned() });
    let targets = BTreeMap::from([(scope(REGION), targets.to_vec())]);
    let (changes, told) = wire.last_changes_until(&targets, &Interrupt::come()).await;
    let unknown = LastChange::Unknown { why: "cloudtrail:LookupEvents: interrupted: the collection was interrupted".to_owned() };
    assert_eq!(changes, BTreeMap::from([(arn("orders"), unknown.clone()), (arn("stock"), unknown)]));
    assert_eq!((told, wire.count(&["LookupEvents"])), (2, 0));
}
