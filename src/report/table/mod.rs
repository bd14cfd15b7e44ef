//! For a person at a terminal: worst first, what is wrong and how to mend it.
//!
//! Whether there is a terminal, how wide it is and whether it has colours is for the caller to know.

mod page;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::text::counted;
use super::{Coverage, Report};
use crate::engine::{Rule, Severity};
use crate::finding::{Finding, Outcome, ResourceRef, Standing};
use crate::gate::baseline::Since;
use crate::inventory::{GLOBAL, Reason};
use crate::spill::{Item, Sorter};
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
    failures(&mut page, report, options.verbose)?;
    if !options.verbose && report.summary.fail.medium + report.summary.fail.low > 0 {
        page.text(2, DIM, "--verbose lists these too; -o json has every detail")?;
    }
    not_assessed(&mut page, report)?;
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

/// The failures by severity and rule.
fn failures<W: Write>(page: &mut Page<'_, W>, report: &Report, verbose: bool) -> io::Result<()> {
    let by_severity = |rule: &Rule| (Reverse(rule.severity), rule.id.clone());
    let listed = |rule: &Rule| verbose || rule.severity >= Severity::High;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let shown = report.findings.grouped(|Finding { rule, outcome, .. }| {
        if *outcome != Outcome::Fail || !listed(rule) {
            return None;
        }
        let seen = seen.entry(rule.id.clone()).or_default();
        *seen += 1;
        (verbose || *seen <= MOST_RESOURCES).then(|| by_severity(rule))
    })?;
    let mut shown = shown.iter().map(|finding| finding.map(|(_, finding)| finding));
    let mut failed: Vec<_> = report.findings.tally().iter().filter(|(outcome, ..)| *outcome == Outcome::Fail).collect();
    failed.sort_by_key(|(_, rule, _)| by_severity(rule));
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
            if listed(rule) {
                page.gap()?;
            }
            rule_line(page, rule, *count)?;
            if listed(rule) {
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

/// What one operation left open.
#[derive(Default)]
struct Open {
    rules: BTreeSet<String>,
    resources: usize,
    /// Listings that failed: how many resources they would have named, nobody knows.
    listings: BTreeSet<(String, String, String)>,
    message: String,
    /// The resource that came last: its findings mostly come together.
    last: Option<Arc<ResourceRef>>,
}

/// A resource and the cause, by its position among all, of what is open on it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Touched {
    cause: usize,
    arn: String,
}

impl Item for Touched {
    type Block = Vec<Self>;
}

impl Open {
    fn extent(&self) -> String {
        let mut on = Vec::new();
        if self.resources > 0 {
            on.push(counted(self.resources, "resource"));
        }
        if !self.listings.is_empty() {
            on.push(counted(self.listings.len(), "unread listing"));
        }
        format!("{} open on {}", counted(self.rules.len(), "rule"), on.join(" and "))
    }
}

/// What could not be judged, by the operation that did not answer and why.
fn not_assessed<W: Write>(page: &mut Page<'_, W>, report: &Report) -> io::Result<()> {
    let mut causes: BTreeMap<(String, Reason), usize> = BTreeMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut resources = Sorter::new(RESOURCES_IN_MEMORY);
    for finding in report.findings.iter() {
        let Finding { rule, outcome: Outcome::NotAssessed | Outcome::CarriedOver, resource, gaps, .. } = finding? else { continue };
        for gap in gaps {
            let cause = *causes.entry((gap.operation, gap.reason)).or_insert_with(|| {
                open.push(Open::default());
                open.len() - 1
            });
            let open = &mut open[cause];
            open.rules.insert(rule.id.clone());
            if resource.is_listing() {
                open.listings.insert((resource.account.clone(), resource.region.clone(), resource.name.clone()));
            } else if open.last.as_ref() != Some(&resource) {
                resources.push(Touched { cause, arn: resource.arn.clone() })?;
                open.last = Some(Arc::clone(&resource));
            }
            open.message = gap.message;
        }
    }
    let mut last = None;
    for resource in resources.finish().iter() {
        let resource = resource?;
        if last.as_ref() != Some(&resource) {
            open[resource.cause].resources += 1;
        }
        last = Some(resource);
    }
    if open.is_empty() {
        return Ok(());
    }
    page.gap()?;
    page.labelled(0, OPEN, "NOT ASSESSED", &format!("{} of a rule on a resource", counted(report.summary.not_assessed, "judgement")))?;
    for ((operation, reason), cause) in &causes {
        let open = &open[*cause];
        page.labelled(2, BOLD, operation, &format!("{reason}: {}", open.extent()))?;
        page.text(4, PLAIN, &open.message)?;
    }
    Ok(())
}

/// How many resources with something unread memory holds to count each once.
const RESOURCES_IN_MEMORY: usize = 1 << 16;

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
