//! SARIF 2.1.0 as GitHub code scanning accepts it: a run an account, and the failures in it.
//!
//! GitHub refuses a whole file for one location that it cannot read, drops in silence what is over
//! its limits, opens an alert for every result, whatever its `kind` or `suppressions`, and closes what
//! is not in the file. So a
//! location is a relative path without a colon (an ARN would be taken for a URI), only failures
//! and those that are carried over are results (waived ones for readers that heed `suppressions`, where
//! they are asked for), an account of which nothing was read has no run, and what is cut is cut here,
//! worst kept, and reported.

mod notes;
mod place;
mod rules;
mod wire;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::SecondsFormat;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::text::{counted, printable};
use super::{BySeverity, Coverage, Report, unreached};
use crate::finding::{Finding, Outcome};
use crate::findings::Grouped;
use crate::gate::waivers::Waived;
use place::Place;

/// GitHub shows so many results of a run. It refuses a run with more than 25,000.
const RESULTS: usize = 5_000;
/// GitHub takes so many runs in a file.
const RUNS: usize = 20;

/// What of a report is written.
#[derive(Debug, Default)]
pub struct Content {
    /// Accounts that are left out, lest an incomplete scan close their alerts.
    pub left_out: BTreeSet<String>,
    /// Whether waived failures are in it, as suppressed.
    pub waived: bool,
}

impl Content {
    /// All but the accounts of which nothing was reached and nothing is carried over, or, more strictly,
    /// but those in which anything was not assessed.
    pub fn of(report: &Report, strict: bool, waived: bool) -> io::Result<Self> {
        let left_out = if strict { incomplete(report)? } else { lost(report)? };
        Ok(Self { left_out, waived })
    }
}

/// The accounts in which something was not assessed.
fn incomplete(report: &Report) -> io::Result<BTreeSet<String>> {
    let mut accounts: BTreeSet<_> = unreached(&report.coverage).map(|(scope, _)| scope.account.clone()).collect();
    for finding in report.findings.iter() {
        let finding = finding?;
        if matches!(finding.outcome, Outcome::NotAssessed | Outcome::CarriedOver) {
            accounts.insert(finding.resource.account.clone());
        }
    }
    Ok(accounts)
}

/// The accounts of which there is nothing, neither seen nor carried over.
fn lost(report: &Report) -> io::Result<BTreeSet<String>> {
    let mut accounts: BTreeSet<_> = unreached(&report.coverage).map(|(scope, _)| scope.account.clone()).collect();
    accounts.retain(|account| !report.coverage.iter().any(|scope| scope.reached && scope.account == *account));
    if !accounts.is_empty() && report.summary.carried_over > 0 {
        for finding in report.findings.iter() {
            let Finding { resource, outcome: Outcome::CarriedOver, .. } = finding? else { continue };
            accounts.remove(&resource.account);
        }
    }
    Ok(accounts)
}

/// What a reader should know of the file beside what is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// The failures that were left out, by account.
    pub cut: BTreeMap<String, BySeverity>,
    /// How many runs the file has, where GitHub refuses so many.
    pub too_many_runs: Option<usize>,
    /// What was not assessed, by account, where no baseline says what had been found there: rules,
    /// and regions that were not reached.
    pub may_close: BTreeMap<String, Vec<String>>,
    /// Accounts that are left out because something was not assessed.
    pub left_out: Vec<String>,
}

impl Notes {
    /// A sentence each, for standard error.
    pub fn sentences(&self) -> Vec<String> {
        let cut = self.cut.iter().map(|(account, BySeverity { critical, high, medium, low })| {
            format!(
                "GitHub shows {RESULTS} results of an account: the worst of {account} are in the file, \
                 {critical} critical, {high} high, {medium} medium and {low} low failures are not"
            )
        });
        let runs = self
            .too_many_runs
            .map(|runs| format!("GitHub takes {RUNS} accounts in a file and this one has {runs}: --sarif-split account writes one a file"));
        let may_close = self.may_close.iter().map(|(account, rules)| {
            format!(
                "GitHub closes alerts that are not in the file: in {account} perhaps those of {}, which could not be assessed \
                 everywhere; --baseline carries them over, --sarif-incomplete refuse leaves the account out",
                some(rules)
            )
        });
        let left_out = (!self.left_out.is_empty())
            .then(|| format!("incomplete accounts are not in the SARIF file, so their alerts stay as they are: {}", self.left_out.join(", ")));
        cut.chain(runs).chain(may_close).chain(left_out).collect()
    }
}

/// The first names, and how many more there are.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let more = names.len().saturating_sub(SHOWN);
    let shown = names[..names.len() - more].join(", ");
    if more > 0 { format!("{shown} and {}", counted(more, "more rule")) } else { shown }
}

/// Whether there is no account to write of. GitHub refuses a file without runs.
pub fn is_empty(report: &Report) -> bool {
    let left_out = &report.sarif.left_out;
    !left_out.is_empty() && report.coverage.iter().all(|scope| left_out.contains(&scope.account))
}

