//! Exports to S3 and their buckets on the wire.

use serde_json::{Value, json};

use super::replay::{ACCOUNT, Replay};
use crate::inventory::{Reason, Scope, kinds};

const OPERATIONS: [&str; 2] = ["rds:DescribeExportTasks", "s3:GetBucketPublicAccessBlock"];
const KEY: &str = "arn:aws:kms:us-east-1:111122223333:key/1";
const ASKED: &str = "?publicAccessBlock";

fn export(name: &str, bucket: &str) -> String {
    format!(
        "<ExportTask><ExportTaskIdentifier>{name}</ExportTaskIdentifier><SourceArn>arn:aws:rds:us-east-1:111122223333:snapshot:orders</SourceArn>\
         <Status>COMPLETE</Status><PercentProgress>100</PercentProgress><S3Bucket>{bucket}</S3Bucket><KmsKeyId>{KEY}</KmsKeyId></ExportTask>"
    )
}

fn page(marker: &str, exports: &str) -> String {
    format!(
        "<DescribeExportTasksResponse><DescribeExportTasksResult>{marker}<ExportTasks>{exports}</ExportTasks></DescribeExportTasksResult></DescribeExportTasksResponse>"
    )
}

fn settings(policy: bool) -> String {
    format!(
        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
         <BlockPublicPolicy>{policy}</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"
    )
}

fn error(code: &str) -> String {
    format!("<Error><Code>{code}</Code><Message>no</Message></Error>")
}

fn block(scope: &Scope, bucket: &str) -> Value {
    let arn = format!("arn:aws:s3:::{bucket}");
    let data: Value = scope.resources.iter().find(|resource| resource.arn == arn).unwrap().data().unwrap();
    data["PublicAccessBlockConfiguration"].clone()
}

#[tokio::test]
async fn exports_of_all_pages_come_with_each_bucket_asked_once_as_its_owner() {
    let wire = Replay::default()
        .on(&["Action=DescribeExportTasks"], page("<Marker>second</Marker>", &(export("one", "lake") + &export("two", "lake"))))
        .on(&["Action=DescribeExportTasks", "Marker=second"], page("", &export("three", "bare")))
        .on(&["//lake.s3", ASKED], settings(false))
        .fail(&["//bare.s3", ASKED], 404, error("NoSuchPublicAccessBlockConfiguration"));
    let scope = wire.collect(&OPERATIONS).await;
    let set = json!({"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": false, "RestrictPublicBuckets": true});
    let none = json!({"BlockPublicAcls": false, "IgnorePublicAcls": false, "BlockPublicPolicy": false, "RestrictPublicBuckets": false});
    assert_eq!([block(&scope, "lake"), block(&scope, "bare")], [set, none]);
    assert_eq!(scope.resources.iter().filter(|resource| resource.kind == kinds::EXPORT_TASK).count(), 3);
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    assert_eq!((wire.count(&["//lake.s3", ASKED]), wire.count(&[ASKED, ACCOUNT])), (1, 2));
}

#[tokio::test]
async fn a_bucket_that_is_denied_elsewhere_or_gone_is_a_gap() {
    let wire = Replay::default()
        .on(&["Action=DescribeExportTasks"], page("", &(export("denied", "theirs") + &export("far", "abroad") + &export("lost", "gone"))))
        .fail(&["//theirs.s3", ASKED], 403, error("AccessDenied"))
        .fail(&["//abroad.s3", ASKED], 301, error("PermanentRedirect"))
        .fail(&["//gone.s3", ASKED], 404, error("NoSuchBucket"));
    let scope = wire.collect(&OPERATIONS).await;
    let gaps: Vec<_> = scope.resources.iter().flat_map(|resource| &resource.gaps).collect();
    assert_eq!(gaps.len(), 3, "{gaps:?}");
    assert!(gaps.iter().all(|gap| gap.fields == ["PublicAccessBlockConfiguration"]), "{gaps:?}");
    assert!(gaps.iter().any(|gap| gap.gap.reason == Reason::AccessDenied), "{gaps:?}");
    assert_eq!(block(&scope, "gone"), Value::Null);
}

#[tokio::test]
async fn the_key_of_an_export_is_asked_for() {
    let key = format!(r#"{{"KeyMetadata":{{"KeyId":"1","Arn":"{KEY}","KeyManager":"CUSTOMER"}}}}"#);
    let wire = Replay::default().on(&["Action=DescribeExportTasks"], page("", &export("one", "lake"))).on(&[".DescribeKey"], key);
    let scope = wire.collect(&["rds:DescribeExportTasks", "kms:DescribeKey"]).await;
    assert!(scope.resources.iter().any(|resource| resource.arn == KEY), "{:?}", scope.resources);
    assert_eq!(wire.count(&[ASKED]), 0);
}

#[tokio::test]
async fn no_export_asks_for_no_bucket_and_a_denied_listing_is_a_gap() {
    let none = Replay::default().on(&["Action=DescribeExportTasks"], page("", ""));
    let scope = none.collect(&OPERATIONS).await;
    assert!(scope.is_complete() && scope.operations.contains(OPERATIONS[1]), "{scope:?}");
    assert_eq!(none.count(&[ASKED]), 0);
    let denied = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    let scope = Replay::default().fail(&["Action=DescribeExportTasks"], 403, denied).collect(&OPERATIONS).await;
    assert_eq!(scope.gaps.iter().map(|gap| gap.operation.as_str()).collect::<Vec<_>>(), ["rds:DescribeExportTasks"]);
}
