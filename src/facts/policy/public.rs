//! Whom the policy of a resource lets in: everybody, or which accounts and organisations.
//!
//! As AWS defines it for its services, a statement is public when it allows everybody and no
//! condition narrows it to fixed accounts, organisations or networks.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::document::{Effect, OneOrMany, Policy, Principal, Scalar, Statement};
use super::evaluate::account_of;
use super::operators::{Comparison, Operator, Quantifier, network};
use super::pattern::{Case, matches};

/// Keys whose value names an account, an organisation or a network.
const NARROWING_KEYS: [&str; 17] = [
    "kms:calleraccount",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
];

/// Those that every signed request has, so that an operator that lets absence pass lets nobody pass.
const ALWAYS_PRESENT: [&str; 4] = ["kms:calleraccount", "aws:principalaccount", "aws:principalarn", "aws:userid"];

/// Keys that say nothing of who asks. `kms:ViaService` says through which service: anybody can use
/// it in an account of their own. So can they the network endpoints of their own VPCs.
const OTHER_KEYS: [&str; 4] = ["aws:securetransport", "kms:grantisforawsresource", "kms:encryptioncontextkeys", "kms:viaservice"];

/// The widest networks that count as somebody's: as for AWS, a wider one is public.
const WIDEST_IPV4: u8 = 8;
const WIDEST_IPV6: u8 = 32;

/// Whom a policy lets do some of the actions asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetIn {
    /// The statements that let everybody, by name.
    pub public: Vec<String>,
    /// Ids of the accounts that it names, alone or by a principal of theirs.
    pub accounts: BTreeSet<String>,
    /// Ids of the organisations that it narrows everybody to.
    pub organizations: BTreeSet<String>,
    /// The statements that narrow everybody to what names no account or organisation, such as a
    /// network, by name.
    pub unnamed: BTreeSet<String>,
}

/// How far a statement, or what takes it back, narrows who is let in.
#[derive(Debug, PartialEq, Eq)]
enum Narrowing {
    /// Everybody is let in.
    None,
    /// Only these accounts and organisations; none of them where a network is named.
    To(BTreeSet<String>),
    /// Nobody is.
    Nobody,
    Maybe(String),
}

impl Policy {
    /// Whom the policy lets do one of the actions; the doubt if that cannot be decided.
    pub fn lets_in(&self, actions: &[&str]) -> Result<LetIn, String> {
        let mut let_in = LetIn::default();
        let mut doubt = None;
        for (name, statement) in self.statements().filter(|(_, statement)| statement.effect == Effect::Allow) {
            for action in actions.iter().filter(|action| statement.covers_action(action)) {
                match self.narrowing(statement, action) {
                    Narrowing::Nobody => {}
                    Narrowing::To(known) if known.is_empty() => {
                        let_in.unnamed.insert(name.clone().into_owned());
                    }
                    Narrowing::To(known) => let_in.add(known),
                    Narrowing::Maybe(reason) => doubt = Some(format!("{name}: {reason}")),
                    Narrowing::None => {
                        let_in.public.push(name.into_owned());
                        break;
                    }
                }
            }
        }
        // One statement that lets everybody in is enough, whatever the others say.
        if let_in.public.is_empty() { doubt.map_or(Ok(let_in), Err) } else { Ok(let_in) }
    }

    /// Whom an Allow statement lets do the action when the Deny statements have taken back theirs.
    fn narrowing(&self, allow: &Statement, action: &str) -> Narrowing {
        let denies =
            self.statement.iter().filter(|deny| deny.effect == Effect::Deny && deny.covers_action(action) && deny.covers_resources_of(allow));
        let mut left = allow.lets_in();
        for deny in denies {
            left = match (left, deny.leaves()) {
                (_, Narrowing::Nobody) | (Narrowing::Nobody, _) => return Narrowing::Nobody,
                // Whoever is let in by both is among either: the accounts that a policy names stay named.
                (Narrowing::To(known), _) => Narrowing::To(known),
                (_, Narrowing::To(known)) => Narrowing::To(known),
                (Narrowing::None | Narrowing::Maybe(_), Narrowing::Maybe(reason)) | (Narrowing::Maybe(reason), Narrowing::None) => {
                    Narrowing::Maybe(reason)
                }
                (Narrowing::None, Narrowing::None) => Narrowing::None,
            };
        }
        left
    }
}

