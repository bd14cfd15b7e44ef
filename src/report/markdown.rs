//! Markdown, as GitHub shows it in a job summary: the verdict, the counts, the failures worst first.
//!
//! GitHub refuses a summary of more than 1 MiB as a whole, so rows that would exceed it are left out
//! and counted.

use std::io::{self, Write};

use super::text::{counted, printable};
use super::{BySeverity, Report};
use crate::finding::{Finding, Outcome};

/// What fits `$GITHUB_STEP_SUMMARY`, less the last line.
const MOST_BYTES: usize = 1024 * 1024 - 512;

/// Writes the summary; what does not fit is said in it and in a sentence that comes back.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<Option<String>> {
    let mut page = Page { out, left: MOST_BYTES };
    page.head(report)?;
    let mut cut = page.unreached(report)?;
    cut += page.findings(report, Outcome::Fail, "Failures", &["Severity", "Rule", "Resource", "Account", "Region", "What is wrong"], failure_row)?;
    cut += page.findings(
        report,
        Outcome::NotAssessed,
        "Not assessed",
        &["Rule", "Resource", "Account", "Region", "What could not be read"],
        unread_row,
    )?;
    cut += page.findings(
        report,
        Outcome::CarriedOver,
        "Carried over",
        &["Severity", "Rule", "Resource", "Account", "Region", "Last seen"],
        carried_row,
    )?;
    cut += page.findings(report, Outcome::Waived, "Waived", &["Severity", "Rule", "Resource", "Account", "Region", "Why"], waived_row)?;
    if cut > 0 {
        writeln!(page.out, "\nNot shown for want of space: {}; the other formats have all.", counted(cut, "row"))?;
    }
    Ok((cut > 0).then(|| format!("GitHub takes 1 MiB of Markdown in a job summary: {} left out", counted(cut, "row"))))
}

/// A page that ends before it is too long.
struct Page<'w, W> {
    out: &'w mut W,
    left: usize,
}

impl<W: Write> Page<'_, W> {
    /// Writes the lines if they fit.
    fn put(&mut self, lines: &str) -> io::Result<bool> {
        let fits = lines.len() <= self.left;
        if fits {
            self.left -= lines.len();
            self.out.write_all(lines.as_bytes())?;
        }
        Ok(fits)
    }

    fn head(&mut self, report: &Report) -> io::Result<()> {
        let BySeverity { critical, high, medium, low } = report.summary.fail;
        let incomplete = report.coverage.iter().filter(|scope| !scope.complete).count();
        let head = format!(
            "## {} {}\n\n**Exit {}**: {}\n\n{}| Critical | High | Medium | Low | Not assessed | Passed |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n\
             | {critical} | {high} | {medium} | {low} | {} | {} |\n\n{}, {}, {}{}\n",
            report.tool.name,
            report.tool.version,
            report.verdict.exit_code,
            text(&report.verdict.reason),
            report.since_baseline().map(|sentence| format!("Failures {}.\n\n", text(&sentence))).unwrap_or_default(),
            report.summary.not_assessed,
            report.summary.pass,
            counted(report.summary.resources, "resource"),
            counted(report.summary.rules, "rule"),
            counted(report.coverage.len(), "scope"),
            if incomplete > 0 { format!(", {incomplete} of them incomplete") } else { String::new() },
        );
        self.put(&head).map(drop)
    }

    /// The scopes that were not reached; returns how many rows did not fit.
    fn unreached(&mut self, report: &Report) -> io::Result<usize> {
        let rows = super::unreached(&report.coverage).map(|(scope, why)| Ok(format!("| {} | {} |\n", text(&scope.place()), text(&why))));
        self.table("Not reached", &["Account and region", "Why"], super::unreached(&report.coverage).count(), rows)
    }

    /// The findings with the outcome; returns how many rows did not fit.
    fn findings(&mut self, report: &Report, outcome: Outcome, title: &str, columns: &[&str], row: fn(&Finding) -> String) -> io::Result<usize> {
        let findings = report.findings.iter().filter(|finding| !finding.as_ref().is_ok_and(|finding| finding.outcome != outcome));
        self.table(title, columns, report.findings.tally().of(outcome), findings.map(|finding| Ok(row(&finding?))))
    }

    /// A table of so many rows; returns how many did not fit.
    fn table(&mut self, title: &str, columns: &[&str], count: usize, rows: impl Iterator<Item = io::Result<String>>) -> io::Result<usize> {
        let rule = columns.iter().map(|_| "| --- ").collect::<String>();
        if count == 0 || !self.put(&format!("\n### {title}\n\n| {} |\n{rule}|\n", columns.join(" | ")))? {
            return Ok(count);
        }
        for (position, row) in rows.enumerate() {
            if !self.put(&row?)? {
                return Ok(count - position);
            }
        }
        Ok(0)
    }
}

fn failure_row(finding: &Finding) -> String {
    row_of(finding, &finding.message)
}

fn row_of(finding: &Finding, said: &str) -> String {
    let resource = &finding.resource;
    format!(
        "| {} | {} | {} | {} | {} | {} |\n",
        finding.rule.severity,
        text(&finding.rule.id),
        text(&resource.name),
        text(&resource.account),
        text(&resource.region),
        text(said)
    )
}

fn carried_row(finding: &Finding) -> String {
    row_of(finding, &finding.standing.last_seen_sentence().unwrap_or_default())
}

fn waived_row(finding: &Finding) -> String {
    row_of(finding, &finding.standing.waiver.as_ref().map(ToString::to_string).unwrap_or_default())
}

fn unread_row(finding: &Finding) -> String {
    let resource = &finding.resource;
    let gaps: Vec<_> = finding.gaps.iter().map(ToString::to_string).collect();
    format!(
        "| {} | {} | {} | {} | {} |\n",
        text(&finding.rule.id),
        text(&resource.name),
        text(&resource.account),
        text(&resource.region),
        text(&gaps.join("; "))
    )
}

/// The text as Markdown that reads as it is: whatever could be markup is escaped.
pub(super) fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in printable(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '!' | '|' | '~' | '&' | '$' | '@') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
