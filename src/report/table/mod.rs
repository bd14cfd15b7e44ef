//! For a person at a terminal: worst first, what is wrong and how to mend it.
//!
//! Whether there is a terminal, how wide it is and whether it has colours is for the caller to know.

mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::text::counted;
use super::{Coverage, Report};
use crate::engine::{Rule, Severity};
use crate::finding::{Finding, Outcome};
use crate::inventory::{GLOBAL, Gap, Reason};
use page::{BOLD, DIM, OPEN, PLAIN, Page, style_of};

/// How to write for a terminal.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Columns.
    pub width: usize,
    pub colour: bool,
    /// Whether every failure and every scope is listed, whatever its severity.
    pub verbose: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 80, colour: false, verbose: false }
    }
}

/// Writes the report.
pub fn write(report: &Report, options: &Options, out: &mut impl Write) -> io::Result<()> {
    let mut page = Page::new(out, options.width, options.colour);
    head(&mut page, report)?;
    for severity in [Severity::Critical, Severity::High, Severity::Medium, Severity::Low] {
        failures(&mut page, report, severity, options.verbose)?;
    }
    if !options.verbose && report.summary.fail.medium + report.summary.fail.low > 0 {
        page.text(2, DIM, "--verbose lists these too; -o json has every detail")?;
    }
    not_assessed(&mut page, report)?;
    coverage(&mut page, &report.coverage, options.verbose)?;
    summary(&mut page, report)
}

