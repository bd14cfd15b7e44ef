//! Whom the policy of a resource names, statement by statement.

use std::collections::BTreeSet;

use super::document::{Effect, Policy, Statement};
use super::evaluate::account_of;
use super::public::{ALWAYS_PRESENT, Who};

/// Somebody who is let in by a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grantee {
    /// As the policy names it: an ARN, the id of an account or an organisation, a federation; `*` for
    /// everybody, or for whoever meets the conditions.
    pub principal: String,
    /// The name of the statement.
    pub statement: String,
    /// The condition keys that it depends on beside who asks.
    pub depends: BTreeSet<String>,
}

/// Keys of who asks, which name the grantee, who is no service of AWS.
const OF_IDENTITY: [&str; 3] = ["aws:principalisawsservice", "aws:principalorgid", "aws:principalorgpaths"];

impl Policy {
    /// Whom the policy lets do the action, but for services of AWS.
    pub fn grantees(&self, action: &str) -> Vec<Grantee> {
        let allowing = self.statements().filter(|(_, statement)| statement.effect == Effect::Allow && statement.covers_action(action));
        let grantees = allowing.flat_map(|(name, statement)| {
            let who = self.lets(statement, action);
            let mut depends: BTreeSet<String> = keys(statement).filter(|key| !of_identity(key)).collect();
            if matches!(who, Who::Maybe(_)) {
                depends.extend(keys(statement));
            }
            depends.extend(self.doubtful_denies(action).flat_map(keys));
            let grantee = move |principal: String| Grantee { principal, statement: name.to_string(), depends: depends.clone() };
            statement.named(who).into_iter().map(grantee)
        });
        grantees.collect()
    }

    /// The Deny statements of the action that may bite: by what is not decided, or by how somebody comes.
    fn doubtful_denies(&self, action: &str) -> impl Iterator<Item = &Statement> {
        let denies = self.statements().map(|(_, statement)| statement).filter(|statement| statement.effect == Effect::Deny);
        let turns_on_more = |deny: &Statement| deny.is_for_anyone() && keys(deny).any(|key| !of_identity(&key));
        denies.filter(move |deny| deny.covers_action(action) && (matches!(deny.leaves(), Who::Maybe(_)) || turns_on_more(deny)))
    }
}

impl Statement {
    /// The principals of the statement, of those that are let in.
    fn named(&self, who: Who) -> BTreeSet<String> {
        let Some(principals) = self.principal.as_ref().filter(|principal| !principal.is_everyone()) else {
            return match who {
                Who::Nobody => BTreeSet::new(),
                Who::Everybody | Who::Maybe(_) => BTreeSet::from(["*".to_owned()]),
                Who::Only(parties) => {
                    parties.into_iter().map(|party| party.account.or(party.organization).unwrap_or_else(|| "*".to_owned())).collect()
                }
            };
        };
        let is_left = |account: &str| match &who {
            Who::Only(parties) => parties.iter().any(|party| party.account.as_deref().is_none_or(|of| of == account)),
            Who::Nobody => false,
            Who::Everybody | Who::Maybe(_) => true,
        };
        let of_aws = principals.of_aws().filter(|name| account_of(name).is_some_and(|(account, _)| is_left(account)));
        of_aws.chain(principals.federations()).map(ToOwned::to_owned).collect()
    }
}

fn keys(statement: &Statement) -> impl Iterator<Item = String> {
    statement.condition.values().flat_map(|keys| keys.keys()).map(|key| key.to_ascii_lowercase())
}

fn of_identity(key: &str) -> bool {
    ALWAYS_PRESENT.contains(&key) || OF_IDENTITY.contains(&key) || key == "aws:securetransport"
}
