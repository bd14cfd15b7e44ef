//! All findings of a scan, worst first: however many they are, memory holds some thousand, and the
//! rest waits in an unnamed temporary file (in the folder that `TMPDIR` names).
//!
//! [`Gathering`] takes them scope by scope, as they are to be reported: who changes or drops findings
//! does so before. [`Findings`] gives them in order, as often as a format wants.

mod kept;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::engine::{Counted, Rule, Severity};
use crate::finding::{Finding, Outcome, ResourceRef};
use crate::inventory::{Resource, ScopeId};
use crate::spill::{Key, Sorted, Sorter};
use kept::{Entry, Mark};

/// How many findings memory holds; some kB each at most.
const IN_MEMORY: usize = 16_384;
/// How many [`Mark`]s take the memory of a finding.
const MARKS: usize = 8;
/// How many findings are unpacked at once.
const AT_ONCE: usize = 1024;
/// How many of these a thread makes text of at a time.
const AT_A_TIME: usize = 64;

/// How many findings there are of each outcome and rule.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By id.
    rules: Arc<[Arc<Rule>]>,
    /// The rules by their positions.
    counts: BTreeMap<(Outcome, usize), usize>,
    /// The failures that the baseline lacks, by rule.
    new: BTreeMap<usize, usize>,
}

impl Tally {
    fn add(&mut self, mark: &Mark) {
        *self.counts.entry((mark.outcome, mark.rule)).or_default() += 1;
        if mark.new {
            *self.new.entry(mark.rule).or_default() += 1;
        }
    }

    /// The rules with findings, by outcome and id, and how many.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, &Arc<Rule>, usize)> {
        self.counts.iter().map(|((outcome, rule), count)| (*outcome, &self.rules[*rule], *count))
    }

    /// How many findings have an outcome.
    pub fn of(&self, outcome: Outcome) -> usize {
        self.iter().filter(|(of, ..)| *of == outcome).map(|(.., count)| count).sum()
    }

    /// How many were not assessed, those that failed in the baseline among them.
    pub fn not_assessed(&self) -> usize {
        self.of(Outcome::NotAssessed) + self.of(Outcome::CarriedOver)
    }

    /// How many failures the baseline lacks, by severity.
    pub fn new_failures(&self) -> impl Iterator<Item = (Severity, usize)> {
        self.new.iter().map(|(rule, count)| (self.rules[*rule].severity, *count))
    }

    /// How many failures there are, by severity.
    pub fn failures(&self) -> impl Iterator<Item = (Severity, usize)> {
        self.iter().filter(|(outcome, ..)| *outcome == Outcome::Fail).map(|(_, rule, count)| (rule.severity, count))
    }
}

/// Takes the findings of one scope after the other.
pub struct Gathering {
    packer: Packer,
    bound: usize,
    entries: Sorter<Entry>,
    marks: Sorter<Mark>,
    /// The scopes that findings are of, in the order in which they came.
    scopes: Mutex<BTreeMap<ScopeId, usize>>,
    /// How many numbers are taken.
    numbers: u64,
    withdrawn: Vec<Range<u64>>,
}

/// The numbers of findings and counted verdicts that belong together.
#[derive(Debug, Clone)]
pub struct Batch(Range<u64>);

impl Gathering {
    /// For findings of these rules.
    pub fn new(rules: impl IntoIterator<Item = Arc<Rule>>) -> Self {
        Self::within(IN_MEMORY, rules)
    }

    /// The same, with so many findings in memory.
    pub fn within(bound: usize, rules: impl IntoIterator<Item = Arc<Rule>>) -> Self {
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        rules.dedup_by(|a, b| a.id == b.id);
        Self {
            packer: Packer { rules: rules.into() },
            bound,
            entries: Sorter::new(bound),
            marks: Sorter::new(MARKS * bound),
            scopes: Mutex::default(),
            numbers: 0,
            withdrawn: Vec::new(),
        }
    }

    /// What packs findings for [`add`](Self::add), wherever they come up.
    pub fn packer(&self) -> Packer {
        self.packer.clone()
    }

    /// Numbers for so many findings and counted verdicts that are to come.
    pub fn batch(&mut self, most: usize) -> Batch {
        let first = self.numbers;
        self.numbers += most as u64;
        Batch(first..self.numbers)
    }

    /// Takes findings, as they are to be reported, and verdicts that are only counted: those of a batch that come after
    /// `before` others. They may come in any order, from several threads.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be written, such as for want of space.
    pub fn add(&self, batch: &Batch, before: usize, packed: Vec<Packed>) -> io::Result<()> {
        let mut numbers = batch.0.start + before as u64..batch.0.end;
        let mut next = || numbers.next().ok_or_else(|| io::Error::other("there are more findings than were announced"));
        for Packed { scope, findings, counted } in packed {
            let scope = {
                let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
                let next = scopes.len();
                *scopes.entry(scope).or_insert(next)
            };
            let (mut entries, mut marks) = (Vec::with_capacity(findings.len()), Vec::with_capacity(findings.len() + counted.len()));
            for (mut entry, mark) in findings {
                let number = next()?;
                entry.number = number;
                entries.push(entry);
                marks.push(Mark { scope, number, ..mark });
            }
            for mark in counted {
                marks.push(Mark { scope, number: next()?, ..mark });
            }
            self.entries.extend(entries)?;
            self.marks.extend(marks)?;
        }
        Ok(())
    }

