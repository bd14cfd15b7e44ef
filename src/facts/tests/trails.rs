//! What CloudTrail records.

use serde_json::{Value, json};

use crate::facts::testing::World;
use crate::inventory::kinds;

const CLUSTER: &str = "arn:aws:rds:us-east-1:111122223333:cluster:shop";
const ACCOUNT: &str = "arn:aws:account:us-east-1:111122223333:account";

fn field(name: &str, equals: Value) -> Value {
    json!({"Field": name, "Equals": equals})
}

/// An advanced selector of the Data API with more fields.
fn data_api(more: &[Value]) -> Value {
    let fields = [field("eventCategory", json!(["Data"])), field("resources.type", json!(["AWS::RDS::DBCluster"]))];
    json!({"FieldSelectors": fields.iter().chain(more).collect::<Vec<_>>()})
}

fn management() -> Value {
    json!({"FieldSelectors": [field("eventCategory", json!(["Management"]))]})
}

/// A cluster, and a trail of all regions with these settings.
fn world(trail: Value) -> World {
    let mut data = json!({"Name": "audit", "TrailARN": "trail", "HomeRegion": "us-east-1", "IsMultiRegionTrail": true, "IsLogging": true});
    data.as_object_mut().unwrap().extend(trail.as_object().unwrap().clone());
    World::complete()
        .with(kinds::ACCOUNT, ACCOUNT, json!({"Region": "us-east-1"}))
        .with(kinds::DB_CLUSTER, CLUSTER, json!({"DBClusterIdentifier": "shop", "HttpEndpointEnabled": true}))
        .with(kinds::TRAIL, "trail", data)
}

fn advanced(selectors: &[Value]) -> World {
    world(json!({"AdvancedEventSelectors": selectors}))
}

#[track_caller]
fn assert_recorded(world: &World, expected: bool) {
    assert_eq!(world.fact("data_events", CLUSTER)["recorded"], json!(expected), "{}", world.resource("trail").data.get());
}

