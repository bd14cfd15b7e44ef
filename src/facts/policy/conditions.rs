//! What the conditions of a statement say of who asks.

use super::{Narrowing, OneOrMany, Scalar};

/// Keys whose value names an account, an organisation or a network.
const NARROWING_KEYS: [&str; 14] = [
    "kms:calleraccount",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    // The older name of `aws:SourceAccount`, in the policy that SNS gives a new topic.
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
];

/// Those that every signed request has, so that an operator that lets absence pass lets nobody pass.
const ALWAYS_PRESENT: [&str; 3] = ["kms:calleraccount", "aws:principalaccount", "aws:principalarn"];

/// Keys that say nothing of who asks. `kms:ViaService` says through which service: anybody can use
/// it in an account of their own.
const OTHER_KEYS: [&str; 4] = ["aws:securetransport", "kms:grantisforawsresource", "kms:encryptioncontextkeys", "kms:viaservice"];

/// How far one condition narrows who the statement speaks of.
pub fn narrows(operator: &str, key: &str, values: &OneOrMany<Scalar>) -> Narrowing {
    let key = key.to_ascii_lowercase();
    if OTHER_KEYS.contains(&key.as_str()) || key.starts_with("kms:encryptioncontext:") {
        return Narrowing::None;
    }
    if !NARROWING_KEYS.contains(&key.as_str()) {
        return Narrowing::Maybe(format!("the meaning of its condition on {key} is not decided here"));
    }
    let operator = operator.to_ascii_lowercase();
    let of_each = operator.strip_prefix("forallvalues:");
    let bare = of_each.or(operator.strip_prefix("foranyvalue:")).unwrap_or(&operator);
    let if_exists = bare.strip_suffix("ifexists");
    // Both hold when the key is absent.
    if (of_each.is_some() || if_exists.is_some()) && !ALWAYS_PRESENT.contains(&key.as_str()) {
        return Narrowing::None;
    }
    // What a variable stands for is known when somebody asks, not now.
    if values.iter().any(|value| value.text().contains("${")) {
        return Narrowing::Maybe(format!("what its condition on {key} stands for is known only when somebody asks"));
    }
    let known = match if_exists.unwrap_or(bare) {
        // Here a wildcard is a letter like others.
        "stringequals" | "stringequalsignorecase" => true,
        "stringlike" => values.iter().all(|value| names_someone(value, &key, true)),
        "arnequals" | "arnlike" => values.iter().all(|value| names_someone(value, &key, false)),
        // All but some.
        other if other.contains("not") || other == "null" => false,
        _ => return Narrowing::Maybe(format!("the operator {operator} is not decided here")),
    };
    if known { Narrowing::ToKnown } else { Narrowing::None }
}

/// Whether a pattern stands for somebody in particular: for one account, organisation or network.
/// A wildcard of `StringLike` spans colons, one of `ArnLike` does not.
fn names_someone(value: &Scalar, key: &str, spans_colons: bool) -> bool {
    let pattern = value.text();
    if key.ends_with("arn") {
        return arn_names_someone(&pattern, spans_colons);
    }
    // What follows an organisation's id is a path in it.
    let id = pattern.split('/').next().unwrap_or_default();
    !has_wildcard(id)
}

fn arn_names_someone(pattern: &str, spans_colons: bool) -> bool {
    // arn:partition:service:region:account:resource
    let parts: Vec<_> = pattern.splitn(6, ':').collect();
    let [.., account, resource] = parts.as_slice() else { return !has_wildcard(pattern) };
    if parts.len() < 6 || (spans_colons && parts[..4].iter().any(|part| has_wildcard(part))) {
        return !has_wildcard(pattern);
    }
    // Buckets have no account in their ARNs, and names of their own.
    if account.is_empty() { !resource.starts_with(['*', '?']) } else { !has_wildcard(account) }
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}
