//! What was not read, as notifications: GitHub ignores them, other readers show them.

use std::collections::{BTreeMap, BTreeSet};

use super::Account;
use super::wire::{Message, Notification, RuleReference};
use crate::finding::Finding;
use crate::report::text::counted;

/// What was not assessed of one rule.
#[derive(Default)]
pub struct Open {
    count: usize,
    reasons: BTreeSet<String>,
}

impl Open {
    /// Counts a finding that was not assessed.
    pub fn add(&mut self, finding: &Finding) {
        self.count += 1;
        self.reasons.extend(finding.gaps.iter().map(|gap| format!("{}: {}", gap.operation, gap.reason)));
    }

    /// Such as `ID was not assessed on 2 resources: rds:DescribeDBInstances: access-denied`.
    fn sentence(&self, id: &str) -> String {
        let reasons: Vec<_> = self.reasons.iter().map(String::as_str).collect();
        format!("{id} was not assessed on {}: {}", counted(self.count, "resource"), reasons.join("; "))
    }
}

/// The gaps of an account, then the rules that they left open.
pub fn notifications<'a>(account: &'a Account<'_>, rule_index: &BTreeMap<&str, usize>) -> Vec<Notification<'a>> {
    let gaps = account.coverage.iter().flat_map(|scope| scope.gaps.iter().map(move |gap| warning(format!("{}: {gap}", scope.region))));
    let rules = account.open.iter().map(|(id, open)| Notification {
        associated_rule: Some(RuleReference { id, index: rule_index.get(id.as_str()).copied() }),
        ..warning(open.sentence(id))
    });
    gaps.chain(rules).collect()
}

fn warning<'a>(text: String) -> Notification<'a> {
    Notification { level: "warning", message: Message { text: text.into() }, associated_rule: None }
}
