//! The report as one JSON document, whose schema is [`schema`]. The findings are written one by
//! one: memory does not grow with them.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::{Coverage, Report, Summary, Tool};
use crate::engine::{Severity, Topic};
use crate::evidence::Evidence;
use crate::finding::{Finding, Outcome, Remediation, ResourceRef, Standing};
use crate::findings::Findings;
use crate::gate::Verdict;
use crate::gate::baseline::{Earlier, NotAssessed};
use crate::gate::waivers::Use;
use crate::inventory::{Gap, shape::Timestamp};

/// The version of the shape; a field may be added without a new one.
const SCHEMA: u32 = 1;

/// Writes the report as one document.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::of(report))?;
    out.write_all(b"\n")
}

/// The JSON schema of what [`write()`] writes.
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document<'static>>()
}

/// What a scan found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Report")]
struct Document<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    /// Worst first, then by resource and rule. Passes only where they were asked for.
    #[serde(serialize_with = "objects")]
    #[schemars(with = "Vec<FindingObject<'a>>")]
    findings: &'a Findings,
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        Self { head: Head::of(report), findings: &report.findings }
    }
}

fn objects<S: Serializer>(findings: &&Findings, serializer: S) -> Result<S::Ok, S::Error> {
    super::one_by_one(findings.iter(), serializer, |sequence, finding| sequence.serialize_element(&FindingObject::of(finding, &finding.evidence)))
}

/// All but the findings.
#[derive(Serialize, JsonSchema)]
pub(super) struct Head<'a> {
    /// The version of this shape.
    schema: u32,
    tool: Tool,
    /// When the newest data was collected.
    collected_at: Option<Timestamp>,
    verdict: &'a Verdict,
    summary: &'a Summary,
    /// The scopes that were scanned, by account and region.
    coverage: &'a [Coverage],
    /// What came of each waiver, in the order of the file.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    waivers: &'a [Use],
    /// What has changed since the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<Baseline<'a>>,
    /// The ids of the rules that ran.
    rules: Vec<&'a str>,
}

/// What has changed since the baseline. Findings say which are new and which are carried over.
#[derive(Serialize, JsonSchema)]
struct Baseline<'a> {
    collected_at: Option<Timestamp>,
    /// Failures that the baseline lacks.
    new: usize,
    unchanged: usize,
    /// Failures of the baseline that are waived since.
    waived: usize,
    /// Failures of the baseline that were looked for and are gone.
    fixed: &'a [Earlier],
    /// Failures of the baseline that are no longer assessed: nobody knows.
    not_assessed: &'a [NotAssessed],
}

impl<'a> Baseline<'a> {
    fn of(report: &'a Report) -> Option<Self> {
        let changes = report.changes.as_ref()?;
        Some(Self {
            collected_at: changes.collected_at,
            new: report.new_failures(),
            unchanged: report.unchanged_failures(),
            waived: changes.waived.len(),
            fixed: &changes.fixed,
            not_assessed: &changes.not_assessed,
        })
    }
}

impl<'a> Head<'a> {
    pub(super) fn of(report: &'a Report) -> Self {
        Self {
            schema: SCHEMA,
            tool: report.tool.clone(),
            collected_at: report.collected_at,
            verdict: &report.verdict,
            summary: &report.summary,
            coverage: &report.coverage,
            waivers: &report.waivers,
            baseline: Baseline::of(report),
            rules: report.rules.iter().map(|rule| rule.id.as_str()).collect(),
        }
    }
}

/// One rule on one resource.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub(super) struct FindingObject<'a, E = &'a Evidence> {
    /// The rule's id.
    rule: &'a str,
    /// What the rule requires.
    title: &'a str,
    severity: Severity,
    topic: Topic,
    outcome: Outcome,
    resource: &'a ResourceRef,
    /// What is wrong, or what is missing; empty for a pass.
    message: &'a str,
    /// The values that the outcome rests on, by the path that the rule reads them at.
    #[schemars(with = "Evidence")]
    evidence: E,
    /// What could not be read.
    gaps: &'a [Gap],
    /// The same for the same rule and resource in every run.
    fingerprint: &'a str,
    /// The controls that the rule answers to, by framework.
    controls: &'a BTreeMap<String, Vec<String>>,
    /// How to mend a failure; its text is empty for any other outcome.
    remediation: Remediation,
    /// AWS's own pages on the matter.
    references: &'a [String],
    #[serde(flatten)]
    standing: &'a Standing,
}

impl<'a, E> FindingObject<'a, E> {
    pub(super) fn of(finding: &'a Finding, evidence: E) -> Self {
        Self {
            rule: &finding.rule.id,
            title: &finding.rule.title,
            severity: finding.rule.severity,
            topic: finding.rule.topic,
            outcome: finding.outcome,
            resource: &finding.resource,
            message: &finding.message,
            evidence,
            gaps: &finding.gaps,
            fingerprint: &finding.fingerprint,
            controls: &finding.rule.controls,
            remediation: finding.remediation(),
            references: &finding.rule.references,
            standing: &finding.standing,
        }
    }
}