impl LetIn {
    fn add(&mut self, known: BTreeSet<String>) {
        let (organizations, accounts): (BTreeSet<_>, BTreeSet<_>) = known.into_iter().partition(|id| id.starts_with("o-"));
        self.organizations.extend(organizations);
        self.accounts.extend(accounts);
    }
}

impl Statement {
    /// Whether it speaks of every principal, or of all but some.
    fn is_for_anyone(&self) -> bool {
        self.principal.as_ref().is_some_and(Principal::is_everyone) || self.not_principal.is_some()
    }

    /// Whom an Allow statement lets in. All its conditions must hold, so one that narrows is enough;
    /// one that names somebody says more than one that names a network.
    fn lets_in(&self) -> Narrowing {
        if !self.is_for_anyone() {
            let principals = self.principal.iter().flat_map(Principal::of_aws);
            let accounts: BTreeSet<_> = principals.filter_map(account_of).map(|(account, _)| account.to_owned()).collect();
            // A service or a federation is no account.
            return if accounts.is_empty() { Narrowing::Nobody } else { Narrowing::To(accounts) };
        }
        let mut narrowing = Narrowing::None;
        for (operator, key, values) in self.conditions() {
            match (narrows(operator, key, values), &narrowing) {
                (Narrowing::None, _) | (Narrowing::Maybe(_), Narrowing::To(_)) => {}
                (Narrowing::Maybe(reason), _) => narrowing = Narrowing::Maybe(reason),
                (Narrowing::To(known), _) if known.is_empty() => narrowing = Narrowing::To(known),
                (known, _) => return known,
            }
        }
        narrowing
    }

    /// Whom a Deny statement leaves in. It bites where all its conditions hold, so each must hold for
    /// everybody but the few that it leaves.
    fn leaves(&self) -> Narrowing {
        if !self.is_for_anyone() {
            return Narrowing::None;
        }
        let spared = self.not_principal.iter().flat_map(Principal::of_aws).filter_map(account_of);
        let mut left: BTreeSet<String> = spared.map(|(account, _)| account.to_owned()).collect();
        let mut conditional = self.not_principal.is_some();
        for (operator, key, values) in self.conditions() {
            match spares(operator, key, values) {
                Some(Narrowing::To(known)) => {
                    conditional = true;
                    left.extend(known);
                }
                // It holds for everybody who is a principal of an account.
                Some(Narrowing::Nobody) => {}
                Some(other) => return other,
                None => return Narrowing::Maybe(format!("a Deny statement with a condition on {key} may take it back")),
            }
        }
        if conditional { Narrowing::To(left) } else { Narrowing::Nobody }
    }

    fn conditions(&self) -> impl Iterator<Item = (&str, &str, &OneOrMany<Scalar>)> {
        self.condition.iter().flat_map(|(operator, keys)| keys.iter().map(move |(key, values)| (operator.as_str(), key.as_str(), values)))
    }

    /// Whether a Deny speaks of all that the other statement speaks of, as far as the patterns show.
    fn covers_resources_of(&self, other: &Self) -> bool {
        let Some(own) = &self.resource else { return self.not_resource.is_none() };
        let covered = |pattern: &String| own.iter().any(|wider| matches(wider, pattern, Case::Matters));
        let everything = || own.iter().any(|pattern| pattern == "*");
        other.resource.as_ref().map_or_else(everything, |patterns| patterns.iter().all(covered))
    }
}