#[test]
fn a_selector_of_the_type_records_its_data_events() {
    assert_recorded(&advanced(&[management(), data_api(&[])]), true);
    assert_recorded(&advanced(&[data_api(&[json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:rds:us-east-1:"]})])]), true);
    assert_recorded(&advanced(&[data_api(&[json!({"Field": "resources.ARN", "NotEquals": ["other"]})])]), true);
    assert_recorded(&advanced(&[management()]), false);
    let tables = json!({"FieldSelectors": [field("eventCategory", json!(["Data"])), field("resources.type", json!(["AWS::DynamoDB::Table"]))]});
    assert_recorded(&advanced(&[tables]), false);
    let by = advanced(&[data_api(&[])]).fact("data_events", CLUSTER)["by"].clone();
    assert_eq!(by, json!(["audit"]));
}

#[test]
fn a_selector_of_some_events_or_other_resources_does_not() {
    for more in [
        field("readOnly", json!(["false"])),
        field("eventName", json!(["ExecuteStatement"])),
        json!({"Field": "userIdentity.arn", "NotEquals": ["arn:aws:iam::111122223333:role/app"]}),
        field("resources.ARN", json!(["arn:aws:rds:us-east-1:111122223333:cluster:other"])),
        json!({"Field": "resources.ARN", "NotStartsWith": ["arn:aws:rds:us-east-1:"]}),
    ] {
        assert_recorded(&advanced(&[data_api(&[more])]), false);
    }
    // Reads and writes, each by a selector of its own.
    let halves = ["true", "false"].map(|value| data_api(&[field("readOnly", json!([value]))]));
    assert_recorded(&advanced(&halves), true);
}

#[test]
fn a_trail_that_is_off_records_nothing() {
    let selectors = json!([data_api(&[]), management()]);
    let off = world(json!({"IsLogging": false, "AdvancedEventSelectors": selectors}));
    assert_recorded(&off, false);
    assert_eq!(off.fact("trails", ACCOUNT)["complete"], json!([]));
}

#[test]
fn an_event_data_store_records_as_well() {
    let with = |status: &str| {
        let store = json!({"Name": "lake", "EventDataStoreArn": "store", "Status": status, "AdvancedEventSelectors": [data_api(&[])]});
        advanced(&[management()]).with(kinds::EVENT_DATA_STORE, "store", store)
    };
    assert_recorded(&with("ENABLED"), true);
    assert_recorded(&with("STOPPED_INGESTION"), false);
    let unread = with("ENABLED").denied("cloudtrail:GetEventDataStore");
    assert_eq!(unread.fact("data_events", CLUSTER)["recorded"], json!({"gap": "cloudtrail:GetEventDataStore"}));
}

#[test]
fn what_was_not_read_of_a_trail_leaves_open_what_no_other_records() {
    for operation in ["cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors", "cloudtrail:ListEventDataStores"] {
        let world = advanced(&[management()]).denied(operation);
        assert_eq!(world.fact("data_events", CLUSTER)["recorded"], json!({"gap": operation}), "{operation}");
    }
    let second =
        json!({"Name": "second", "TrailARN": "second", "IsMultiRegionTrail": true, "IsLogging": true, "AdvancedEventSelectors": [data_api(&[])]});
    let world = advanced(&[management()]).unread("trail", "IsLogging", "cloudtrail:GetTrailStatus").with(kinds::TRAIL, "second", second);
    assert_recorded(&world, true);
}

#[test]
fn every_management_event_takes_reads_writes_and_all_sources() {
    let complete = |trail: Value| world(trail).fact("trails", ACCOUNT)["complete"].clone();
    let basic = |more: Value| {
        let mut selector = json!({"ReadWriteType": "All", "IncludeManagementEvents": true});
        selector.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"EventSelectors": [selector]})
    };
    assert_eq!(complete(basic(json!({}))), json!(["audit"]));
    assert_eq!(complete(basic(json!({"ExcludeManagementEventSources": []}))), json!(["audit"]));
    assert_eq!(complete(json!({"AdvancedEventSelectors": [management()]})), json!(["audit"]));
    for more in [
        json!({"ReadWriteType": "WriteOnly"}),
        json!({"IncludeManagementEvents": false}),
        json!({"ExcludeManagementEventSources": ["kms.amazonaws.com"]}),
        json!({"ExcludeManagementEventSources": ["rdsdata.amazonaws.com"]}),
    ] {
        assert_eq!(complete(basic(more.clone())), json!([]), "{more}");
    }
    let no_kms =
        json!({"FieldSelectors": [field("eventCategory", json!(["Management"])), {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}]});
    assert_eq!(complete(json!({"AdvancedEventSelectors": [no_kms]})), json!([]));
    assert_eq!(complete(json!({"IsMultiRegionTrail": false, "AdvancedEventSelectors": [management()]})), json!([]));
    let unread = world(basic(json!({}))).denied("cloudtrail:GetEventSelectors");
    assert_eq!(unread.fact("trails", ACCOUNT)["complete"], json!({"gap": "cloudtrail:GetEventSelectors"}));
}

#[test]
fn types_that_a_region_has_and_nothing_records() {
    let unrecorded = |world: &World| world.fact("trails", ACCOUNT)["unrecorded_types"].clone();
    let unlogged = advanced(&[management()]);
    assert_eq!(unrecorded(&unlogged), json!(["AWS::RDS::DBCluster"]));
    assert_eq!(unrecorded(&advanced(&[data_api(&[])])), json!([]));
    // Without the Data API a cluster has no data events.
    assert_eq!(unrecorded(&unlogged.clone().patch(CLUSTER, json!({"HttpEndpointEnabled": false}))), json!([]));
    assert_eq!(unrecorded(&unlogged.denied("rds:DescribeDBClusters")), json!({"gap": "rds:DescribeDBClusters"}));
}
