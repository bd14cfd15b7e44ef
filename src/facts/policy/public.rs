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

/// Those that say who asks; the others say through what, or for whom.
const OF_PRINCIPAL: [&str; 6] =
    ["kms:calleraccount", "aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:userid"];

/// Patterns of keys that anybody can bring about, one way or the other. `kms:ViaService` says through which
/// service: anybody can use it in an account of their own. So can they tag themselves and use MFA there.
const ANYBODYS_KEYS: [&str; 19] = [
    "aws:calledvia*",
    "aws:multifactorauth*",
    "aws:principaltag/*",
    "aws:principaltype",
    "aws:referer",
    "aws:requesttag/*",
    "aws:sourceidentity",
    "aws:tagkeys",
    "aws:useragent",
    "aws:username",
    "aws:viaawsservice",
    "dynamodb:attributes",
    "dynamodb:leadingkeys",
    "dynamodb:return*",
    "dynamodb:select",
    "kms:encryptioncontext*",
    "kms:grantisforawsresource",
    "kms:viaservice",
    "secretsmanager:version*",
];

/// The widest networks that count as somebody's: as for AWS, a wider one is public.
const WIDEST_IPV4: u8 = 8;
const WIDEST_IPV6: u8 = 32;

/// Whom a policy lets do some of the actions asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetIn {
    /// The statements that let everybody, by name.
    pub public: Vec<String>,
    /// The accounts and organisations that it names.
    pub named: BTreeSet<Party>,
    /// The statements that narrow everybody to what names no account or organisation, such as a
    /// network, by name.
    pub unnamed: BTreeSet<String>,
    /// Why others may be let in: what a statement means that is not decided.
    pub doubt: Option<String>,
}

/// Who is left when a condition, a statement or a policy has had its say.
#[derive(Debug, PartialEq, Eq)]
pub enum Who {
    Everybody,
    Only(BTreeSet<Party>),
    Nobody,
    /// Perhaps everybody: why that is not decided.
    Maybe(String),
}

/// Somebody in particular, by what is known: nothing where only a network is, for one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// The id of the account that it is in.
    pub account: Option<String>,
    /// The id of the organisation that it is in.
    pub organization: Option<String>,
    /// What it comes through or acts for: a condition key and the id of the account or organisation.
    pub source: Option<(String, String)>,
}

impl Policy {
    /// Whom the policy lets do one of the actions.
    pub fn lets_in(&self, actions: &[&str]) -> LetIn {
        let mut let_in = LetIn::default();
        for (name, statement) in self.statements().filter(|(_, statement)| statement.effect == Effect::Allow) {
            for action in actions.iter().filter(|action| statement.covers_action(action)) {
                match self.lets(statement, action) {
                    Who::Nobody => {}
                    Who::Only(parties) => let_in.add(parties, &name),
                    Who::Maybe(reason) => let_in.doubt = Some(format!("{name}: {reason}")),
                    Who::Everybody => {
                        let_in.public.push(name.into_owned());
                        break;
                    }
                }
            }
        }
        let_in
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
            (Self::Only(some), Self::Only(others)) => {
                let both: BTreeSet<_> = some.iter().flat_map(|one| others.iter().filter_map(|other| one.and(other))).collect();
                if both.is_empty() { Self::Nobody } else { Self::Only(both) }
            }
            (Self::Only(parties), _) | (_, Self::Only(parties)) => Self::Only(parties),
            (Self::Maybe(reason), _) | (_, Self::Maybe(reason)) => Self::Maybe(reason),
            (Self::Everybody, Self::Everybody) => Self::Everybody,
        }
    }

    /// Those who are among either.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everybody, _) | (_, Self::Everybody) => Self::Everybody,
            (Self::Maybe(reason), _) | (_, Self::Maybe(reason)) => Self::Maybe(reason),
            (Self::Only(some), Self::Only(others)) => Self::Only(some.into_iter().chain(others).collect()),
            (Self::Nobody, who) | (who, Self::Nobody) => who,
        }
    }
}

impl Party {
    /// Somebody of an account.
    pub fn of_account(id: &str) -> Self {
        Self { account: Some(id.to_owned()), ..Self::default() }
    }