    /// Takes findings that belong together and are all there.
    ///
    /// # Errors
    ///
    /// When one is of a rule that is not of the scan, and as [`add`](Self::add).
    pub fn add_all(&mut self, findings: &[Finding]) -> io::Result<Batch> {
        let batch = self.batch(findings.len());
        self.add(&batch, 0, self.packer.pack(findings)?)?;
        Ok(batch)
    }

    /// Takes findings back.
    pub fn withdraw(&mut self, batch: Batch) {
        self.withdrawn.push(batch.0);
    }

    /// All that came, counted. What two scopes both reported is there once, with the worse outcome
    /// (a global cluster shows in each of its regions).
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read.
    pub fn finish(self) -> io::Result<Findings> {
        let mut findings = Findings {
            bound: self.bound,
            entries: self.entries.finish()?,
            withdrawn: self.withdrawn,
            repeated: BTreeSet::new(),
            tally: Tally { rules: self.packer.rules, counts: BTreeMap::new(), new: BTreeMap::new() },
        };
        let scopes = self.scopes.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut place = vec![0; scopes.len()];
        scopes.values().enumerate().for_each(|(among_all, scope)| place[*scope] = among_all);
        let mut reported: Option<Mark> = None;
        for mark in self.marks.finish()?.iter() {
            let mark = mark?;
            if !findings.shows(mark.number) {
                continue;
            }
            let Some(other) = reported.filter(|other| other.fingerprint == mark.fingerprint) else {
                reported.iter().for_each(|mark| findings.tally.add(mark));
                reported = Some(mark);
                continue;
            };
            // Of several alike the worst came first; of those with one outcome the scope decides, not the order of scopes.
            let replaces = mark.outcome == other.outcome && place[mark.scope] < place[other.scope];
            findings.repeated.insert(if replaces { other.number } else { mark.number });
            reported = Some(if replaces { mark } else { other });
        }
        reported.iter().for_each(|mark| findings.tally.add(mark));
        Ok(findings)
    }
}

/// Packs findings of the rules of a scan.
#[derive(Clone)]
pub struct Packer {
    /// By id.
    rules: Arc<[Arc<Rule>]>,
}

/// What came of a scope, packed, but for the numbers and the scope of each.
pub struct Packed {
    scope: ScopeId,
    findings: Vec<(Entry, Mark)>,
    /// Of verdicts that are no findings.
    counted: Vec<Mark>,
}

impl Packer {
    /// Packs findings; those of one resource that come together share it.
    ///
    /// # Errors
    ///
    /// When one is of a rule that is not of the scan.
    pub fn pack(&self, findings: &[Finding]) -> io::Result<Vec<Packed>> {
        let of_scope = |findings: &[Finding]| {
            let ResourceRef { account, region, .. } = findings[0].resource.as_ref();
            let scope = ScopeId { account: account.clone(), region: region.clone() };
            Ok(Packed { scope, findings: kept::packed(findings, &self.rules)?, counted: Vec::new() })
        };
        let alike = |one: &ResourceRef, next: &ResourceRef| (&one.account, &one.region) == (&next.account, &next.region);
        findings.chunk_by(|one, next| alike(&one.resource, &next.resource)).map(of_scope).collect()
    }

    /// Packs verdicts that are only counted.
    ///
    /// # Errors
    ///
    /// When one is of a rule that is not of the scan.
    pub fn count(&self, counted: &[Counted<'_>]) -> io::Result<Vec<Packed>> {
        let of_scope = |counted: &[Counted<'_>]| {
            let Resource { account, region, .. } = counted[0].resource;
            let scope = ScopeId { account: account.clone(), region: region.clone() };
            Ok(Packed { scope, findings: Vec::new(), counted: kept::marks(counted, &self.rules)? })
        };
        let alike = |one: &Resource, next: &Resource| (&one.account, &one.region) == (&next.account, &next.region);
        counted.chunk_by(|one, next| alike(one.resource, next.resource)).map(of_scope).collect()
    }
}

/// The findings of a report: worst first, then by resource and rule.
pub struct Findings {
    bound: usize,
    entries: Sorted<Entry>,
    withdrawn: Vec<Range<u64>>,
    repeated: BTreeSet<u64>,
    tally: Tally,
}

impl Findings {
    /// How many there are.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The findings in order, one at a time. After an error there are no more.
    pub fn iter(&self) -> impl Iterator<Item = io::Result<Finding>> {
        self.of(|_| true)
    }

