//! For a person at a terminal: worst first, what is wrong and how to mend it.
//!
//! Whether there is a terminal, how wide it is and whether it has colours is for the caller to know.

mod page;
mod unread;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::text::counted;
use super::{Coverage, Report};
use crate::engine::{Rule, Severity};
use crate::finding::{Finding, Outcome, Standing};
use crate::findings::Grouped;
use crate::gate::baseline::Since;
use crate::inventory::GLOBAL;
use page::{BOLD, DIM, PLAIN, Page, style_of};
use unread::Unread;

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
    let (shown, unread) = look_through(report, options.verbose)?;
    head(&mut page, report)?;
    failures(&mut page, report, &shown, options.verbose)?;
    if !options.verbose && report.summary.fail.medium + report.summary.fail.low > 0 {
        page.text(2, DIM, "--verbose lists these too; -o json has every detail")?;
    }
    unread.write(&mut page, report.summary.not_assessed)?;
    carried_over(&mut page, report)?;
    waived(&mut page, report)?;
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

/// The order of the failures: by severity and rule.
type Place = (Reverse<Severity>, String);

fn place(rule: &Rule) -> Place {
    (Reverse(rule.severity), rule.id.clone())
}

/// The least severity of failures that are listed; the others are counted.
pub fn least_listed(verbose: bool) -> Severity {
    if verbose { Severity::Low } else { Severity::High }
}

/// Whether the failures of rules of that severity are listed.
fn is_listed(severity: Severity, verbose: bool) -> bool {
    severity >= least_listed(verbose)
}

/// The failures to show, and what was not assessed.
fn look_through(report: &Report, verbose: bool) -> io::Result<(Grouped<'_, Place>, Unread)> {
    let mut unread = Unread::default();
    for finding in report.findings.of(|outcome| matches!(outcome, Outcome::NotAssessed | Outcome::CarriedOver)) {
        unread.see(&finding?)?;
    }
    let mut seen = BTreeMap::<String, usize>::new();
    let wanted = |outcome, severity| outcome == Outcome::Fail && is_listed(severity, verbose);
    let shown = report.findings.grouped(wanted, |finding| {
        let rule = finding.rule();
        if !wanted(finding.outcome(), rule.severity) {
            return Ok(None);
        }
        let seen = seen.entry(rule.id.clone()).or_default();
        *seen += 1;
        Ok((verbose || *seen <= MOST_RESOURCES).then(|| place(rule)))
    })?;
    Ok((shown, unread))
}

/// The failures by severity and rule.
fn failures<W: Write>(page: &mut Page<'_, W>, report: &Report, shown: &Grouped<'_, Place>, verbose: bool) -> io::Result<()> {
    let mut shown = shown.iter().map(|finding| finding.map(|(_, finding)| finding));
    let mut failed: Vec<_> = report.findings.tally().iter().filter(|(outcome, ..)| *outcome == Outcome::Fail).collect();
    failed.sort_by_key(|(_, rule, _)| place(rule));
    for of_severity in failed.chunk_by(|(_, one, _), (_, other, _)| one.severity == other.severity) {
        let severity = of_severity[0].1.severity;
        page.gap()?;
        page.labelled(
            0,
            style_of(severity),
            &severity.name().to_uppercase(),
            &counted(of_severity.iter().map(|(.., count)| count).sum(), "failure"),
        )?;
        for (_, rule, count) in of_severity {
            if is_listed(rule.severity, verbose) {
                page.gap()?;
            }
            rule_line(page, rule, *count)?;
            if is_listed(rule.severity, verbose) {
                let most = if verbose { *count } else { MOST_RESOURCES };
                resources(page, shown.by_ref().take(most.min(*count)), *count, verbose)?;
            }
        }
    }
    Ok(())
}

fn rule_line<W: Write>(page: &mut Page<'_, W>, rule: &Rule, count: usize) -> io::Result<()> {
    page.labelled(2, BOLD, &rule.id, &counted(count, "resource"))?;
    page.text(4, PLAIN, &rule.title)
}

/// Each resource with what is wrong, then how to mend it: the same for all but for the name.
fn resources<W: Write>(page: &mut Page<'_, W>, findings: impl Iterator<Item = io::Result<Finding>>, count: usize, verbose: bool) -> io::Result<()> {
    let mut first = None;
    for finding in findings {
        let finding = finding?;
        resource(page, &finding, verbose)?;
        first.get_or_insert(finding);
    }
    if !verbose && count > MOST_RESOURCES {
        page.text(4, DIM, &format!("and {} more: --verbose lists them", count - MOST_RESOURCES))?;
    }
    first.iter().try_for_each(|first| remediation(page, first, count, verbose))
}