    /// Whoever is both; none where nobody can be. Who is in one account may come through another.
    fn and(&self, other: &Self) -> Option<Self> {
        let both = |one: &Option<String>, other: &Option<String>| match (one, other) {
            (Some(one), Some(other)) if one != other => None,
            _ => Some(one.clone().or_else(|| other.clone())),
        };
        let source = match (&self.source, &other.source) {
            (Some((key, one)), Some((same, other))) if key == same && one != other => return None,
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        Some(Self { account: both(&self.account, &other.account)?, organization: both(&self.organization, &other.organization)?, source })
    }
}

impl LetIn {
    /// The statements that let everybody in; the doubt where that is not decided. One is enough,
    /// whatever the others say.
    pub fn everybody(&self) -> Result<&[String], &str> {
        self.doubt.as_deref().filter(|_| self.public.is_empty()).map_or(Ok(&self.public), Err)
    }

    fn add(&mut self, parties: BTreeSet<Party>, statement: &str) {
        for party in parties {
            if party == Party::default() {
                self.unnamed.insert(statement.to_owned());
            } else {
                self.named.insert(party);
            }
        }
    }
}

impl Statement {
    /// Whether it speaks of every principal, or of all but some.
    pub fn is_for_anyone(&self) -> bool {
        self.principal.as_ref().is_some_and(Principal::is_everyone) || self.not_principal.is_some()
    }

    /// Whom an Allow statement lets in: those for whom all its conditions hold.
    fn lets_in(&self) -> Who {
        let narrowing = self.conditions().map(|(operator, key, values)| narrows(operator, key, values, self.requires(key)));
        narrowing.fold(self.principals(), Who::and)
    }

    /// Whom it speaks of.
    fn principals(&self) -> Who {
        if self.is_for_anyone() { Who::Everybody } else { self.principal.as_ref().map_or(Who::Nobody, named) }
    }

    /// Whether it holds only for requests that have the key.
    fn requires(&self, key: &str) -> bool {
        let is_required =
            |operator, values| Operator::parse(operator).is_some_and(|operator| operator.comparison == Comparison::Null) && is_false(values);
        ALWAYS_PRESENT.iter().any(|present| present.eq_ignore_ascii_case(key))
            || self.conditions().any(|(operator, of, values)| of.eq_ignore_ascii_case(key) && is_required(operator, values))
    }

