//! A [`Report`] in, bytes out: a file a format. Renderers decide nothing; all that they write is in
//! the report, sorted, so that the same inventory gives the same bytes.

mod asff;
pub mod compliance;
mod csv;
pub mod diff;
mod html;
pub mod json;
pub mod jsonl;
mod junit;
mod markdown;
mod ocsf;
pub mod sarif;
pub mod table;
mod text;

pub use text::printable;

use std::io::{self, BufWriter, Write};
use std::str::FromStr;
use std::sync::Arc;

use clap::ValueEnum;
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::engine::{Rule, Severity};
use crate::finding::Outcome;
use crate::findings::{Findings, Tally};
use crate::gate::Verdict;
use crate::gate::baseline::Changes;
use crate::gate::waivers::Use;
use crate::inventory::{GLOBAL, Gap, Scope, ScopeId, shape::Timestamp};
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
    /// Worst first.
    pub findings: Findings,
    /// What came of each waiver.
    pub waivers: Vec<Use>,
    /// What has changed since the baseline, if there is one; the findings say which are new.
    pub changes: Option<Changes>,
    /// The rules that ran, by id.
    pub rules: Vec<Arc<Rule>>,
    /// Rules of findings that are carried over, which did not run.
    pub carried_rules: Vec<Arc<Rule>>,
    /// What of it SARIF has.
    pub sarif: sarif::Content,
}

impl Report {
    /// How many failures the baseline lacks.
    pub fn new_failures(&self) -> usize {
        self.findings.tally().new_failures().map(|(_, count)| count).sum()
    }

    /// How many failures the baseline has too.
    pub fn unchanged_failures(&self) -> usize {
        self.findings.tally().of(Outcome::Fail) - self.new_failures()
    }

    /// Such as `since 2026-11-20 09:00 UTC: 3 new, 40 unchanged, 1 waived, 2 fixed, 4 no longer assessed`.
    pub fn since_baseline(&self) -> Option<String> {
        let changes = self.changes.as_ref()?;
        Some(text::changed(changes.collected_at, [self.new_failures(), self.unchanged_failures()], changes))
    }
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
    /// Those of them that failed in the baseline.
    pub carried_over: usize,
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
    fn of(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
        }
    }
}

/// What of one account and region was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Coverage {
    pub account: String,
    pub region: String,
    /// Whether anything could be asked. Where nothing could, the one gap says why, and no finding stands for what may be there.
    pub reached: bool,
    /// Whether every operation answered for every resource.
    pub complete: bool,
    /// Databases and copies of data that were judged.
    pub resources: usize,
    /// Operations that did not answer, for the region or for single resources, each reason once.
    pub gaps: Vec<Gap>,
}

impl Coverage {
    /// The coverage of a scope.
    pub fn of(scope: &Scope, resources: usize) -> Self {
        let ScopeId { account, region } = scope.id.clone();
        let mut gaps: Vec<_> =
            scope.gaps.iter().chain(scope.resources.iter().flat_map(|resource| &resource.gaps).map(|gap| &gap.gap)).cloned().collect();
        gaps.sort();
        gaps.dedup_by(|a, b| a.operation == b.operation && a.reason == b.reason);
        Self { account, region, reached: scope.reached, complete: scope.is_complete(), resources, gaps }
    }

    /// Where it is. What an account has once stands for the account as a whole where it was not reached.
    pub fn place(&self) -> String {
        let region = if !self.reached && self.region == GLOBAL { "all regions" } else { &self.region };
        format!("{} {region}", self.account)
    }

    /// Such as `not reached: sts:AssumeRole: access-denied: …`, where nothing could be asked.
    pub fn not_reached(&self) -> Option<String> {
        let why = || self.gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        (!self.reached).then(|| format!("not reached: {}", why()))
    }
}

/// Writes a sequence of an element a finding, made one by one: memory does not grow with them.
fn one_by_one<I, S: Serializer>(
    findings: impl Iterator<Item = io::Result<I>>,
    serializer: S,
    mut element: impl FnMut(&mut S::SerializeSeq, &I) -> Result<(), S::Error>,
) -> Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(None)?;
    for finding in findings {
        element(&mut sequence, &finding.map_err(S::Error::custom)?)?;
    }
    sequence.end()
}

impl Summary {
    /// What the findings count up to; how many passed is counted where they are not kept.
    pub fn of(findings: &Tally, passes: usize, resources: usize, rules: usize) -> Self {
        let mut fail = BySeverity::default();
        findings.failures().for_each(|(severity, count)| *fail.of(severity) += count);
        Self {
            resources,
            rules,
            fail,
            pass: passes,
            not_assessed: findings.not_assessed(),
            carried_over: findings.of(Outcome::CarriedOver),
            waived: findings.of(Outcome::Waived),
        }
    }
}

/// The scopes that could not be asked at all, with why. No finding stands for what they may have.
pub fn unreached(coverage: &[Coverage]) -> impl Iterator<Item = (&Coverage, String)> {
    coverage.iter().filter_map(|scope| Some((scope, scope.not_reached()?)))
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

    /// The least severity of failures that it lists. Of the others it may say how many there are, of what rule.
    pub fn least_listed(self, verbose: bool) -> Severity {
        match self {
            Self::Table => table::least_listed(verbose),
            _ => Severity::Low,
        }
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
