//! A [`Report`] in, bytes out: a file a format. Renderers decide nothing; all that they write is in
//! the report, sorted, so that the same inventory gives the same bytes.

mod asff;
mod csv;
mod html;
pub mod json;
pub mod jsonl;
mod junit;
mod markdown;
mod ocsf;
pub mod sarif;
pub mod table;
mod text;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::str::FromStr;
use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;

use crate::engine::{Judged, Rule, Severity};
use crate::finding::{Finding, Outcome};
use crate::gate::Verdict;
use crate::inventory::{Gap, Scope, ScopeId, shape::Timestamp};
use crate::suggest;

/// Everything that a scan has to say.
#[derive(Debug)]
pub struct Report {
    pub tool: Tool,
    /// When the newest scope was collected.
    pub collected_at: Option<Timestamp>,
    pub verdict: Verdict,
    pub summary: Summary,
    /// The scopes, by account and region; what an account has once comes last.
    pub coverage: Vec<Coverage>,
    /// Worst first; see [`sort`].
    pub findings: Vec<Finding>,
    /// The rules that ran, by id.
    pub rules: Vec<Arc<Rule>>,
}

/// The program that wrote the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

/// Counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Summary {
    /// Databases and copies of data that were judged.
    pub resources: usize,
    /// Rules that ran.
    pub rules: usize,
    pub fail: BySeverity,
    /// Rules that passed on a resource, over all resources.
    pub pass: usize,
    pub not_assessed: usize,
    pub waived: usize,
}

/// Failed rules over all resources, by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BySeverity {
    pub critical: usize,
    pub high: usize,
    pub medium: usize,
    pub low: usize,
}

impl BySeverity {
    fn count(&mut self, severity: Severity) {
        match severity {
            Severity::Critical => self.critical += 1,
            Severity::High => self.high += 1,
            Severity::Medium => self.medium += 1,
            Severity::Low => self.low += 1,
        }
    }
}

/// What of one account and region was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Coverage {
    pub account: String,
    pub region: String,
    /// Whether every operation answered for every resource.
    pub complete: bool,
    /// Databases and copies of data that were judged.
    pub resources: usize,
    /// Operations that did not answer, for the region or for single resources, each reason once.
    pub gaps: Vec<Gap>,
}

impl Coverage {
    /// The coverage of a scope.
    pub fn of(scope: &Scope, judged: &Judged) -> Self {
        let ScopeId { account, region } = scope.id.clone();
        let mut gaps: Vec<_> =
            scope.gaps.iter().chain(scope.resources.iter().flat_map(|resource| &resource.gaps).map(|gap| &gap.gap)).cloned().collect();
        gaps.sort();
        gaps.dedup_by(|a, b| a.operation == b.operation && a.reason == b.reason);
        Self { account, region, complete: scope.is_complete(), resources: judged.resources, gaps }
    }
}

/// Counts the findings.
pub fn summarise(findings: &[Finding], passes: usize, resources: usize, rules: usize) -> Summary {
    let mut summary = Summary { resources, rules, pass: passes, ..Summary::default() };
    for finding in findings {
        match finding.outcome {
            Outcome::Fail => summary.fail.count(finding.rule.severity),
            Outcome::NotAssessed => summary.not_assessed += 1,
            Outcome::Pass => {}
        }
    }
    summary
}

/// Sorts findings worst first, then by resource and rule, and drops what two scopes both reported
/// (a global cluster shows in each of its regions).
pub fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.outcome, std::cmp::Reverse(finding.rule.severity));
        key(a).cmp(&key(b)).then_with(|| a.resource.cmp(&b.resource)).then_with(|| a.rule.id.cmp(&b.rule.id))
    });
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    findings.retain(|finding| seen.insert(finding.fingerprint.clone(), ()).is_none());
}

/// A way to write a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Format {
    /// For a terminal.
    Table,
    /// One JSON document.
    Json,
    /// JSON Lines: the head, then a finding a line.
    Jsonl,
    /// SARIF 2.1.0, as GitHub code scanning accepts it.
    Sarif,
    /// Comma-separated values, a line a finding.
    Csv,
    /// JUnit XML, for the test views of CI systems.
    Junit,
    /// Markdown, for a job summary or a comment.
    Markdown,
    /// One page for people, complete in itself.
    Html,
    /// OCSF Compliance Findings.
    Ocsf,
    /// The AWS Security Finding Format, for Security Hub.
    Asff,
}

impl Format {
    /// The name on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Writes the report in this format. What a reader should know beside it comes back, a sentence
    /// each, for standard error.
    pub fn write(self, report: &Report, table: &table::Options, out: &mut impl Write) -> io::Result<Vec<String>> {
        let mut out = BufWriter::new(out);
        let mut notes = Vec::new();
        match self {
            Self::Table => table::write(report, table, &mut out)?,
            Self::Json => json::write(report, &mut out)?,
            Self::Jsonl => jsonl::write(report, &mut out)?,
            Self::Sarif => notes = sarif::write(report, &mut out)?.sentences(),
            Self::Csv => csv::write(report, &mut out)?,
            Self::Junit => junit::write(report, &mut out)?,
            Self::Markdown => notes.extend(markdown::write(report, &mut out)?),
            Self::Html => html::write(report, &mut out)?,
            Self::Ocsf => ocsf::write(report, &mut out)?,
            Self::Asff => asff::write(report, &mut out)?,
        }
        out.flush()?;
        Ok(notes)
    }
}

/// A name that is no format's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown format {name:?}{nearest}; the formats are {}", names().join(", "))]
pub struct UnknownFormat {
    name: String,
    nearest: String,
}

fn names() -> Vec<String> {
    Format::value_variants().iter().map(|format| format.name()).collect()
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Format::value_variants()
            .iter()
            .copied()
            .find(|format| format.name() == name)
            .ok_or_else(|| UnknownFormat { name: name.to_owned(), nearest: suggest::nearest(name, names().iter().map(String::as_str)) })
    }
}
