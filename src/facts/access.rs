//! Who a resource's own policy lets in: `access`.
//!
//! A statement is public when it allows anyone and no condition narrows it to known accounts,
//! organisations, VPCs or services. What a condition means that this module does not know is
//! *maybe*, hence a gap, never a silent yes or no.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use wildmatch::WildMatch;

use super::{Fact, fact};
use crate::inventory::{Gap, Known, Reason, Resource, kinds, kms};
use crate::value::{IntoNode, Node};

fact! {
    /// What the resource's policy allows.
    Access {
        /// Whether it lets anyone use the resource's data.
        public: Known<bool>,
        /// The statements that do, by `Sid` or position.
        public_statements: Known<Vec<String>>,
    }
}

/// `access`.
pub const FACT: Fact = Fact {
    name: "access",
    about: "Who the resource's own policy lets in.",
    applies: |kind| kind == kinds::KMS_KEY,
    schema: |_| schemars::schema_for!(Access),
    operations: |_, _| Cow::Borrowed(&["kms:GetKeyPolicy"]),
    derive: |resource, _| {
        let statements = public_statements_of_key(resource);
        let access = Access { public: statements.clone().map(|statements| !statements.is_empty()).into(), public_statements: statements.into() };
        access.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// Actions that read what the key protects, or hand on the right to.
const KEY_DATA_ACTIONS: [&str; 5] = ["kms:Decrypt", "kms:CreateGrant", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:PutKeyPolicy"];

fn public_statements_of_key(resource: &Resource) -> Result<Vec<String>, Gap> {
    const OPERATION: &str = "kms:GetKeyPolicy";
    if let Some(gap) = resource.gaps.iter().find(|gap| gap.fields.iter().any(|field| field == "Policy")) {
        return Err(gap.gap.clone());
    }
    let key: kms::Key = resource.data().map_err(|error| Gap::new(OPERATION, Reason::Failed, error.to_string()))?;
    let text = key.Policy.ok_or_else(|| Gap::new(OPERATION, Reason::NotCollected, "the key policy was not collected"))?;
    let policy: Policy =
        serde_json::from_str(&text).map_err(|error| Gap::new(OPERATION, Reason::NotEvaluated, format!("the policy cannot be read: {error}")))?;
    policy.public_statements(&KEY_DATA_ACTIONS).map_err(|doubt| Gap::new(OPERATION, Reason::NotEvaluated, doubt))
}

/// A policy document in the grammar of IAM.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    statement: OneOrMany<Statement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: Option<String>,
    effect: String,
    principal: Option<Principal>,
    not_principal: Option<Principal>,
    action: Option<OneOrMany<String>>,
    not_action: Option<OneOrMany<String>>,
    #[serde(default)]
    condition: BTreeMap<String, BTreeMap<String, OneOrMany<Scalar>>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Principal {
    Everyone(String),
    Of(BTreeMap<String, OneOrMany<String>>),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn iter(&self) -> std::slice::Iter<'_, T> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter(),
            Self::Many(many) => many.iter(),
        }
    }
}

/// Condition values are strings, but policies write booleans and numbers too.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Other(serde::de::IgnoredAny),
}

/// How far the conditions of a statement narrow who it speaks of.
#[derive(Debug, PartialEq, Eq)]
enum Narrowing {
    None,
    ToKnown,
    Maybe(String),
}

impl Policy {
    /// The statements that let anyone do one of the actions; the doubt if that cannot be decided.
    fn public_statements(&self, actions: &[&str]) -> Result<Vec<String>, String> {
        let mut public = Vec::new();
        let mut doubt = None;
        for (position, statement) in self.statement.iter().enumerate() {
            if statement.effect != "Allow" || !statement.is_for_anyone() || !statement.covers(actions) {
                continue;
            }
            let name = statement.sid.clone().filter(|sid| !sid.is_empty()).unwrap_or_else(|| format!("statement {}", position + 1));
            match statement.narrowing() {
                Narrowing::ToKnown => {}
                Narrowing::None => public.push(name),
                Narrowing::Maybe(reason) => doubt = Some(format!("{name}: {reason}")),
            }
        }
        if public.is_empty() {
            return doubt.map_or(Ok(public), Err);
        }
        match self.statement.iter().find(|statement| statement.effect == "Deny" && statement.is_for_anyone() && statement.covers(actions)) {
            Some(_) => Err(format!("a Deny statement may take back what {} allows", public.join(", "))),
            None => Ok(public),
        }
    }
}

impl Statement {
    /// Whether it speaks of every principal, or of all but some.
    fn is_for_anyone(&self) -> bool {
        let everyone = match &self.principal {
            Some(Principal::Everyone(name)) => name == "*",
            Some(Principal::Of(principals)) => principals.get("AWS").is_some_and(|names| names.iter().any(|name| name == "*")),
            None => false,
        };
        everyone || self.not_principal.is_some()
    }

