//! Neptune Analytics on the wire.

use serde_json::json;

use super::replay::Replay;
use crate::inventory::{Resource, Scope, kinds};

const OPERATIONS: [&str; 4] =
    ["neptune-graph:ListGraphs", "neptune-graph:ListGraphSnapshots", "neptune-graph:ListPrivateGraphEndpoints", "neptune-graph:ListTagsForResource"];
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

fn arn(id: &str) -> String {
    format!("arn:aws:neptune-graph:us-east-1:111122223333:graph/{id}")
}

fn wire() -> Replay {
    let full = json!({"id": "g-1", "name": "fraud", "arn": arn("g-1"), "publicConnectivity": true, "replicaCount": 1, "kmsKeyIdentifier": "AWS_OWNED_KEY",
        "deletionProtection": false, "status": "AVAILABLE"});
    let bare = json!({"id": "g-2", "name": "bare", "arn": arn("g-2")});
    let snapshot = json!({"id": "gs-1", "name": "nightly", "arn": "arn:aws:neptune-graph:us-east-1:111122223333:graph-snapshot/gs-1",
        "sourceGraphId": "g-1", "snapshotCreateTime": 1795230000, "status": "AVAILABLE", "kmsKeyIdentifier": "AWS_OWNED_KEY"});
    Replay::default()
        .on(&["GET", "/graphs"], json!({"graphs": [full], "nextToken": "second"}).to_string())
        .on(&["GET", "/graphs", "nextToken=second"], json!({"graphs": [bare]}).to_string())
        .on(&["GET", "/snapshots"], json!({"graphSnapshots": [snapshot]}).to_string())
        .on(
            &["GET", "/graphs/g-1/endpoints"],
            json!({"privateGraphEndpoints": [{"vpcId": "vpc-1", "subnetIds": ["subnet-1"], "status": "AVAILABLE"}]}).to_string(),
        )
        .on(&["GET", "/graphs/g-2/endpoints"], json!({"privateGraphEndpoints": []}).to_string())
        .on(&["GET", "/tags/"], r#"{"tags":{"team":"shop"}}"#)
}

fn of<'s>(scope: &'s Scope, id: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn.ends_with(id)).unwrap()
}

#[tokio::test]
async fn graphs_come_with_their_endpoints_and_snapshots() {
    let scope = wire().collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let (fraud, bare): (serde_json::Value, serde_json::Value) = (of(&scope, "g-1").data().unwrap(), of(&scope, "g-2").data().unwrap());
    assert_eq!(fraud["publicConnectivity"], true);
    assert_eq!(fraud["privateGraphEndpoints"][0]["status"], "AVAILABLE");
    assert_eq!(fraud["graphSnapshots"][0]["name"], "nightly");
    assert_eq!((&bare["privateGraphEndpoints"], &bare["graphSnapshots"]), (&json!([]), &json!([])));
    assert_eq!(bare.get("publicConnectivity"), None);
    assert_eq!(of(&scope, "gs-1").kind, kinds::NEPTUNE_GRAPH_SNAPSHOT);
    assert_eq!(of(&scope, "g-2").tags["team"], "shop");
}

#[tokio::test]
async fn listings_that_are_denied_are_gaps_of_each_graph() {
    let scope = wire()
        .fail(&["GET", "https", "/snapshots"], 403, DENIED)
        .fail(&["GET", "https", "/graphs/g-1/endpoints"], 403, DENIED)
        .collect(&OPERATIONS)
        .await;
    assert!(of(&scope, "g-1").gap_of("graphSnapshots").is_some() && of(&scope, "g-2").gap_of("graphSnapshots").is_some());
    assert!(of(&scope, "g-1").gap_of("privateGraphEndpoints").is_some());
    assert_eq!(of(&scope, "g-2").gap_of("privateGraphEndpoints"), None);
    assert!(scope.gap_of("neptune-graph:ListGraphSnapshots").is_some());
}
