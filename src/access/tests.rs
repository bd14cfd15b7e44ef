//! Who has access, per principal and database.

use serde_json::{Value, json};

use super::{Report, list};
use crate::facts::Global;
use crate::facts::testing::{ACCOUNT, World};
use crate::inventory::kinds;

const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const OTHER: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/stock";
const SWEEP: &str = "iam:GetAccountAuthorizationDetails";

fn document(statements: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

fn world() -> World {
    let table = |name: &str| json!({"TableName": name});
    World::complete().with(kinds::DYNAMODB_TABLE, TABLE, table("orders")).with(kinds::DYNAMODB_TABLE, OTHER, table("stock"))
}

/// A role with an inline policy `Own`, which the account's EC2 may take on.
fn role(world: World, name: &str, statements: Value) -> World {
    let inline = json!([{"PolicyName": "Own", "PolicyDocument": document(&statements)}]);
    let trust = document(&json!({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}));
    world.with(kinds::IAM_ROLE, &role_arn(name), json!({"RoleName": name, "RolePolicyList": inline, "AssumeRolePolicyDocument": trust}))
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Sid": "S", "Effect": "Allow", "Action": action, "Resource": resource})
}

fn report(world: &World, arn: Option<&str>) -> Report {
    let global = world.1.clone().map(Global::new);
    list(std::slice::from_ref(&world.0), global.as_ref(), arn)
}

/// `ability principal [maybe: keys]` of each row of a database, principals by the last part of their ARNs.
fn rows(world: &World, arn: &str) -> Vec<String> {
    let report = report(world, Some(arn));
    let row = |access: &super::Access| {
        let principal = access.principal.rsplit('/').next().unwrap();
        let outside = if access.outside { " outside" } else { "" };
        let depends: Vec<_> = access.by.0.depends.iter().map(String::as_str).collect();
        let maybe = if depends.is_empty() { String::new() } else { format!(" maybe {}", depends.join(",")) };
        format!("{} {principal}{outside}{maybe}", access.may.name())
    };
    report.databases.iter().flat_map(|database| &database.access).map(row).collect()
}

const NOBODY: [&str; 0] = [];

#[test]
fn statements_are_found_by_action_and_resource() {
    let world = role(world(), "app", json!([allow("dynamodb:GetItem", TABLE)]));
    let world = role(world, "all", json!([allow("dynamodb:*", "arn:aws:dynamodb:*:*:table/*")]));
    let world = role(world, "rds", json!([allow("rds:*", "*")]));
    assert_eq!(rows(&world, TABLE), ["read data all", "read data app", "change exposure all", "share snapshots all"]);
    assert_eq!(rows(&world, OTHER), ["read data all", "change exposure all", "share snapshots all"]);
    let report = report(&world, Some(TABLE));
    let app = &report.databases[0].access[1];
    assert_eq!((app.actions.as_slice(), app.by.0.statements.first().unwrap().as_str()), (&["dynamodb:GetItem"][..], "Own/S"));
}

#[test]
fn a_deny_that_always_bites_removes_and_one_that_may_makes_it_maybe() {
    let deny = |condition: Value| json!({"Effect": "Deny", "Action": "dynamodb:GetItem", "Resource": TABLE, "Condition": condition});
    let read = |statements: Value| rows(&role(world(), "app", statements), TABLE);
    assert_eq!(read(json!([allow("dynamodb:GetItem", "*"), deny(json!({}))])), NOBODY);
    let mfa = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    assert_eq!(read(json!([allow("dynamodb:GetItem", "*"), deny(mfa)])), ["read data app maybe aws:multifactorauthpresent"]);
    assert_eq!(rows(&role(world(), "app", json!([allow("dynamodb:GetItem", "*"), deny(json!({}))])), OTHER), ["read data app"]);
}

#[test]
fn not_action_not_resource_and_conditions_count() {
    let read = |statement: Value, arn: &str| rows(&role(world(), "app", json!([statement])), arn);
    let not_resource = json!({"Effect": "Allow", "Action": "dynamodb:Scan", "NotResource": TABLE});
    assert_eq!(read(not_resource.clone(), TABLE), NOBODY);
    assert_eq!(read(not_resource, OTHER), ["read data app"]);
    let not_action = json!({"Effect": "Allow", "NotAction": ["dynamodb:*Item", "dynamodb:*Policy", "dynamodb:PartiQL*", "dynamodb:Query", "dynamodb:Scan"], "Resource": "*"});
    assert_eq!(read(not_action, TABLE), ["share snapshots app"]);
    let from = json!({"Effect": "Allow", "Action": "dynamodb:Scan", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}});
    assert_eq!(read(from, TABLE), ["read data app maybe aws:sourceip"]);
}

#[test]
fn tags_of_the_database_and_names_of_the_user_are_looked_at_for_each() {
    let tagged =
        json!({"Effect": "Allow", "Action": "dynamodb:Scan", "Resource": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}});
    let mut tags = role(world(), "app", json!([tagged]));
    tags.0.resources.iter_mut().find(|resource| resource.arn == TABLE).unwrap().tags.insert("team".to_owned(), "shop".to_owned());
    assert_eq!(rows(&tags, TABLE), ["read data app"]);
    assert_eq!(rows(&tags, OTHER), NOBODY);
    let inline =
        json!([{"PolicyName": "Own", "PolicyDocument": document(&json!([allow("dynamodb:Scan", "arn:aws:dynamodb:*:*:table/${aws:username}")]))}]);
    let user = world().with(kinds::IAM_USER, "arn:aws:iam::111122223333:user/orders", json!({"UserName": "orders", "UserPolicyList": inline}));
    assert_eq!((rows(&user, TABLE), rows(&user, OTHER)), (vec!["read data orders".to_owned()], Vec::new()));
}