fn head<W: Write>(page: &mut Page<'_, W>, report: &Report) -> io::Result<()> {
    let accounts: BTreeSet<_> = report.coverage.iter().map(|scope| &scope.account).collect();
    // What an account has once is of no region.
    let regions: BTreeSet<_> = report.coverage.iter().map(|scope| scope.region.as_str()).filter(|region| *region != GLOBAL).collect();
    let scanned = format!(
        "{} in {} and {}, {}",
        counted(report.summary.resources, "resource"),
        counted(accounts.len(), "account"),
        counted(regions.len(), "region"),
        counted(report.summary.rules, "rule")
    );
    let collected = report.collected_at.map(|time| time.format(", collected %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    page.labelled(0, BOLD, &format!("{} {}", report.tool.name, report.tool.version), &(scanned + &collected))
}

/// The failures of a severity, by rule.
fn failures<W: Write>(page: &mut Page<'_, W>, report: &Report, severity: Severity, verbose: bool) -> io::Result<()> {
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.outcome == Outcome::Fail && finding.rule.severity == severity) {
        by_rule.entry(&finding.rule.id).or_default().push(finding);
    }
    if by_rule.is_empty() {
        return Ok(());
    }
    let listed = verbose || severity >= Severity::High;
    page.gap()?;
    let count: usize = by_rule.values().map(Vec::len).sum();
    page.labelled(0, style_of(severity), &severity.name().to_uppercase(), &counted(count, "failure"))?;
    for findings in by_rule.values() {
        if listed {
            page.gap()?;
        }
        rule_line(page, &findings[0].rule, findings.len())?;
        if listed {
            resources(page, findings, verbose)?;
        }
    }
    Ok(())
}

fn rule_line<W: Write>(page: &mut Page<'_, W>, rule: &Rule, count: usize) -> io::Result<()> {
    page.labelled(2, BOLD, &rule.id, &counted(count, "resource"))?;
    page.text(4, PLAIN, &rule.title)
}

/// Each resource with what is wrong, then how to mend it: the same for all but for the name.
fn resources<W: Write>(page: &mut Page<'_, W>, findings: &[&Finding], verbose: bool) -> io::Result<()> {
    let shown = if verbose { findings.len() } else { findings.len().min(MOST_RESOURCES) };
    for finding in &findings[..shown] {
        let resource = &finding.resource;
        page.labelled(4, BOLD, &format!("- {}", resource.name), &format!("{} {}", resource.account, resource.region))?;
        page.text(6, PLAIN, &finding.message)?;
        for path in internet_paths(finding) {
            page.text(6, DIM, path)?;
        }
        if verbose {
            finding.remediation.cli.iter().try_for_each(|command| page.command(6, command))?;
        }
    }
    if shown < findings.len() {
        page.text(4, DIM, &format!("and {} more: --verbose lists them", findings.len() - shown))?;
    }
    remediation(page, findings, verbose)
}

/// How many resources of a rule are shown; the rest is counted, so that a large account does not
/// drown its reader.
const MOST_RESOURCES: usize = 20;

/// Who gets in, and which way.
fn internet_paths(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.evidence.get("network.internet_paths").and_then(|paths| paths.as_array()).into_iter().flatten().filter_map(|path| path.as_str())
}

/// How to mend it; where there are several resources and not every command is listed, that of the
/// first as an example.
fn remediation<W: Write>(page: &mut Page<'_, W>, findings: &[&Finding], verbose: bool) -> io::Result<()> {
    let Finding { remediation, resource, .. } = findings[0];
    if !remediation.text.is_empty() {
        page.labelled(4, BOLD, "Fix:", &remediation.text)?;
    }
    match (&remediation.cli, &remediation.terraform) {
        (_, Some(terraform)) if verbose => terraform.trim_end().lines().try_for_each(|line| page.text(6, DIM, line)),
        (Some(command), _) if !verbose => {
            if findings.len() > 1 {
                page.text(6, PLAIN, &format!("for {}:", resource.name))?;
            }
            page.command(6, command)
        }
        _ => Ok(()),
    }
}

/// What one operation left open.
#[derive(Default)]
struct Open<'a> {
    rules: BTreeSet<&'a str>,
    resources: BTreeSet<&'a str>,
    /// Listings that failed: how many resources they would have named, nobody knows.
    listings: BTreeSet<(&'a str, &'a str, &'a str)>,
    message: &'a str,
}

impl<'a> Open<'a> {
    fn add(&mut self, finding: &'a Finding, gap: &'a Gap) {
        let resource = &finding.resource;
        self.rules.insert(&finding.rule.id);
        if resource.arn.ends_with(":*") {
            self.listings.insert((&resource.account, &resource.region, &resource.name));
        } else {
            self.resources.insert(&resource.arn);
        }
        self.message = &gap.message;
    }

    fn extent(&self) -> String {
        let mut on = Vec::new();
        if !self.resources.is_empty() {
            on.push(counted(self.resources.len(), "resource"));
        }
        if !self.listings.is_empty() {
            on.push(counted(self.listings.len(), "unread listing"));
        }
        format!("{} open on {}", counted(self.rules.len(), "rule"), on.join(" and "))
    }
}

/// What could not be judged, by the operation that did not answer and why.
fn not_assessed<W: Write>(page: &mut Page<'_, W>, report: &Report) -> io::Result<()> {
    let mut open: BTreeMap<(&str, Reason), Open<'_>> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.outcome == Outcome::NotAssessed) {
        for gap in &finding.gaps {
            open.entry((&gap.operation, gap.reason)).or_default().add(finding, gap);
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.labelled(0, OPEN, "NOT ASSESSED", &format!("{} of a rule on a resource", counted(report.summary.not_assessed, "judgement")))?;
    for ((operation, reason), open) in open {
        page.labelled(2, BOLD, operation, &format!("{reason}: {}", open.extent()))?;
        page.text(4, PLAIN, open.message)?;
    }
    Ok(())
}

/// The scopes that were not read to the end; all scopes where every detail is wanted.
fn coverage<W: Write>(page: &mut Page<'_, W>, coverage: &[Coverage], verbose: bool) -> io::Result<()> {
    let complete = coverage.iter().filter(|scope| scope.complete).count();
    page.gap()?;
    page.labelled(0, BOLD, "COVERAGE", &format!("{complete} of {} complete", counted(coverage.len(), "scope")))?;
    for scope in coverage.iter().filter(|scope| verbose || !scope.complete) {
        let gaps: Vec<_> = scope.gaps.iter().map(|gap| format!("{} ({})", gap.operation, gap.reason)).collect();
        let unread = if gaps.is_empty() { String::new() } else { format!("; not read: {}", gaps.join(", ")) };
        let label = format!("{} {}", scope.account, scope.region);
        page.labelled(2, PLAIN, &label, &format!("{}{unread}", counted(scope.resources, "resource")))?;
    }
    Ok(())
}

fn summary<W: Write>(page: &mut Page<'_, W>, report: &Report) -> io::Result<()> {
    let summary = &report.summary;
    let fail = &summary.fail;
    page.gap()?;
    let counts = format!(
        "{} critical, {} high, {} medium, {} low; {} passed, {} not assessed, {} waived",
        fail.critical, fail.high, fail.medium, fail.low, summary.pass, summary.not_assessed, summary.waived
    );
    page.labelled(0, BOLD, "SUMMARY", &counts)?;
    page.labelled(0, BOLD, &format!("exit {}", report.verdict.exit_code), &report.verdict.reason)
}
