//! DocumentDB elastic clusters on the wire.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::{Needs, Scope, TAGS, kinds};

const OPERATIONS: [&str; 4] =
    ["docdb-elastic:ListClusters", "docdb-elastic:GetCluster", "docdb-elastic:ListPendingMaintenanceActions", "docdb-elastic:ListTagsForResource"];
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

fn arn(name: &str) -> String {
    format!("arn:aws:docdb-elastic:us-east-1:111122223333:cluster/{name}")
}

fn page(name: &str, token: Option<&str>) -> String {
    json!({"clusters": [{"clusterArn": arn(name), "clusterName": name, "status": "ACTIVE"}], "nextToken": token}).to_string()
}

fn cluster(name: &str, more: &Value) -> String {
    let mut cluster = json!({"clusterArn": arn(name), "clusterName": name, "status": "ACTIVE", "adminUserName": "owner", "authType": "PLAIN_TEXT",
        "clusterEndpoint": "e", "createTime": "2026-01-01", "kmsKeyId": "AWS_OWNED_KMS_KEY", "preferredMaintenanceWindow": "sun:04:00-sun:04:30",
        "shardCapacity": 2, "shardCount": 1, "subnetIds": ["subnet-1"], "vpcSecurityGroupIds": ["sg-1"]});
    cluster.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"cluster": cluster}).to_string()
}

fn wire() -> Replay {
    let actions = json!([{"action": "ENGINE_UPDATE", "autoAppliedAfterDate": "2026-11-15T04:00:00Z"}]);
    let more = json!({"backupRetentionPeriod": 7, "shardInstanceCount": 2});
    Replay::default()
        .on(&["GET", "/clusters"], page("a", Some("second")))
        .on(&["GET", "/clusters", "nextToken=second"], page("b", None))
        .on(&["GET", "/cluster/", "cluster%2Fa"], cluster("a", &more))
        .on(&["GET", "/cluster/", "cluster%2Fb"], cluster("b", &json!({})))
        .on(
            &["GET", "/pending-actions"],
            json!({"resourcePendingMaintenanceActions": [{"resourceArn": arn("a"), "pendingMaintenanceActionDetails": actions}]}).to_string(),
        )
        .on(&["GET", "/tags/"], r#"{"tags":{"team":"shop"}}"#)
}

fn data(scope: &Scope, name: &str) -> Value {
    scope.resources.iter().find(|resource| resource.arn == arn(name)).unwrap().data().unwrap()
}

#[tokio::test]
async fn clusters_of_all_pages_come_with_what_is_asked_of_each() {
    let wire = wire();
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let (a, b) = (data(&scope, "a"), data(&scope, "b"));
    assert_eq!(a["backupRetentionPeriod"], 7);
    assert_eq!(a["shardInstanceCount"], 2);
    assert_eq!(a["pendingMaintenanceActionDetails"][0]["autoAppliedAfterDate"], "2026-11-15T04:00:00Z");
    assert_eq!(b["kmsKeyId"], "AWS_OWNED_KMS_KEY");
    assert_eq!(b["pendingMaintenanceActionDetails"], json!([]));
    assert_eq!(b.get("backupRetentionPeriod"), None);
    assert!(scope.resources.iter().filter(|resource| resource.kind == kinds::DOCDB_ELASTIC_CLUSTER).all(|cluster| cluster.tags["team"] == "shop"));
    assert_eq!(wire.count(&["/pending-actions"]), 1);
}

#[tokio::test]
async fn a_call_that_is_denied_is_a_gap_in_what_it_tells() {
    let wire = wire().fail(&["GET", "/cluster/", "111122223333%3Acluster%2Fa"], 403, DENIED).fail(&["GET", "https", "/tags/"], 403, DENIED).fail(
        &["GET", "https", "/pending-actions"],
        403,
        DENIED,
    );
    let scope = wire.collect(&OPERATIONS).await;
    let a = scope.resources.iter().find(|resource| resource.arn == arn("a")).unwrap();
    for field in ["kmsKeyId", "subnetIds", "backupRetentionPeriod", "pendingMaintenanceActionDetails", TAGS] {
        assert!(a.gap_of(field).is_some(), "{field}");
    }
    assert_eq!(a.gap_of("clusterName"), None);
    assert_eq!(data(&scope, "b")["kmsKeyId"], "AWS_OWNED_KMS_KEY");
    assert!(scope.gap_anywhere("docdb-elastic:GetCluster").is_some());
}

#[tokio::test]
async fn a_region_that_lacks_the_service_is_empty_and_a_denied_one_is_not() {
    let needs = Needs { operations: OPERATIONS.into_iter().collect(), ..Needs::default() };
    let nowhere = Replay::default().unknown_host(&["GET"]);
    assert!(nowhere.collect_in("us-west-1", &needs).await.is_complete());
    assert_eq!(nowhere.count(&["/clusters"]), 1);
    assert!(!nowhere.collect_in("us-east-1", &needs).await.is_complete());
    let denied = Replay::default().fail(&["GET"], 403, DENIED).collect_in("us-west-1", &needs).await;
    assert_eq!(
        denied.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["docdb-elastic:ListClusters: access-denied: AccessDeniedException: no"]
    );
}
