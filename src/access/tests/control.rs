//! What service control policies take away.

use serde_json::{Value, json};

use super::{NOBODY, OTHER, TABLE, allow, document, report, role, role_arn, rows, world};
use crate::access::Control;
use crate::facts::testing::{ACCOUNT, World};
use crate::inventory::{Gap, Reason, kinds};

const FULL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

/// The world in an organization, with a service control policy of these statements on the account.
fn controlled(world: World, statements: &Value) -> World {
    let organization = json!({"Id": "o-a1b2c3d4e5", "FeatureSet": "ALL", "MasterAccountId": "444455556666"});
    let attached = json!([{"TargetId": ACCOUNT, "PolicyIds": ["p-own"]}, {"TargetId": "r-ab12", "PolicyIds": ["p-full"]}]);
    let policy = |id: &str, content: &str| json!({"Id": id, "Name": id, "Content": content});
    world
        .with(kinds::ORGANIZATION, "organization", organization)
        .with(kinds::ORGANIZATION_ACCOUNT, "account", json!({"Id": ACCOUNT, "ServiceControlPolicies": attached}))
        .with(kinds::ORGANIZATION_POLICY, "p-full", policy("p-full", &format!(r#"{{"Statement":[{FULL}]}}"#)))
        .with(kinds::ORGANIZATION_POLICY, "p-own", policy("p-own", &document(statements)))
}

/// Who reads the table where the policy holds these statements beside one that allows all.
fn reading(world: World, denies: Vec<Value>) -> Vec<String> {
    let full: Value = serde_json::from_str(FULL).unwrap();
    rows(&controlled(world, &[vec![full], denies].concat().into()), TABLE)
}

#[test]
fn service_control_policies_take_away_what_they_surely_deny() {
    let world = || role(role(world(), "app", json!([allow("dynamodb:GetItem", "*")])), "admin", json!([allow("dynamodb:GetItem", "*")]));
    let deny = |rest: Value| {
        let mut deny = json!({"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"});
        deny.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        vec![deny]
    };
    let both = ["read data admin", "read data app"];
    assert_eq!(reading(world(), vec![]), both);
    assert_eq!(reading(world(), deny(json!({}))), NOBODY);
    assert_eq!(reading(world(), deny(json!({"Resource": OTHER}))), both);
    assert_eq!(reading(world(), deny(json!({"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/admin"}}}))), both[..1]);
    for (region, left) in [("us-east-1", &both[..]), ("eu-west-1", &[])] {
        assert_eq!(reading(world(), deny(json!({"Condition": {"StringNotEquals": {"aws:RequestedRegion": region}}}))), left, "{region}");
    }
    let mfa = deny(json!({"Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}));
    assert_eq!(reading(world(), mfa), both.map(|row| format!("{row} maybe aws:multifactorauthpresent")));
    let tagged = |value: &str| {
        let mut world = world();
        world.0.resources.iter_mut().find(|resource| resource.arn == TABLE).unwrap().tags.insert("team".to_owned(), value.to_owned());
        reading(world, deny(json!({"Condition": {"StringEquals": {"aws:ResourceTag/team": "shop"}}})))
    };
    assert_eq!((tagged("shop"), tagged("other")), (Vec::new(), both.map(str::to_owned).to_vec()));
    let only_rds = controlled(world(), &json!([{"Effect": "Allow", "Action": "rds:*", "Resource": "*"}]));
    assert_eq!(rows(&only_rds, TABLE), NOBODY);
}

#[test]
fn a_copy_is_asked_for_in_the_region_that_it_goes_to() {
    const SNAPSHOT: &str = "arn:aws:rds:us-east-1:111122223333:snapshot:orders";
    let world = role(World::complete(), "app", json!([allow("rds:*", "*")])).with(kinds::DB_SNAPSHOT, SNAPSHOT, json!({"DBSnapshotArn": SNAPSHOT}));
    let elsewhere = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}});
    let world = controlled(world, &json!([serde_json::from_str::<Value>(FULL).unwrap(), elsewhere]));
    assert_eq!(rows(&world, SNAPSHOT), ["share snapshots app maybe aws:requestedregion"]);
    assert_eq!(report(&world, Some(SNAPSHOT)).databases[0].access[0].actions, ["rds:CopyDBSnapshot"]);
}

#[test]
fn service_control_policies_bind_those_whom_a_table_lets_in_but_nobody_outside() {
    let both = json!({"AWS": [role_arn("app"), "arn:aws:iam::444455556666:role/partner"]});
    let own = json!([{"Sid": "P", "Effect": "Allow", "Principal": both, "Action": "dynamodb:GetItem", "Resource": "*"}]);
    let world = || role(world(), "app", json!([])).patch(TABLE, json!({"ResourcePolicy": document(&own)}));
    let deny = json!({"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"});
    assert_eq!(reading(world(), vec![]), ["read data app", "read data partner outside"]);
    assert_eq!(reading(world(), vec![deny]), ["read data partner outside"]);
}

#[test]
fn the_user_of_a_database_who_is_left_is_found() {
    let world = World::complete().with(kinds::DB_INSTANCE, "db", json!({"DbiResourceId": "db-A", "IAMDatabaseAuthenticationEnabled": true}));
    let world = role(world, "app", json!([allow("rds-db:connect", "*")]));
    let but_one = |name: &str| {
        let deny = json!({"Effect": "Deny", "Action": "rds-db:*", "NotResource": format!("arn:aws:rds-db:*:*:dbuser:{name}")});
        rows(&controlled(world.clone(), &json!([serde_json::from_str::<Value>(FULL).unwrap(), deny])), "db")
    };
    assert_eq!((but_one("*/app"), but_one("db-B/app")), (vec!["connect app".to_owned()], Vec::new()));
}

#[test]
fn service_control_policies_that_may_not_be_read_are_said_and_those_that_failed_are_unknown() {
    let world = || role(world(), "app", json!([allow("dynamodb:GetItem", "*")]));
    let said = |world: &World| {
        let report = report(world, Some(TABLE));
        (report.service_control_policies[ACCOUNT].clone(), report.is_complete())
    };
    assert_eq!(said(&world()), (Control::None, true));
    let read = controlled(world(), &json!([serde_json::from_str::<Value>(FULL).unwrap()]));
    assert_eq!(said(&read), (Control::Read { policies: 2 }, true));
    let why = Gap::new("organizations:ListParents", Reason::AccessDenied, "no");
    let refused = read.clone().with(kinds::ORGANIZATION_ACCOUNT, "account", json!({"Id": ACCOUNT, "NotPermitted": why}));
    assert_eq!(said(&refused), (Control::Unread { why }, true));
    assert_eq!(rows(&refused, TABLE), ["read data app"]);
    let strange = controlled(world(), &json!([{"Effect": "Deny", "Action": "*", "Resource": "*", "Unless": "asked nicely"}]));
    let (control, complete) = said(&strange);
    assert!(matches!(control, Control::Unread { why } if why.reason == Reason::NotEvaluated) && !complete);
    assert_eq!(rows(&strange, TABLE), ["read data app"], "it takes nothing away for certain");
}
