//! What service control policies leave of what users and roles may do.

use serde_json::{Value, json};

use crate::facts::testing::{ACCOUNT, World};
use crate::inventory::{FieldGap, Gap, Reason, kinds};

const ROLE: &str = "arn:aws:iam::111122223333:role/app";
const MANAGEMENT: &str = "444455556666";
const FULL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

/// A role that may do anything, in an organization of the account that manages it.
fn managed_by(management: &str) -> World {
    let inline = json!([{"PolicyName": "Own", "PolicyDocument": format!(r#"{{"Statement":[{FULL}]}}"#)}]);
    let organization = json!({"Id": "o-a1b2c3d4e5", "FeatureSet": "ALL", "MasterAccountId": management});
    World::complete().with(kinds::IAM_ROLE, ROLE, json!({"RoleName": "app", "RolePolicyList": inline})).with(
        kinds::ORGANIZATION,
        "organization",
        organization,
    )
}

/// The same with the service control policies of each level, from the account to the root, by their statements.
fn under(world: World, levels: &[&[&str]]) -> World {
    let targets = [ACCOUNT, "ou-ab12-11111111", "r-ab12"];
    let (mut world, mut attached) = (world, Vec::new());
    for (target, level) in targets.into_iter().zip(levels) {
        let ids: Vec<_> = (1..=level.len()).map(|number| format!("p-{target}-{number}")).collect();
        for (id, statements) in ids.iter().zip(*level) {
            let content = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
            world = world.with(kinds::ORGANIZATION_POLICY, id, json!({"Id": id, "Name": "Policy", "Content": content}));
        }
        attached.push(json!({"TargetId": target, "PolicyIds": ids}));
    }
    world.with(kinds::ORGANIZATION_ACCOUNT, "account", json!({"Id": ACCOUNT, "ServiceControlPolicies": attached}))
}

fn unscoped(world: &World, field: &str) -> Value {
    world.fact("unscoped", ROLE)[field].clone()
}

/// Whether the role may read any secret under a policy of the root beside the default one.
fn may_read_secrets(statement: &str) -> Value {
    let found = unscoped(&under(managed_by(MANAGEMENT), &[&[FULL], &[FULL], &[FULL, statement]]), "secrets");
    found.as_array().map_or(found.clone(), |statements| json!(!statements.is_empty()))
}

fn deny(action: &str, condition: Value) -> String {
    json!({"Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition}).to_string()
}

#[test]
fn what_is_surely_taken_away_nobody_may() {
    assert_eq!(may_read_secrets(&deny("secretsmanager:Get*", json!({}))), json!(false));
    assert_eq!(may_read_secrets(&deny("kms:*", json!({}))), json!(true));
    let of_others = json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}});
    assert_eq!(may_read_secrets(&deny("*", of_others)), json!(true), "the organization is known");
    let elsewhere = json!({"ForAnyValue:StringNotLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*"}});
    assert_eq!(may_read_secrets(&deny("*", elsewhere)), json!(true), "so is the way to the account");
    let all_but = |name: &str| deny("*", json!({"ArnNotLike": {"aws:PrincipalArn": format!("arn:aws:iam::*:role/{name}")}}));
    assert_eq!((may_read_secrets(&all_but("app")), may_read_secrets(&all_but("admin"))), (json!(true), json!(false)));
}

#[test]
fn what_may_be_taken_away_is_left() {
    for condition in [
        json!({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
        json!({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        json!({"StringNotEquals": {"aws:PrincipalTag/team": "ops"}}),
    ] {
        assert_eq!(may_read_secrets(&deny("*", condition.clone())), json!(true), "{condition}");
    }
}

#[test]
fn what_is_only_supposed_takes_nothing_away() {
    let field = |field: &str, deny: Value| unscoped(&under(managed_by(MANAGEMENT), &[&[FULL, &deny.to_string()]]), field);
    let deny = |action: &str, condition: Value| json!({"Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition});
    // It is tried out from another organization, without tags, and with variables that are like no text.
    let may = |name: &str, deny: Value| !field(name, deny).as_array().unwrap().is_empty();
    assert!(may("keyspaces_data", deny("cassandra:*", json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}))));
    assert!(may("secrets", deny("secretsmanager:*", json!({"Null": {"aws:ResourceTag/owner": "true"}}))));
    assert!(may("secrets", deny("secretsmanager:*", json!({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:PrincipalTag/team}"}}))));
    assert!(may("kms_decrypt", deny("kms:*", json!({"Null": {"kms:EncryptionContextKeys": "true"}}))));
    let but = |name: &str| json!({"Effect": "Deny", "Action": "dynamodb:*", "NotResource": name});
    assert!(may("dynamodb_items", but("arn:aws:dynamodb:us-east-1:*:table/*")), "any table of a region");
    assert!(!may("dynamodb_items", but("arn:aws:dynamodb:us-east-1:*:table/shop-*")), "only those of a name");
}

#[test]
fn a_secret_that_is_left_is_found() {
    const PROXY: &str = "arn:aws:rds:us-east-1:111122223333:db-proxy:prx-0a1";
    let others = |deny: Value| {
        let statement = json!({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "arn:aws:secretsmanager:*:*:secret:*"});
        let inline = json!([{"PolicyName": "Own", "PolicyDocument": json!({"Statement": statement}).to_string()}]);
        let world = managed_by(MANAGEMENT).patch(ROLE, json!({"RolePolicyList": inline})).with(kinds::DB_PROXY, PROXY, json!({"RoleArn": ROLE}));
        under(world, &[&[FULL, &deny.to_string()]]).fact("roles", PROXY)[0]["other_secrets"].clone()
    };
    let deny = |element: &str, pattern: &str| json!({"Effect": "Deny", "Action": "secretsmanager:*", element: pattern});
    assert_eq!(others(deny("Resource", "*")), json!([]));
    assert_eq!(others(deny("Resource", "arn:aws:secretsmanager:*:*:secret:prod-*")), json!(["*"]));
    let left = "arn:aws:secretsmanager:*:*:secret:prod-*";
    assert_eq!(others(deny("NotResource", left)), json!([left]));
}

#[test]
fn every_level_has_to_allow() {
    let (rds, in_office) = (
        r#"{"Effect":"Allow","Action":"rds:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}"#,
    );
    let by_tag = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"ops"}}}"#;
    let secrets = |unit: &str| unscoped(&under(managed_by(MANAGEMENT), &[&[FULL], &[unit], &[FULL]]), "secrets");
    assert_eq!(secrets(rds), json!([]));
    assert_eq!(secrets(in_office), json!(["secretsmanager:GetSecretValue by Own/statement 1"]), "the principal can be there");
    assert_eq!(secrets(by_tag), json!({"gap": "iam:GetAccountAuthorizationDetails"}), "who has the tag is not known");
    let administrator = |levels: &[&[&str]]| unscoped(&under(managed_by(MANAGEMENT), levels), "administrator");
    assert_eq!((administrator(&[&[FULL], &[FULL]]), administrator(&[&[FULL], &[rds]])), (json!(true), json!(false)));
}

#[test]
fn neither_the_management_account_nor_service_linked_roles_are_bound() {
    let deny = &deny("*", json!({}));
    assert_eq!(unscoped(&under(managed_by(ACCOUNT), &[&[FULL, deny]]), "administrator"), json!(true));
    assert_eq!(unscoped(&under(managed_by(MANAGEMENT), &[&[FULL, deny]]), "administrator"), json!(false));
    const LINKED: &str = "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS";
    let world = under(managed_by(MANAGEMENT), &[&[FULL, deny]]);
    let role: Value = world.resource(ROLE).data().unwrap();
    assert_eq!(world.with(kinds::IAM_ROLE, LINKED, role).fact("unscoped", LINKED)["administrator"], json!(true));
    let billing = under(managed_by(MANAGEMENT), &[&[FULL, deny]]).patch("organization", json!({"FeatureSet": "CONSOLIDATED_BILLING"}));
    assert_eq!(unscoped(&billing, "administrator"), json!(true));
}

#[test]
fn where_the_caller_may_not_read_them_the_accounts_own_policies_say_it() {
    let refusal = Gap::new("organizations:ListParents", Reason::AccessDenied, "no");
    let account = json!({"Id": ACCOUNT, "NotPermitted": refusal});
    let world = managed_by(MANAGEMENT).with(kinds::ORGANIZATION_ACCOUNT, "account", account);
    assert_eq!(unscoped(&world, "administrator"), json!(true));
    for operation in ["organizations:DescribeOrganization", "organizations:ListParents"] {
        assert_eq!(unscoped(&managed_by(MANAGEMENT).denied(operation), "administrator"), json!(true), "{operation}");
        assert_eq!(unscoped(&managed_by(MANAGEMENT).not_called(operation), "administrator"), json!(true), "{operation}");
    }
}

/// A throttled call that would have told a field of a resource.
fn throttled(world: World, arn: &str, field: &str, operation: &str) -> World {
    let mut world = world.patch(arn, json!({field: null}));
    let resource = world.1.as_mut().unwrap().resources.iter_mut().find(|resource| resource.arn == arn).unwrap();
    resource.gaps.push(FieldGap { fields: vec![field.to_owned()], gap: Gap::new(operation, Reason::Throttled, "") });
    world
}

#[test]
fn where_reading_them_failed_what_the_others_leave_is_not_known_and_what_they_take_is() {
    let world = |levels: &[&[&str]]| under(managed_by(MANAGEMENT), levels);
    let (list, describe) = ("organizations:ListPoliciesForTarget", "organizations:DescribePolicy");
    let unlisted = throttled(world(&[&[FULL]]), "account", "ServiceControlPolicies", list);
    assert_eq!(unscoped(&unlisted, "secrets"), json!({"gap": list}));
    let deny_secrets = deny("secretsmanager:*", json!({}));
    let undescribed = throttled(world(&[&[FULL, FULL], &[FULL, &deny_secrets]]), "p-111122223333-2", "Content", describe);
    assert_eq!((unscoped(&undescribed, "secrets"), unscoped(&undescribed, "dax")), (json!([]), json!({"gap": describe})));
    let strange = r#"{"Effect":"Deny","Action":"*","Resource":"*","Unless":"asked nicely"}"#;
    assert_eq!(may_read_secrets(strange), json!({"gap": describe}));
    assert_eq!(unscoped(&world(&[&[FULL, "", &deny_secrets]]).without("p-111122223333-2"), "dax"), json!({"gap": describe}));
    assert_eq!(unscoped(&managed_by(MANAGEMENT), "dax"), json!(["dax:* by Own/statement 1"]), "none is attached where none was returned");
}
