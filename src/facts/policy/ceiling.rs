//! What service control policies leave of what the policies of an account's principals allow.
//!
//! They grant nothing. A request passes where some policy allows it at each level, from the root of
//! the organization through its units to the account, and no policy of any level denies it. Whom they
//! bind is the caller's to know: not the management account, not service-linked roles, not principals
//! of other accounts.

use std::sync::Arc;

use super::Answer;
use super::document::{Effect, Policy};
use super::evaluate::Request;

/// The service control policies over an account.
#[derive(Debug, Default)]
pub struct Ceiling {
    /// All of them, each once.
    policies: Vec<Arc<Policy>>,
    /// By level, the levels that restrict what may be allowed.
    levels: Vec<Vec<Arc<Policy>>>,
}

impl Ceiling {
    /// That of the policies attached at each level, none for one that could not be read: it may allow
    /// anything. So may a level that has no policy at all, because AWS leaves none without one while the
    /// policies are enabled.
    pub fn new(attached: Vec<Vec<Option<Arc<Policy>>>>) -> Self {
        let mut ceiling = Self::default();
        for level in attached {
            let is_restricting = !level.is_empty() && level.iter().all(Option::is_some);
            let read: Vec<_> = level.into_iter().flatten().collect();
            for policy in &read {
                if !ceiling.policies.iter().any(|known| Arc::ptr_eq(known, policy)) {
                    ceiling.policies.push(Arc::clone(policy));
                }
            }
            if is_restricting && !ceiling.levels.iter().any(|known| same(known, &read)) {
                ceiling.levels.push(read);
            }
        }
        ceiling
    }

    /// The policies, each once.
    pub fn policies(&self) -> &[Arc<Policy>] {
        &self.policies
    }

    /// Whether some policy denies the request.
    pub fn denies(&self, request: Request<'_>) -> Answer {
        says(&self.policies, Effect::Deny, request)
    }

    /// Whether a policy of every level allows the request.
    pub fn allows(&self, request: Request<'_>) -> Answer {
        Answer::all(self.levels.iter().map(|level| says(level, Effect::Allow, request)))
    }

    /// Whether the request passes.
    pub fn leaves(&self, request: Request<'_>) -> Answer {
        self.denies(request).not().and(|| self.allows(request))
    }
}

fn same(one: &[Arc<Policy>], other: &[Arc<Policy>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| Arc::ptr_eq(one, other))
}

fn says(policies: &[Arc<Policy>], effect: Effect, request: Request<'_>) -> Answer {
    Answer::any(policies.iter().flat_map(|policy| policy.applying(effect, request)).map(|(_, answer)| answer))
}
