//! DynamoDB tables and the VPC endpoints to them.

use std::time::Duration;

use serde_json::{Value, json};

use super::replay::{ACCOUNT, REGION, Replay};
use crate::collect::Interrupt;
use crate::inventory::{Needs, Reason, Resource, Scope, ScopeId, kinds};

const EVERYTHING: [&str; 4] = ["dynamodb:ListTables", "dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "ec2:DescribeVpcEndpoints"];

const DENIED: &str = r#"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}"#;

fn arn(name: &str) -> String {
    format!("arn:aws:dynamodb:us-east-1:111122223333:table/{name}")
}

/// A region with one table, `orders`.
fn wire() -> Replay {
    Replay::default()
        .on(&[".ListTables"], json!({"TableNames": ["orders"]}).to_string())
        .on(&[".DescribeTable", r#""orders""#], described("orders", json!({})))
        .on(
            &[".DescribeContinuousBackups"],
            json!({"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {
                "PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35, "EarliestRestorableDateTime": 1792314000.0, "LatestRestorableDateTime": 1795337700.0}}})
            .to_string(),
        )
        .on(&["Action=DescribeVpcEndpoints"], endpoints("", &[]))
}

fn described(name: &str, more: Value) -> String {
    let mut table = json!({"TableName": name, "TableArn": arn(name), "TableId": "5a6b", "TableStatus": "ACTIVE", "ItemCount": 3,
        "ProvisionedThroughput": {"NumberOfDecreasesToday": 0, "ReadCapacityUnits": 5, "WriteCapacityUnits": 5}, "DeletionProtectionEnabled": false});
    table.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"Table": table}).to_string()
}

fn endpoints(token: &str, services: &[&str]) -> String {
    let items: String = services.iter().map(|service| {
        format!("<item><vpcEndpointId>vpce-{service}</vpcEndpointId><vpcEndpointType>Gateway</vpcEndpointType><vpcId>vpc-1</vpcId>\
            <serviceName>com.amazonaws.us-east-1.{service}</serviceName><state>available</state><policyDocument>{{}}</policyDocument>\
            <routeTableIdSet><item>rtb-1</item></routeTableIdSet><subnetIdSet/><privateDnsEnabled>false</privateDnsEnabled><ownerId>111122223333</ownerId></item>")
    }).collect();
    format!("<DescribeVpcEndpointsResponse><vpcEndpointSet>{items}</vpcEndpointSet>{token}</DescribeVpcEndpointsResponse>")
}

fn table<'s>(scope: &'s Scope, name: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn == arn(name)).unwrap_or_else(|| panic!("there is no table {name}"))
}

fn data(resource: &Resource) -> Value {
    resource.data().unwrap()
}

/// The unread fields of a resource, by operation and reason.
fn gaps(resource: &Resource) -> Vec<String> {
    resource.gaps.iter().map(|gap| format!("{} by {}: {}", gap.fields.join(" "), gap.gap.operation, gap.gap.reason)).collect()
}

fn scope_gaps(scope: &Scope) -> Vec<String> {
    scope.gaps.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn tables_come_from_all_pages_with_their_calls() {
    let wire = wire()
        .on(&[".ListTables"], json!({"TableNames": ["orders"], "LastEvaluatedTableName": "orders"}).to_string())
        .on(&[".ListTables", "ExclusiveStartTableName"], json!({"TableNames": ["plain"]}).to_string())
        .on(&[".DescribeTable", r#""plain""#], json!({"Table": {"TableName": "plain"}}).to_string())
        .on(
            &[".DescribeTable", r#""orders""#],
            described(
                "orders",
                json!({"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}, "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS",
                "KMSMasterKeyArn": "arn:aws:kms:us-east-1:111122223333:key/k"}, "LatestStreamArn": "arn:stream",
                "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
                "Replicas": [{"RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE"}],
                "GlobalSecondaryIndexes": [{"IndexName": "by-day", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}]}),
            ),
        );
    let scope = wire.collect(&EVERYTHING).await;
    let expected = json!({"TableName": "orders", "TableArn": arn("orders"), "TableId": "5a6b", "TableStatus": "ACTIVE", "ItemCount": 3,
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}, "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        "GlobalSecondaryIndexes": [{"IndexName": "by-day", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}],
        "SSEDescription": {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:us-east-1:111122223333:key/k"},
        "DeletionProtectionEnabled": false, "StreamSpecification": {"StreamEnabled": true}, "LatestStreamArn": "arn:stream",
        "Replicas": [{"RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE"}],
        "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": 35,
            "EarliestRestorableDateTime": "2026-10-18T09:00:00Z", "LatestRestorableDateTime": "2026-11-22T08:55:00Z"},
        "ReplicaPointInTimeRecovery": [{"RegionName": "eu-west-1", "PointInTimeRecoveryStatus": "ENABLED"}]});
    assert_eq!(data(table(&scope, "orders")), expected);
    // AWS leaves out what is not set, the ARN in this answer too.
    assert_eq!(
        data(table(&scope, "plain")),
        json!({"TableName": "plain", "TableArn": arn("plain"),
        "PointInTimeRecoveryDescription": expected["PointInTimeRecoveryDescription"]})
    );
    assert_eq!(scope_gaps(&scope), [""; 0]);
    assert_eq!((wire.count(&[".ListTables"]), wire.count(&[".DescribeTable"]), wire.count(&[".DescribeContinuousBackups"])), (2, 2, 3));
}

#[tokio::test]
async fn a_call_that_fails_leaves_its_fields_of_its_table_open() {
    let wire = wire()
        .on(&[".ListTables"], json!({"TableNames": ["orders", "gone"]}).to_string())
        .fail(&[".DescribeTable", r#""gone""#], 400, r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no"}"#)
        .fail(&[".DescribeContinuousBackups"], 400, DENIED);
    let scope = wire.collect(&EVERYTHING).await;
    let open = "PointInTimeRecoveryDescription by dynamodb:DescribeContinuousBackups: access-denied";
    assert_eq!(gaps(table(&scope, "orders")), [open]);
    let described = kinds::DYNAMODB_TABLE.fields_of("dynamodb:DescribeTable").join(" ");
    assert_eq!(gaps(table(&scope, "gone")), [format!("{described} by dynamodb:DescribeTable: not-visible"), open.to_owned()]);
    assert_eq!(data(table(&scope, "gone")), json!({"TableName": "gone", "TableArn": arn("gone")}));
    assert_eq!(scope_gaps(&scope), [""; 0]);
}

#[tokio::test]
async fn a_listing_that_is_denied_is_a_gap_of_the_region() {
    let wire = wire().fail(&[".ListTables"], 400, DENIED);
    let scope = wire.collect(&EVERYTHING).await;
    assert_eq!(scope_gaps(&scope), ["dynamodb:ListTables: access-denied: AccessDeniedException: no"]);
}

#[tokio::test]
async fn only_what_rules_need_is_asked() {
    let wire = wire();
    let scope = wire.collect(&["dynamodb:ListTables", "dynamodb:DescribeTable"]).await;
    assert_eq!((wire.count(&[".DescribeContinuousBackups"]), wire.count(&["Action=DescribeVpcEndpoints"])), (0, 0));
    assert_eq!(gaps(table(&scope, "orders")), [""; 0]);
}

#[tokio::test]
async fn endpoints_are_those_of_databases_that_were_found() {
    let wire = wire()
        .on(&["Action=DescribeVpcEndpoints"], endpoints("<nextToken>second</nextToken>", &["s3", "dynamodb"]))
        .on(&["Action=DescribeVpcEndpoints", "NextToken=second"], endpoints("", &["dynamodb-fips", "cassandra"]));
    let scope = wire.collect(&EVERYTHING).await;
    let found: Vec<_> = scope.resources.iter().filter(|resource| resource.kind == kinds::VPC_ENDPOINT).collect();
    let arns = ["dynamodb", "dynamodb-fips"].map(|service| format!("arn:aws:ec2:us-east-1:111122223333:vpc-endpoint/vpce-{service}"));
    assert_eq!(found.iter().map(|endpoint| &endpoint.arn).collect::<Vec<_>>(), arns.iter().collect::<Vec<_>>());
    assert_eq!(
        data(found[0]),
        json!({"VpcEndpointId": "vpce-dynamodb", "VpcEndpointType": "Gateway", "VpcId": "vpc-1", "OwnerId": "111122223333",
            "ServiceName": "com.amazonaws.us-east-1.dynamodb", "State": "available", "PolicyDocument": "{}", "PrivateDnsEnabled": false,
            "RouteTableIds": ["rtb-1"], "SubnetIds": []})
    );
    assert_eq!(wire.count(&["Action=DescribeVpcEndpoints"]), 2);
}

#[tokio::test]
async fn without_a_database_behind_them_endpoints_are_not_asked_for() {
    let wire = wire().on(&[".ListTables"], json!({"TableNames": []}).to_string());
    let scope = wire.collect(&EVERYTHING).await;
    assert_eq!(wire.count(&["Action=DescribeVpcEndpoints"]), 0);
    assert!(scope.operations.contains("ec2:DescribeVpcEndpoints"));
    let denied = self::wire().fail(
        &["Action=DescribeVpcEndpoints"],
        403,
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>",
    );
    assert_eq!(scope_gaps(&denied.collect(&EVERYTHING).await), ["ec2:DescribeVpcEndpoints: access-denied: UnauthorizedOperation: no"]);
}

#[tokio::test]
async fn what_is_around_tables_does_not_wait_for_how_they_can_be_restored() {
    // AWS tells of ten tables at once and of ten a second.
    let names: Vec<_> = (0..40).map(|number| format!("t{number:02}")).collect();
    let wire = wire().on(&[".ListTables"], json!({"TableNames": names}).to_string());
    let needs = Needs { operations: ["dynamodb:ListTables", EVERYTHING[2], EVERYTHING[3]].into(), ..Needs::default() };
    let id = ScopeId { account: ACCOUNT.to_owned(), region: REGION.to_owned() };
    let scope = wire.ask_until(&needs, id, &Interrupt::after(Duration::from_secs(1))).await;
    assert_eq!(wire.count(&["Action=DescribeVpcEndpoints"]), 1);
    let recoveries = wire.count(&[".DescribeContinuousBackups"]);
    assert!((10..30).contains(&recoveries), "{recoveries}");
    // Interrupted by then, nothing is known of any table's recovery.
    for name in names {
        let gap = table(&scope, &name).gap_of("PointInTimeRecoveryDescription").unwrap();
        assert_eq!((gap.operation.as_str(), gap.reason), (EVERYTHING[2], Reason::NotCollected));
    }
}

#[tokio::test]
async fn tags_that_an_answer_has_no_room_for_are_open() {
    let wire = Replay::default()
        .on(&[".ListTables"], json!({"TableNames": ["told", "untold"]}).to_string())
        .on(&[".GetResources"], json!({"ResourceTagMappingList": [{"ResourceARN": arn("told"), "Tags": []}], "PaginationToken": "more"}).to_string());
    let scope = wire.collect(&["dynamodb:ListTables", "tag:GetResources"]).await;
    assert_eq!((gaps(table(&scope, "told")), gaps(table(&scope, "untold"))), (vec![], vec!["tags by tag:GetResources: not-returned".to_owned()]));
}

#[tokio::test]
async fn tags_come_for_a_hundred_tables_at_a_time() {
    let names: Vec<_> = (0..150).map(|number| format!("t{number:03}")).collect();
    let wire = Replay::default()
        .on(&[".ListTables"], json!({"TableNames": names}).to_string())
        .on(
            &[".GetResources", r#"table/t000""#],
            json!({"ResourceTagMappingList": [{"ResourceARN": arn("t000"), "Tags": [{"Key": "team", "Value": "orders"}]}]}).to_string(),
        )
        .fail(&[".GetResources", r#"table/t149""#], 400, DENIED);
    let scope = wire.collect(&["dynamodb:ListTables", "tag:GetResources"]).await;
    assert_eq!(table(&scope, "t000").tags.get("team").map(String::as_str), Some("orders"));
    assert!(table(&scope, "t001").tags.is_empty() && gaps(table(&scope, "t001")).is_empty(), "what the API does not name has no tags");
    assert_eq!(gaps(table(&scope, "t149")), ["tags by tag:GetResources: access-denied"]);
    assert_eq!(wire.count(&[".GetResources"]), 2);
}

#[tokio::test]
async fn a_table_and_its_stream_have_policies_of_their_own() {
    const NONE: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#PolicyNotFoundException","message":"none"}"#;
    let stream = json!({"StreamSpecification": {"StreamEnabled": true}, "LatestStreamArn": "arn:stream/orders"});
    let wire = wire()
        .on(&[".DescribeTable", r#""orders""#], described("orders", stream))
        .fail(&[".GetResourcePolicy"], 400, NONE)
        .on(&[".GetResourcePolicy", "arn:stream/orders"], json!({"Policy": "{}", "RevisionId": "1"}).to_string());
    let operations = ["dynamodb:ListTables", "dynamodb:DescribeTable", "dynamodb:GetResourcePolicy"];
    let scope = wire.collect(&operations).await;
    let orders = data(table(&scope, "orders"));
    assert_eq!((&orders["ResourcePolicy"], &orders["StreamResourcePolicy"]), (&Value::Null, &json!("{}")));
    assert_eq!(gaps(table(&scope, "orders")), [""; 0]);

    let off = wire.clone().on(&[".DescribeTable", r#""orders""#], described("orders", json!({"LatestStreamArn": "arn:stream/orders"})));
    assert_eq!(data(table(&off.collect(&operations).await, "orders"))["StreamResourcePolicy"], Value::Null);

    let denied = wire.fail(&[".GetResourcePolicy"], 400, DENIED).collect(&operations).await;
    assert_eq!(gaps(table(&denied, "orders")), ["ResourcePolicy by dynamodb:GetResourcePolicy: access-denied"]);
}

#[tokio::test]
async fn replicas_are_asked_in_their_regions() {
    let replicas =
        json!({"Replicas": [{"RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE"}, {"RegionName": "us-east-1", "ReplicaStatus": "ACTIVE"}]});
    let recovery = |status: &str| {
        json!({"ContinuousBackupsDescription": {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}}}).to_string()
    };
    let wire = wire()
        .on(&[".DescribeTable", r#""orders""#], described("orders", replicas))
        .on(&[".DescribeContinuousBackups", "dynamodb.eu-west-1"], recovery("DISABLED"));
    let scope = wire.collect(&EVERYTHING).await;
    let orders = data(table(&scope, "orders"));
    assert_eq!(orders["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"], "ENABLED");
    assert_eq!(orders["ReplicaPointInTimeRecovery"], json!([{"RegionName": "eu-west-1", "PointInTimeRecoveryStatus": "DISABLED"}]));
    assert_eq!(wire.count(&[".DescribeContinuousBackups"]), 2);

    let denied = wire.fail(&[".DescribeContinuousBackups", "dynamodb.eu-west-1"], 400, DENIED).collect(&EVERYTHING).await;
    assert_eq!(gaps(table(&denied, "orders")), ["ReplicaPointInTimeRecovery by dynamodb:DescribeContinuousBackups: access-denied"]);
}

#[tokio::test]
async fn kinesis_destinations_are_told() {
    let destination = json!({"StreamArn": "arn:aws:kinesis:us-east-1:444455556666:stream/changes", "DestinationStatus": "ACTIVE"});
    let wire = wire()
        .on(&[".DescribeKinesisStreamingDestination"], json!({"TableName": "orders", "KinesisDataStreamDestinations": [destination]}).to_string());
    let operations = ["dynamodb:ListTables", "dynamodb:DescribeKinesisStreamingDestination"];
    assert_eq!(data(table(&wire.collect(&operations).await, "orders"))["KinesisDataStreamDestinations"], json!([destination]));
    let none = wire.clone().on(&[".DescribeKinesisStreamingDestination"], json!({"TableName": "orders"}).to_string());
    assert_eq!(data(table(&none.collect(&operations).await, "orders"))["KinesisDataStreamDestinations"], json!([]));
    let denied = wire.fail(&[".DescribeKinesisStreamingDestination"], 400, DENIED).collect(&operations).await;
    assert_eq!(gaps(table(&denied, "orders")), ["KinesisDataStreamDestinations by dynamodb:DescribeKinesisStreamingDestination: access-denied"]);
}
