//! Who changed a failing resource last, as CloudTrail tells where `--last-change` asks it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::engine::Severity;
use crate::finding::{Finding, Outcome};
use crate::findings::Findings;
use crate::inventory::last_change::{LastChange, MOST_RESOURCES, Target, Targets};
use crate::inventory::{ScopeId, kinds};

/// Whether it is asked who changed the resource of a finding.
fn is_wanted(finding: &Finding) -> bool {
    finding.outcome == Outcome::Fail && finding.rule.severity >= Severity::High && finding.resource.kind != kinds::ACCOUNT
}

/// What is to be asked.
///
/// # Errors
///
/// When the temporary file of the findings cannot be read.
pub fn targets(findings: &Findings) -> io::Result<Targets> {
    let mut targets = Targets::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for finding in findings.iter() {
        let finding = finding?;
        let resource = &finding.resource;
        if is_wanted(&finding) {
            let scope = ScopeId { account: resource.account.clone(), region: resource.region.clone() };
            let of_scope = targets.entry(scope).or_default();
            if of_scope.len() < MOST_RESOURCES && known.insert(resource.arn.clone()) {
                of_scope.push(Target { arn: resource.arn.clone(), name: resource.name.clone() });
            }
        }
    }
    Ok(targets)
}

/// The findings with what was answered by ARN, and of how many nothing is known, by reason.
///
/// # Errors
///
/// When the temporary file of the findings cannot be read or written.
pub fn told(findings: Findings, answers: &BTreeMap<String, LastChange>) -> io::Result<(Findings, BTreeMap<String, usize>)> {
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let findings = findings.map(|finding| {
        if is_wanted(finding) {
            let answer = answers.get(&finding.resource.arn).cloned().unwrap_or_else(LastChange::left_out);
            if let LastChange::Unknown { why } = &answer {
                *unknown.entry(why.clone()).or_default() += 1;
            }
            finding.standing.last_change = Some(Box::new(answer));
        }
    })?;
    Ok((findings, unknown))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::testing::failure;
    use crate::findings::Gathering;

    const HIGH: &str = "rds-instance-storage-encrypted";
    const LOW: &str = "rds-instance-copy-tags-to-snapshots";

    fn arn(number: usize) -> String {
        format!("arn:aws:rds:us-east-1:111122223333:db:db-{number:03}")
    }

    fn gathered(findings: Vec<Finding>) -> Findings {
        let rules: Vec<_> = findings.iter().map(|finding| Arc::clone(&finding.rule)).collect();
        let mut gathering = Gathering::within(2, rules);
        gathering.add_all(&findings).unwrap();
        gathering.finish().unwrap()
    }

    #[test]
    fn only_failures_of_high_and_over_are_asked_about_each_resource_once_and_not_too_many() {
        let passed = Finding { outcome: Outcome::Pass, ..failure(HIGH, &arn(901)) };
        let mut findings: Vec<_> = (0..MOST_RESOURCES + 5).map(|number| failure(HIGH, &arn(number))).collect();
        findings.extend([failure("rds-instance-not-internet-reachable", &arn(104)), failure(LOW, &arn(900)), passed]);
        let targets = targets(&gathered(findings)).unwrap();
        let asked = &targets[&ScopeId { account: "111122223333".to_owned(), region: "us-east-1".to_owned() }];
        assert_eq!((targets.len(), asked.len()), (1, MOST_RESOURCES));
        let names: BTreeSet<_> = asked.iter().map(|target| &target.arn).collect();
        assert_eq!((names.len(), asked[0].arn.as_str()), (MOST_RESOURCES, arn(104).as_str()), "the worst first");
        assert!(!names.contains(&arn(900)) && !names.contains(&arn(901)));
    }

    #[test]
    fn what_was_not_asked_is_said_and_nothing_else_changes() {
        let findings = vec![failure(HIGH, &arn(1)), failure(HIGH, &arn(2)), failure(LOW, &arn(1))];
        let (told, unknown) = told(gathered(findings), &BTreeMap::from([(arn(1), LastChange::NoneKept)])).unwrap();
        let said: Vec<_> = told
            .iter()
            .map(|finding| finding.unwrap())
            .map(|finding| (finding.rule.id.clone(), finding.standing.last_change.map(|change| *change)))
            .collect();
        let expected = [(HIGH, Some(LastChange::NoneKept)), (HIGH, Some(LastChange::left_out())), (LOW, None)];
        assert_eq!(said, expected.map(|(rule, change)| (rule.to_owned(), change)));
        assert_eq!((told.tally().of(Outcome::Fail), unknown.values().sum::<usize>()), (3, 1));
    }
}
