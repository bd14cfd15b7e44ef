//! Policy documents in the grammar of IAM: which statements let anyone in.
//!
//! A statement is public when it allows anyone and no condition narrows it to known accounts,
//! organisations or networks. What a condition means that this module does not know is *maybe*,
//! never a silent yes or no.

mod conditions;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use wildmatch::WildMatch;

use crate::inventory::{Gap, Reason};

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
    Bool(bool),
    Number(serde_json::Number),
}

impl Scalar {
    fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bool(value) => Cow::Owned(value.to_string()),
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

/// How far the conditions of a statement narrow who it speaks of.
#[derive(Debug, PartialEq, Eq)]
enum Narrowing {
    None,
    ToKnown,
    Maybe(String),
}

/// The statements of a policy's text that let anyone do one of the actions; a gap of the operation
/// that told the text where that cannot be decided.
pub fn public_statements(text: &str, actions: &[&str], operation: &str) -> Result<Vec<String>, Gap> {
    let undecided = |why: String| Gap::new(operation, Reason::NotEvaluated, why);
    let policy: Policy = serde_json::from_str(text).map_err(|error| undecided(format!("the policy cannot be read: {error}")))?;
    policy.public_statements(actions).map_err(undecided)
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
        if self.statement.iter().any(|statement| statement.may_take_back(actions)) {
            return Err(format!("a Deny statement may take back what {} allows", public.join(", ")));
        }
        Ok(public)
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

    /// Whether it denies some of the actions to people who come over TLS, as everyone can.
    fn may_take_back(&self, actions: &[&str]) -> bool {
        self.effect == "Deny" && self.is_for_anyone() && self.covers(actions) && !self.is_about_plain_text()
    }

    fn is_about_plain_text(&self) -> bool {
        let conditions = self.condition.iter().filter(|(operator, _)| operator.eq_ignore_ascii_case("Bool")).flat_map(|(_, keys)| keys);
        let mut on_tls = conditions.filter(|(key, _)| key.eq_ignore_ascii_case("aws:SecureTransport"));
        on_tls.any(|(_, values)| values.iter().all(|value| value.text().eq_ignore_ascii_case("false")))
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
                match conditions::narrows(operator, key, values) {
                    Narrowing::ToKnown => return Narrowing::ToKnown,
                    Narrowing::Maybe(reason) => narrowing = Narrowing::Maybe(reason),
                    Narrowing::None => {}
                }
            }
        }
        narrowing
    }
}

#[cfg(test)]
mod tests;
