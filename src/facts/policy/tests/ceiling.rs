//! What service control policies leave. The cases are those of "SCP evaluation" in the AWS
//! Organizations User Guide and of the policy evaluation logic in the IAM User Guide.

use std::sync::Arc;

use crate::facts::policy::{Answer, Ceiling, Context, Policy, Request};

const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const FULL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

fn policy(statements: &str) -> Option<Arc<Policy>> {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    Policy::parse_strictly(&text).map(Arc::new).ok()
}

/// The policies of each level, from the account to the root.
fn ceiling(levels: &[&[&str]]) -> Ceiling {
    Ceiling::new(levels.iter().map(|level| level.iter().map(|statements| policy(statements)).collect()).collect())
}

fn leaves_in(levels: &[&[&str]], action: &str, context: &Context) -> Answer {
    ceiling(levels).leaves(Request { action, resource: TABLE, context })
}

fn leaves(levels: &[&[&str]], action: &str) -> Answer {
    leaves_in(levels, action, &Context::default())
}

fn allow(action: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"*"}}"#)
}

fn deny(rest: &str) -> String {
    format!(r#"{{"Effect":"Deny",{rest}}}"#)
}

#[test]
fn an_action_has_to_be_allowed_at_every_level() {
    let (dynamodb, rds) = (&*allow("dynamodb:*"), &*allow("rds:*"));
    assert_eq!(leaves(&[&[FULL], &[FULL], &[FULL]], "dynamodb:GetItem"), Answer::Yes);
    assert_eq!(leaves(&[&[dynamodb], &[FULL], &[dynamodb, rds]], "dynamodb:GetItem"), Answer::Yes);
    for levels in [[&[rds][..], &[FULL], &[FULL]], [&[FULL], &[rds], &[FULL]], [&[FULL], &[FULL], &[rds]]] {
        assert_eq!(leaves(&levels, "dynamodb:GetItem"), Answer::No, "{levels:?}");
        assert_eq!(leaves(&levels, "rds:ModifyDBInstance"), Answer::Yes, "{levels:?}");
    }
    // What a level allows is not added to what another does.
    assert_eq!(leaves(&[&[dynamodb], &[rds], &[FULL]], "rds:ModifyDBInstance"), Answer::No);
}

#[test]
fn a_deny_at_any_level_goes_before_every_allow() {
    let deny = &*deny(r#""Action":"dynamodb:Get*","Resource":"*""#);
    for levels in [[&[FULL, deny][..], &[FULL], &[FULL]], [&[FULL], &[deny, FULL], &[FULL]], [&[FULL], &[FULL], &[FULL, deny]]] {
        assert_eq!(leaves(&levels, "dynamodb:GetItem"), Answer::No, "{levels:?}");
        assert_eq!(leaves(&levels, "dynamodb:PutItem"), Answer::Yes, "{levels:?}");
    }
}

#[test]
fn not_action_and_not_resource_leave_what_they_name() {
    let but_iam = deny(r#""NotAction":["iam:*","organizations:*"],"Resource":"*""#);
    assert_eq!(leaves(&[&[FULL, &but_iam]], "dynamodb:GetItem"), Answer::No);
    assert_eq!(leaves(&[&[FULL, &but_iam]], "iam:GetRole"), Answer::Yes);
    for (pattern, expected) in [("arn:aws:dynamodb:*:*:table/orders", Answer::Yes), ("arn:aws:dynamodb:*:*:table/stock", Answer::No)] {
        let deny = deny(&format!(r#""Action":"dynamodb:*","NotResource":"{pattern}""#));
        assert_eq!(leaves(&[&[FULL, &deny]], "dynamodb:GetItem"), expected, "{pattern}");
    }
}

#[test]
fn a_condition_decides_where_its_key_is_known_and_makes_maybe_where_it_is_not() {
    let outside = deny(r#""NotAction":"iam:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}}"#);
    let in_region = |region: &str| leaves_in(&[&[FULL, &outside]], "dynamodb:GetItem", &Context::default().with("aws:RequestedRegion", region));
    assert_eq!((in_region("us-east-1"), in_region("eu-west-1")), (Answer::No, Answer::Yes));
    assert_eq!(leaves(&[&[FULL, &outside]], "dynamodb:GetItem"), Answer::maybe("aws:requestedregion"));

    let but_admins = deny(r#""Action":"dynamodb:*","Resource":"*","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}}"#);
    let as_role = |name: &str| {
        let context = Context::default().with("aws:PrincipalArn", format!("arn:aws:iam::111122223333:role/{name}"));
        leaves_in(&[&[FULL, &but_admins]], "dynamodb:GetItem", &context)
    };
    assert_eq!((as_role("admin"), as_role("app")), (Answer::Yes, Answer::No));

    let with_mfa = r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#;
    assert_eq!(leaves(&[&[FULL], &[with_mfa]], "dynamodb:GetItem"), Answer::maybe("aws:multifactorauthpresent"));
    assert_eq!(leaves(&[&[FULL], &[with_mfa, FULL]], "dynamodb:GetItem"), Answer::Yes);
    let strange = deny(r#""Action":"*","Resource":"*","Condition":{"StringResembles":{"aws:PrincipalArn":"x"}}"#);
    assert_eq!(leaves(&[&[FULL, &strange]], "dynamodb:GetItem"), Answer::maybe("aws:principalarn"));
}

#[test]
fn what_cannot_be_read_takes_nothing_away_and_what_can_still_does() {
    let unread = deny(r#""Action":"*","Resource":"*","Unless":"asked nicely""#);
    assert_eq!(leaves(&[&[&unread]], "dynamodb:GetItem"), Answer::Yes);
    assert_eq!(leaves(&[&[&allow("rds:*"), &unread], &[FULL]], "dynamodb:GetItem"), Answer::Yes, "it may allow it");
    assert_eq!(leaves(&[&[&unread], &[&allow("rds:*")]], "dynamodb:GetItem"), Answer::No);
    let deny = deny(r#""Action":"dynamodb:*","Resource":"*""#);
    assert_eq!(leaves(&[&[&unread, &deny], &[FULL]], "dynamodb:GetItem"), Answer::No);
}

#[test]
fn where_none_is_attached_none_is_enabled() {
    assert_eq!(leaves(&[], "dynamodb:GetItem"), Answer::Yes);
    assert_eq!(leaves(&[&[], &[], &[]], "dynamodb:GetItem"), Answer::Yes);
}

#[test]
fn only_known_elements_are_read_strictly() {
    let parse = |text: &str| Policy::parse_strictly(text).map(drop);
    assert_eq!(parse(r#"{"Version":"2012-10-17","Id":"x","Statement":{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"}}"#), Ok(()));
    for (statement, why) in [
        (r#"{"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"}"#, "Principal"),
        (r#"{"Effect":"Deny","action":"*","Resource":"*"}"#, "action"),
        (r#"{"Effect":"Deny","Resource":"*"}"#, "which actions"),
        (r#"{"Effect":"Deny","Action":"*"}"#, "which actions"),
        (r#"{"Effect":"Deny","Action":"*","NotAction":"iam:*","Resource":"*"}"#, "which actions"),
        (r#"{"Effect":"Forbid","Action":"*","Resource":"*"}"#, "cannot be read"),
    ] {
        let error = parse(&format!(r#"{{"Statement":[{statement}]}}"#)).unwrap_err();
        assert!(error.contains(why), "{statement}: {error}");
    }
    assert!(parse(r#"{"Statement":[],"Else":1}"#).unwrap_err().contains("Else"));
}
