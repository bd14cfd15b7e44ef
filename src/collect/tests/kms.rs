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

const GRANTS: [&str; 3] = ["rds:DescribeDBInstances", "kms:DescribeKey", "kms:ListGrants"];

fn grant(id: &str, principal: &str) -> serde_json::Value {
    json!({"KeyId": KEY, "GrantId": id, "GranteePrincipal": principal, "IssuingAccount": "arn:aws:iam::111122223333:root", "Operations": ["Decrypt", "DescribeKey"]})
}

#[tokio::test]
async fn grants_to_principals_come_in_pages_and_those_to_services_are_left_out() {
    let page = |grants: serde_json::Value, more: bool| json!({"Grants": grants, "Truncated": more, "NextMarker": more.then_some("two")}).to_string();
    let of_service = json!({"GrantId": "3", "GranteeServicePrincipal": "dynamodb.us-east-1.amazonaws.com", "Operations": ["Decrypt"]});
    let first = json!([grant("1", "arn:aws:iam::444455556666:role/restore"), grant("2", "rds.us-east-1.amazonaws.com"), of_service]);
    let wire = region()
        .on(&["ListGrants"], page(first, true))
        .on(&["ListGrants", "two"], page(json!([grant("4", "arn:aws:iam::111122223333:role/app")]), false));
    let scope = wire.collect(&GRANTS).await;
    let data: serde_json::Value = key(&scope).data().unwrap();
    let restore = json!({"GrantId": "1", "GranteePrincipal": "arn:aws:iam::444455556666:role/restore", "Operations": ["Decrypt", "DescribeKey"]});
    let app = json!({"GrantId": "4", "GranteePrincipal": "arn:aws:iam::111122223333:role/app", "Operations": ["Decrypt", "DescribeKey"]});
    assert_eq!(data["Grants"], json!([restore, app]));
    assert_eq!(wire.count(&["ListGrants", r#""Limit":100"#]), 2);
}

#[tokio::test]
async fn grants_that_were_refused_in_the_middle_are_unknown() {
    let first = json!({"Grants": [grant("1", "arn:aws:iam::111122223333:role/app")], "Truncated": true, "NextMarker": "two"}).to_string();
    let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#;
    let scope = region().on(&["ListGrants"], first).fail(&["ListGrants", "two"], 400, denied).collect(&GRANTS).await;
    assert_eq!(key(&scope).gap_of("Grants").map(|gap| gap.operation).as_deref(), Some("kms:ListGrants"));
    let data: serde_json::Value = key(&scope).data().unwrap();
    assert_eq!(data.get("Grants"), None);
}

#[tokio::test]
async fn grants_of_keys_that_aws_manages_are_not_asked_for() {
    let managed = json!({"KeyMetadata": {"KeyId": "1", "Arn": KEY, "KeyManager": "AWS"}}).to_string();
    let wire = region().on(&["TrentService.DescribeKey"], managed);
    wire.collect(&GRANTS).await;
    let wanted = region().on(&["ListGrants"], json!({"Grants": [], "Truncated": false}).to_string());
    wanted.collect(&GRANTS[..2]).await;
    assert_eq!((wire.count(&["ListGrants"]), wanted.count(&["ListGrants"])), (0, 0));
}
