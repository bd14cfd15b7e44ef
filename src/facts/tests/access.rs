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
    json!({"public": false, "public_statements": [], "untrusted": []})
}

fn unread(operation: &str) -> Value {
    let gap = json!({"gap": operation});
    json!({"public": gap, "public_statements": gap, "untrusted": gap})
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

fn allow(principal: Value, condition: Value) -> Value {
    json!({"Sid": "S", "Effect": "Allow", "Principal": principal, "Action": "dynamodb:*", "Resource": "*", "Condition": condition})
}

/// Who is not trusted of those whom statements let in: by an account that trusts 777788889999 and o-partner999, and is in o-own1234567.
fn untrusted(statements: Value) -> Value {
    untrusted_in(statements, |world| world.with(kinds::ORGANIZATION, "o-own1234567", json!({"Id": "o-own1234567"})))
}

fn untrusted_in(statements: Value, organized: impl Fn(World) -> World) -> Value {
    let policy = json!({"Statement": statements}).to_string();
    let mut world = organized(World::complete()).with(kinds::DYNAMODB_TABLE, "it", json!({"ResourcePolicy": policy}));
    world.2.accounts.insert("777788889999".to_owned());
    world.2.organizations.insert("o-partner999".to_owned());
    world.fact("access", "it")["untrusted"].clone()
}

fn in_organization(id: &str) -> Value {
    json!({"StringEquals": {"aws:PrincipalOrgID": id}})
}

#[test]
fn strangers_are_told_from_those_who_are_trusted() {
    let accounts = json!({"AWS": [format!("arn:aws:iam::{ACCOUNT}:role/app"), "arn:aws:iam::777788889999:root", "444455556666"]});
    assert_eq!(untrusted(allow(accounts, json!({}))), json!(["444455556666"]));
    assert_eq!(untrusted(allow(json!({"Service": "redshift.amazonaws.com"}), json!({}))), json!([]));
    for (organization, strangers) in [("o-own1234567", json!([])), ("o-partner999", json!([])), ("o-abc", json!(["o-abc"]))] {
        assert_eq!(untrusted(allow(json!("*"), in_organization(organization))), strangers, "{organization}");
    }
    assert_eq!(table(&anyone("dynamodb:*"))["untrusted"], json!(["everyone"]));
}

#[test]
fn an_account_is_trusted_while_it_is_in_a_trusted_organization() {
    let other = || json!({"AWS": "444455556666"});
    assert_eq!(untrusted(allow(other(), in_organization("o-own1234567"))), json!([]));
    assert_eq!(untrusted(allow(other(), in_organization("o-abc"))), json!(["444455556666"]));
    assert_eq!(untrusted(allow(json!({"AWS": "777788889999"}), in_organization("o-abc"))), json!([]));
    let outside = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-own1234567"}}});
    assert_eq!(untrusted(json!([allow(other(), json!({})), outside])), json!([]));
    // Through an endpoint of the organization or the account comes who is in another, too.
    for condition in [json!({"StringEquals": {"aws:VpceOrgID": "o-own1234567"}}), json!({"StringEquals": {"aws:VpceAccount": ACCOUNT}})] {
        assert_eq!(untrusted(allow(other(), condition)), json!(["444455556666"]));
    }
    // Where the condition holds for those who have no organization, it takes back nothing.
    assert_eq!(untrusted(allow(other(), json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-own1234567"}}))), json!(["444455556666"]));
}

#[test]
fn an_organization_is_no_stranger_while_the_own_one_is_not_known() {
    let unread = |statements: Value| untrusted_in(statements, |world| world.denied("organizations:DescribeOrganization"));
    let gap = json!({"gap": "organizations:DescribeOrganization"});
    assert_eq!(unread(allow(json!("*"), in_organization("o-abc"))), gap);
    assert_eq!(unread(allow(json!({"AWS": "444455556666"}), in_organization("o-abc"))), gap);
    assert_eq!(unread(allow(json!("*"), in_organization("o-partner999"))), json!([]));
    // An account that is let in anyhow is one.
    assert_eq!(
        unread(json!([allow(json!("*"), in_organization("o-abc")), allow(json!({"AWS": "444455556666"}), json!({}))])),
        json!(["444455556666"])
    );
}

#[test]
fn a_stranger_is_told_beside_those_of_whom_nothing_is_certain() {
    let known = allow(json!({"AWS": "444455556666"}), json!({}));
    let network = allow(json!("*"), json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}}));
    let doubtful = allow(json!("*"), json!({"ForAnyValue:StringEquals": {"dynamodb:LeadingKeys": ["${www.amazon.com:user_id}"]}}));
    for uncertain in [network, doubtful] {
        assert_eq!(untrusted(json!([uncertain])), json!({"gap": GET_RESOURCE_POLICY}));
        assert_eq!(untrusted(json!([uncertain, known])), json!(["444455556666"]));
        let own = allow(json!({"AWS": ACCOUNT}), json!({}));
        assert_eq!(untrusted(json!([uncertain, own])), json!({"gap": GET_RESOURCE_POLICY}));
    }
}

#[test]
fn who_comes_through_an_endpoint_is_not_anyone() {
    let access = table(&policy(json!("*"), "dynamodb:*", json!({"StringEquals": {"aws:SourceVpce": "vpce-1"}})));
    assert_eq!(access["public"], json!(false));
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