/// Writes the report, and says what the file lacks.
pub fn write(report: &Report, out: &mut impl Write) -> io::Result<Notes> {
    let (accounts, results) = Account::all(report)?;
    let mut results = results.iter().map(|result| result.map(|(_, finding)| finding));
    File::new(report, &mut results).write(&accounts, out)?;
    Ok(notes(report, &accounts))
}

/// Writes a file, when it is handed where to.
pub type WriteFile<'w> = &'w mut dyn FnMut(&mut dyn Write) -> io::Result<()>;

/// Writes a file for each account, in whatever way `file` makes it, and says what the files lack.
pub fn split<E: From<io::Error>>(report: &Report, mut file: impl FnMut(&str, WriteFile<'_>) -> Result<(), E>) -> Result<Notes, E> {
    let (accounts, results) = Account::all(report)?;
    let notes = Notes { too_many_runs: None, ..notes(report, &accounts) };
    let mut results = results.iter().map(|result| result.map(|(_, finding)| finding));
    let writer = File::new(report, &mut results);
    for (id, account) in accounts {
        let one = BTreeMap::from([(id.clone(), account)]);
        file(&id, &mut |out| writer.write(&one, out))?;
    }
    Ok(notes)
}

/// The name of an account's file beside others: `dbmoat.sarif` becomes `dbmoat.111122223333.sarif`.
pub fn path_of(path: &Path, account: &str) -> PathBuf {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{name}.{}.sarif", place::encoded(account)))
}

fn notes(report: &Report, accounts: &BTreeMap<String, Account<'_>>) -> Notes {
    let left_out = report.sarif.left_out.iter().cloned().collect();
    let mut notes = Notes { left_out, too_many_runs: (accounts.len() > RUNS).then_some(accounts.len()), ..Notes::default() };
    for (id, account) in accounts {
        if account.cut != BySeverity::default() {
            notes.cut.insert(id.clone(), account.cut);
        }
        let unreached = account.coverage.iter().filter(|scope| !scope.reached).map(|scope| format!("all rules in {}", scope.region));
        let open: Vec<_> = unreached.chain(account.open.keys().cloned()).collect();
        if !open.is_empty() && report.changes.is_none() {
            notes.may_close.insert(id.clone(), open);
        }
    }
    notes
}

/// One account of the report.
#[derive(Default)]
struct Account<'a> {
    coverage: Vec<&'a Coverage>,
    /// How many failures are written.
    results: usize,
    /// The failures over the limit.
    cut: BySeverity,
    /// What was not assessed, by rule.
    open: BTreeMap<String, notes::Open>,
    /// The places that snapshots share.
    shared: HashSet<String>,
}

impl<'a> Account<'a> {
    /// The accounts, by id, those without findings too: their runs close old alerts; and the results
    /// to write, account by account. GitHub refuses a file without runs, so there is always one.
    fn all(report: &'a Report) -> io::Result<(BTreeMap<String, Self>, Grouped<'a, String>)> {
        let mut accounts: BTreeMap<String, Self> = BTreeMap::new();
        for scope in report.coverage.iter().filter(|scope| !report.sarif.left_out.contains(&scope.account)) {
            accounts.entry(scope.account.clone()).or_default().coverage.push(scope);
        }
        let results = report.findings.grouped(
            |outcome, _| outcome != Outcome::Pass,
            |finding| {
                let finding = finding.finding()?;
                let id = &finding.resource.account;
                if report.sarif.left_out.contains(id) {
                    return Ok(None);
                }
                Ok(accounts.entry(id.clone()).or_default().takes(&finding, report.sarif.waived).then(|| id.clone()))
            },
        )?;
        if accounts.is_empty() {
            accounts.entry(String::new()).or_default();
        }
        Ok((accounts, results))
    }

    /// Whether the finding is a result to write: a failure, the worst where they are too many, and a
    /// snapshot that AWS takes every day only once. Findings come worst first, waived ones last.
    fn takes(&mut self, finding: &Finding, waived: bool) -> bool {
        match finding.outcome {
            Outcome::Waived if waived && finding.standing.waiver.as_ref().is_some_and(|waiver| waiver.outcome == Outcome::Fail) => {}
            Outcome::Pass | Outcome::Waived => return false,
            Outcome::NotAssessed => {
                self.open.entry(finding.rule.id.clone()).or_default().add(finding);
                return false;
            }
            Outcome::Fail | Outcome::CarriedOver => {}
        }
        let place = Place::of(finding);
        if place.shared && !self.shared.insert(place.fingerprint().into_owned()) {
            return false;
        }
        let fits = self.results < RESULTS;
        if fits {
            self.results += 1;
        } else {
            *self.cut.of(finding.rule.severity) += 1;
        }
        fits
    }
}

/// What GitHub tells uploads apart by, up to the last slash, and then what tells this one from those
/// before. The id is empty where nothing was scanned.
fn automation_id(report: &Report, account: &str) -> String {
    let collected_at = report.collected_at.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)).unwrap_or_default();
    let account = if account.is_empty() { String::new() } else { format!("{account}/") };
    format!("{}/aws/{account}{collected_at}", report.tool.name)
}

