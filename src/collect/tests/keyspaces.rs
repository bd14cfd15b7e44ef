//! Amazon Keyspaces.

use serde_json::{Value, json};

use super::cbor::cbor;
use super::replay::{ACCOUNT, REGION, Replay};
use crate::inventory::{Resource, Scope, kinds};

const ALL: [&str; 4] = ["cassandra:ListKeyspaces", "cassandra:ListTables", "cassandra:GetTable", "cassandra:ListTagsForResource"];

fn arn(rest: &str) -> String {
    format!("arn:aws:cassandra:{REGION}:{ACCOUNT}:/keyspace/{rest}")
}

fn keyspace(name: &str) -> Value {
    json!({"keyspaceName": name, "resourceArn": arn(&format!("{name}/")), "replicationStrategy": "SINGLE_REGION"})
}

fn listed(keyspace: &str, table: &str) -> Value {
    json!({"keyspaceName": keyspace, "tableName": table, "resourceArn": arn(&format!("{keyspace}/table/{table}"))})
}

fn path(operation: &str) -> String {
    format!("/service/KeyspacesService/operation/{operation}")
}

fn denied() -> Vec<u8> {
    cbor(&json!({"__type": "com.amazonaws.keyspaces#AccessDeniedException", "message": "not authorized to perform: cassandra:Select"}))
}

/// Two keyspaces on two pages between AWS's own; one has two tables on two pages.
fn wire() -> Replay {
    let full = json!({
        "keyspaceName": "shop", "tableName": "orders", "resourceArn": arn("shop/table/orders"),
        "creationTimestamp": {"@time": 1_767_225_600.5}, "status": "ACTIVE",
        "schemaDefinition": {"allColumns": [{"name": "id", "type": "uuid"}], "partitionKeys": [{"name": "id"}]},
        "capacitySpecification": {"throughputMode": "PAY_PER_REQUEST", "lastUpdateToPayPerRequestTimestamp": {"@time": 1_767_225_600}},
        "encryptionSpecification": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyIdentifier": "arn:aws:kms:us-east-1:111122223333:key/1"},
        "pointInTimeRecovery": {"status": "ENABLED", "earliestRestorableTimestamp": {"@time": 1_767_225_600}},
        "defaultTimeToLive": 0,
    });
    let bare = listed("shop", "old");
    let pages = |operation: &str, needles: &[&str], wire: Replay, body: Value| {
        let path = path(operation);
        wire.on(&[&[path.as_str()], needles].concat(), cbor(&body))
    };
    let wire = pages(
        "ListKeyspaces",
        &[],
        Replay::default(),
        json!({"keyspaces": [keyspace("system"), keyspace("system_schema"), keyspace("shop")], "nextToken": "more-keyspaces"}),
    );
    let wire = pages(
        "ListKeyspaces",
        &["more-keyspaces"],
        wire,
        json!({"keyspaces": [keyspace("system_schema_mcs"), keyspace("system_multiregion_info"), keyspace("system_of_record")]}),
    );
    let wire = pages("ListTables", &["shop"], wire, json!({"tables": [listed("shop", "orders")], "nextToken": "more-tables"}));
    let wire = pages("ListTables", &["shop", "more-tables"], wire, json!({"tables": [listed("shop", "old")]}));
    let wire = pages("ListTables", &["system_of_record"], wire, json!({"tables": []}));
    let wire = pages("GetTable", &["orders"], wire, full);
    let wire = pages("GetTable", &["old"], wire, bare);
    let wire = pages("ListTagsForResource", &[], wire, json!({"tags": []}));
    let wire = pages("ListTagsForResource", &["keyspace/shop/table/"], wire, json!({"tags": []}));
    let wire = pages("ListTagsForResource", &["keyspace/shop/"], wire, json!({"tags": [{"key": "team", "value": "shop"}], "nextToken": "more-tags"}));
    pages("ListTagsForResource", &["keyspace/shop/", "more-tags"], wire, json!({"tags": [{"key": "tier", "value": "gold"}]}))
}

fn find<'s>(scope: &'s Scope, rest: &str) -> &'s Resource {
    scope.resources.iter().find(|resource| resource.arn == arn(rest)).unwrap_or_else(|| panic!("there is no {rest}"))
}

fn arns(scope: &Scope) -> Vec<&str> {
    let ours = scope.resources.iter().filter(|resource| resource.kind != kinds::ACCOUNT && resource.kind != kinds::KMS_KEY);
    ours.map(|resource| resource.arn.as_str()).collect()
}

