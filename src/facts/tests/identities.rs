//! What users and roles may do to any resource of a type.

use serde_json::{Value, json};

use crate::facts::testing::{ACCOUNT, World};
use crate::inventory::kinds;

const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const USER: &str = "arn:aws:iam::111122223333:user/ann";
const SWEEP: &str = "iam:GetAccountAuthorizationDetails";

fn document(statements: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// A role with an inline policy of these statements.
fn role(statements: Value) -> World {
    let inline = json!([{"PolicyName": "Own", "PolicyDocument": document(&statements)}]);
    World::complete().with(kinds::IAM_ROLE, ROLE, json!({"RoleName": "app", "Path": "/", "RolePolicyList": inline}))
}

fn managed(world: World, name: &str, statements: Value) -> World {
    let arn = format!("arn:aws:iam::{ACCOUNT}:policy/{name}");
    let version = json!({"VersionId": "v1", "IsDefaultVersion": true, "Document": document(&statements)});
    world.with(kinds::IAM_MANAGED_POLICY, &arn, json!({"PolicyName": name, "PolicyVersionList": [version]}))
}

/// What the role may by one statement, in one field of the fact.
#[track_caller]
fn assert_unscoped(field: &str, statement: Value, expected: bool) {
    let found = role(json!([statement])).fact("unscoped", ROLE);
    assert_eq!(found[field].as_array().map(|statements| !statements.is_empty()), Some(expected), "{field} of {statement}: {}", found[field]);
}

fn allow(actions: Value, resources: Value) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}

#[test]
fn a_resource_that_takes_in_all_of_a_type_is_unscoped() {
    for resource in ["*", "arn:aws:dynamodb:*:*:table/*", "arn:*:dynamodb:eu-west-1:111122223333:table/*", "arn:aws:dynamodb:eu-*:111122223333:*"] {
        assert_unscoped("dynamodb_items", allow(json!("dynamodb:GetItem"), json!(resource)), true);
    }
    for resource in
        ["arn:aws:dynamodb:*:*:table/orders", "arn:aws:dynamodb:*:*:table/orders-*", "arn:aws:dynamodb:*:444455556666:table/*", "arn:aws:s3:::*"]
    {
        assert_unscoped("dynamodb_items", allow(json!("dynamodb:GetItem"), json!(resource)), false);
    }
    assert_unscoped("dynamodb_items", allow(json!("DynamoDB:*Item"), json!("*")), true);
    assert_unscoped("dynamodb_items", allow(json!("dynamodb:DescribeTable"), json!("*")), false);
    assert_unscoped("dynamodb_items", json!({"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:dynamodb:*:*:table/secret"}), true);
    assert_unscoped("neptune_data", allow(json!("neptune-db:*"), json!("arn:aws:neptune-db:us-east-1:111122223333:*/*")), true);
    assert_unscoped("neptune_data", allow(json!("neptune-db:*"), json!("arn:aws:neptune-db:us-east-1:111122223333:cluster-A/*")), false);
    assert_unscoped("keyspaces_data", allow(json!("cassandra:Select"), json!("arn:aws:cassandra:us-east-1:111122223333:/keyspace/*")), true);
    assert_unscoped("keyspaces_data", allow(json!("cassandra:Select"), json!("arn:aws:cassandra:us-east-1:111122223333:/keyspace/shop/*")), false);
}

