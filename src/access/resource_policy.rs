//! The policies of the databases themselves.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::account::{Account, Circumstances};
use super::rights::Target;
use crate::facts::identity::Granted;
use crate::facts::policy::{Answer, Policy, Request, account_of};
use crate::inventory::{Gap, Kind, Reason, Resource, Scope, kinds};

/// The field that holds the policy of what a right is to.
pub fn field(kind: Kind, on: Target) -> Option<&'static str> {
    match on {
        Target::Itself | Target::Part(_) if kind == kinds::DYNAMODB_TABLE => Some("ResourcePolicy"),
        Target::Field(_) if kind == kinds::DYNAMODB_TABLE => Some("StreamResourcePolicy"),
        Target::Itself if kind == kinds::DSQL_CLUSTER => Some("policy"),
        _ => None,
    }
}

/// A policy, and its name to show.
pub struct Own {
    name: &'static str,
    policy: Policy,
}

/// The policy in the field; none where it is known that there is none.
pub fn read(scope: &Scope, resource: &Resource, field: &'static str, data: &Map<String, Value>) -> Result<Option<Own>, Gap> {
    let operation = resource.kind.operations_of(field).first().copied().unwrap_or_default();
    let Some(text) = data.get(field).and_then(Value::as_str) else {
        return resource.gap_of(field).or_else(|| scope.gap_of(operation)).map_or(Ok(None), Err);
    };
    let policy = Policy::parse(text).map_err(|why| Gap::new(operation, Reason::NotEvaluated, format!("{field} of {}: {why}", resource.arn)))?;
    Ok(Some(Own { name: field, policy }))
}

impl Own {
    /// Whom it lets do the action, and whether they are outside of the account. Takes from `granted`
    /// what it denies.
    pub fn lets_in(
        &self,
        action: &str,
        arn: &str,
        own: &str,
        account: &Account<'_>,
        circumstances: &Circumstances<'_>,
        granted: &mut BTreeMap<usize, Arc<Granted>>,
    ) -> Vec<(String, bool, Granted)> {
        let denied = |number: usize| {
            let holder = &account.holders[number];
            self.policy.denies(&holder.principal.arn, Request { action, resource: arn, context: &circumstances.of(holder) })
        };
        granted.retain(|number, granted| match denied(*number) {
            Answer::Yes => false,
            Answer::No => true,
            Answer::Maybe(keys) => {
                Arc::make_mut(granted).depends.extend(keys);
                true
            }
        });
        let mut let_in = Vec::new();
        for grantee in self.policy.grantees(action) {
            let mut by = Granted { statements: [format!("{}/{}", self.name, grantee.statement)].into(), depends: grantee.depends };
            let of = account_of(&grantee.principal);
            // That names the account, and leaves it to the identity policies who of it may.
            if of == Some((own, true)) && grantee.principal.ends_with(":root") {
                continue;
            }
            let known = account.holders.iter().position(|holder| holder.principal.arn == grantee.principal);
            if let Some(holder) = known.map(|number| &account.holders[number]) {
                let context = circumstances.of(holder);
                let request = Request { action, resource: arn, context: &context };
                match holder.principal.denied(request).not().and(|| holder.principal.may_be_let(request)) {
                    Answer::No => continue,
                    Answer::Yes => {}
                    Answer::Maybe(keys) => by.depends.extend(keys),
                }
            }
            let_in.push((grantee.principal.clone(), of.is_none_or(|(of, _)| of != own), by));
        }
        let_in
    }
}