/// The results, account by account, those of the runs that are written gone.
type Unwritten<'a> = RefCell<&'a mut dyn Iterator<Item = io::Result<Finding>>>;

/// What files are written from: the rules, and the results that are not written yet.
struct File<'a> {
    report: &'a Report,
    rules: Vec<wire::ReportingDescriptor<'a>>,
    rule_index: BTreeMap<&'a str, usize>,
    results: Unwritten<'a>,
}

/// The runs of a file, written one by one.
struct Runs<'r, 'a> {
    file: &'r File<'a>,
    accounts: &'r BTreeMap<String, Account<'a>>,
}

impl Serialize for &Runs<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.accounts.iter().map(|(id, account)| self.file.run(id, account)))
    }
}

impl<'a> File<'a> {
    fn new(report: &'a Report, results: &'a mut dyn Iterator<Item = io::Result<Finding>>) -> Self {
        let rules: Vec<_> = report.rules.iter().chain(&report.carried_rules).map(|rule| rules::descriptor(rule)).collect();
        let rule_index = rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
        Self { report, rules, rule_index, results: RefCell::new(results) }
    }

    fn write(&self, accounts: &BTreeMap<String, Account<'a>>, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        let runs = Runs { file: self, accounts };
        serde_json::to_writer(&mut *out, &wire::Log { schema: wire::SCHEMA, version: wire::VERSION, runs: &runs })?;
        out.write_all(b"\n")
    }

    fn run<'r>(&'r self, id: &str, account: &'r Account<'a>) -> wire::Run<'r, Results<'r, 'a>> {
        let tool = &self.report.tool;
        wire::Run {
            tool: wire::Tool { driver: wire::Driver { name: tool.name, semantic_version: tool.version, rules: &self.rules } },
            automation_details: wire::AutomationDetails { id: automation_id(self.report, id) },
            invocations: [wire::Invocation {
                // False would make GitHub refuse the whole file, for every account in it.
                execution_successful: true,
                end_time_utc: self.report.collected_at,
                tool_execution_notifications: notes::notifications(account, &self.rule_index),
            }],
            results: Results { count: account.results, unwritten: &self.results, rule_index: &self.rule_index },
        }
    }
}

/// The results of a run, written one by one.
struct Results<'r, 'a> {
    count: usize,
    unwritten: &'r Unwritten<'a>,
    rule_index: &'r BTreeMap<&'a str, usize>,
}

impl Serialize for Results<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut unwritten = self.unwritten.borrow_mut();
        let results = (&mut **unwritten).take(self.count);
        crate::report::one_by_one(results, serializer, |sequence, finding| sequence.serialize_element(&result(finding, self.rule_index)))
    }
}

fn result<'a>(finding: &'a Finding, rule_index: &BTreeMap<&str, usize>) -> wire::RunResult<'a> {
    let place = Place::of(finding);
    wire::RunResult {
        rule_id: &finding.rule.id,
        rule_index: rule_index.get(finding.rule.id.as_str()).copied(),
        level: rules::level(finding.rule.severity),
        message: wire::Message { text: message(finding, &place).into() },
        partial_fingerprints: BTreeMap::from([("primaryLocationLineHash", format!("{}:1", place.fingerprint()))]),
        locations: [wire::Location {
            physical_location: wire::PhysicalLocation {
                artifact_location: wire::ArtifactLocation { uri: place.path() },
                region: wire::Region::FIRST,
            },
            logical_locations: [wire::LogicalLocation { name: place.name, fully_qualified_name: place.arn, kind: "resource" }],
        }],
        suppressions: finding.standing.waiver.as_ref().map(|waiver| [suppression(waiver)]),
    }
}

fn suppression(waiver: &Waived) -> wire::Suppression {
    wire::Suppression { kind: "external", status: "accepted", justification: printable(&waiver.to_string()).into_owned() }
}

/// The finding's sentence, which becomes the title of the alert, then the resource.
fn message(finding: &Finding, place: &Place<'_>) -> String {
    let said = place.message();
    let sentence = if said.trim().is_empty() { &finding.rule.title } else { said.trim().trim_end_matches('.') };
    let last_seen = finding.standing.last_seen_sentence().map(|last_seen| format!(" Carried over: {last_seen}.")).unwrap_or_default();
    let last_change = finding.standing.last_change.as_ref().map(|change| format!(" By CloudTrail: {change}.")).unwrap_or_default();
    let text = format!("{sentence}. The {} is {}.{last_seen}{last_change}", finding.resource.kind.noun.0, place.arn);
    without_links(&printable(&text)).into_owned()
}

/// SARIF reads `[text](target)` in a message as a link; a resource's name must not become one.
fn without_links(text: &str) -> Cow<'_, str> {
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::without_links;

    #[test]
    fn a_name_makes_no_link() {
        assert_eq!(without_links("orders [a](https://example.com)"), r"orders \[a\](https://example.com)");
        assert_eq!(without_links(r#"["a"]"#), r#"["a"]"#);
    }
}
