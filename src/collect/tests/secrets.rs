//! Secrets of databases on the wire.

use serde_json::{Value, json};

use super::replay::Replay;
use crate::inventory::secrets::Secret;
use crate::inventory::{Resource, Scope, TAGS, kinds};

const OWN: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-1";
const NAMED: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders-1";
const OTHER: &str = "arn:aws:secretsmanager:us-east-1:444455556666:secret:shared";
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1";
const DENIED: &str = r#"{"__type":"AccessDeniedException","Message":"no"}"#;

const OPERATIONS: [&str; 7] = [
    "rds:DescribeDBInstances",
    "rds:DescribeDBProxies",
    "timestream-influxdb:ListDbInstances",
    "timestream-influxdb:GetDbInstance",
    "secretsmanager:DescribeSecret",
    "secretsmanager:ListSecrets",
    "secretsmanager:GetResourcePolicy",
];

/// An instance and a proxy that log in with these secrets; there is no InfluxDB.
fn region(master: &str, of_proxy: &str) -> Replay {
    let answer = |operation: &str, body: String| format!("<{operation}Response><{operation}Result>{body}</{operation}Result></{operation}Response>");
    let instance = format!(
        "<DBInstances><DBInstance><DBInstanceIdentifier>orders</DBInstanceIdentifier><Engine>postgres</Engine>\
         <DBInstanceArn>arn:aws:rds:us-east-1:111122223333:db:orders</DBInstanceArn>\
         <MasterUserSecret><SecretArn>{master}</SecretArn></MasterUserSecret></DBInstance></DBInstances>"
    );
    let proxy = format!(
        "<DBProxies><member><DBProxyName>orders</DBProxyName><DBProxyArn>arn:aws:rds:us-east-1:111122223333:db-proxy:prx-1</DBProxyArn>\
         <Auth><member><SecretArn>{of_proxy}</SecretArn></member></Auth></member></DBProxies>"
    );
    Replay::default()
        .on(&["Action=DescribeDBInstances"], answer("DescribeDBInstances", instance))
        .on(&["Action=DescribeDBProxies"], answer("DescribeDBProxies", proxy))
        .on(&["ListDbInstances"], json!({"items": []}).to_string())
}

fn described(arn: &str) -> String {
    json!({"ARN": arn, "Name": "rds!db-1", "KmsKeyId": KEY, "RotationEnabled": true, "LastRotatedDate": 1_763_000_000.5, "LastChangedDate": 1_763_000_000.5,
        "CreatedDate": 1_740_000_000, "OwningService": "rds", "Tags": [{"Key": "team", "Value": "orders"}]})
    .to_string()
}