fn resource<W: Write>(page: &mut Page<'_, W>, finding: &Finding, verbose: bool) -> io::Result<()> {
    let resource = &finding.resource;
    let new = if finding.standing.since == Some(Since::New) { ", new" } else { "" };
    page.labelled(4, BOLD, &format!("- {}", resource.name), &format!("{} {}{new}", resource.account, resource.region))?;
    page.text(6, PLAIN, &finding.message)?;
    for path in internet_paths(finding) {
        page.text(6, DIM, &path)?;
    }
    if let Some(change) = &finding.standing.last_change {
        page.text(6, DIM, &change.to_string())?;
    }
    if verbose {
        finding.remediation().cli.iter().try_for_each(|command| page.command(6, command))?;
    }
    Ok(())
}

/// How many resources of a rule are shown; the rest is counted, so that a large account does not
/// drown its reader.
const MOST_RESOURCES: usize = 20;

/// Who gets in, and which way.
fn internet_paths(finding: &Finding) -> Vec<String> {
    finding.evidence.values().remove("network.internet_paths").and_then(|paths| serde_json::from_value(paths).ok()).unwrap_or_default()
}

/// How to mend it; where there are several resources and not every command is listed, that of the
/// first as an example.
fn remediation<W: Write>(page: &mut Page<'_, W>, first: &Finding, count: usize, verbose: bool) -> io::Result<()> {
    let (remediation, resource) = (first.remediation(), &first.resource);
    if !remediation.text.is_empty() {
        page.labelled(4, BOLD, "Fix:", &remediation.text)?;
    }
    match (&remediation.cli, &remediation.terraform) {
        (_, Some(terraform)) if verbose => terraform.trim_end().lines().try_for_each(|line| page.text(6, DIM, line)),
        (Some(command), _) if !verbose => {
            if count > 1 {
                page.text(6, PLAIN, &format!("for {}:", resource.name))?;
            }
            page.command(6, command)
        }
        _ => Ok(()),
    }
}

/// What failed before and was not assessed now.
fn carried_over<W: Write>(page: &mut Page<'_, W>, report: &Report) -> io::Result<()> {
    if report.summary.carried_over == 0 {
        return Ok(());
    }
    page.gap()?;
    page.labelled(0, BOLD, "CARRIED OVER", &format!("{} of the baseline, not assessed now", counted(report.summary.carried_over, "failure")))?;
    for finding in report.findings.iter() {
        let Finding { rule, resource, outcome: Outcome::CarriedOver, standing, .. } = finding? else { continue };
        let last_seen = standing.last_seen.map(|time| time.format(", last seen %Y-%m-%d").to_string()).unwrap_or_default();
        let place = format!("({}) on {} in {} {}{last_seen}", rule.severity, resource.name, resource.account, resource.region);
        page.labelled(2, PLAIN, &rule.id, &place)?;
    }
    Ok(())
}

/// What somebody answers for.
fn waived<W: Write>(page: &mut Page<'_, W>, report: &Report) -> io::Result<()> {
    if report.summary.waived == 0 {
        return Ok(());
    }
    page.gap()?;
    page.labelled(0, BOLD, "WAIVED", &counted(report.summary.waived, "finding"))?;
    for finding in report.findings.iter() {
        let Finding { rule, resource, standing: Standing { waiver: Some(waiver), .. }, .. } = finding? else { continue };
        page.labelled(
            2,
            PLAIN,
            &rule.id,
            &format!("{} ({}) on {} in {} {}", waiver.outcome.name(), rule.severity, resource.name, resource.account, resource.region),
        )?;
        page.text(4, DIM, &waiver.to_string())?;
    }
    Ok(())
}

/// The scopes that were not read to the end; all scopes where every detail is wanted.
fn coverage<W: Write>(page: &mut Page<'_, W>, coverage: &[Coverage], verbose: bool) -> io::Result<()> {
    let complete = coverage.iter().filter(|scope| scope.complete).count();
    page.gap()?;
    page.labelled(0, BOLD, "COVERAGE", &format!("{complete} of {} complete", counted(coverage.len(), "scope")))?;
    for scope in coverage.iter().filter(|scope| verbose || !scope.complete) {
        if let Some(why) = scope.not_reached() {
            page.labelled(2, PLAIN, &scope.place(), &why)?;
            continue;
        }
        let gaps: Vec<_> = scope.gaps.iter().map(|gap| format!("{} ({})", gap.operation, gap.reason)).collect();
        let unread = if gaps.is_empty() { String::new() } else { format!("; not read: {}", gaps.join(", ")) };
        page.labelled(2, PLAIN, &scope.place(), &format!("{}{unread}", counted(scope.resources, "resource")))?;
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
    report.since_baseline().iter().try_for_each(|sentence| page.text(2, PLAIN, sentence))?;
    page.labelled(0, BOLD, &format!("exit {}", report.verdict.exit_code), &report.verdict.reason)
}
