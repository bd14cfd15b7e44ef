//! What has changed since an earlier report: what is new, unchanged, waived, fixed and no longer
//! assessed.
//!
//! A failure that does not come again is fixed only where it would have been seen: its rule ran, its
//! account and region were scanned, and neither its resource nor the listing that would name it was
//! left open. Otherwise nobody knows, and it is carried over with the date on which it was last seen.

mod compare;

use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use compare::{Changes, Comparison, Gone, NotAssessed, Since};

use super::waivers::Waived;
use crate::engine::{Rule, Severity};
use crate::evidence::Evidence;
use crate::finding::{Finding, Outcome, ResourceRef, Standing};
use crate::inventory::{ScopeId, shape::Timestamp};

/// A finding of an earlier report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Earlier {
    pub rule: String,
    pub title: String,
    pub severity: Severity,
    outcome: Outcome,
    pub resource: ResourceRef,
    pub message: String,
    pub fingerprint: String,
    /// When it was last seen to fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    #[serde(default, skip_serializing)]
    waiver: Option<Waived>,
}

impl Earlier {
    /// Whether it is a failure that nobody answers for, seen or carried over.
    pub fn is_open(&self) -> bool {
        matches!(self.outcome, Outcome::Fail | Outcome::CarriedOver)
    }

    /// As a finding of a scan that could not assess it.
    pub fn carried_over(&self, rule: &Arc<Rule>) -> Finding {
        Finding {
            rule: Arc::clone(rule),
            outcome: Outcome::CarriedOver,
            resource: Arc::new(self.resource.clone()),
            message: self.message.clone(),
            evidence: Evidence::default(),
            gaps: Vec::new(),
            fix: None,
            fingerprint: self.fingerprint.clone(),
            standing: Standing { last_seen: self.last_seen, ..Standing::default() },
        }
    }
}

impl From<&Finding> for Earlier {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.id.clone(),
            title: finding.rule.title.clone(),
            severity: finding.rule.severity,
            outcome: finding.outcome,
            resource: ResourceRef::clone(&finding.resource),
            message: finding.message.clone(),
            fingerprint: finding.fingerprint.clone(),
            last_seen: finding.standing.last_seen,
            waiver: finding.standing.waiver.as_deref().cloned(),
        }
    }
}

/// An earlier report.
#[derive(Debug)]
pub struct Baseline {
    pub collected_at: Option<Timestamp>,
    /// The rules that ran. A report that does not say so proves nothing fixed.
    pub rules: BTreeSet<String>,
    /// What was scanned and reached.
    pub scopes: BTreeSet<ScopeId>,
    pub findings: Vec<Earlier>,
}

/// The head of a report, and in a document its findings.
#[derive(Deserialize)]
struct Head {
    collected_at: Option<Timestamp>,
    #[serde(default)]
    rules: BTreeSet<String>,
    coverage: Vec<Covered>,
    #[serde(default)]
    findings: Vec<Earlier>,
}

#[derive(Deserialize)]
struct Covered {
    account: String,
    region: String,
    reached: bool,
}

impl Baseline {
    /// Reads a report, JSON or JSON Lines.
    ///
    /// # Errors
    ///
    /// When it is no report of dbmoat.
    pub fn read(report: impl Read) -> serde_json::Result<Self> {
        let mut values = serde_json::Deserializer::from_reader(io::BufReader::new(report));
        let Head { collected_at, rules, coverage, mut findings } = Head::deserialize(&mut values)?;
        for finding in values.into_iter::<Earlier>() {
            findings.push(finding?);
        }
        for finding in findings.iter_mut().filter(|finding| finding.outcome == Outcome::Fail) {
            finding.last_seen = collected_at;
        }
        let reached = coverage.into_iter().filter(|scope| scope.reached);
        let scopes = reached.map(|Covered { account, region, .. }| ScopeId { account, region }).collect();
        Ok(Self { collected_at, rules, scopes, findings })
    }

    /// What has changed from an older report to this one.
    pub fn since(self, older: Self) -> Changes {
        let mut comparison = Comparison::with(older);
        let mut changes = Changes { collected_at: comparison.collected_at, ..Changes::default() };
        for finding in self.findings {
            let scope = ScopeId { account: finding.resource.account.clone(), region: finding.resource.region.clone() };
            match comparison.see(&scope, &finding) {
                Some(Since::New) => changes.new.push(finding),
                Some(Since::Unchanged) => changes.unchanged.push(finding),
                None => {}
            }
        }
        comparison.finish(&self.rules, &self.scopes, &mut changes);
        changes
    }
}

#[cfg(test)]
mod tests;
