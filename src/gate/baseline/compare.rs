//! Holds the findings of a run against those of an earlier report.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{Baseline, Earlier};
use crate::finding::{Finding, Outcome};
use crate::inventory::{Kind, ScopeId, shape::Timestamp};

/// How a failure stands to the baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Since {
    /// The baseline lacks it, or a waiver covered it there.
    New,
    Unchanged,
}

impl Since {
    /// The name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Why a failure of the baseline is no longer assessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gone {
    /// What its rule needs could not be read.
    NotRead,
    /// Its account or region was not scanned, or not reached.
    NotScanned,
    /// Its rule did not run.
    NotRun,
}

/// What has changed since an earlier report.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Changes {
    /// When the earlier report was collected.
    pub collected_at: Option<Timestamp>,
    pub new: Vec<Earlier>,
    pub unchanged: Vec<Earlier>,
    /// Those that a waiver covers since.
    pub waived: Vec<Earlier>,
    pub fixed: Vec<Earlier>,
    pub not_assessed: Vec<NotAssessed>,
}

/// A failure of the baseline that is no longer assessed.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct NotAssessed {
    #[serde(flatten)]
    pub finding: Earlier,
    pub why: Gone,
}

/// Compares findings as they come.
#[derive(Debug)]
pub struct Comparison {
    pub collected_at: Option<Timestamp>,
    /// The open failures of the baseline, by fingerprint.
    earlier: BTreeMap<String, Earlier>,
    /// What came of each scope; what comes of it anew replaces it.
    seen: HashMap<ScopeId, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// The outcomes of what the baseline has.
    came: HashMap<String, Outcome>,
    /// The listings that were not read, each for one rule.
    unread: BTreeSet<(String, Kind)>,
}

impl Comparison {
    /// With the report as the baseline.
    pub fn with(baseline: Baseline) -> Self {
        let open = baseline.findings.into_iter().filter(Earlier::is_open);
        Self {
            collected_at: baseline.collected_at,
            earlier: open.map(|finding| (finding.fingerprint.clone(), finding)).collect(),
            seen: HashMap::new(),
        }
    }

    /// The rules of the baseline's open failures.
    pub fn rules(&self) -> BTreeSet<&str> {
        self.earlier.values().map(|finding| finding.rule.as_str()).collect()
    }

    /// Forgets what a scope had, because a newer collection of it comes.
    pub fn begin(&mut self, scope: &ScopeId) {
        self.seen.remove(scope);
    }

    /// Marks some findings of a scope: failures as new or not, and what is not assessed but failed
    /// before as carried over.
    pub fn mark(&mut self, scope: &ScopeId, findings: &mut [Finding]) {
        for finding in findings {
            finding.standing.since = self.see(scope, &Earlier::from(&*finding));
            if let (Outcome::NotAssessed, Some(earlier)) = (finding.outcome, self.earlier.get(&finding.fingerprint)) {
                finding.outcome = Outcome::CarriedOver;
                finding.message.clone_from(&earlier.message);
                finding.standing.last_seen = earlier.last_seen;
            }
        }
    }

    /// Takes note of a finding.
    pub fn see(&mut self, scope: &ScopeId, finding: &Earlier) -> Option<Since> {
        let known = self.earlier.contains_key(&finding.fingerprint);
        let seen = self.seen.entry(scope.clone()).or_default();
        let outcome = finding.waiver.as_ref().map_or(finding.outcome, |waiver| waiver.outcome);
        if outcome == Outcome::NotAssessed && finding.resource.is_listing() {
            seen.unread.insert((finding.rule.clone(), finding.resource.kind));
        }
        if known {
            let worst = seen.came.entry(finding.fingerprint.clone()).or_insert(finding.outcome);
            *worst = finding.outcome.min(*worst);
        }
        (finding.outcome == Outcome::Fail).then_some(if known { Since::Unchanged } else { Since::New })
    }

    /// What became of the failures of the baseline that did not come again as failures, by the rules
    /// that ran and the scopes that were scanned.
    pub fn finish(self, rules: &BTreeSet<String>, scopes: &BTreeSet<ScopeId>, changes: &mut Changes) {
        for (fingerprint, earlier) in self.earlier {
            let came = self.seen.values().filter_map(|seen| seen.came.get(&fingerprint)).min();
            let scope = ScopeId { account: earlier.resource.account.clone(), region: earlier.resource.region.clone() };
            let listing = (earlier.rule.clone(), earlier.resource.kind);
            let why = match came {
                Some(Outcome::Fail) => continue,
                Some(Outcome::Waived) => {
                    changes.waived.push(earlier);
                    continue;
                }
                Some(Outcome::CarriedOver | Outcome::NotAssessed) => Some(Gone::NotRead),
                Some(Outcome::Pass) => None,
                None if !rules.contains(&earlier.rule) => Some(Gone::NotRun),
                None if !scopes.contains(&scope) => Some(Gone::NotScanned),
                None => self.seen.get(&scope).is_some_and(|seen| seen.unread.contains(&listing)).then_some(Gone::NotRead),
            };
            match why {
                Some(why) => changes.not_assessed.push(NotAssessed { finding: earlier, why }),
                None => changes.fixed.push(earlier),
            }
        }
    }
}