    /// The same of those that have the outcomes wanted.
    pub fn of(&self, wanted: fn(Outcome) -> bool) -> impl Iterator<Item = io::Result<Finding>> {
        let mut shown = self.shown(move |outcome, _| wanted(outcome)).filter(move |entry| entry.as_ref().map_or(true, |entry| wanted(entry.outcome)));
        let mut unpacked = Vec::new().into_iter();
        std::iter::from_fn(move || {
            if unpacked.len() == 0 {
                let packed: Vec<_> = shown.by_ref().take(AT_ONCE).collect();
                let unpack = |entry: io::Result<Entry>| entry?.finding(&self.tally.rules);
                unpacked = packed.into_par_iter().map(unpack).collect::<Vec<_>>().into_iter();
            }
            unpacked.next()
        })
    }

    /// Writes the findings in order, each as `text` puts it behind others. Some thousand at a time are made text, side by
    /// side, while the next are read.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read, and when `out` cannot be written or `text` fails.
    pub fn write(&self, out: &mut impl io::Write, text: impl Fn(&Finding, &mut Vec<u8>) -> io::Result<()> + Sync) -> io::Result<()> {
        let mut shown = self.shown(|_, _| true);
        let mut next = || shown.by_ref().take(AT_ONCE).collect::<io::Result<Vec<_>>>();
        let texts_of = |entries: &[Entry]| {
            let mut texts = Vec::new();
            entries.iter().try_for_each(|entry| text(&entry.finding(&self.tally.rules)?, &mut texts))?;
            Ok(texts)
        };
        let mut entries = next()?;
        while !entries.is_empty() {
            let (mut texts, mut following) = (Ok(Vec::new()), Ok(Vec::new()));
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| texts = entries.par_chunks(AT_A_TIME).map(texts_of).collect::<io::Result<_>>());
                following = next();
            });
            texts?.iter().try_for_each(|text: &Vec<u8>| out.write_all(text))?;
            entries = following?;
        }
        Ok(())
    }

    /// Those of some outcomes and severities as they are kept; perhaps others too.
    fn shown(&self, wanted: impl Fn(Outcome, Severity) -> bool) -> impl Iterator<Item = io::Result<Entry>> {
        self.entries
            .of(|(outcome, Reverse(severity))| wanted(outcome, severity))
            .filter(|entry| !entry.as_ref().is_ok_and(|entry| !self.shows(entry.number)))
    }

    /// The same findings, each changed in what does not decide its place.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read or written.
    pub fn map(self, mut change: impl FnMut(&mut Finding)) -> io::Result<Self> {
        let mut changed = Gathering::within(self.bound, self.tally.rules.iter().cloned());
        let mut findings = self.iter();
        loop {
            let mut some: Vec<_> = findings.by_ref().take(AT_ONCE).collect::<io::Result<_>>()?;
            if some.is_empty() {
                // What is only counted is no finding, and stays counted.
                return Ok(Self { tally: self.tally.clone(), ..changed.finish()? });
            }
            some.iter_mut().for_each(&mut change);
            changed.add_all(&some)?;
        }
    }

    /// The findings by the group that each is put in, in the order of groups and within one in their own; those that are
    /// put in none are left out. Only those of `wanted` outcomes and severities are sure to be looked at.
    ///
    /// # Errors
    ///
    /// When the temporary file cannot be read or written, and when `group` does.
    pub fn grouped<G: Key>(
        &self,
        wanted: impl Fn(Outcome, Severity) -> bool,
        mut group: impl FnMut(&Glance<'_>) -> io::Result<Option<G>>,
    ) -> io::Result<Grouped<'_, G>> {
        let sorter = Sorter::new(self.bound);
        for entry in self.shown(wanted) {
            let entry = entry?;
            if let Some(group) = group(&Glance { entry: &entry, rules: &self.tally.rules })? {
                sorter.extend([(group, entry)])?;
            }
        }
        Ok(Grouped { rules: &self.tally.rules, entries: sorter.finish()? })
    }

    fn shows(&self, number: u64) -> bool {
        !self.withdrawn.iter().any(|batch| batch.contains(&number)) && !self.repeated.contains(&number)
    }
}

impl std::fmt::Debug for Findings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// What is seen of a finding without unpacking it.
pub struct Glance<'f> {
    entry: &'f Entry,
    rules: &'f [Arc<Rule>],
}

impl Glance<'_> {
    /// Its rule.
    pub fn rule(&self) -> &Arc<Rule> {
        &self.rules[self.entry.rule]
    }

    /// What the rule says.
    pub fn outcome(&self) -> Outcome {
        self.entry.outcome
    }

    /// All of it.
    ///
    /// # Errors
    ///
    /// When what the temporary file held is damaged.
    pub fn finding(&self) -> io::Result<Finding> {
        self.entry.finding(self.rules)
    }
}

/// Findings in groups.
pub struct Grouped<'f, G: Key> {
    rules: &'f [Arc<Rule>],
    entries: Sorted<(G, Entry)>,
}

impl<G: Key> Grouped<'_, G> {
    /// The findings, each with its group.
    pub fn iter(&self) -> impl Iterator<Item = io::Result<(G, Finding)>> {
        self.entries.iter().map(|entry| {
            let (group, entry) = entry?;
            Ok((group, entry.finding(self.rules)?))
        })
    }
}
