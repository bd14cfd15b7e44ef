//! Timestream for LiveAnalytics on the wire.

use serde_json::{Value, json};

use super::replay::{ACCOUNT, Replay};

const OPERATIONS: [&str; 4] = ["timestream:DescribeEndpoints", "timestream:ListDatabases", "timestream:ListTables", "tag:GetResources"];

fn wire() -> Replay {
    let database =
        |name: &str| json!({"Arn": format!("arn:aws:timestream:us-east-1:111122223333:database/{name}"), "DatabaseName": name, "TableCount": 1});
    let table = json!({"Arn": "arn:aws:timestream:us-east-1:111122223333:database/metrics/table/hosts", "TableName": "hosts", "DatabaseName": "metrics",
        "RetentionProperties": {"MemoryStoreRetentionPeriodInHours": 6, "MagneticStoreRetentionPeriodInDays": 73000}});
    Replay::default()
        .on(
            &["https://ingest.timestream.us-east-1.amazonaws.com", ".DescribeEndpoints"],
            r#"{"Endpoints":[{"Address":"ingest-cell2.timestream.us-east-1.amazonaws.com","CachePeriodInMinutes":1440}]}"#,
        )
        .on(&["https://ingest-cell2.", ".ListDatabases"], json!({"Databases": [database("metrics")], "NextToken": "second"}).to_string())
        .on(&["https://ingest-cell2.", ".ListDatabases", "second"], json!({"Databases": [database("more")]}).to_string())
        .on(&["https://ingest-cell2.", ".ListTables"], json!({"Tables": [table]}).to_string())
        .tagged(&["arn:aws:timestream:us-east-1:111122223333:database/metrics/table/hosts"])
}

#[tokio::test]
async fn databases_and_tables_are_asked_of_the_endpoint_that_serves_the_account() {
    let wire = wire();
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let names: Vec<_> = scope.resources.iter().filter_map(|resource| resource.arn.split_once(":database/")).map(|(_, name)| name).collect();
    assert_eq!(names, ["metrics", "more", "metrics/table/hosts"]);
    let table: Value = scope.resources.last().unwrap().data().unwrap();
    assert_eq!(table["RetentionProperties"]["MagneticStoreRetentionPeriodInDays"], 73000);
    assert_eq!(scope.resources.last().unwrap().tags["team"], "shop");
    assert_eq!(wire.count(&[".DescribeEndpoints"]), 1);
}

#[tokio::test]
async fn an_account_that_is_not_admitted_has_nothing_there_and_costs_one_call() {
    let refusal = json!({"__type": "com.amazonaws.timestream.v20181101#AccessDeniedException",
        "message": "Only existing Timestream for LiveAnalytics customers can access the service. Reach out to AWS support, for more information."});
    let wire = Replay::default().fail(&["ingest.timestream"], 403, refusal.to_string());
    let scope = wire.collect(&OPERATIONS).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    assert!(OPERATIONS.iter().all(|operation| scope.gap_of(operation).is_none()));
    assert_eq!(wire.count(&["timestream"]), 1);
}

#[tokio::test]
async fn an_account_that_may_not_ask_has_a_gap() {
    let denied = r#"{"__type":"AccessDeniedException","message":"User is not authorized to perform: timestream:DescribeEndpoints"}"#;
    let scope = Replay::default().fail(&["ingest.timestream"], 403, denied).collect(&OPERATIONS).await;
    assert_eq!(scope.gaps.len(), 1);
    assert!(scope.gap_of("timestream:DescribeEndpoints").is_some());
}

#[tokio::test]
async fn the_bucket_of_rejected_data_is_asked_as_its_owner() {
    let rejected = |bucket: &str| json!({"EnableMagneticStoreWrites": true, "MagneticStoreRejectedDataLocation": {"S3Configuration": {"BucketName": bucket, "EncryptionOption": "SSE_KMS"}}});
    let table = |name: &str, more: Value| json!({"Arn": format!("arn:aws:timestream:us-east-1:111122223333:database/metrics/table/{name}"), "TableName": name, "MagneticStoreWriteProperties": more});
    let tables = json!({"Tables": [table("one", rejected("lake")), table("two", rejected("lake")), table("three", json!({"EnableMagneticStoreWrites": false}))]});
    let wire = wire().on(&["https://ingest-cell2.", ".ListTables"], tables.to_string()).on(
        &["//lake.s3", "?publicAccessBlock", ACCOUNT],
        "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>",
    );
    let scope = wire.collect(&[&OPERATIONS[..], &["s3:GetBucketPublicAccessBlock"]].concat()).await;
    assert!(scope.is_complete(), "{:?}", scope.gaps);
    let bucket = scope.resources.iter().find(|resource| resource.arn == "arn:aws:s3:::lake").unwrap();
    assert_eq!(bucket.data::<Value>().unwrap()["PublicAccessBlockConfiguration"], json!({"BlockPublicAcls": true}));
    assert_eq!(wire.count(&["?publicAccessBlock"]), 1);
}
