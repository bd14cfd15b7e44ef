//! Whether policies allow a request.

use crate::facts::policy::{Answer, Context, Policy, Request, allowed};

const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#)).unwrap()
}

fn may(statements: &str, action: &str, context: &Context) -> Answer {
    allowed(std::iter::once(&policy(statements)), Request { action, resource: TABLE, context })
}

#[track_caller]
fn assert_may(statements: &str, expected: bool) {
    assert_eq!(may(statements, "dynamodb:GetItem", &Context::default()), expected.into(), "{statements}");
}

#[test]
fn nothing_is_allowed_that_no_statement_allows() {
    assert_may("[]", false);
    assert_may(r#"{"Effect":"Allow","Action":"dynamodb:getitem","Resource":"*"}"#, true);
    assert_may(r#"{"Effect":"Allow","Action":["s3:*","dynamodb:Get?tem"],"Resource":"arn:aws:dynamodb:*:111122223333:table/*"}"#, true);
    assert_may(r#"{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*"}"#, false);
    assert_may(r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:dynamodb:us-east-1:111122223333:table/Orders"}"#, false);
    assert_may(r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#, true);
    assert_may(r#"{"Effect":"Allow","NotAction":["iam:*","dynamodb:*"],"Resource":"*"}"#, false);
    assert_may(r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:dynamodb:*:*:table/orders"}"#, false);
    assert_may(r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:dynamodb:*:*:table/users"}"#, true);
}

#[test]
fn a_deny_goes_before_every_allow() {
    let allow = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    assert_may(&format!(r#"[{allow},{{"Effect":"Deny","Action":"dynamodb:*","Resource":"*"}}]"#), false);
    assert_may(&format!(r#"[{{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}},{allow}]"#), false);
    assert_may(&format!(r#"[{allow},{{"Effect":"Deny","Action":"*","NotResource":"{TABLE}"}}]"#), true);
}

#[test]
fn conditions_decide_as_far_as_they_are_known() {
    let with = |condition: &str| format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#);
    let context = Context::default().with("aws:PrincipalAccount", "111122223333").with("aws:SecureTransport", "true");
    let may = |statements: &str| may(statements, "dynamodb:GetItem", &context);
    assert_eq!(may(&with(r#"{"StringEquals":{"aws:principalaccount":"111122223333"}}"#)), Answer::Yes);
    assert_eq!(may(&with(r#"{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}"#)), Answer::No);
    assert_eq!(may(&with(r#"{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#)), Answer::maybe("aws:multifactorauthpresent"));
    // Both must hold.
    assert_eq!(may(&with(r#"{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#)), Answer::No);
    let denied_from_afar = format!(
        r#"[{},{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"NotIpAddress":{{"aws:SourceIp":"192.0.2.0/24"}}}}}}]"#,
        with("{}")
    );
    assert_eq!(may(&denied_from_afar), Answer::maybe("aws:sourceip"));
    let never_over_tls =
        format!(r#"[{},{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}]"#, with("{}"));
    assert_eq!(may(&never_over_tls), Answer::Yes);
}

#[test]
fn only_the_second_version_of_the_language_has_variables() {
    let statement = r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:dynamodb:*:*:table/${aws:username}"}"#;
    let context = Context::default().with("aws:username", "orders");
    let request = Request { action: "dynamodb:GetItem", resource: TABLE, context: &context };
    let of = |version: &str| Policy::parse(&format!(r#"{{{version}"Statement":{statement}}}"#)).unwrap();
    assert_eq!(allowed(std::iter::once(&of(r#""Version":"2012-10-17","#)), request), Answer::Yes);
    assert_eq!(allowed(std::iter::once(&of(r#""Version":"2008-10-17","#)), request), Answer::No);
    assert_eq!(allowed(std::iter::once(&of("")), request), Answer::No);
}

#[test]
fn a_statement_speaks_of_principals() {
    let speaks = |principal: &str, arn: &str| {
        policy(&format!(r#"{{"Effect":"Allow",{principal},"Action":"*"}}"#)).statements().any(|(_, statement)| statement.speaks_of(arn))
    };
    let role = "arn:aws:iam::111122223333:role/app";
    for principal in [
        "*",
        r#"{"AWS":"*"}"#,
        r#"{"AWS":"111122223333"}"#,
        r#"{"AWS":["x","arn:aws:iam::111122223333:root"]}"#,
        r#"{"AWS":"arn:aws:iam::111122223333:role/app"}"#,
    ] {
        let principal = if principal == "*" { r#""*""# } else { principal };
        assert!(speaks(&format!(r#""Principal":{principal}"#), role), "{principal}");
        assert!(!speaks(&format!(r#""NotPrincipal":{principal}"#), role), "{principal}");
    }
    for principal in [r#"{"AWS":"444455556666"}"#, r#"{"AWS":"arn:aws:iam::111122223333:role/other"}"#, r#"{"Service":"rds.amazonaws.com"}"#] {
        assert!(!speaks(&format!(r#""Principal":{principal}"#), role), "{principal}");
        assert!(speaks(&format!(r#""NotPrincipal":{principal}"#), role), "{principal}");
    }
}

#[test]
fn what_is_no_policy_is_refused() {
    assert!(Policy::parse("{").unwrap_err().starts_with("the policy cannot be read"));
    assert!(Policy::parse(r#"{"Statement":{"Effect":"Perhaps","Action":"*"}}"#).is_err());
}

/// Whether a Deny statement of this much denies everyone an item of the table outside of VPCs.
fn denies_everyone(statement: &str) -> Answer {
    let context = Context::default().without("aws:SourceVpc*").with("aws:ViaAWSService", "false");
    let whole = format!(r#"{{"Effect":"Deny",{statement}}}"#);
    policy(&whole).denies_everyone(Request { action: "dynamodb:GetItem", resource: TABLE, context: &context })
}

#[test]
fn a_deny_for_everyone_covers_its_actions_and_resources() {
    let anyone = r#""Principal":"*""#;
    for rest in [r#""Action":"*","Resource":"*""#, r#""Action":"dynamodb:Get*""#, r#""NotAction":"dynamodb:PutItem","Resource":"*""#] {
        assert_eq!(denies_everyone(&format!("{anyone},{rest}")), Answer::Yes, "{rest}");
    }
    for rest in [
        r#""Action":"dynamodb:PutItem","Resource":"*""#,
        r#""NotAction":"dynamodb:*","Resource":"*""#,
        r#""Action":"*","Resource":"arn:aws:dynamodb:us-east-1:111122223333:table/order""#,
        r#""Action":"*","NotResource":"*""#,
    ] {
        assert_eq!(denies_everyone(&format!("{anyone},{rest}")), Answer::No, "{rest}");
    }
    let allow = policy(r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#);
    assert_eq!(allow.denies_everyone(Request { action: "dynamodb:GetItem", resource: TABLE, context: &Context::default() }), Answer::No);
}

#[test]
fn a_deny_that_spares_somebody_is_not_for_everyone() {
    let rest = r#""Action":"*","Resource":"*""#;
    for principal in [r#""Principal":"*""#, r#""Principal":{"AWS":"*"}"#, r#""Principal":{"AWS":["111122223333","*"]}"#] {
        assert_eq!(denies_everyone(&format!("{principal},{rest}")), Answer::Yes, "{principal}");
    }
    for principal in [
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:role/app"}"#,
        r#""Principal":{"Service":"backup.amazonaws.com"}"#,
        r#""NotPrincipal":"*""#,
        r#""NotPrincipal":{"AWS":"*"}"#,
    ] {
        assert_eq!(denies_everyone(&format!("{principal},{rest}")), Answer::No, "{principal}");
    }
    for principal in [r#""Principal":{"AWS":"111122223333"}"#, r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#] {
        assert_eq!(denies_everyone(&format!("{principal},{rest}")), Answer::maybe("aws:principalaccount"), "{principal}");
    }
    let but_one = format!(r#""NotPrincipal":{{"AWS":"arn:aws:iam::111122223333:role/admin"}},{rest}"#);
    assert_eq!(denies_everyone(&but_one), Answer::maybe("aws:principalarn"));
}

#[test]
fn the_conditions_of_a_deny_hold_or_not_where_the_key_is_absent() {
    let under = |condition: &str| denies_everyone(&format!(r#""Principal":"*","Action":"*","Resource":"*","Condition":{condition}"#));
    for condition in [
        r#"{"Null":{"aws:SourceVpc":"true"}}"#,
        r#"{"StringNotEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}}"#,
        r#"{"StringNotEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}"#,
        r#"{"ForAllValues:StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#,
        r#"{"StringNotLike":{"aws:SourceVpc":"vpc-*"},"Bool":{"aws:ViaAWSService":"false"}}"#,
    ] {
        assert_eq!(under(condition), Answer::Yes, "{condition}");
    }
    for condition in [
        r#"{"Null":{"aws:SourceVpc":"false"}}"#,
        r#"{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#,
        r#"{"ForAnyValue:StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#,
        r#"{"StringNotEquals":{"aws:SourceVpce":"vpce-1"},"Null":{"aws:SourceVpce":"false"}}"#,
        r#"{"Null":{"aws:SourceVpc":"true"},"Bool":{"aws:ViaAWSService":"true"}}"#,
    ] {
        assert_eq!(under(condition), Answer::No, "{condition}");
    }
    // Who comes from there, or has such a name, is spared.
    for (condition, key) in [
        (r#"{"Null":{"aws:SourceVpc":"true"},"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#, "aws:sourceip"),
        (r#"{"Null":{"aws:SourceVpc":"true"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}}"#, "aws:principalarn"),
    ] {
        assert_eq!(under(condition), Answer::maybe(key), "{condition}");
    }
}

#[test]
fn one_deny_that_bites_is_enough() {
    let statements = r#"[{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/admin"},"Action":"*","Resource":"*"},
        {"Effect":"Deny","Principal":"*","Action":"dynamodb:GetItem","Resource":"*"}]"#;
    let denied = |action| policy(statements).denies_everyone(Request { action, resource: TABLE, context: &Context::default() });
    assert_eq!(denied("dynamodb:GetItem"), Answer::Yes);
    assert_eq!(denied("dynamodb:PutItem"), Answer::maybe("aws:principalarn"));
}
