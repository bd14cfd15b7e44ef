//! The findings as comma-separated values (RFC 4180), a line each under a header, for spreadsheets
//! and data tools. Lists are joined with `; `. A line without a rule stands for a scope that was not
//! reached.

use std::io::{self, Write};

use super::text::printable;
use super::{Coverage, Report};
use crate::finding::{Finding, Outcome};

const HEADER: [&str; 21] = [
    "rule",
    "title",
    "service",
    "severity",
    "topic",
    "outcome",
    "account",
    "region",
    "kind",
    "name",
    "arn",
    "tags",
    "message",
    "not_read",
    "remediation",
    "controls",
    "fingerprint",
    "collected_at",
    "waiver",
    "baseline",
    "last_seen",
];

/// Writes the header, then a line a finding.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<()> {
    let collected_at = report.collected_at.map(|time| time.to_rfc3339()).unwrap_or_default();
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEADER)?;
    for finding in report.findings.iter() {
        table.write_record(row(&finding?, &collected_at).map(|cell| inert(&cell)))?;
    }
    for (scope, why) in super::unreached(&report.coverage) {
        table.write_record(unreached(scope, why, &collected_at).map(|cell| inert(&cell)))?;
    }
    table.flush()
}

fn unreached(scope: &Coverage, why: String, collected_at: &str) -> [String; HEADER.len()] {
    let cells = [
        ("outcome", Outcome::NotAssessed.name().to_owned()),
        ("account", scope.account.clone()),
        ("region", scope.region.clone()),
        ("name", scope.place()),
        ("message", why),
        ("collected_at", collected_at.to_owned()),
    ];
    HEADER.map(|column| cells.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell.clone()).unwrap_or_default())
}

fn row(finding: &Finding, collected_at: &str) -> [String; HEADER.len()] {
    let (rule, resource) = (&finding.rule, &finding.resource);
    let fix = finding.remediation();
    let joined = |parts: Vec<String>| parts.join("; ");
    [
        rule.id.clone(),
        rule.title.clone(),
        rule.service().to_owned(),
        rule.severity.to_string(),
        rule.topic.name().to_owned(),
        finding.outcome.name().to_owned(),
        resource.account.clone(),
        resource.region.clone(),
        resource.kind.to_string(),
        resource.name.clone(),
        resource.arn.clone(),
        joined(resource.tags.iter().map(|(key, value)| format!("{key}={value}")).collect()),
        finding.message.clone(),
        joined(finding.gaps.iter().map(ToString::to_string).collect()),
        fix.cli.as_ref().map_or_else(|| fix.text.clone(), |command| format!("{} {command}", fix.text)),
        joined(rule.controls.iter().flat_map(|(framework, ids)| ids.iter().map(move |id| format!("{framework}:{id}"))).collect()),
        finding.fingerprint.clone(),
        collected_at.to_owned(),
        finding.standing.waiver.as_ref().map(ToString::to_string).unwrap_or_default(),
        finding.standing.since.map(|since| since.name().to_owned()).unwrap_or_default(),
        finding.standing.last_seen.map(|time| time.to_rfc3339()).unwrap_or_default(),
    ]
}

/// The text as spreadsheets take for text: what begins like a formula gets an apostrophe in front.
fn inert(cell: &str) -> String {
    let safe = printable(cell);
    if safe.starts_with(['=', '+', '-', '@']) { format!("'{safe}") } else { safe.into_owned() }
}
