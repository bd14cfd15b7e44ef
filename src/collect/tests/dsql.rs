//! Aurora DSQL on the wire.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::{Resource, Scope, TAGS};

const OPERATIONS: [&str; 4] = ["dsql:ListClusters", "dsql:GetCluster", "dsql:GetClusterPolicy", "dsql:GetVpcEndpointServiceName"];
const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

fn arn(id: &str) -> String {
    format!("arn:aws:dsql:us-east-1:111122223333:cluster/{id}")
}

fn cluster(id: &str) -> String {
    json!({"identifier": id, "arn": arn(id), "status": "ACTIVE", "creationTime": 1795230000, "deletionProtectionEnabled": true, "tags": {"team": "shop"},
        "encryptionDetails": {"encryptionType": "AWS_OWNED_KMS_KEY", "encryptionStatus": "ENABLED"}})
    .to_string()
}

fn wire() -> Replay {
    let listed = |id: &str| json!({"identifier": id, "arn": arn(id)});
    Replay::default()
        .on(&["GET", "/cluster"], json!({"clusters": [listed("one")], "nextToken": "second"}).to_string())
        .on(&["GET", "/cluster", "next-token=second"], json!({"clusters": [listed("two")]}).to_string())
        .on(&["GET", "/cluster/one"], cluster("one"))
        .on(&["GET", "/cluster/two"], cluster("two"))
        .on(&["GET", "/cluster/one/policy"], json!({"policy": "{\"Statement\":[]}", "policyVersion": "1"}).to_string())
        .fail(
            &["GET", "/cluster/two/policy"],
            404,
            r#"{"__type":"ResourceNotFoundException","message":"none","resourceId":"two","resourceType":"cluster"}"#,
        )
        .on(&["GET", "/vpc-endpoint-service-name"], r#"{"serviceName":"com.amazonaws.us-east-1.dsql-fnh4"}"#)
}

fn of<'s>(scope: &'s Scope, id: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn == arn(id)).unwrap()
}

#[tokio::test]
async fn clusters_come_with_their_policies_where_they_have_one() {
    let scope = wire().collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let (one, two): (Value, Value) = (of(&scope, "one").data().unwrap(), of(&scope, "two").data().unwrap());
    assert_eq!(one["policy"], "{\"Statement\":[]}");
    assert_eq!(one["encryptionDetails"]["encryptionType"], "AWS_OWNED_KMS_KEY");
    assert_eq!(one["serviceName"], "com.amazonaws.us-east-1.dsql-fnh4");
    assert_eq!(two.get("policy"), None);
    assert_eq!(of(&scope, "two").tags["team"], "shop");
}

#[tokio::test]
async fn a_call_that_is_denied_is_a_gap_in_what_it_tells() {
    let scope = wire()
        .fail(&["GET", "https", "/cluster/one"], 403, DENIED)
        .fail(&["GET", "https", "/cluster/two/policy"], 403, DENIED)
        .collect(&OPERATIONS)
        .await;
    for field in ["deletionProtectionEnabled", "encryptionDetails", TAGS] {
        assert!(of(&scope, "one").gap_of(field).is_some(), "{field}");
    }
    assert!(of(&scope, "two").gap_of("policy").is_some());
    assert_eq!(of(&scope, "two").gap_of("deletionProtectionEnabled"), None);
}
