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
pub const ALWAYS_PRESENT: [&str; 4] = ["kms:calleraccount", "aws:principalaccount", "aws:principalarn", "aws:userid"];

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

/// Who is left when a condition, a statement or a policy has had its say.
#[derive(Debug, PartialEq, Eq)]
pub enum Who {
    Everybody,
    Only(Few),
    Nobody,
    /// Perhaps everybody: why that is not decided.
    Maybe(String),
}

/// Some in particular.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Few {
    /// Ids of accounts and organisations.
    pub named: BTreeSet<String>,
    /// Whether there may be others, whose accounts are not known, such as who comes from a network.
    pub unnamed: bool,
}

impl Policy {
    /// Whom the policy lets do one of the actions; the doubt if that cannot be decided.
    pub fn lets_in(&self, actions: &[&str]) -> Result<LetIn, String> {
        let mut let_in = LetIn::default();
        let mut doubt = None;
        for (name, statement) in self.statements().filter(|(_, statement)| statement.effect == Effect::Allow) {
            for action in actions.iter().filter(|action| statement.covers_action(action)) {
                match self.lets(statement, action) {
                    Who::Nobody => {}
                    Who::Only(few) => let_in.add(few, &name),
                    Who::Maybe(reason) => doubt = Some(format!("{name}: {reason}")),
                    Who::Everybody => {
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
    pub fn lets(&self, allow: &Statement, action: &str) -> Who {
        let denies =
            self.statement.iter().filter(|deny| deny.effect == Effect::Deny && deny.covers_action(action) && deny.covers_resources_of(allow));
        denies.fold(allow.lets_in(), |left, deny| left.and(deny.leaves()))
    }
}

impl Who {
    /// Those who are among both.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nobody, _) | (_, Self::Nobody) => Self::Nobody,
            (Self::Only(one), Self::Only(other)) => one.and(other),
            (Self::Only(few), _) | (_, Self::Only(few)) => Self::Only(few),
            (Self::Maybe(reason), _) | (_, Self::Maybe(reason)) => Self::Maybe(reason),
            (Self::Everybody, Self::Everybody) => Self::Everybody,
        }
    }

    /// Those who are among either.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everybody, _) | (_, Self::Everybody) => Self::Everybody,
            (Self::Maybe(reason), _) | (_, Self::Maybe(reason)) => Self::Maybe(reason),
            (Self::Only(one), Self::Only(other)) => Self::Only(one.or(other)),
            (Self::Nobody, who) | (who, Self::Nobody) => who,
        }
    }
}

impl Few {
    /// Those whose ids are given; a value without one names somebody whose account is not known.
    fn of(ids: impl Iterator<Item = Option<String>>) -> Self {
        ids.fold(Self::default(), |mut few, id| {
            match id {
                Some(id) => drop(few.named.insert(id)),
                None => few.unnamed = true,
            }
            few
        })
    }

    /// Whoever is among both is among either: accounts that are named say more than a network does.
    /// Which accounts are of an organisation is not known, so only like is compared with like.
    fn and(self, other: Self) -> Who {
        if self.unnamed != other.unnamed {
            return Who::Only(if self.unnamed { other } else { self });
        }
        let mut kinds = self.named.iter().chain(&other.named).map(|id| is_organization(id));
        let first = kinds.next();
        if self.unnamed || kinds.any(|kind| Some(kind) != first) {
            return Who::Only(self);
        }
        let named: BTreeSet<_> = self.named.intersection(&other.named).cloned().collect();
        if named.is_empty() { Who::Nobody } else { Who::Only(Self { named, unnamed: false }) }
    }

    fn or(mut self, other: Self) -> Self {
        self.named.extend(other.named);
        Self { named: self.named, unnamed: self.unnamed || other.unnamed }
    }
}

fn is_organization(id: &str) -> bool {
    id.starts_with("o-")
}

impl LetIn {
    fn add(&mut self, few: Few, statement: &str) {
        let (organizations, accounts): (BTreeSet<_>, BTreeSet<_>) = few.named.into_iter().partition(|id| is_organization(id));
        self.organizations.extend(organizations);
        self.accounts.extend(accounts);
        if few.unnamed {
            self.unnamed.insert(statement.to_owned());
        }
    }
}

impl Statement {
    /// Whether it speaks of every principal, or of all but some.
    fn is_for_anyone(&self) -> bool {
        self.principal.as_ref().is_some_and(Principal::is_everyone) || self.not_principal.is_some()
    }

    /// Whom an Allow statement lets in: those for whom all its conditions hold.
    fn lets_in(&self) -> Who {
        if self.is_for_anyone() {
            return self.conditions().map(|(operator, key, values)| narrows(operator, key, values)).fold(Who::Everybody, Who::and);
        }
        // A service or a federation is no account, and a principal that is gone has none.
        let accounts: BTreeSet<_> = self.principal.iter().flat_map(Principal::of_aws).filter_map(account_id).collect();
        if accounts.is_empty() { Who::Nobody } else { Who::Only(Few { named: accounts, unnamed: false }) }
    }

