//! Timestream for InfluxDB on the wire.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::{Resource, Scope, TAGS};

const OPERATIONS: [&str; 5] = [
    "timestream-influxdb:ListDbInstances",
    "timestream-influxdb:GetDbInstance",
    "timestream-influxdb:ListDbClusters",
    "timestream-influxdb:GetDbCluster",
    "timestream-influxdb:ListTagsForResource",
];
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

fn summary(what: &str, id: &str) -> Value {
    json!({"id": id, "name": id, "arn": format!("arn:aws:timestream-influxdb:us-east-1:111122223333:{what}/{id}")})
}

fn wire() -> Replay {
    let mut instance = summary("db-instance", "i-1");
    instance.as_object_mut().unwrap().extend(
        json!({"publiclyAccessible": true, "port": 8086, "networkType": "DUAL", "vpcSubnetIds": ["subnet-1"], "vpcSecurityGroupIds": ["sg-1"],
        "logDeliveryConfiguration": {"s3Configuration": {"bucketName": "logs", "enabled": true}},
        "dbBackupConfigurations": [{"type": "DAILY", "retentionDays": 7, "enabled": true}]})
        .as_object()
        .unwrap()
        .clone(),
    );
    let mut bare = summary("db-instance", "i-2");
    bare["vpcSubnetIds"] = json!(["subnet-1"]);
    let mut cluster = summary("db-cluster", "c-1");
    cluster["failoverMode"] = json!("NO_FAILOVER");
    Replay::default()
        .on(&[".ListDbInstances"], json!({"items": [summary("db-instance", "i-1")], "nextToken": "second"}).to_string())
        .on(&[".ListDbInstances", "second"], json!({"items": [summary("db-instance", "i-2")]}).to_string())
        .on(&[".GetDbInstance", "i-1"], instance.to_string())
        .on(&[".GetDbInstance", "i-2"], bare.to_string())
        .on(&[".ListDbClusters"], json!({"items": [summary("db-cluster", "c-1")]}).to_string())
        .on(&[".GetDbCluster", "c-1"], cluster.to_string())
        .on(&["AmazonTimestreamInfluxDB.ListTagsForResource"], r#"{"tags":{"team":"shop"}}"#)
}

fn of<'s>(scope: &'s Scope, id: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn.ends_with(id)).unwrap()
}

#[tokio::test]
async fn instances_and_clusters_come_with_what_is_asked_of_each() {
    let scope = wire().collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let [one, two, cluster]: [Value; 3] = ["i-1", "i-2", "c-1"].map(|id| of(&scope, id).data().unwrap());
    assert_eq!(one["dbBackupConfigurations"][0], json!({"type": "DAILY", "retentionDays": 7, "enabled": true}));
    assert_eq!(one["logDeliveryConfiguration"]["s3Configuration"]["enabled"], true);
    assert_eq!(two.get("publiclyAccessible"), None);
    assert_eq!(cluster["failoverMode"], "NO_FAILOVER");
    assert!(["i-1", "i-2", "c-1"].iter().all(|id| of(&scope, id).tags["team"] == "shop"));
}

#[tokio::test]
async fn a_call_that_is_denied_is_a_gap_in_what_it_tells() {
    let wire = wire().fail(&["AmazonTimestreamInfluxDB.GetDbInstance", "i-1"], 403, DENIED).fail(
        &["POST", "AmazonTimestreamInfluxDB.ListTagsForResource"],
        403,
        DENIED,
    );
    let scope = wire.collect(&OPERATIONS).await;
    for field in ["publiclyAccessible", "vpcSubnetIds", "kmsKeyId", TAGS] {
        assert!(of(&scope, "i-1").gap_of(field).is_some(), "{field}");
    }
    assert_eq!(of(&scope, "i-2").gap_of("kmsKeyId"), None);
}