    /// Whom a Deny statement leaves in. It bites where all its conditions hold, so it leaves whomever
    /// one of them spares.
    pub fn leaves(&self) -> Who {
        let spared = match &self.not_principal {
            Some(principals) if principals.is_everyone() => Who::Everybody,
            Some(principals) => named(principals).or(Who::Only(principals.of_aws().map(of_account).collect())),
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
        // A `*` stands for no letter or for many, so that no `?` covers it.
        let covers = |wider: &str, pattern: &str| ["", "**"].iter().all(|text| matches(wider, &pattern.replace('*', text), Case::Matters));
        let covered = |pattern: &String| own.iter().any(|wider| covers(wider, pattern));
        let everything = || own.iter().any(|pattern| pattern == "*");
        other.resource.as_ref().map_or_else(everything, |patterns| patterns.iter().all(covered))
    }
}

/// Who of those that are named are of which accounts. A service is no account, and a principal that is gone
/// has none; who comes by a federation that is of no account is not known.
fn named(principals: &Principal) -> Who {
    let accounts: BTreeSet<_> = principals.names().filter_map(account_of).map(|(id, _)| Party::of_account(id)).collect();
    let accounts = if accounts.is_empty() { Who::Nobody } else { Who::Only(accounts) };
    let mut strangers = principals.federations().filter(|name| account_of(name).is_none());
    strangers.next().map_or(Who::Nobody, |name| Who::Maybe(format!("whom {name} signs in is not known"))).or(accounts)
}

/// Whether anybody can bring about that the condition holds, and that it does not.
fn is_anybodys(key: &str, values: &OneOrMany<Scalar>) -> bool {
    ANYBODYS_KEYS.iter().any(|pattern| matches(pattern, key, Case::Matters)) && !has_variables(values)
}

/// What a variable stands for is known when somebody asks, not now.
fn has_variables(values: &OneOrMany<Scalar>) -> bool {
    values.iter().any(|value| value.text().contains("${"))
}

fn is_false(values: &OneOrMany<Scalar>) -> bool {
    values.iter().all(|value| value.text().eq_ignore_ascii_case("false"))
}

/// For whom one condition of an Allow statement holds. The statement may require the key to be there.
fn narrows(operator: &str, key: &str, values: &OneOrMany<Scalar>, required: bool) -> Who {
    let key = key.to_ascii_lowercase();
    if key == "aws:securetransport" || is_anybodys(&key, values) {
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
    let lets_absence = (parsed.quantifier == Some(Quantifier::ForAllValues) || parsed.if_exists) && !required;
    if lets_others || lets_absence { Who::Everybody } else { names(parsed, &key, values) }
}

/// Whom one condition of a Deny statement spares: those for whom it does not hold. Who comes over TLS
/// and as a principal of an account is as good as everybody.
fn spares(operator: &str, key: &str, values: &OneOrMany<Scalar>) -> Who {
    let key = key.to_ascii_lowercase();
    let undecided = || Who::Maybe(format!("a Deny statement with a condition on {key} may take it back"));
    let Some(parsed) = Operator::parse(operator) else { return undecided() };
    if is_anybodys(&key, values) {
        return Who::Everybody;
    }
    match (parsed.comparison, key.as_str()) {
        (Comparison::Bool, "aws:securetransport") if is_false(values) => return Who::Everybody,
        (Comparison::Bool, "aws:principalisawsservice") if is_false(values) => return Who::Nobody,
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
    if has_variables(values) {
        return Who::Maybe(format!("what its condition on {key} stands for is known only when somebody asks"));
    }
    let all = |names_someone: fn(&str, &str) -> bool| values.iter().all(|value| names_someone(&value.text(), key));
    let known = match operator.comparison {
        Comparison::Ip if key == "aws:sourceip" => are_narrow(values),
        // Here a wildcard is a letter like others.
        Comparison::Equals(_) if key != "aws:sourceip" => true,
        Comparison::Like => all(|pattern, key| names_someone(pattern, key, true)),
        Comparison::Arn => all(|pattern, key| names_someone(pattern, key, false)),
        _ => return Who::Maybe(format!("the meaning of its condition on {key} is not decided here")),
    };
    let party = |value: &Scalar| {
        let text = value.text();
        let organization = || text.split('/').next().unwrap_or_default().to_owned();
        match (OF_PRINCIPAL.contains(&key), key.contains("org")) {
            (true, true) => Party { organization: Some(organization()), ..Party::default() },
            (true, false) => of_account(&text),
            (false, true) => Party { source: Some((key.to_owned(), organization())), ..Party::default() },
            (false, false) => Party { source: account_of(&text).map(|(id, _)| (key.to_owned(), id.to_owned())), ..Party::default() },
        }
    };
    if known { Who::Only(values.iter().map(party).collect()) } else { Who::Everybody }
}

/// The account of a principal that is named; of some values it is not known.
fn of_account(principal: &str) -> Party {
    account_of(principal).map_or_else(Party::default, |(account, _)| Party::of_account(account))
}

/// Whether networks, neighbours joined, are no wider than what AWS takes for somebody's.
fn are_narrow(values: &OneOrMany<Scalar>) -> bool {
    let is_narrow = |joined: &IpNet| match joined {
        IpNet::V4(network) => network.prefix_len() >= WIDEST_IPV4,
        IpNet::V6(network) => network.prefix_len() >= WIDEST_IPV6,
    };
    let networks: Option<Vec<_>> = values.iter().map(|value| network(&value.text())).collect();
    networks.is_some_and(|networks| IpNet::aggregate(&networks).iter().all(is_narrow))
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
    // Buckets have no account in their ARNs, and names of their own; anybody can make one that begins alike.
    let is_named = |resource: &str| !has_wildcard(if parts[2] == "s3" { resource.split('/').next().unwrap_or_default() } else { resource });
    if account.is_empty() { is_named(resource) } else { !has_wildcard(account) }
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}