/// How far one condition of an Allow statement narrows who it speaks of.
fn narrows(operator: &str, key: &str, values: &OneOrMany<Scalar>) -> Narrowing {
    let key = key.to_ascii_lowercase();
    if OTHER_KEYS.contains(&key.as_str()) || key.starts_with("kms:encryptioncontext:") {
        return Narrowing::None;
    }
    if !NARROWING_KEYS.contains(&key.as_str()) {
        return Narrowing::Maybe(format!("the meaning of its condition on {key} is not decided here"));
    }
    let Some(parsed) = Operator::parse(operator) else {
        return Narrowing::Maybe(format!("the operator {operator} is not decided here"));
    };
    // All but some; or whoever has the key at all.
    let lets_others = parsed.negated || parsed.comparison == Comparison::Null;
    // Holds when the key is absent.
    let lets_absence = (parsed.quantifier == Some(Quantifier::ForAllValues) || parsed.if_exists) && !ALWAYS_PRESENT.contains(&key.as_str());
    if lets_others || lets_absence { Narrowing::None } else { names(parsed, &key, values) }
}

/// Whom one condition of a Deny statement spares: nobody where it holds for all principals of
/// accounts, `Narrowing::None` where it holds for none who comes over TLS; none where it is not known.
fn spares(operator: &str, key: &str, values: &OneOrMany<Scalar>) -> Option<Narrowing> {
    let key = key.to_ascii_lowercase();
    let parsed = Operator::parse(operator)?;
    let is_false = || values.iter().all(|value| value.text().eq_ignore_ascii_case("false"));
    match (parsed.comparison, key.as_str()) {
        (Comparison::Bool, "aws:securetransport") if is_false() => return Some(Narrowing::None),
        (Comparison::Bool, "aws:principalisawsservice") if is_false() => return Some(Narrowing::Nobody),
        // Everybody has a VPC.
        (Comparison::Null, "aws:sourcevpc" | "aws:sourcevpce") => return Some(Narrowing::None),
        _ => {}
    }
    if !parsed.negated || !NARROWING_KEYS.contains(&key.as_str()) {
        return None;
    }
    // Does not hold when the key is absent, so whoever has not the key is spared.
    if parsed.quantifier == Some(Quantifier::ForAnyValue) && !ALWAYS_PRESENT.contains(&key.as_str()) {
        return Some(Narrowing::None);
    }
    Some(names(Operator { negated: false, ..parsed }, &key, values))
}

/// Whom the values of a key name, if they name somebody in particular.
fn names(operator: Operator, key: &str, values: &OneOrMany<Scalar>) -> Narrowing {
    // What a variable stands for is known when somebody asks, not now.
    if values.iter().any(|value| value.text().contains("${")) {
        return Narrowing::Maybe(format!("what its condition on {key} stands for is known only when somebody asks"));
    }
    let all = |names_someone: fn(&str, &str) -> bool| values.iter().all(|value| names_someone(&value.text(), key));
    let known = match operator.comparison {
        Comparison::Ip if key == "aws:sourceip" => all(|network, _| is_narrow(network)),
        // Here a wildcard is a letter like others.
        Comparison::Equals(_) if key != "aws:sourceip" => true,
        Comparison::Like => all(|pattern, key| names_someone(pattern, key, true)),
        Comparison::Arn => all(|pattern, key| names_someone(pattern, key, false)),
        _ => return Narrowing::Maybe(format!("the meaning of its condition on {key} is not decided here")),
    };
    let id = |value: &Scalar| {
        let text = value.text();
        let organization = key.contains("org").then(|| text.split('/').next().unwrap_or_default().to_owned());
        organization.or_else(|| account_of(&text).map(|(account, _)| account.to_owned()))
    };
    if known { Narrowing::To(values.iter().filter_map(id).collect()) } else { Narrowing::None }
}

/// Whether a network is no wider than what AWS takes for somebody's.
fn is_narrow(text: &str) -> bool {
    match network(text) {
        Some(IpNet::V4(network)) => network.prefix_len() >= WIDEST_IPV4,
        Some(IpNet::V6(network)) => network.prefix_len() >= WIDEST_IPV6,
        None => false,
    }
}

/// Whether a pattern stands for somebody in particular: for one account, organisation or network.
/// A wildcard of `StringLike` spans colons, one of `ArnLike` does not.
fn names_someone(pattern: &str, key: &str, spans_colons: bool) -> bool {
    if key.ends_with("arn") {
        return arn_names_someone(pattern, spans_colons);
    }
    // What follows an organisation's id is a path in it, and what follows a role's id is a session.
    let id = pattern.split(['/', ':']).next().unwrap_or_default();
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