#[test]
fn a_boundary_bounds() {
    let bounded = |boundary: Value| {
        let policy = json!({"PolicyName": "Bound", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": document(&boundary)}]});
        let world =
            role(world(), "app", json!([allow("dynamodb:*", "*")])).with(kinds::IAM_MANAGED_POLICY, "arn:aws:iam::111122223333:policy/Bound", policy);
        rows(
            &world.patch(&role_arn("app"), json!({"PermissionsBoundary": {"PermissionsBoundaryArn": "arn:aws:iam::111122223333:policy/Bound"}})),
            TABLE,
        )
    };
    assert_eq!(bounded(json!([allow("dynamodb:Query", OTHER)])), NOBODY);
    assert_eq!(bounded(json!([allow("dynamodb:Query", "*")])), ["read data app"]);
}

#[test]
fn database_users_are_within_their_database() {
    let connect = |resource: &str, fields: Value| {
        let world = World::complete().with(kinds::DB_INSTANCE, "db", json!({"DbiResourceId": "db-A", "IAMDatabaseAuthenticationEnabled": true}));
        rows(&role(world, "app", json!([allow("rds-db:connect", resource)])).patch("db", fields), "db")
    };
    for resource in
        ["*", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-A/app", "arn:aws:rds-db:*:*:dbuser:*/app", "arn:aws:rds-db:*:*:dbuser:db-A/*"]
    {
        assert_eq!(connect(resource, json!({})), ["connect app"], "{resource}");
    }
    for resource in ["arn:aws:rds-db:us-east-1:111122223333:dbuser:db-B/app", "arn:aws:rds-db:eu-west-1:*:dbuser:*/*"] {
        assert_eq!(connect(resource, json!({})), NOBODY, "{resource}");
    }
    assert_eq!(connect("*", json!({"IAMDatabaseAuthenticationEnabled": false})), NOBODY);
}

#[test]
fn the_policy_of_a_table_lets_in_and_keeps_out() {
    let with = |statements: Value| {
        let world = role(world(), "app", json!([allow("dynamodb:Scan", "*")]));
        rows(&world.patch(TABLE, json!({"ResourcePolicy": document(&statements)})), TABLE)
    };
    let to = |principal: Value| json!([{"Sid": "P", "Effect": "Allow", "Principal": principal, "Action": "dynamodb:GetItem", "Resource": "*"}]);
    assert_eq!(with(to(json!({"AWS": "arn:aws:iam::444455556666:role/partner"}))), ["read data app", "read data partner outside"]);
    assert_eq!(with(to(json!("*"))), ["read data * outside", "read data app"]);
    assert_eq!(with(to(json!({"AWS": "arn:aws:iam::111122223333:root"}))), ["read data app"], "leaves it to identity policies");
    let deny = json!([{"Effect": "Deny", "NotPrincipal": {"AWS": role_arn("ops")}, "Action": "dynamodb:*", "Resource": "*"}]);
    assert_eq!(with(deny), NOBODY);
    let deny = json!([{"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}]);
    assert_eq!(with(deny), ["read data app maybe aws:sourcevpce"]);
}

#[test]
fn roles_that_outsiders_take_on_are_named_with_them() {
    let trust = document(&json!([
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root", "Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "x"}}},
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/own"}, "Action": "sts:AssumeRole"}]));
    let world = role(world(), "app", json!([allow("dynamodb:Scan", "*")])).patch(&role_arn("app"), json!({"AssumeRolePolicyDocument": trust}));
    let world = role(world, "idle", json!([])).patch(&role_arn("idle"), json!({"AssumeRolePolicyDocument": trust}));
    let report = report(&world, None);
    assert_eq!(report.assumable_by.keys().collect::<Vec<_>>(), [&role_arn("app")], "roles without access are not listed");
    let outsiders: Vec<_> =
        report.assumable_by[&role_arn("app")].iter().map(|outsider| (outsider.principal.as_str(), &outsider.depends_on)).collect();
    assert_eq!(outsiders, [("arn:aws:iam::444455556666:root", &["sts:externalid".to_owned()].into())]);
}

#[test]
fn what_could_not_be_read_is_said() {
    assert!(report(&world(), None).is_complete());
    let unknown = |world: World, arn: Option<&str>| {
        let report = report(&world, arn);
        let of_databases = report.databases.iter().flat_map(|database| &database.unknown);
        report.unknown.iter().chain(of_databases).map(|gap| gap.operation.clone()).collect::<Vec<_>>()
    };
    assert_eq!(unknown(world().denied(SWEEP), Some(TABLE)), [SWEEP]);
    assert_eq!(unknown(world().without_global(), Some(TABLE)), [SWEEP]);
    assert_eq!(unknown(world().unread(TABLE, "ResourcePolicy", "dynamodb:GetResourcePolicy"), Some(TABLE)), ["dynamodb:GetResourcePolicy"]);
    assert_eq!(unknown(world().denied("rds:DescribeDBInstances"), None), ["rds:DescribeDBInstances"]);
    assert_eq!(unknown(world().denied("rds:DescribeDBInstances"), Some(TABLE)), Vec::<String>::new());
}
