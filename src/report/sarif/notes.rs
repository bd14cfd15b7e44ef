//! What was not read, as notifications: GitHub ignores them, other readers show them.

use std::collections::{BTreeMap, BTreeSet};

use super::Account;
use super::wire::{Message, Notification, RuleReference};
use crate::finding::{Finding, Outcome};
use crate::report::text::counted;

/// The gaps of an account, then the rules that they left open.
pub fn notifications<'a>(account: &Account<'a>, rule_index: &BTreeMap<&str, usize>) -> Vec<Notification<'a>> {
    let gaps = account.coverage.iter().flat_map(|scope| scope.gaps.iter().map(move |gap| warning(format!("{}: {gap}", scope.region))));
    let mut open: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in account.findings.iter().filter(|finding| finding.outcome == Outcome::NotAssessed) {
        open.entry(&finding.rule.id).or_default().push(finding);
    }
    let rules = open.into_iter().map(|(id, findings)| Notification {
        associated_rule: Some(RuleReference { id, index: rule_index.get(id).copied() }),
        ..warning(left_open(id, &findings))
    });
    gaps.chain(rules).collect()
}

fn warning<'a>(text: String) -> Notification<'a> {
    Notification { level: "warning", message: Message { text: text.into() }, associated_rule: None }
}

/// Such as `ID was not assessed on 2 resources: rds:DescribeDBInstances: access-denied`.
fn left_open(id: &str, findings: &[&Finding]) -> String {
    let reasons: BTreeSet<_> = findings.iter().flat_map(|finding| &finding.gaps).map(|gap| format!("{}: {}", gap.operation, gap.reason)).collect();
    let reasons: Vec<_> = reasons.into_iter().collect();
    format!("{id} was not assessed on {}: {}", counted(findings.len(), "resource"), reasons.join("; "))
}
