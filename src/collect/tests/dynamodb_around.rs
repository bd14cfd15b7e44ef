//! What surrounds DynamoDB tables on the wire: keys of replicas, readers of streams, scaling, limits.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::{Kind, Resource, Scope, kinds};

const DENIED: &str = r#"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}"#;
const STREAM: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2026-03-01T09:00:00.000";

fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:us-east-1:111122223333:table/{table}")
}

/// A region with these tables.
fn wire(tables: &[(&str, Value)]) -> Replay {
    let names: Vec<_> = tables.iter().map(|(name, _)| name).collect();
    let wire = Replay::default().on(&[".ListTables"], json!({"TableNames": names}).to_string());
    tables.iter().fold(wire, |wire, (name, more)| {
        let mut table = json!({"TableName": name, "TableArn": arn(name), "TableStatus": "ACTIVE"});
        table.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wire.on(&[".DescribeTable", &format!(r#""{name}""#)], json!({"Table": table}).to_string())
    })
}

fn of_kind(scope: &Scope, kind: Kind) -> Vec<&Resource> {
    scope.resources.iter().filter(|resource| resource.kind == kind).collect()
}

fn gaps(scope: &Scope) -> Vec<&str> {
    scope.gaps.iter().map(|gap| gap.operation.as_str()).collect()
}

#[tokio::test]
async fn the_key_of_a_replica_is_asked_once_in_its_region() {
    let operations = ["dynamodb:ListTables", "dynamodb:DescribeTable", "kms:DescribeKey"];
    let replicas = json!({"Replicas": [{"RegionName": "us-east-1", "KMSMasterKeyId": "here"}, {"RegionName": "eu-west-1", "KMSMasterKeyId": "there"},
        {"RegionName": "us-west-2"}]});
    let wire = wire(&[("carts", replicas.clone()), ("orders", replicas), ("plain", json!({}))])
        .on(&["kms.eu-west-1", ".DescribeKey", "there"], r#"{"KeyMetadata":{"KeyId":"there","KeyManager":"CUSTOMER"}}"#);
    let scope = wire.collect(&operations).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let keys = |table: &str| {
        let tables = of_kind(&scope, kinds::DYNAMODB_TABLE);
        let table: Value = tables.into_iter().find(|resource| resource.arn == arn(table)).unwrap().data().unwrap();
        table["ReplicaKeys"].clone()
    };
    let expected = json!([{"RegionName": "eu-west-1", "KeyManager": "CUSTOMER"}]);
    assert_eq!([keys("carts"), keys("orders"), keys("plain")], [expected.clone(), expected, Value::Null]);
    assert_eq!(wire.count(&[".DescribeKey"]), 1);

    let denied = wire.fail(&["kms.eu-west-1", ".DescribeKey", "there"], 400, DENIED).collect(&operations).await;
    let unread: Vec<_> = denied.resources.iter().flat_map(|resource| &resource.gaps).map(|gap| gap.fields.join(" ")).collect();
    assert_eq!(unread, ["ReplicaKeys", "ReplicaKeys"]);
}

const STREAMS: [&str; 4] = ["dynamodb:ListTables", "dynamodb:DescribeTable", "lambda:ListEventSourceMappings", "pipes:ListPipes"];

fn streaming() -> Replay {
    let mapping = |uuid: &str, source: &str| json!({"UUID": uuid, "EventSourceArn": source, "FunctionArn": "function", "State": "Enabled"});
    let pipe = |name: &str, source: &str| json!({"Arn": format!("arn:aws:pipes:us-east-1:111122223333:pipe/{name}"), "Source": source, "CurrentState": "RUNNING"});
    wire(&[("orders", json!({"StreamSpecification": {"StreamEnabled": true}, "LatestStreamArn": STREAM}))])
        .on(
            &["/event-source-mappings"],
            json!({"EventSourceMappings": [mapping("queue", "arn:aws:sqs:us-east-1:111122223333:jobs")], "NextMarker": "second"}).to_string(),
        )
        .on(&["/event-source-mappings", "Marker=second"], json!({"EventSourceMappings": [mapping("own", STREAM)]}).to_string())
        .on(
            &["/v1/pipes", "SourcePrefix=arn"],
            json!({"Pipes": [pipe("earlier", &STREAM.replace("2026", "2025"))], "NextToken": "second"}).to_string(),
        )
        .on(&["/v1/pipes", "NextToken=second"], json!({"Pipes": [pipe("own", STREAM)]}).to_string())
}

#[tokio::test]
async fn of_all_mappings_and_pipes_those_stay_that_read_the_streams() {
    let wire = streaming();
    let scope = wire.collect(&STREAMS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let arns = |kind| of_kind(&scope, kind).into_iter().map(|resource| resource.arn.as_str()).collect::<Vec<_>>();
    assert_eq!(arns(kinds::EVENT_SOURCE_MAPPING), ["arn:aws:lambda:us-east-1:111122223333:event-source-mapping:own"]);
    assert_eq!(arns(kinds::PIPE), ["arn:aws:pipes:us-east-1:111122223333:pipe/own"]);
    assert_eq!((wire.count(&["/event-source-mappings"]), wire.count(&["/v1/pipes"])), (2, 2));
}

#[tokio::test]
async fn readers_of_streams_are_asked_for_only_where_there_are_streams() {
    let none = wire(&[("orders", json!({"LatestStreamArn": STREAM, "StreamSpecification": {"StreamEnabled": false}}))]);
    let scope = none.collect(&STREAMS).await;
    assert!(scope.is_complete() && STREAMS.iter().all(|operation| scope.gap_of(operation).is_none()), "{scope:?}");
    assert_eq!(none.count(&["/event-source-mappings"]) + none.count(&["/v1/pipes"]), 0);

    let denied = r#"{"message":"no","__type":"AccessDeniedException"}"#;
    let scope =
        streaming().fail(&["/event-source-mappings"], 403, denied).fail(&["/v1/pipes", "SourcePrefix=arn"], 403, denied).collect(&STREAMS).await;
    assert_eq!(gaps(&scope), ["lambda:ListEventSourceMappings", "pipes:ListPipes"]);
}

const CAPACITY: [&str; 4] =
    ["dynamodb:ListTables", "dynamodb:DescribeTable", "dynamodb:DescribeLimits", "application-autoscaling:DescribeScalableTargets"];

#[tokio::test]
async fn limits_and_targets_are_asked_for_only_where_capacity_is_provisioned() {
    let target = json!({"ServiceNamespace": "dynamodb", "ResourceId": "table/orders", "ScalableDimension": "dynamodb:table:ReadCapacityUnits", "MinCapacity": 1,
        "MaxCapacity": 9, "RoleARN": "r", "CreationTime": 1.0, "ScalableTargetARN": "arn:aws:application-autoscaling:us-east-1:111122223333:scalable-target/1"});
    let provisioned = wire(&[("orders", json!({})), ("carts", json!({"BillingModeSummary": {"BillingMode": "PROVISIONED"}}))])
        .on(
            &[".DescribeLimits"],
            json!({"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 40000, "TableMaxReadCapacityUnits": 40000}).to_string(),
        )
        .on(&[".DescribeScalableTargets", r#""dynamodb""#], json!({"ScalableTargets": [target]}).to_string());
    let scope = provisioned.collect(&CAPACITY).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let limits: Value = of_kind(&scope, kinds::DYNAMODB_LIMITS)[0].data().unwrap();
    assert_eq!(limits, json!({"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 40000}));
    assert_eq!(of_kind(&scope, kinds::SCALABLE_TARGET).len(), 1);
    assert_eq!((provisioned.count(&[".DescribeLimits"]), provisioned.count(&[".DescribeScalableTargets"])), (1, 1));

    let on_demand = wire(&[("orders", json!({"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}))]);
    let scope = on_demand.collect(&CAPACITY).await;
    assert!(scope.is_complete() && CAPACITY.iter().all(|operation| scope.gap_of(operation).is_none()), "{scope:?}");
    assert_eq!(on_demand.count(&[".DescribeLimits"]) + on_demand.count(&[".DescribeScalableTargets"]), 0);
}

#[tokio::test]
async fn limits_and_targets_that_are_denied_are_gaps() {
    let denied = wire(&[("orders", json!({}))]).fail(&[".DescribeLimits"], 400, DENIED).fail(&[".DescribeScalableTargets"], 400, DENIED);
    assert_eq!(gaps(&denied.collect(&CAPACITY).await), ["application-autoscaling:DescribeScalableTargets", "dynamodb:DescribeLimits"]);
}
