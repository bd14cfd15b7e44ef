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
    for resource in [
        "*",
        "arn:aws:dynamodb:*:*:table/*",
        "arn:*:dynamodb:eu-west-1:111122223333:table/*",
        "arn:aws:dynamodb:eu-*:111122223333:*",
        "arn:aws:dynamodb:us-east-?:*:table/*",
    ] {
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

const PROXY: &str = "arn:aws:rds:us-east-1:111122223333:db-proxy:prx-1";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:app-1a2b3c";

/// What the role of a proxy may do, by these statements.
fn role_of_proxy(statements: Value) -> Value {
    let proxy = json!({"DBProxyName": "proxy", "RoleArn": ROLE, "Auth": [{"SecretArn": SECRET, "IAMAuth": "REQUIRED"}]});
    role(statements).with(kinds::DB_PROXY, PROXY, proxy).fact("roles", PROXY)[0].take()
}

#[test]
fn a_proxys_role_reads_its_own_secrets_or_others() {
    let others = |resources: Value| role_of_proxy(json!([allow(json!("secretsmanager:GetSecretValue"), resources)]))["other_secrets"].take();
    let named = |name: &str| json!(format!("arn:aws:secretsmanager:us-east-1:111122223333:secret:{name}"));
    for own in ["app-1a2b3c", "app-??????", "app-*"] {
        assert_eq!(others(named(own)), json!([]), "{own}");
    }
    for other in ["app*", "a*", "app-1a2b3*", "app-?????", "other-??????", "other-1a2b3c", "app-admin-*"] {
        assert_eq!(others(named(other)), json!([named(other)]), "{other}");
    }
    for any in [json!("*"), named("*"), json!(["arn:aws:secretsmanager:*", SECRET])] {
        assert_eq!(others(any), json!(["*"]));
    }
    assert_eq!(role_of_proxy(json!([allow(json!("secretsmanager:ListSecrets"), json!("*"))]))["other_secrets"], json!([]));
    assert_eq!(role_of_proxy(json!([allow(json!("*"), json!(["arn:aws:s3:::logs/*", SECRET]))]))["other_secrets"], json!([]));
    let denied = json!([allow(json!("secretsmanager:*"), named("app*")), {"Effect": "Deny", "Action": "*", "NotResource": SECRET}]);
    assert_eq!(role_of_proxy(denied)["other_secrets"], json!([]));
    let by_tag = json!([{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": named("other-*"), "Condition": {"StringEquals": {"aws:PrincipalTag/team": "shop"}}}]);
    assert_eq!(role_of_proxy(by_tag)["other_secrets"], json!({"gap": SWEEP}));
}

#[test]
fn a_database_has_the_roles_that_it_is_associated_with_and_is_monitored_by() {
    let instance = "arn:aws:rds:us-east-1:111122223333:db:orders";
    let other = "arn:aws:iam::444455556666:role/theirs";
    let data = json!({"DBInstanceIdentifier": "orders", "AssociatedRoles": [{"RoleArn": ROLE, "FeatureName": "s3Import", "Status": "ACTIVE"}], "MonitoringRoleArn": other});
    let world = role(json!([allow(json!("s3:*"), json!("*"))])).with(kinds::DB_INSTANCE, instance, data);
    let gap = json!({"gap": SWEEP});
    let unread =
        |name: &str| json!({"name": name, "trusted": gap, "full_control": gap, "dynamodb_items": gap, "kms_decrypt": gap, "other_secrets": gap});
    let app = json!({"name": "app", "trusted": gap, "full_control": ["s3"], "dynamodb_items": [], "kms_decrypt": [], "other_secrets": []});
    assert_eq!(world.fact("roles", instance), json!([app, unread("theirs")]));
    assert_eq!(world.clone().denied(SWEEP).fact("roles", instance), json!([unread("app"), unread("theirs")]));
    assert_eq!(world.clone().without_global().fact("roles", instance), json!([unread("app"), unread("theirs")]));
    assert_eq!(world.patch(instance, json!({"AssociatedRoles": [], "MonitoringRoleArn": null})).fact("roles", instance), json!([]));
}

#[test]
fn a_dax_cluster_has_a_role_that_services_and_others_take_on() {
    let cluster = "arn:aws:dax:us-east-1:111122223333:cache/orders";
    let world =
        role(json!([allow(json!("dynamodb:*"), json!("*"))])).with(kinds::DAX_CLUSTER, cluster, json!({"ClusterName": "orders", "IamRoleArn": ROLE}));
    let trusted = |principal: Value| {
        let trust = json!({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}).to_string();
        world.clone().patch(ROLE, json!({"AssumeRolePolicyDocument": trust})).fact("roles", cluster)[0]["trusted"].take()
    };
    assert_eq!(trusted(json!({"Service": "dax.amazonaws.com"})), json!(["dax.amazonaws.com"]));
    assert_eq!(
        trusted(json!({"Service": ["ec2.amazonaws.com", "dax.amazonaws.com"], "AWS": "444455556666"})),
        json!(["444455556666", "dax.amazonaws.com", "ec2.amazonaws.com"])
    );
    assert_eq!(trusted(json!("*")), json!(["*"]));
    let items = &world.fact("roles", cluster)[0]["dynamodb_items"];
    assert!(items.as_array().is_some_and(|statements| statements.contains(&json!("dynamodb:GetItem by Own/statement 1"))), "{items}");
}

#[test]
fn who_may_run_sql_over_the_data_api() {
    let cluster = "arn:aws:rds:us-east-1:111122223333:cluster:shop";
    let principals = |statement: Value| {
        let world = role(json!([statement])).with(kinds::DB_CLUSTER, cluster, json!({"DBClusterIdentifier": "shop", "HttpEndpointEnabled": true}));
        world.fact("data_api", cluster)["principals"].take()
    };
    let execute = |resource: &str| allow(json!("rds-data:ExecuteStatement"), json!(resource));
    assert_eq!(principals(execute(cluster)), json!(["app"]));
    assert_eq!(principals(allow(json!("rds-data:*"), json!("*"))), json!(["app"]));
    assert_eq!(principals(execute("arn:aws:rds:us-east-1:111122223333:cluster:other")), json!([]));
    assert_eq!(principals(allow(json!("*"), json!("*"))), json!([]), "an administrator");
    let with = |condition: Value| json!({"Effect": "Allow", "Action": "rds-data:*", "Resource": "*", "Condition": {"StringEquals": condition}});
    assert_eq!(principals(with(json!({"aws:ResourceTag/team": "shop"}))), json!([]));
    assert_eq!(principals(with(json!({"aws:PrincipalTag/team": "shop"}))), json!({"gap": SWEEP}));
    let world = role(json!([])).with(kinds::DB_CLUSTER, cluster, json!({"DBClusterIdentifier": "shop"}));
    assert_eq!(world.clone().denied(SWEEP).fact("data_api", cluster)["principals"], json!({"gap": SWEEP}));
    assert_eq!(world.clone().without_global().fact("data_api", cluster)["principals"], json!({"gap": SWEEP}));
    let mut tagged =
        role(json!([with(json!({"aws:ResourceTag/team": "shop"}))])).with(kinds::DB_CLUSTER, cluster, json!({"DBClusterIdentifier": "shop"}));
    tagged.0.resources.iter_mut().for_each(|resource| resource.tags = [("team".to_owned(), "shop".to_owned())].into());
    assert_eq!(tagged.fact("data_api", cluster)["principals"], json!(["app"]));
}
