//! Whom the policies of resources let in.

use serde_json::{Value, json};

use crate::facts::testing::{ACCOUNT, World};
use crate::inventory::{Kind, kinds};

const GET_RESOURCE_POLICY: &str = "dynamodb:GetResourcePolicy";

fn policy(principal: Value, action: &str, condition: Value) -> String {
    let statement = json!({"Sid": "S", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", "Condition": condition});
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()
}

fn anyone(action: &str) -> String {
    policy(json!("*"), action, json!({}))
}

fn nobody() -> Value {
    json!({"public": false, "public_statements": [], "accounts": [], "organizations": []})
}

fn unread(operation: &str) -> Value {
    let gap = json!({"gap": operation});
    json!({"public": gap, "public_statements": gap, "accounts": gap, "organizations": gap})
}

/// What `access` says of a table with the policy.
fn table(policy: &str) -> Value {
    of(kinds::DYNAMODB_TABLE, "ResourcePolicy", policy)
}

fn of(kind: Kind, field: &str, policy: &str) -> Value {
    World::complete().with(kind, "it", json!({field: policy})).fact("access", "it")
}

fn world() -> World {
    let stream = json!({"TableName": "t", "StreamSpecification": {"StreamEnabled": true}, "LatestStreamArn": "stream"});
    World::complete().with(kinds::DYNAMODB_TABLE, "t", stream)
}

#[test]
fn a_policy_for_anyone_is_public() {
    for (kind, field, action) in [
        (kinds::DYNAMODB_TABLE, "ResourcePolicy", "dynamodb:Get*"),
        (kinds::DSQL_CLUSTER, "policy", "dsql:DbConnect"),
        (kinds::KMS_KEY, "Policy", "kms:*"),
    ] {
        let access = of(kind, field, &anyone(action));
        assert_eq!((&access["public"], &access["public_statements"]), (&json!(true), &json!(["S"])), "{field}");
        assert_eq!(of(kind, field, &anyone("s3:*")), nobody(), "{field}");
    }
}

#[test]
fn accounts_and_organizations_are_told() {
    let own = table(&policy(json!({"AWS": format!("arn:aws:iam::{ACCOUNT}:role/app")}), "dynamodb:*", json!({})));
    assert_eq!((&own["public"], &own["accounts"]), (&json!(false), &json!([ACCOUNT])));
    let other = table(&policy(json!({"AWS": ["444455556666"]}), "dynamodb:GetItem", json!({})));
    assert_eq!(other["accounts"], json!(["444455556666"]));
    let organization = table(&policy(json!("*"), "dynamodb:*", json!({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}})));
    assert_eq!((&organization["public"], &organization["organizations"]), (&json!(false), &json!(["o-abc"])));
    assert_eq!(table(&policy(json!({"Service": "redshift.amazonaws.com"}), "dynamodb:*", json!({}))), nobody());
}

#[test]
fn who_comes_through_an_endpoint_is_not_anyone_but_of_an_unknown_account() {
    let access = table(&policy(json!("*"), "dynamodb:*", json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}})));
    assert_eq!((&access["public"], &access["accounts"]), (&json!(false), &json!({"gap": GET_RESOURCE_POLICY})));
}

#[test]
fn what_cannot_be_decided_is_a_gap() {
    let condition = json!({"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"]}});
    assert_eq!(table(&policy(json!("*"), "dynamodb:*", condition)), unread(GET_RESOURCE_POLICY));
    assert_eq!(table("no policy"), unread(GET_RESOURCE_POLICY));
}

#[test]
fn no_policy_lets_nobody_in_where_that_is_known() {
    assert_eq!(world().fact("access", "t"), nobody());
    assert_eq!(world().denied(GET_RESOURCE_POLICY).fact("access", "t"), unread(GET_RESOURCE_POLICY));
    assert_eq!(world().not_called(GET_RESOURCE_POLICY).fact("access", "t"), unread(GET_RESOURCE_POLICY));
    assert_eq!(world().unread("t", "ResourcePolicy", GET_RESOURCE_POLICY).fact("access", "t"), unread(GET_RESOURCE_POLICY));
    // Every key has a policy.
    assert_eq!(World::complete().with(kinds::KMS_KEY, "key", json!({})).fact("access", "key"), unread("kms:GetKeyPolicy"));
}

#[test]
fn a_stream_has_a_policy_of_its_own() {
    let of_table = world().patch("t", json!({"ResourcePolicy": anyone("dynamodb:*")}));
    assert_eq!(of_table.fact("stream_access", "t"), nobody());
    let of_stream = world().patch("t", json!({"StreamResourcePolicy": anyone("dynamodb:GetRecords")}));
    assert_eq!((&of_stream.fact("stream_access", "t")["public"], of_stream.fact("access", "t")), (&json!(true), nobody()));
    assert_eq!(world().unread("t", "StreamResourcePolicy", GET_RESOURCE_POLICY).fact("stream_access", "t"), unread(GET_RESOURCE_POLICY));
    assert_eq!(world().not_called(GET_RESOURCE_POLICY).fact("stream_access", "t"), unread(GET_RESOURCE_POLICY));
    // Without what describes the table it is not known whether it has one.
    assert_eq!(world().denied("dynamodb:DescribeTable").fact("stream_access", "t"), unread("dynamodb:DescribeTable"));
    assert_eq!(world().patch("t", json!({"LatestStreamArn": null})).fact("stream_access", "t"), unread("dynamodb:DescribeTable"));
    assert_eq!(world().patch("t", json!({"StreamSpecification": null})).fact("stream_access", "t"), nobody());
}
