//! One rule on one resource: what came of it, and the evidence.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::engine::{Rule, Template};
use crate::evidence::Evidence;
use crate::gate::baseline::Since;
use crate::gate::waivers::Waived;
use crate::inventory::{Gap, Kind, last_change::LastChange, shape::Timestamp};

/// What a rule says of a resource. A rule that does not apply says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Fail,
    /// Not assessed, and a failure in the baseline.
    CarriedOver,
    NotAssessed,
    /// A failure, or what was not assessed, that a waiver covers.
    Waived,
    Pass,
}

impl Outcome {
    /// The name in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::CarriedOver => "carried-over",
            Self::NotAssessed => "not-assessed",
            Self::Waived => "waived",
            Self::Pass => "pass",
        }
    }
}

/// One rule on one resource.
#[derive(Debug, Clone)]
pub struct Finding {
    pub rule: Arc<Rule>,
    pub outcome: Outcome,
    pub resource: Arc<ResourceRef>,
    /// A sentence with the offending value; for what was not assessed, with what is missing.
    pub message: String,
    /// The values that the verdict rests on, by the path that a rule reads them at.
    pub evidence: Evidence,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// What the ways to mend a failure are filled in with; none for other outcomes.
    pub fix: Option<Fix>,
    /// The same for the same rule and resource in every run.
    pub fingerprint: String,
    pub standing: Standing,
}

impl Finding {
    /// How to mend it, filled in for its resource; empty for what is no failure.
    pub fn remediation(&self) -> Remediation {
        self.fix.as_ref().map_or_else(Remediation::default, |fix| fix.remediation(&self.rule, &self.resource))
    }
}

/// What others than the rule say of a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Standing {
    /// Why it is waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Box<Waived>>,
    /// How a failure stands to the baseline.
    #[serde(default, rename = "baseline", skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// When it last failed, of what is carried over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    /// Who changed the resource last, where CloudTrail was asked (`--last-change`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_change: Option<Box<LastChange>>,
}

impl Standing {
    /// What became of a failure that is carried over.
    pub fn last_seen_sentence(&self) -> Option<String> {
        self.last_seen.map(|time| format!("it was not assessed in this scan and failed when last seen, on {}", time.format("%Y-%m-%d")))
    }
}

/// What the templates of a rule's remediation are filled in with. They are, when a format shows them: most do not, and
/// filled in they are the largest part of a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The values of the templates' expressions, in the order of [`RemediationTemplates::templates`](crate::engine::rule::RemediationTemplates::templates).
    pub values: Vec<String>,
    /// Whether the command may be shown.
    pub cli: bool,
}

impl Fix {
    fn remediation(&self, rule: &Rule, resource: &ResourceRef) -> Remediation {
        let mut values = self.values.iter();
        let mut filled = |template: &Template| template.fill(resource, &mut values);
        let templates = &rule.remediation;
        Remediation {
            text: filled(&templates.text),
            cli: templates.cli.as_ref().map(&mut filled).filter(|_| self.cli),
            terraform: templates.terraform.as_ref().map(&mut filled),
        }
    }
}

/// How to mend a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Remediation {
    pub text: String,
    /// A command of the AWS CLI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cli: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terraform: Option<String>,
}

/// The resource that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ResourceRef {
    /// The ARN; with `*` for its resource part where a listing failed and the finding stands for
    /// whatever it would have named.
    pub arn: String,
    #[schemars(with = "String")]
    pub kind: Kind,
    pub name: String,
    pub account: String,
    pub region: String,
    pub tags: BTreeMap<String, String>,
}

impl ResourceRef {
    /// Whether it stands for whatever a listing that failed would have named.
    pub fn is_listing(&self) -> bool {
        self.arn.ends_with(":*")
    }
}

/// Sixteen hexadecimal digits of the hash of rule and resource: stable across runs, order and
/// wording.
pub fn fingerprint(rule: &str, arn: &str) -> String {
    format!("{:016x}", fingerprint_number(rule, arn))
}

/// The number that [`fingerprint`] writes.
pub fn fingerprint_number(rule: &str, arn: &str) -> u64 {
    let digest = Sha256::new().chain_update(rule).chain_update("|").chain_update(arn).finalize();
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
pub mod testing {
    //! Findings made up from a rule's id and an ARN.

    use super::*;
    use crate::engine::load;
    use crate::inventory::kinds;

    /// A failure of a built-in rule on a DB instance.
    pub fn failure(rule: &str, arn: &str) -> Finding {
        let source = load::embedded_sources().find(|source| source.path.ends_with(format!("{rule}.yaml"))).unwrap();
        let segments: Vec<&str> = arn.splitn(7, ':').collect();
        let segment = |position: usize| segments.get(position).copied().unwrap_or_default().to_owned();
        Finding {
            rule: Arc::new(load::parse(&source).unwrap().1),
            outcome: Outcome::Fail,
            resource: Arc::new(ResourceRef {
                arn: arn.to_owned(),
                kind: kinds::DB_INSTANCE,
                name: segment(6),
                account: segment(4),
                region: segment(3),
                tags: BTreeMap::new(),
            }),
            message: String::new(),
            evidence: Evidence::default(),
            gaps: Vec::new(),
            fix: None,
            fingerprint: fingerprint(rule, arn),
            standing: Standing::default(),
        }
    }
}
