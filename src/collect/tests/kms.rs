//! Keys of databases on the wire.

use serde_json::json;

use super::replay::Replay;
use crate::inventory::{Resource, Scope, TAGS, kinds};

const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1";
const OPERATIONS: [&str; 3] = ["rds:DescribeDBInstances", "kms:DescribeKey", "kms:ListResourceTags"];

fn region() -> Replay {
    let instance = format!(
        "<DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:orders</DBInstanceArn>\
         <Engine>postgres</Engine><KmsKeyId>{KEY}</KmsKeyId></DBInstance>"
    );
    let answer = format!(
        "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>{instance}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>"
    );
    Replay::default()
        .on(&["Action=DescribeDBInstances"], answer)
        .on(&["TrentService.DescribeKey"], json!({"KeyMetadata": {"KeyId": "1", "Arn": KEY, "KeyManager": "CUSTOMER"}}).to_string())
}

fn key(scope: &Scope) -> &Resource {
    scope.resources.iter().find(|resource| resource.kind == kinds::KMS_KEY).unwrap()
}

#[tokio::test]
async fn the_tags_of_a_key_come_in_pages() {
    let page = |name: &str, more: bool| {
        json!({"Tags": [{"TagKey": name, "TagValue": "x"}], "Truncated": more, "NextMarker": more.then_some("two")}).to_string()
    };
    let wire = region().on(&["ListResourceTags"], page("team", true)).on(&["ListResourceTags", "two"], page("stage", false));
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(key(&scope).tags.keys().collect::<Vec<_>>(), ["stage", "team"]);
    assert!(scope.gap_in_tags(key(&scope)).is_none());
}

#[tokio::test]
async fn tags_that_were_refused_or_not_asked_for_are_not_known_to_be_none() {
    let wire = region().fail(&["ListResourceTags"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(key(&scope).gap_of(TAGS).map(|gap| gap.operation).as_deref(), Some("kms:ListResourceTags"));
    let scope = wire.collect(&OPERATIONS[..2]).await;
    assert!(scope.is_complete());
    assert_eq!(scope.gap_in_tags(key(&scope)).map(|gap| gap.reason), Some(crate::inventory::Reason::NotCollected));
    assert_eq!(wire.count(&["ListResourceTags"]), 1);
}
