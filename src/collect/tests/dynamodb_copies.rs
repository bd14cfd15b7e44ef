//! Backups and exports of DynamoDB tables on the wire.

use serde_json::{Value, json};

use super::replay::{ACCOUNT, Replay};
use crate::inventory::{Resource, Scope, kinds};

const BACKUPS: [&str; 3] = ["dynamodb:ListTables", "dynamodb:DescribeTable", "dynamodb:ListBackups"];
const EXPORTS: [&str; 4] = ["dynamodb:ListTables", "dynamodb:ListExports", "dynamodb:DescribeExport", "s3:GetBucketPublicAccessBlock"];
const DENIED: &str = r#"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}"#;

fn arn(table: &str) -> String {
    format!("arn:aws:dynamodb:us-east-1:111122223333:table/{table}")
}

/// A region with the tables `carts` and `orders`.
fn wire() -> Replay {
    let described = |name: &str| json!({"Table": {"TableName": name, "TableArn": arn(name), "TableId": name, "TableStatus": "ACTIVE"}}).to_string();
    Replay::default()
        .on(&[".ListTables"], json!({"TableNames": ["carts", "orders"]}).to_string())
        .on(&[".DescribeTable", r#""carts""#], described("carts"))
        .on(&[".DescribeTable", r#""orders""#], described("orders"))
}

fn backup(table: &str, id: &str, status: &str) -> Value {
    json!({"TableName": table, "TableId": id, "TableArn": arn(table), "BackupArn": format!("{}/backup/{id}", arn(table)), "BackupName": "b",
        "BackupStatus": status, "BackupType": "USER"})
}

fn backups(scope: &Scope, table: &str) -> Value {
    let data: Value = scope.resources.iter().find(|resource| resource.arn == arn(table)).unwrap().data().unwrap();
    data["BackupSummaries"].clone()
}

#[tokio::test]
async fn backups_of_all_tables_are_listed_at_once_and_one_is_kept_of_each() {
    let first = json!([backup("orders", "orders", "AVAILABLE"), backup("orders", "orders", "AVAILABLE"), backup("orders", "earlier", "AVAILABLE")]);
    let wire = wire().on(&[".ListBackups", "ALL"], json!({"BackupSummaries": first, "LastEvaluatedBackupArn": "second"}).to_string()).on(
        &[".ListBackups", "second"],
        json!({"BackupSummaries": [backup("carts", "carts", "CREATING"), backup("gone", "gone", "AVAILABLE")]}).to_string(),
    );
    let scope = wire.collect(&BACKUPS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let kept = |id: &str| json!({"TableId": id, "BackupArn": format!("{}/backup/{id}", arn("orders")), "BackupStatus": "AVAILABLE"});
    assert_eq!(backups(&scope, "orders"), json!([kept("orders"), kept("earlier")]));
    assert_eq!(backups(&scope, "carts"), json!([]));
    assert_eq!(wire.count(&[".ListBackups"]), 2);
}

#[tokio::test]
async fn a_listing_of_backups_that_breaks_off_leaves_open_what_it_did_not_name() {
    let first = json!({"BackupSummaries": [backup("orders", "orders", "AVAILABLE")], "LastEvaluatedBackupArn": "second"}).to_string();
    let scope = wire().on(&[".ListBackups"], first).fail(&[".ListBackups", "second"], 400, DENIED).collect(&BACKUPS).await;
    assert_eq!(backups(&scope, "orders")[0]["TableId"], "orders");
    assert_eq!(backups(&scope, "carts"), Value::Null);
    assert_eq!(scope.gaps.iter().map(|gap| gap.operation.as_str()).collect::<Vec<_>>(), ["dynamodb:ListBackups"]);
}

#[tokio::test]
async fn a_region_without_tables_costs_one_call() {
    let wire = Replay::default().on(&[".ListTables"], r#"{"TableNames": []}"#);
    let scope = wire.collect(&[&BACKUPS[..], &EXPORTS[1..]].concat()).await;
    assert!(scope.is_complete() && scope.gap_of("dynamodb:ListBackups").is_none() && scope.gap_of("dynamodb:ListExports").is_none());
    assert_eq!(wire.count(&["dynamodb"]), 1);
}

fn export(name: &str) -> String {
    format!("{}/export/{name}", arn("orders"))
}

fn described(name: &str, bucket: &str, more: Value) -> String {
    let mut export =
        json!({"ExportArn": export(name), "ExportStatus": "COMPLETED", "TableArn": arn("orders"), "S3Bucket": bucket, "S3SseAlgorithm": "AES256"});
    export.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"ExportDescription": export}).to_string()
}

fn found<'s>(scope: &'s Scope, arn: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn == arn).unwrap()
}

/// Two exports to the bucket `lake` and one to `theirs`, on two pages.
fn exported() -> Replay {
    let summary = |name: &str| json!({"ExportArn": export(name), "ExportStatus": "COMPLETED"});
    let kms = json!({"S3SseAlgorithm": "KMS", "S3SseKmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1"});
    let block = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
        <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>";
    wire()
        .on(&[".ListExports"], json!({"ExportSummaries": [summary("one"), summary("two")], "NextToken": "second"}).to_string())
        .on(&[".ListExports", "second"], json!({"ExportSummaries": [summary("three")]}).to_string())
        .on(&[".DescribeExport", "export/one"], described("one", "lake", kms))
        .on(&[".DescribeExport", "export/two"], described("two", "lake", json!({})))
        .on(&[".DescribeExport", "export/three"], described("three", "theirs", json!({"S3BucketOwner": "444455556666"})))
        .on(&["//lake.s3", "?publicAccessBlock", ACCOUNT], block)
        .fail(&["//theirs.s3", "?publicAccessBlock"], 403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
}

#[tokio::test]
async fn exports_come_from_all_pages_with_each_bucket_asked_once() {
    let wire = exported();
    let scope = wire.collect(&EXPORTS).await;
    let one: Value = found(&scope, &export("one")).data().unwrap();
    let expected = json!({"ExportArn": export("one"), "ExportStatus": "COMPLETED", "TableArn": arn("orders"), "S3Bucket": "lake",
        "S3SseAlgorithm": "KMS", "S3SseKmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1"});
    assert_eq!(one, expected);
    let three: Value = found(&scope, &export("three")).data().unwrap();
    assert_eq!((&three["S3BucketOwner"], &three["S3SseAlgorithm"]), (&json!("444455556666"), &json!("AES256")));
    let lake: Value = found(&scope, "arn:aws:s3:::lake").data().unwrap();
    assert_eq!(lake["PublicAccessBlockConfiguration"]["RestrictPublicBuckets"], true);
    assert_eq!(found(&scope, "arn:aws:s3:::theirs").gaps[0].fields, ["PublicAccessBlockConfiguration"]);
    assert_eq!((wire.count(&["//lake.s3"]), wire.count(&[".DescribeExport"])), (1, 3));
}

#[tokio::test]
async fn an_export_that_cannot_be_described_is_there_all_the_same() {
    let scope = exported().fail(&[".DescribeExport", "export/one"], 400, DENIED).collect(&EXPORTS).await;
    let one = found(&scope, &export("one"));
    assert_eq!(one.data::<Value>().unwrap(), json!({"ExportArn": export("one"), "ExportStatus": "COMPLETED"}));
    assert_eq!(one.gaps[0].fields, kinds::DYNAMODB_EXPORT.fields_of("dynamodb:DescribeExport"));
    let denied = exported().fail(&[".ListExports"], 400, DENIED).collect(&EXPORTS).await;
    assert!(denied.gaps.iter().any(|gap| gap.operation == "dynamodb:ListExports"), "{:?}", denied.gaps);
}
