//! Whom the policy of a resource lets in.

use crate::facts::policy::{LetIn, Party, Policy};

const KEY_DATA_ACTIONS: [&str; 2] = ["kms:Decrypt", "kms:CreateGrant"];

fn public(statement: &str) -> Result<Vec<String>, String> {
    lets_in(statement).everybody().map(<[_]>::to_vec).map_err(ToOwned::to_owned)
}

fn lets_in(statement: &str) -> LetIn {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#)).unwrap().lets_in(&KEY_DATA_ACTIONS)
}

#[track_caller]
fn assert_public(statement: &str) {
    assert_eq!(public(statement), Ok(vec!["S".to_owned()]), "{statement}");
}

#[track_caller]
fn assert_not_public(statement: &str) {
    assert_eq!(public(statement), Ok(vec![]), "{statement}");
}

#[test]
fn anyone_without_a_condition_is_public() {
    assert_public(r#"[{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]"#);
    assert_public(r#"{"Sid":"S","Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:DescribeKey","KMS:decrypt"],"Resource":"*"}"#);
    assert_public(r#"{"Sid":"S","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root","*"]},"Action":"kms:Create*","Resource":"*"}"#);
    assert_public(r#"{"Sid":"S","Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:Decrypt","Resource":"*"}"#);
    assert_public(r#"{"Sid":"S","Effect":"Allow","Principal":"*","NotAction":"kms:ScheduleKeyDeletion","Resource":"*"}"#);
}

#[test]
fn known_principals_and_harmless_actions_are_not() {
    assert_not_public(r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}"#);
    assert_not_public(r#"{"Effect":"Allow","Principal":"*","Action":"kms:DescribeKey","Resource":"*"}"#);
    assert_not_public(r#"{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}"#);
}

#[test]
fn a_condition_on_account_or_organisation_narrows() {
    for condition in [
        r#"{"StringEquals":{"kms:CallerAccount":"111122223333"}}"#,
        r#"{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#,
        r#"{"StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"rds.us-east-1.amazonaws.com"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#,
    ] {
        assert_not_public(&format!(r#"{{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{condition}}}"#));
    }
}

#[test]
fn conditions_that_keep_nobody_out_do_not_narrow() {
    for condition in [
        r#"{"StringLike":{"kms:CallerAccount":"*"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}}"#,
        r#"{"StringNotEquals":{"kms:CallerAccount":"111122223333"}}"#,
        r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"}}"#,
        r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-abc/r-1/"}}"#,
        r#"{"Bool":{"kms:GrantIsForAWSResource":true}}"#,
    ] {
        assert_public(&format!(r#"{{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{condition}}}"#));
    }
}

#[test]
fn what_is_not_decided_is_a_doubt() {
    assert!(public(&with_condition(r#"{"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}"#)).is_err());
    let denied = r#"[{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"},
        {"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}]"#;
    assert!(public(denied).is_err());
}

fn with_condition(condition: &str) -> String {
    format!(r#"{{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{condition}}}"#)
}

#[test]
fn a_service_in_between_keeps_nobody_out() {
    assert_public(&with_condition(r#"{"StringEquals":{"kms:ViaService":"rds.us-east-1.amazonaws.com"}}"#));
    assert_public(&with_condition(r#"{"StringEquals":{"kms:EncryptionContext:aws:rds:db-id":"db-1"}}"#));
}

#[test]
fn a_wildcard_in_what_identifies_names_nobody() {
    for condition in [
        r#"{"StringLike":{"aws:PrincipalOrgID":"o-*"}}"#,
        r#"{"StringLike":{"kms:CallerAccount":"1111*"}}"#,
        r#"{"StringLike":{"aws:SourceVpce":"vpce-*"}}"#,
        r#"{"StringLike":{"aws:PrincipalArn":"*:role/admin"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::1111*:role/admin"}}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}"#,
        // Anybody can make such a bucket, or has such a zone.
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::orders-*"}}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:route53:::hostedzone/*"}}"#,
        r#"{"ArnEquals":{"aws:PrincipalArn":"*"}}"#,
        // With StringLike the first wildcard may span what follows it.
        r#"{"StringLike":{"aws:PrincipalArn":"arn:*:*:*:111122223333:*"}}"#,
        r#"{"StringLike":{"aws:PrincipalOrgID":["o-abc","*"]}}"#,
        r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"*"}}"#,
    ] {
        assert_public(&with_condition(condition));
    }
}

#[test]
fn a_wildcard_after_what_identifies_does_no_harm() {
    for condition in [
        r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abc/r-1/*"}}"#,
        r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#,
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:*:iam::111122223333:*"}}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::orders/*"}}"#,
        r#"{"StringEquals":{"aws:SourceVpce":["vpce-1","vpce-2"]}}"#,
        r#"{"StringEquals":{"aws:VpceAccount":"111122223333"}}"#,
    ] {
        assert_not_public(&with_condition(condition));
    }
}

#[test]
fn to_string_equals_a_wildcard_is_a_letter() {
    assert_not_public(&with_condition(r#"{"StringEquals":{"kms:CallerAccount":"*"}}"#));
    assert_not_public(&with_condition(r#"{"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"o-*"}}"#));
}

#[test]
fn operators_that_let_absence_pass_narrow_by_keys_that_are_never_absent() {
    assert_not_public(&with_condition(r#"{"StringEqualsIfExists":{"kms:CallerAccount":"111122223333"}}"#));
    assert_not_public(&with_condition(r#"{"ArnLikeIfExists":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#));
    assert_not_public(&with_condition(r#"{"ForAllValues:StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#));
    assert_public(&with_condition(r#"{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"}}"#));
    assert_public(&with_condition(r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#));
}

#[test]
fn operators_that_let_absence_pass_narrow_where_the_statement_requires_the_key() {
    let required = r#""Null":{"aws:principalorgpaths":"false","aws:PrincipalOrgID":false}"#;
    assert_not_public(&with_condition(&format!(r#"{{"ForAllValues:StringLike":{{"aws:PrincipalOrgPaths":"o-abc/*"}},{required}}}"#)));
    assert_not_public(&with_condition(&format!(r#"{{"StringEqualsIfExists":{{"aws:PrincipalOrgID":"o-abc"}},{required}}}"#)));
    assert_public(&with_condition(&format!(r#"{{"StringEqualsIfExists":{{"aws:SourceVpc":"vpc-1"}},{required}}}"#)));
    assert_public(&with_condition(r#"{"ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-abc/*"},"Null":{"aws:PrincipalOrgPaths":"true"}}"#));
}

#[test]
fn what_anybody_can_bring_about_keeps_nobody_out_and_takes_nothing_back() {
    for condition in [
        r#""Bool":{"aws:MultiFactorAuthPresent":"true"}"#,
        r#""StringEquals":{"aws:PrincipalTag/team":"orders"}"#,
        r#""StringLike":{"aws:UserAgent":"orders/*"}"#,
        r#""Bool":{"aws:ViaAWSService":"true"}"#,
    ] {
        assert_public(&with_condition(&format!("{{{condition}}}")));
        let allow = with_condition("{}");
        let deny = r#""Effect":"Deny","Principal":"*","Action":"*","Resource":"*""#;
        assert_public(&format!(r#"[{allow},{{{deny},"Condition":{{{condition}}}}}]"#));
        let also_outside = r#""StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}"#;
        assert_public(&format!(r#"[{allow},{{{deny},"Condition":{{{condition},{also_outside}}}}}]"#));
    }
}

#[test]
fn all_conditions_must_hold_so_one_that_narrows_is_enough() {
    assert_not_public(&with_condition(r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"},"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#));
    assert_not_public(&with_condition(r#"{"StringNotEquals":{"aws:PrincipalArn":"x"},"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#));
    assert_not_public(&with_condition(r#"{"StringEquals":{"AWS:principalorgid":"o-abc"}}"#));
    assert_public(&with_condition(r#"{"Null":{"aws:PrincipalOrgID":"false"}}"#));
}

#[test]
fn a_statement_that_may_be_over_is_a_doubt() {
    assert!(public(&with_condition(r#"{"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}"#)).is_err());
    assert!(public(&with_condition(r#"{"Bool":{"aws:PrincipalIsAWSService":"true"}}"#)).is_err());
}

#[test]
fn one_public_statement_is_enough_beside_a_doubtful_one() {
    let doubtful = with_condition(r#"{"Bool":{"aws:PrincipalIsAWSService":"true"}}"#);
    assert_eq!(
        public(&format!(r#"[{doubtful},{{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}]"#)),
        Ok(vec!["statement 2".to_owned()])
    );
}

#[test]
fn a_deny_that_takes_back_nothing_leaves_no_doubt() {
    let allow = r#"{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}"#;
    for deny in [
        r#""Principal":"*","Action":"kms:ScheduleKeyDeletion""#,
        r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*""#,
        r#""Principal":"*","Action":"kms:*","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
        r#""Principal":"*","Action":"kms:*","Condition":{"Bool":{"aws:SecureTransport":false}}"#,
    ] {
        assert_public(&format!(r#"[{allow},{{"Effect":"Deny",{deny},"Resource":"*"}}]"#));
    }
}

#[test]
fn a_deny_takes_back_what_it_covers() {
    let none = Vec::<String>::new();
    assert_eq!(left("{}", r#""Principal":"*""#), none);
    assert_eq!(left("{}", r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"}"#), ["111122223333"]);
    assert_eq!(left("{}", r#""Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}"#), ["o-abc"]);
    // A service of AWS is spared as well, and is not everybody.
    let but_services = r#""Principal":"*","Condition":{
        "StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-abc"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}"#;
    assert_eq!(left("{}", but_services), ["o-abc"]);
    assert_eq!(left("{}", r#""Principal":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#), ["?"]);
    assert_eq!(left("{}", r#""Principal":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24"]}}"#), ["?"]);
    let but_one_action = r#"[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"},
        {"Effect":"Deny","Principal":{"AWS":"*"},"NotAction":"kms:DescribeKey","Resource":"*"}]"#;
    assert_eq!(lets_in(but_one_action), LetIn::default());
}

/// Who is left of everybody, or of those in the condition, when a Deny has taken back the others:
/// accounts and organisations, and `?` for those of whom no account is known.
fn left(condition: &str, deny: &str) -> Vec<String> {
    let allow = format!(r#"{{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{condition}}}"#);
    let let_in = lets_in(&format!(r#"[{allow},{{"Effect":"Deny","Action":"kms:*","Resource":"*",{deny}}}]"#));
    assert_eq!((let_in.public.is_empty(), &let_in.doubt), (true, &None), "{deny}");
    let unnamed = let_in.unnamed.iter().map(|_| "?".to_owned());
    ids(&let_in).into_iter().chain(unnamed).collect()
}

/// Those who are named: `account`, `organisation`, `account in organisation`, and `through` what.
fn ids(let_in: &LetIn) -> Vec<String> {
    let text = |party: &Party| {
        let principal = [party.account.as_deref(), party.organization.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" in ");
        party.source.as_ref().map_or(principal.clone(), |(_, id)| format!("{principal} through {id}").trim().to_owned())
    };
    let_in.named.iter().map(text).collect()
}

#[test]
fn a_deny_that_spares_a_network_too_leaves_others_than_the_account_that_it_names() {
    let but_account = r#""NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"Condition":"#;
    let but_network = r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#;
    assert_eq!(left("{}", &format!(r#"{but_account}{{{but_network}}}"#)), ["111122223333", "?"]);
    assert_eq!(left("{}", &format!(r#"{but_account}{{"StringNotEquals":{{"aws:SourceVpc":"vpc-1"}}}}"#)), ["111122223333", "?"]);
    let both = format!(r#""Principal":"*","Condition":{{"StringNotEquals":{{"aws:PrincipalAccount":"111122223333"}},{but_network}}}"#);
    assert_eq!(left("{}", &both), ["111122223333", "?"]);
    let bucket = r#""Principal":"*","Condition":{"ArnNotEquals":{"aws:SourceArn":["arn:aws:s3:::orders","arn:aws:sns:us-east-1:111122223333:t"]}}"#;
    assert_eq!(left("{}", bucket), ["through 111122223333", "?"]);
}

#[test]
fn an_organisation_says_more_than_a_network_in_whatever_order() {
    let network = r#"{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#;
    let outside_organization = r#""Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}"#;
    assert_eq!(left(network, outside_organization), ["o-abc"]);
    let outside_network = r#""Principal":"*","Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}"#;
    assert_eq!(left(r#"{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#, outside_network), ["o-abc"]);
    assert_eq!(left("{}", &format!(r#"{outside_network}}},{{"Effect":"Deny","Action":"*","Resource":"*",{outside_organization}"#)), ["o-abc"]);
    assert_eq!(left(network, outside_network), ["?"]);
}

#[test]
fn accounts_that_are_both_allowed_and_spared_are_left() {
    let accounts = r#"{"StringEquals":{"aws:PrincipalAccount":["444455556666","777788889999"]}}"#;
    let but = |accounts: &str| format!(r#""Principal":"*","Condition":{{"StringNotEquals":{{"aws:PrincipalAccount":{accounts}}}}}"#);
    assert_eq!(left(accounts, &but(r#"["111122223333","777788889999"]"#)), ["777788889999"]);
    assert_eq!(left(accounts, &but(r#""111122223333""#)), Vec::<String>::new());
    let outside_organization = r#""Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}"#;
    assert_eq!(left(accounts, outside_organization), ["444455556666 in o-abc", "777788889999 in o-abc"]);
    let both = r#""Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc","aws:PrincipalAccount":"111122223333"}}"#;
    assert_eq!(left(accounts, both), ["444455556666 in o-abc", "777788889999 in o-abc"]);
}

#[test]
fn who_is_in_one_account_may_come_through_another() {
    let accounts = r#"{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}"#;
    let but = |key: &str, values: &str| format!(r#""Principal":"*","Condition":{{"StringNotEquals":{{"{key}":{values}}}}}"#);
    assert_eq!(left(accounts, &but("aws:VpceAccount", r#""111122223333""#)), ["444455556666 through 111122223333"]);
    let through = r#"{"StringEquals":{"aws:VpceAccount":["111122223333","777788889999"]}}"#;
    assert_eq!(left(through, &but("aws:VpceAccount", r#""777788889999""#)), ["through 777788889999"]);
    assert_eq!(left(through, &but("aws:SourceAccount", r#""444455556666""#)), ["through 111122223333", "through 777788889999"]);
    assert_eq!(
        left(r#"{"StringEquals":{"aws:VpceOrgID":"o-abc"}}"#, &but("aws:PrincipalAccount", r#""444455556666""#)),
        ["444455556666 through o-abc"]
    );
}

#[test]
fn conditions_narrow_those_who_are_named_too() {
    let named = |condition: &str| {
        let principals = r#"{"AWS":["444455556666","arn:aws:iam::777788889999:role/reader"]}"#;
        ids(&lets_in(&format!(r#"{{"Effect":"Allow","Principal":{principals},"Action":"kms:*","Resource":"*","Condition":{condition}}}"#)))
    };
    assert_eq!(named(r#"{"StringEquals":{"aws:PrincipalAccount":"444455556666"}}"#), ["444455556666"]);
    assert_eq!(named(r#"{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#), ["444455556666 in o-abc", "777788889999 in o-abc"]);
    for condition in [r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, r#"{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}"#] {
        assert_eq!(named(condition), ["444455556666", "777788889999"]);
    }
}

#[test]
fn a_deny_that_does_not_bite_takes_back_nothing() {
    for deny in [
        // One of the two actions is left.
        r#""Principal":"*","Action":"kms:CreateGrant","Resource":"*""#,
        r#""Principal":"*","Action":"kms:*","Resource":"arn:aws:kms:us-east-1:111122223333:key/other""#,
        // No key has an id of one letter.
        r#""Principal":"*","Action":"kms:*","Resource":"?""#,
        r#""Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringNotLike":{"aws:PrincipalOrgID":"*"}}"#,
        r#""NotPrincipal":"*","Action":"kms:*","Resource":"*""#,
        r#""Principal":"*","Action":"kms:*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#,
        // Everybody has a VPC to come from.
        r#""Principal":"*","Action":"kms:*","Resource":"*","Condition":{"Null":{"aws:SourceVpc":"true"}}"#,
        // Whoever has not the key is not denied.
        r#""Principal":"*","Action":"kms:*","Resource":"*","Condition":{"ForAnyValue:StringNotEquals":{"aws:PrincipalOrgPaths":"o-abc/r-1/"}}"#,
    ] {
        assert_public(&format!(r#"[{{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}},{{"Effect":"Deny",{deny}}}]"#));
    }
}

#[test]
fn networks_are_somebodys_unless_they_are_too_wide() {
    for networks in [r#""203.0.113.0/24""#, r#""203.0.113.7""#, r#"["198.51.100.0/24","2001:db8::/32"]"#, r#""10.0.0.0/8""#] {
        assert_not_public(&with_condition(&format!(r#"{{"IpAddress":{{"aws:SourceIp":{networks}}}}}"#)));
    }
    for networks in [
        r#""0.0.0.0/0""#,
        r#"["0.0.0.0/1","128.0.0.0/1"]"#,
        r#"["34.0.0.0/8","35.0.0.0/8"]"#,
        r#""::/0""#,
        r#"["203.0.113.0/24","0.0.0.0/0"]"#,
        r#""anything""#,
    ] {
        assert_public(&with_condition(&format!(r#"{{"IpAddress":{{"aws:SourceIp":{networks}}}}}"#)));
    }
    assert_public(&with_condition(r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#));
    assert_public(&with_condition(r#"{"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}}"#));
}

#[test]
fn sessions_of_one_role_are_somebody() {
    assert_not_public(&with_condition(r#"{"StringLike":{"aws:userid":"AROAEXAMPLE:*"}}"#));
    assert_public(&with_condition(r#"{"StringLike":{"aws:userid":"AROA*"}}"#));
}

#[test]
fn accounts_and_organisations_are_named() {
    let ids = |statement: &str| ids(&lets_in(statement));
    let to = |principal: &str| format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"kms:Decrypt","Resource":"*"}}"#);
    assert_eq!(ids(&to(r#"{"AWS":["444455556666","arn:aws:iam::777788889999:role/reader"]}"#)), ["444455556666", "777788889999"]);
    assert_eq!(ids(&to(r#"{"Service":"rds.amazonaws.com"}"#)), Vec::<String>::new());
    assert_eq!(ids(&with_condition(r#"{"StringEquals":{"kms:CallerAccount":["444455556666","777788889999"]}}"#)), ["444455556666", "777788889999"]);
    assert_eq!(ids(&with_condition(r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/*"}}"#)), ["444455556666"]);
    assert_eq!(ids(&with_condition(r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-abc/r-1/*"}}"#)), ["o-abc"]);
}

#[test]
fn a_service_is_not_anyone() {
    assert_not_public(r#"{"Effect":"Allow","Principal":{"Service":"rds.amazonaws.com"},"Action":"kms:*","Resource":"*"}"#);
}

#[test]
fn an_identity_provider_of_an_account_is_that_account_and_a_public_one_may_be_anybody() {
    let federated = |name: &str| format!(r#"{{"Effect":"Allow","Principal":{{"Federated":"{name}"}},"Action":"kms:*","Resource":"*"}}"#);
    let provider = lets_in(&federated("arn:aws:iam::444455556666:saml-provider/partner"));
    assert_eq!((ids(&provider), &provider.doubt), (vec!["444455556666".to_owned()], &None));
    for name in ["accounts.google.com", "cognito-identity.amazonaws.com", "*"] {
        let in_doubt = lets_in(&federated(name));
        assert_eq!(in_doubt.doubt, Some(format!("statement 1: whom {name} signs in is not known")));
    }
    let spared = r#""NotPrincipal":{"Federated":"accounts.google.com"}"#;
    assert!(public(&format!(r#"[{},{{"Effect":"Deny",{spared},"Action":"*","Resource":"*"}}]"#, with_condition("{}"))).is_err());
}