    fn covers(&self, actions: &[&str]) -> bool {
        let matches =
            |patterns: &OneOrMany<String>, action: &str| patterns.iter().any(|pattern| WildMatch::new_case_insensitive(pattern).matches(action));
        actions.iter().any(|action| match (&self.action, &self.not_action) {
            (Some(patterns), _) => matches(patterns, action),
            (None, Some(patterns)) => !matches(patterns, action),
            (None, None) => false,
        })
    }

    /// All operators of a condition block must hold, so one that narrows is enough.
    fn narrowing(&self) -> Narrowing {
        let mut narrowing = Narrowing::None;
        for (operator, keys) in &self.condition {
            for (key, values) in keys {
                match narrows(operator, key, values) {
                    Narrowing::ToKnown => return Narrowing::ToKnown,
                    Narrowing::Maybe(reason) => narrowing = Narrowing::Maybe(reason),
                    Narrowing::None => {}
                }
            }
        }
        narrowing
    }
}

/// Keys whose value names an account, an organisation, a network or a service that acts for one.
const NARROWING_KEYS: [&str; 11] = [
    "kms:calleraccount",
    "kms:viaservice",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourcevpc",
    "aws:sourcevpce",
];

/// Keys that say nothing of who asks.
const OTHER_KEYS: [&str; 4] = ["aws:securetransport", "kms:grantisforawsresource", "aws:currenttime", "kms:encryptioncontextkeys"];

fn narrows(operator: &str, key: &str, values: &OneOrMany<Scalar>) -> Narrowing {
    let key = key.to_ascii_lowercase();
    if OTHER_KEYS.contains(&key.as_str()) || key.starts_with("kms:encryptioncontext:") {
        return Narrowing::None;
    }
    if !NARROWING_KEYS.contains(&key.as_str()) {
        return Narrowing::Maybe(format!("the meaning of its condition on {key} is not decided here"));
    }
    let operator = operator.to_ascii_lowercase();
    // These hold when the key is absent, or for everyone but some: they keep nobody unknown out.
    let holds_without_key = operator.ends_with("ifexists") || operator.starts_with("forallvalues:");
    let bare = operator.trim_start_matches("foranyvalue:");
    match bare {
        _ if holds_without_key => Narrowing::None,
        "stringequals" | "stringequalsignorecase" | "arnequals" | "arnlike" | "stringlike" if values.iter().all(names_someone) => Narrowing::ToKnown,
        "stringequals" | "stringequalsignorecase" | "arnequals" | "arnlike" | "stringlike" => Narrowing::None,
        _ if bare.contains("not") || bare == "null" => Narrowing::None,
        _ => Narrowing::Maybe(format!("the operator {operator} is not decided here")),
    }
}

/// Whether a value stands for somebody in particular: not a wildcard for all, nor an ARN whose
/// account is one.
fn names_someone(value: &Scalar) -> bool {
    let Scalar::Text(text) = value else { return true };
    if text.chars().all(|character| matches!(character, '*' | '?')) {
        return false;
    }
    match text.strip_prefix("arn:") {
        // arn:partition:service:region:account:resource
        Some(arn) => arn.split(':').nth(3).is_some_and(|account| !account.contains(['*', '?'])),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{KEY_DATA_ACTIONS, Policy};

    fn public(statement: &str) -> Result<Vec<String>, String> {
        let policy: Policy = serde_json::from_str(&format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#)).unwrap();
        policy.public_statements(&KEY_DATA_ACTIONS)
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
        assert_public(
            r#"{"Sid":"S","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root","*"]},"Action":"kms:Create*","Resource":"*"}"#,
        );
        assert_public(
            r#"{"Sid":"S","Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:Decrypt","Resource":"*"}"#,
        );
        assert_public(r#"{"Sid":"S","Effect":"Allow","Principal":"*","NotAction":"kms:ScheduleKeyDeletion","Resource":"*"}"#);
    }

    #[test]
    fn known_principals_and_harmless_actions_are_not() {
        assert_not_public(r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}"#);
        assert_not_public(r#"{"Effect":"Allow","Principal":"*","Action":"kms:DescribeKey","Resource":"*"}"#);
        assert_not_public(r#"{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*"}"#);
    }

    #[test]
    fn a_condition_on_account_organisation_or_service_narrows() {
        for condition in [
            r#"{"StringEquals":{"kms:CallerAccount":"111122223333"}}"#,
            r#"{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#,
            r#"{"StringLike":{"kms:ViaService":"rds.*.amazonaws.com"}}"#,
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
        let unknown = r#"{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#;
        assert!(public(unknown).is_err());
        let denied = r#"[{"Sid":"S","Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"},
            {"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-abc"}}}]"#;
        assert!(public(denied).is_err());
    }
}
