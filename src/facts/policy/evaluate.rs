//! Whether policies allow a request.

use std::borrow::Cow;

use super::document::{Conditions, Effect, OneOrMany, Policy, Principal, Statement};
use super::pattern::{Case, matches, matches_in};
use super::{Answer, Context, operators};

/// Somebody does something to a resource.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Such as `rds-data:ExecuteStatement`.
    pub action: &'a str,
    /// An ARN.
    pub resource: &'a str,
    pub context: &'a Context,
}

impl Policy {
    /// The statements of the effect that speak of the request, and whether they do.
    pub fn applying<'p>(&'p self, effect: Effect, request: Request<'_>) -> impl Iterator<Item = (Cow<'p, str>, Answer)> {
        let variables = self.has_variables();
        self.statements()
            .filter(move |(_, statement)| statement.effect == effect)
            .map(move |(name, statement)| (name, statement.applies(request, variables)))
            .filter(|(_, answer)| *answer != Answer::No)
    }
}

impl Policy {
    /// Whether the policy of a resource or a VPC endpoint allows the principal, given by its ARN, the
    /// request.
    pub fn allows(&self, principal: &str, request: Request<'_>) -> Answer {
        self.denies(principal, request).not().and(|| self.speaks(Effect::Allow, principal, request))
    }

    /// Whether the policy of a resource denies the principal the request.
    pub fn denies(&self, principal: &str, request: Request<'_>) -> Answer {
        self.speaks(Effect::Deny, principal, request)
    }

    fn speaks(&self, effect: Effect, principal: &str, request: Request<'_>) -> Answer {
        let speaking = self.statements().filter(|(_, statement)| statement.effect == effect && statement.speaks_of(principal));
        Answer::any(speaking.map(|(_, statement)| statement.applies(request, self.has_variables())))
    }

    /// Whether the policy of a resource denies everyone the request, so that no other policy can
    /// allow it. Who is spared by name leaves it open.
    pub fn denies_everyone(&self, request: Request<'_>) -> Answer {
        let denies = self.statements().map(|(_, statement)| statement).filter(|statement| statement.effect == Effect::Deny);
        Answer::any(denies.map(|statement| statement.speaks_of_everyone().and(|| statement.applies(request, self.has_variables()))))
    }
}

/// Whether policies that count together allow the request: some statement allows it and none denies
/// it.
pub fn allowed<'p>(policies: impl Iterator<Item = &'p Policy> + Clone, request: Request<'_>) -> Answer {
    let any = |effect| Answer::any(policies.clone().flat_map(|policy| policy.applying(effect, request)).map(|(_, answer)| answer));
    any(Effect::Deny).not().and(|| any(Effect::Allow))
}

impl Statement {
    /// Whether the statement speaks of the request, whoever makes it.
    pub fn applies(&self, request: Request<'_>, variables: bool) -> Answer {
        if !self.covers_action(request.action) {
            return Answer::No;
        }
        self.covers_resource(request, variables).and(|| conditions_hold(&self.condition, variables, request.context))
    }

    /// Whether `Action` or `NotAction` takes in the action.
    pub fn covers_action(&self, action: &str) -> bool {
        let any = |patterns: &OneOrMany<String>| patterns.iter().any(|pattern| matches(pattern, action, Case::Ignored));
        match (&self.action, &self.not_action) {
            (Some(patterns), _) => any(patterns),
            (None, Some(patterns)) => !any(patterns),
            (None, None) => false,
        }
    }

    /// A policy of a resource may leave `Resource` out; it speaks of its own.
    fn covers_resource(&self, request: Request<'_>, variables: bool) -> Answer {
        let one = |pattern: &String| {
            if variables { matches_in(pattern, request.resource, request.context) } else { matches(pattern, request.resource, Case::Matters).into() }
        };
        let any = |patterns: &OneOrMany<String>| Answer::any(patterns.iter().map(one));
        match (&self.resource, &self.not_resource) {
            (Some(patterns), _) => any(patterns),
            (None, Some(patterns)) => any(patterns).not(),
            (None, None) => Answer::Yes,
        }
    }

    /// Whether the statement of a resource's policy speaks of every principal: of those of one account,
    /// or of all but some, it depends on who asks.
    fn speaks_of_everyone(&self) -> Answer {
        let is_account = |name| account_of(name).is_some_and(|(_, whole)| whole);
        match (&self.principal, &self.not_principal) {
            (Some(principals), _) if principals.is_everyone() => Answer::Yes,
            (Some(principals), _) if principals.of_aws().any(is_account) => Answer::maybe("aws:PrincipalAccount"),
            (None, Some(spared)) if !spared.is_everyone() => Answer::maybe("aws:PrincipalArn"),
            _ => Answer::No,
        }
    }

    /// Whether the statement of a resource's policy speaks of a principal, given by its ARN. An
    /// account, by its id or its root, stands for all of its principals; who of them may is left to
    /// the account's own policies.
    pub fn speaks_of(&self, principal: &str) -> bool {
        match (&self.principal, &self.not_principal) {
            (Some(principals), _) => principals.includes(principal),
            (None, Some(principals)) => !principals.includes(principal),
            (None, None) => false,
        }
    }
}

fn conditions_hold(conditions: &Conditions, variables: bool, context: &Context) -> Answer {
    let each = conditions.iter().flat_map(|(operator, keys)| keys.iter().map(move |(key, values)| (operator, key, values)));
    Answer::all(each.map(|(operator, key, values)| operators::holds(operator, key, values, variables, context)))
}

impl Principal {
    /// Whether everybody is meant.
    pub fn is_everyone(&self) -> bool {
        match self {
            Self::Everyone(name) => name == "*",
            Self::Of(principals) => principals.get("AWS").is_some_and(|names| names.iter().any(|name| name == "*")),
        }
    }

    /// The principals of AWS that are named: ARNs and ids of accounts.
    pub fn of_aws(&self) -> impl Iterator<Item = &str> {
        self.of_type("AWS")
    }

    /// The identity providers that are named: ARNs and names.
    pub fn federations(&self) -> impl Iterator<Item = &str> {
        self.of_type("Federated")
    }

    fn of_type(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = match self {
            Self::Everyone(_) => None,
            Self::Of(principals) => principals.get(name),
        };
        named.into_iter().flat_map(OneOrMany::iter).map(String::as_str)
    }

    /// Everything that is named: services and federations too.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let (everyone, named) = match self {
            Self::Everyone(name) => (Some(name), None),
            Self::Of(principals) => (None, Some(principals)),
        };
        everyone.into_iter().chain(named.into_iter().flat_map(|named| named.values().flat_map(OneOrMany::iter))).map(String::as_str)
    }

    fn includes(&self, arn: &str) -> bool {
        self.is_everyone()
            || self.of_aws().any(|name| name == arn || account_of(name).is_some_and(|(account, whole)| whole && Some(account) == account_in(arn)))
    }
}

/// The account that a principal of AWS belongs to, and whether all of the account is meant.
pub fn account_of(principal: &str) -> Option<(&str, bool)> {
    let is_id = |text: &str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id(principal) {
        return Some((principal, true));
    }
    account_in(principal).filter(|account| is_id(account)).map(|account| (account, principal.ends_with(":root")))
}

fn account_in(arn: &str) -> Option<&str> {
    arn.split(':').nth(4)
}