/// A page of what RDS made.
fn listed(described: &str) -> String {
    format!(r#"{{"SecretList": [{described}]}}"#)
}

fn secrets(scope: &Scope) -> Vec<&Resource> {
    scope.resources.iter().filter(|resource| resource.kind == kinds::SECRET).collect()
}

#[tokio::test]
async fn a_secret_of_several_databases_is_asked_about_once_and_never_for_its_value() {
    let wire = region(OWN, OWN)
        .on(&["secretsmanager.ListSecrets", "owning-service"], listed(&described(OWN)))
        .on(&["secretsmanager.GetResourcePolicy"], json!({"ARN": OWN, "Name": "rds!db-1", "ResourcePolicy": "{}"}).to_string());
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let [secret] = secrets(&scope)[..] else { panic!("one secret") };
    let data: Secret = secret.data().unwrap();
    assert_eq!((data.RotationEnabled, data.OwningService.as_deref(), data.ResourcePolicy.as_deref()), (Some(true), Some("rds"), Some("{}")));
    assert_eq!(data.LastRotatedDate.map(|date| date.to_rfc3339()).as_deref(), Some("2025-11-13T02:13:20.500+00:00"));
    assert_eq!(secret.tags.get("team").map(String::as_str), Some("orders"));
    assert_eq!(wire.count(&["POST https://secretsmanager"]), 2);
    assert_eq!(wire.count(&["GetSecretValue"]), 0);
}

#[tokio::test]
async fn what_was_never_set_up_is_absent() {
    let bare = json!({"ARN": NAMED, "Name": "bare", "LastChangedDate": 1_763_000_000, "CreatedDate": 1_763_000_000});
    let wire = region(NAMED, NAMED)
        .on(&["secretsmanager.DescribeSecret"], bare.to_string())
        .on(&["secretsmanager.GetResourcePolicy"], json!({"ARN": NAMED, "Name": "bare"}).to_string());
    let scope = wire.collect(&OPERATIONS).await;
    let data: Value = secrets(&scope)[0].data().unwrap();
    for field in ["KmsKeyId", "RotationEnabled", "LastRotatedDate", "DeletedDate", "OwningService", "ResourcePolicy"] {
        assert_eq!(data.get(field), None, "{field}");
    }
    assert!(scope.is_complete(), "{:?}", scope.gaps);
}

#[tokio::test]
async fn a_secret_that_may_not_be_read_is_a_gap_and_one_that_is_gone_is_not_there() {
    let wire = region(NAMED, OTHER)
        .fail(&["secretsmanager.DescribeSecret", "secret:orders-1"], 400, r#"{"__type":"ResourceNotFoundException","Message":"gone"}"#)
        .fail(&["secretsmanager.DescribeSecret", "secret:shared"], 400, DENIED);
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(scope.gaps, []);
    let [shared] = secrets(&scope)[..] else { panic!("one secret") };
    assert_eq!((shared.arn.as_str(), shared.account.as_str()), (OTHER, "444455556666"));
    for field in ["RotationEnabled", "KmsKeyId", "ResourcePolicy", "DeletedDate", TAGS] {
        assert_eq!(
            shared.gap_of(field).map(|gap| gap.to_string()).as_deref(),
            Some("secretsmanager:DescribeSecret: access-denied: AccessDeniedException: no"),
            "{field}"
        );
    }
    assert_eq!(wire.count(&["GetResourcePolicy"]), 0);
}

#[tokio::test]
async fn of_what_rds_made_every_page_is_read_and_only_what_databases_use_is_kept() {
    let another = described(&OWN.replace("db-1", "db-2"));
    let first = json!({"SecretList": [serde_json::from_str::<Value>(&another).unwrap()], "NextToken": "second"});
    let wire = region(OWN, OTHER)
        .on(&["secretsmanager.ListSecrets"], first.to_string())
        .on(&["secretsmanager.ListSecrets", "second"], listed(&described(OWN)))
        .on(&["secretsmanager.DescribeSecret", OTHER], described(OTHER))
        .on(&["secretsmanager.GetResourcePolicy"], json!({"ARN": OWN}).to_string());
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let arns: Vec<_> = secrets(&scope).iter().map(|secret| secret.arn.as_str()).collect();
    assert_eq!(arns, [OWN, OTHER]);
    assert_eq!((wire.count(&["ListSecrets"]), wire.count(&["DescribeSecret"]), wire.count(&["GetResourcePolicy"])), (2, 1, 2));
}

#[tokio::test]
async fn what_a_whole_listing_lacks_is_described() {
    let wire = region(OWN, OWN)
        .on(&["secretsmanager.ListSecrets"], listed(""))
        .on(&["secretsmanager.DescribeSecret", OWN], described(OWN))
        .on(&["secretsmanager.GetResourcePolicy"], json!({"ARN": OWN}).to_string());
    let scope = wire.collect(&OPERATIONS).await;
    assert_eq!(secrets(&scope).iter().map(|secret| (secret.arn.as_str(), secret.gaps.len())).collect::<Vec<_>>(), [(OWN, 0)]);
}

#[tokio::test]
async fn a_listing_that_breaks_off_leaves_unread_what_was_not_on_its_pages() {
    let broken = "arn:aws:secretsmanager:us-east-1:111122223333:secret:rds!db-2";
    let first = json!({"SecretList": [serde_json::from_str::<Value>(&described(OWN)).unwrap()], "NextToken": "second"});
    let wire = region(OWN, broken)
        .on(&["secretsmanager.ListSecrets"], first.to_string())
        .fail(&["secretsmanager.ListSecrets", "second"], 400, DENIED)
        .on(&["secretsmanager.GetResourcePolicy"], json!({"ARN": OWN}).to_string());
    let scope = wire.collect(&OPERATIONS).await;
    let [read, unread] = secrets(&scope)[..] else { panic!("two secrets") };
    assert_eq!((read.arn.as_str(), read.gaps.len(), unread.arn.as_str()), (OWN, 0, broken));
    assert_eq!(
        unread.gap_of("RotationEnabled").map(|gap| gap.to_string()).as_deref(),
        Some("secretsmanager:ListSecrets: access-denied: AccessDeniedException: no")
    );
}

#[tokio::test]
async fn a_policy_that_may_not_be_read_is_a_gap_of_its_own() {
    let wire = region(OWN, OWN).on(&["secretsmanager.ListSecrets", "owning-service"], listed(&described(OWN))).fail(
        &["secretsmanager.GetResourcePolicy"],
        400,
        DENIED,
    );
    let scope = wire.collect(&OPERATIONS).await;
    let gaps: Vec<_> = secrets(&scope)[0].gaps.iter().map(|gap| (gap.fields.join(" "), gap.gap.operation.as_str())).collect();
    assert_eq!(gaps, [("ResourcePolicy".to_owned(), "secretsmanager:GetResourcePolicy")]);
}

#[tokio::test]
async fn the_key_of_a_secret_is_described_by_its_alias_too() {
    let alias = "arn:aws:kms:us-east-1:111122223333:alias/secrets";
    let by_alias = described(OWN).replace(KEY, alias);
    let key = json!({"KeyMetadata": {"KeyId": "1", "Arn": KEY, "KeyManager": "CUSTOMER", "Origin": "AWS_KMS", "KeySpec": "SYMMETRIC_DEFAULT", "KeyState": "Enabled"}});
    let wire = region(OWN, OWN)
        .on(&["secretsmanager.ListSecrets"], listed(&by_alias))
        .on(&["secretsmanager.GetResourcePolicy"], json!({"ARN": OWN}).to_string())
        .on(&["TrentService.DescribeKey", alias], key.to_string())
        // KMS takes no alias here.
        .on(&["TrentService.GetKeyRotationStatus", KEY], json!({"KeyRotationEnabled": true}).to_string());
    let scope = wire.collect(&[&OPERATIONS[..], &["kms:DescribeKey", "kms:GetKeyRotationStatus"]].concat()).await;
    assert!(scope.is_complete(), "{:?}", scope.resources.iter().flat_map(|resource| &resource.gaps).collect::<Vec<_>>());
    let keys: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::KMS_KEY).map(|key| key.arn.as_str()).collect();
    assert_eq!(keys, [alias]);
}

#[tokio::test]
async fn without_secrets_nothing_is_asked() {
    let empty = "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/></DescribeDBInstancesResult></DescribeDBInstancesResponse>";
    let wire = Replay::default().on(&["Action=DescribeDBInstances"], empty);
    let scope = wire.collect(&["rds:DescribeDBInstances", "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"]).await;
    assert!(scope.is_complete() && scope.gap_of("secretsmanager:DescribeSecret").is_none());
    assert_eq!(wire.count(&["secretsmanager"]), 0);
}
