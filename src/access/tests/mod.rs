//! Who has access, per principal and database.

mod control;

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
fn users_of_a_proxy_are_within_it_where_one_logs_in_with_iam() {
    const PROXY: &str = "arn:aws:rds:us-east-1:111122223333:db-proxy:prx-0a1";
    let connect = |resource: &str, fields: Value| {
        let world = role(World::complete(), "app", json!([allow("rds-db:connect", resource)]));
        rows(&world.with(kinds::DB_PROXY, PROXY, fields), PROXY)
    };
    let users = |iam: &str| json!({"DBProxyName": "p", "Auth": [{"IAMAuth": "DISABLED"}, {"IAMAuth": iam}]});
    for resource in ["arn:aws:rds-db:us-east-1:111122223333:dbuser:prx-0a1/app", "arn:aws:rds-db:*:*:dbuser:*/*"] {
        assert_eq!(connect(resource, users("REQUIRED")), ["connect app"], "{resource}");
    }
    assert_eq!(connect("*", users("ENABLED")), ["connect app"]);
    assert_eq!(connect("*", json!({"Auth": [], "DefaultAuthScheme": "IAM_AUTH"})), ["connect app"]);
    assert_eq!(connect("arn:aws:rds-db:us-east-1:111122223333:dbuser:prx-0a2/app", users("REQUIRED")), NOBODY);
    assert_eq!(connect("*", users("DISABLED")), NOBODY);
}

#[test]
fn who_reads_an_index_reads_the_table() {
    let indexed = || world().patch(TABLE, json!({"GlobalSecondaryIndexes": [{"IndexName": "by-customer"}]}));
    let read = |world: World, action: &str, resource: &str| rows(&role(world, "app", json!([allow(action, resource)])), TABLE);
    for resource in [format!("{TABLE}/index/*"), format!("{TABLE}/index/by-customer"), "arn:aws:dynamodb:*:*:table/*".to_owned()] {
        assert_eq!(read(indexed(), "dynamodb:Query", &resource), ["read data app"], "{resource}");
    }
    assert_eq!(read(indexed(), "dynamodb:GetItem", &format!("{TABLE}/index/*")), NOBODY, "items are got from the table");
    assert_eq!(read(indexed(), "dynamodb:Query", &format!("{OTHER}/index/*")), NOBODY);
    assert_eq!(read(world(), "dynamodb:Query", &format!("{TABLE}/index/*")), NOBODY, "there is none");
    let deny = json!([{"Effect": "Deny", "Principal": "*", "Action": "dynamodb:*", "Resource": [TABLE, format!("{TABLE}/index/*")]}]);
    let denied = indexed().patch(TABLE, json!({"ResourcePolicy": document(&deny)}));
    assert_eq!(read(denied, "dynamodb:Query", &format!("{TABLE}/index/*")), NOBODY);
}

#[test]
fn managed_policies_are_found_by_their_arns_and_named() {
    const MANAGED: &str = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess";
    let policy = json!({"PolicyVersionList": [
        {"IsDefaultVersion": false, "Document": document(&json!([allow("dynamodb:*", "*")]))},
        {"IsDefaultVersion": true, "Document": document(&json!([allow("dynamodb:Scan", "*")]))}]});
    let attached = json!({"AttachedManagedPolicies": [{"PolicyName": "AmazonDynamoDBReadOnlyAccess", "PolicyArn": MANAGED}]});
    let world = role(world(), "app", json!([])).patch(&role_arn("app"), attached);
    assert_eq!(rows(&world, TABLE), NOBODY);
    assert!(!report(&world, Some(TABLE)).is_complete(), "a policy that was not returned is unknown");
    let world = world.with(kinds::IAM_MANAGED_POLICY, MANAGED, policy);
    assert_eq!(rows(&world, TABLE), ["read data app"]);
    let by = &report(&world, Some(TABLE)).databases[0].access[0].by;
    assert_eq!(by.0.statements.first().map(String::as_str), Some("AmazonDynamoDBReadOnlyAccess/S"));
}

#[test]
fn the_boundary_of_a_role_bounds_what_a_policy_of_a_table_lets_it_do() {
    const BOUND: &str = "arn:aws:iam::111122223333:policy/Bound";
    let user_arn = format!("arn:aws:iam::{ACCOUNT}:user/ann");
    let let_in = |boundary: Value| {
        let policy = json!({"PolicyName": "Bound", "PolicyVersionList": [{"IsDefaultVersion": true, "Document": document(&boundary)}]});
        let bounded = json!({"PermissionsBoundary": {"PermissionsBoundaryArn": BOUND}});
        let to = json!([{"Sid": "P", "Effect": "Allow", "Principal": {"AWS": [role_arn("app"), user_arn]}, "Action": "dynamodb:GetItem", "Resource": "*"}]);
        let world = role(world(), "app", json!([])).patch(&role_arn("app"), bounded.clone()).with(kinds::IAM_MANAGED_POLICY, BOUND, policy);
        let world = world.with(kinds::IAM_USER, &user_arn, json!({"UserName": "ann"})).patch(&user_arn, bounded);
        rows(&world.patch(TABLE, json!({"ResourcePolicy": document(&to)})), TABLE)
    };
    assert_eq!(let_in(json!([allow("dynamodb:GetItem", TABLE)])), ["read data app", "read data ann"]);
    assert_eq!(let_in(json!([allow("dynamodb:GetItem", OTHER)])), ["read data ann"], "a user's need not allow it");
    assert_eq!(let_in(json!([allow("*", "*"), {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}])), NOBODY);
    let with_mfa = json!([{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]);
    assert_eq!(let_in(with_mfa), ["read data app maybe aws:multifactorauthpresent", "read data ann"]);
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
    let partner_unless = |condition: Value| {
        let mut statements = to(json!({"AWS": "arn:aws:iam::444455556666:role/partner"}));
        let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "dynamodb:GetItem", "Resource": "*", "Condition": condition});
        statements.as_array_mut().unwrap().push(deny);
        with(statements).remove(1)
    };
    let without_mfa = json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}});
    assert_eq!(partner_unless(without_mfa), "read data partner outside maybe aws:multifactorauthpresent");
    assert_eq!(partner_unless(json!({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}})), "read data partner outside maybe aws:sourceip");
    let others = json!({"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}, "Bool": {"aws:PrincipalIsAWSService": "false"}});
    assert_eq!(partner_unless(others), "read data partner outside");
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