#[tokio::test]
async fn keyspaces_and_tables_are_listed_to_the_last_page_without_those_of_aws() {
    let wire = wire();
    let scope = wire.collect(&ALL).await;
    assert_eq!(scope.gaps, []);
    assert_eq!(arns(&scope), [arn("shop/"), arn("system_of_record/"), arn("shop/table/old"), arn("shop/table/orders")]);
    let orders: Value = find(&scope, "shop/table/orders").data().unwrap();
    assert_eq!(
        orders,
        json!({
            "keyspaceName": "shop", "tableName": "orders", "resourceArn": arn("shop/table/orders"), "status": "ACTIVE",
            "encryptionSpecification": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyIdentifier": "arn:aws:kms:us-east-1:111122223333:key/1"},
            "pointInTimeRecovery": {"status": "ENABLED"},
        })
    );
    // What AWS leaves out is absent, not false.
    assert_eq!(find(&scope, "shop/table/old").data::<Value>().unwrap(), listed("shop", "old"));
    assert_eq!(find(&scope, "shop/").tags, [("team", "shop"), ("tier", "gold")].map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    for (operation, calls) in [("ListKeyspaces", 2), ("ListTables", 3), ("GetTable", 2), ("ListTagsForResource", 5), ("GetKeyspace", 0)] {
        assert_eq!(wire.count(&[&path(operation)]), calls, "{operation}");
    }
}

#[tokio::test]
async fn only_what_is_needed_is_asked() {
    let wire = wire();
    let scope = wire.collect(&["cassandra:ListKeyspaces"]).await;
    assert_eq!(arns(&scope), [arn("shop/"), arn("system_of_record/")]);
    assert_eq!(wire.count(&["/operation/"]), 2);
    let names = |scope: &Scope| scope.operations.iter().cloned().collect::<Vec<_>>();
    assert_eq!(names(&scope), ["cassandra:ListKeyspaces"]);
    // Without a table nothing is asked for, and what was needed counts as asked all the same.
    let none = Replay::default().on(&[&path("ListKeyspaces")], cbor(&json!({"keyspaces": [keyspace("system")]})));
    let scope = none.collect(&ALL).await;
    assert!(scope.is_complete() && arns(&scope).is_empty());
    assert_eq!(scope.operations.len(), ALL.len());
    assert_eq!(none.count(&["/operation/"]), 1);
}

#[tokio::test]
async fn the_keys_of_tables_are_asked_for_and_those_of_aws_are_not() {
    let wire = wire();
    wire.collect(&[&ALL[..], &["kms:DescribeKey"]].concat()).await;
    assert_eq!(wire.count(&["TrentService.DescribeKey"]), 1);
    let owned = json!({"keyspaceName": "shop", "tableName": "orders", "resourceArn": arn("shop/table/orders"), "encryptionSpecification": {"type": "AWS_OWNED_KMS_KEY"}});
    let wire = self::wire().on(&[&path("GetTable"), "orders", "shop"], cbor(&owned));
    wire.collect(&[&ALL[..], &["kms:DescribeKey"]].concat()).await;
    assert_eq!(wire.count(&["TrentService.DescribeKey"]), 0);
}

#[tokio::test]
async fn a_denial_is_a_gap_of_what_it_would_have_told() {
    let scope = Replay::default().fail(&[&path("ListKeyspaces")], 400, denied()).collect(&ALL).await;
    let gap = "cassandra:ListKeyspaces: access-denied: AccessDeniedException: not authorized to perform: cassandra:Select";
    assert_eq!(scope.gaps.iter().map(ToString::to_string).collect::<Vec<_>>(), [gap]);

    let scope = wire().fail(&[&path("ListTables"), "shop", "more-tables"], 400, denied()).collect(&ALL).await;
    assert_eq!(arns(&scope), [arn("shop/"), arn("system_of_record/"), arn("shop/table/orders")]);
    assert_eq!(scope.gaps.iter().map(|gap| gap.operation.as_str()).collect::<Vec<_>>(), ["cassandra:ListTables"]);

    let scope = wire().fail(&[&path("GetTable"), "orders", "shop"], 400, denied()).collect(&ALL).await;
    let orders = find(&scope, "shop/table/orders");
    for field in ["status", "encryptionSpecification", "pointInTimeRecovery"] {
        assert_eq!(orders.gap_of(field).unwrap().operation, "cassandra:GetTable", "{field}");
    }
    assert_eq!(orders.data::<Value>().unwrap(), listed("shop", "orders"));
    assert!(scope.gaps.is_empty());

    let scope = wire().fail(&[&path("ListTagsForResource"), "keyspace/shop/", "more-tags"], 400, denied()).collect(&ALL).await;
    assert_eq!(find(&scope, "shop/").gap_of("tags").unwrap().operation, "cassandra:ListTagsForResource");
}