#[test]
fn conditions_on_the_resource_narrow_and_those_on_the_circumstances_do_not() {
    let with = |condition: Value| json!({"Effect": "Allow", "Action": ["dynamodb:GetItem", "kms:Decrypt"], "Resource": "*", "Condition": condition});
    for condition in [
        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        json!({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}),
        json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        json!({"StringNotEquals": {"aws:ResourceTag/class": "secret"}}),
        json!({"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}}),
        json!({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}),
    ] {
        assert_unscoped("kms_decrypt", with(condition), true);
    }
    for condition in [
        json!({"StringEquals": {"aws:ResourceTag/team": "shop"}}),
        json!({"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}),
        json!({"StringEquals": {"kms:ViaService": "rds.us-east-1.amazonaws.com"}}),
        json!({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}),
        json!({"StringEquals": {"aws:PrincipalAccount": "444455556666"}}),
    ] {
        assert_unscoped("kms_decrypt", with(condition), false);
    }
    assert_unscoped("dynamodb_items", with(json!({"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:userid}"]}})), false);
    // What a key says of this service is not known.
    let unknown = role(json!([with(json!({"StringEquals": {"aws:PrincipalTag/team": "shop"}}))]));
    assert_eq!(unknown.fact("unscoped", ROLE)["kms_decrypt"], json!({"gap": SWEEP}));
    assert_eq!(unknown.fact("unscoped", ROLE)["dsql_admin"], json!([]));
}

#[test]
fn a_deny_that_always_bites_takes_away() {
    let denying = |deny: Value| role(json!([allow(json!("kms:*"), json!("*")), deny])).fact("unscoped", ROLE)["kms_decrypt"].clone();
    assert_eq!(denying(json!({"Effect": "Deny", "Action": "kms:*", "Resource": "*"})), json!([]));
    assert_eq!(denying(json!({"Effect": "Deny", "Action": "kms:*", "NotResource": "arn:aws:kms:us-east-1:111122223333:key/1"})), json!([]));
    let granted = json!(["kms:Decrypt by Own/statement 1", "kms:ReEncryptFrom by Own/statement 1"]);
    assert_eq!(denying(json!({"Effect": "Deny", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/1"})), granted);
    let unless_mfa =
        json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}});
    assert_eq!(denying(unless_mfa), granted);
}

#[test]
fn a_database_user_is_named_by_database_and_name() {
    let connect = |resource: &str| allow(json!("rds-db:connect"), json!(format!("arn:aws:rds-db:us-east-1:111122223333:dbuser:{resource}")));
    for resource in ["*", "*/*", "*/app", "db-*/app", "db-ABC/*", "cluster-*/app", "*/${aws:username}"] {
        let expected = resource != "*/${aws:username}";
        assert_unscoped("rds_db_connect", connect(resource), expected);
    }
    for resource in ["db-ABC/app", "cluster-ABC/app_*"] {
        assert_unscoped("rds_db_connect", connect(resource), false);
    }
}

#[test]
fn a_boundary_bounds() {
    let world = managed(role(json!([allow(json!("*"), json!("*"))])), "Bounds", json!([allow(json!("dynamodb:*"), json!("*"))]));
    let bounded = world.clone().patch(ROLE, json!({"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/Bounds"}}));
    let (free, bounded) = (world.fact("unscoped", ROLE), bounded.fact("unscoped", ROLE));
    assert_eq!((&free["administrator"], &bounded["administrator"]), (&json!(true), &json!(false)));
    assert_eq!(bounded["kms_decrypt"], json!([]));
    assert_eq!(bounded["full_control"], json!(["dynamodb"]));
}

#[test]
fn administrators_may_everything_and_power_users_nearly() {
    let power = role(json!([{"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}])).fact("unscoped", ROLE);
    assert_eq!(power["administrator"], json!(false));
    assert!(power["full_control"].as_array().unwrap().contains(&json!("rds")));
}

#[test]
fn users_have_what_their_groups_have() {
    let policy = "arn:aws:iam::111122223333:policy/Read";
    let world = managed(World::complete(), "Read", json!([allow(json!("dax:*"), json!("*"))]))
        .with(kinds::IAM_GROUP, "group", json!({"GroupName": "readers", "AttachedManagedPolicies": [{"PolicyName": "Read", "PolicyArn": policy}]}))
        .with(kinds::IAM_USER, USER, json!({"UserName": "ann", "Path": "/", "GroupList": ["readers"]}));
    assert_eq!(world.fact("unscoped", USER)["dax"], json!(["dax:* by readers/Read/statement 1"]));
    assert_eq!(world.clone().without("group").fact("unscoped", USER), json!({"gap": SWEEP}));
    assert_eq!(world.without(policy).fact("unscoped", USER), json!({"gap": SWEEP}));
}

#[test]
fn a_policy_that_cannot_be_read_is_unknown() {
    let inline = json!([{"PolicyName": "Own", "PolicyDocument": "{"}]);
    let world = World::complete().with(kinds::IAM_ROLE, ROLE, json!({"RoleName": "app", "RolePolicyList": inline}));
    assert_eq!(world.fact("unscoped", ROLE), json!({"gap": SWEEP}));
}