    /// Whom a Deny statement leaves in. It bites where all its conditions hold, so it leaves whomever
    /// one of them spares.
    pub fn leaves(&self) -> Who {
        let spared = match &self.not_principal {
            Some(principals) if principals.is_everyone() => Who::Everybody,
            Some(principals) => Who::Only(Few::of(principals.of_aws().map(account_id))),
            None if self.is_for_anyone() => Who::Nobody,
            None => Who::Everybody,
        };
        self.conditions().map(|(operator, key, values)| spares(operator, key, values)).fold(spared, Who::or)
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

/// For whom one condition of an Allow statement holds.
fn narrows(operator: &str, key: &str, values: &OneOrMany<Scalar>) -> Who {
    let key = key.to_ascii_lowercase();
    if OTHER_KEYS.contains(&key.as_str()) || key.starts_with("kms:encryptioncontext:") {
        return Who::Everybody;
    }
    if !NARROWING_KEYS.contains(&key.as_str()) {
        return Who::Maybe(format!("the meaning of its condition on {key} is not decided here"));
    }
    let Some(parsed) = Operator::parse(operator) else {
        return Who::Maybe(format!("the operator {operator} is not decided here"));
    };
    // All but some; or whoever has the key at all.
    let lets_others = parsed.negated || parsed.comparison == Comparison::Null;
    // Holds when the key is absent.
    let lets_absence = (parsed.quantifier == Some(Quantifier::ForAllValues) || parsed.if_exists) && !ALWAYS_PRESENT.contains(&key.as_str());
    if lets_others || lets_absence { Who::Everybody } else { names(parsed, &key, values) }
}

/// Whom one condition of a Deny statement spares: those for whom it does not hold. Who comes over TLS
/// and as a principal of an account is as good as everybody.
fn spares(operator: &str, key: &str, values: &OneOrMany<Scalar>) -> Who {
    let key = key.to_ascii_lowercase();
    let undecided = || Who::Maybe(format!("a Deny statement with a condition on {key} may take it back"));
    let Some(parsed) = Operator::parse(operator) else { return undecided() };
    let is_false = || values.iter().all(|value| value.text().eq_ignore_ascii_case("false"));
    match (parsed.comparison, key.as_str()) {
        (Comparison::Bool, "aws:securetransport") if is_false() => return Who::Everybody,
        (Comparison::Bool, "aws:principalisawsservice") if is_false() => return Who::Nobody,
        // Everybody has a VPC.
        (Comparison::Null, "aws:sourcevpc" | "aws:sourcevpce") => return Who::Everybody,
        _ => {}
    }
    if !parsed.negated || !NARROWING_KEYS.contains(&key.as_str()) {
        return undecided();
    }
    // Does not hold when the key is absent, so whoever has not the key is spared.
    if parsed.quantifier == Some(Quantifier::ForAnyValue) && !ALWAYS_PRESENT.contains(&key.as_str()) {
        return Who::Everybody;
    }
    names(Operator { negated: false, ..parsed }, &key, values)
}

/// Whom the values of a key name, if they name somebody in particular.
fn names(operator: Operator, key: &str, values: &OneOrMany<Scalar>) -> Who {
    // What a variable stands for is known when somebody asks, not now.
    if values.iter().any(|value| value.text().contains("${")) {
        return Who::Maybe(format!("what its condition on {key} stands for is known only when somebody asks"));
    }
    let all = |names_someone: fn(&str, &str) -> bool| values.iter().all(|value| names_someone(&value.text(), key));
    let known = match operator.comparison {
        Comparison::Ip if key == "aws:sourceip" => all(|network, _| is_narrow(network)),
        // Here a wildcard is a letter like others.
        Comparison::Equals(_) if key != "aws:sourceip" => true,
        Comparison::Like => all(|pattern, key| names_someone(pattern, key, true)),
        Comparison::Arn => all(|pattern, key| names_someone(pattern, key, false)),
        _ => return Who::Maybe(format!("the meaning of its condition on {key} is not decided here")),
    };
    let id = |value: &Scalar| {
        let text = value.text();
        let organization = key.contains("org").then(|| text.split('/').next().unwrap_or_default().to_owned());
        organization.or_else(|| account_id(&text))
    };
    if known { Who::Only(Few::of(values.iter().map(id))) } else { Who::Everybody }
}

/// The account of a principal that is named.
fn account_id(principal: &str) -> Option<String> {
    account_of(principal).map(|(account, _)| account.to_owned())
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
