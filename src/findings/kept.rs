//! What is kept of a finding: the finding itself, and what is counted of it.

use std::cell::RefCell;
use std::cmp::{Ordering, Reverse};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::{Counted, Rule, Severity};
use crate::evidence::Evidence;
use crate::finding::{Finding, Fix, Outcome, ResourceRef, Standing, fingerprint_number};
use crate::gate::baseline::Since;
use crate::inventory::Gap;
use crate::spill::{Item, Key};

/// A finding as it is kept: what decides its place, and the rest packed, because to sort, to write and to look through
/// findings takes no more. Its rule is the position in the list of rules. In the file its resource is a position too,
/// because a resource has several findings.
#[derive(Clone, Serialize, Deserialize)]
pub struct Entry<R = Arc<Held>, P = Bytes> {
    pub outcome: Outcome,
    severity: Severity,
    resource: R,
    pub rule: usize,
    pub number: u64,
    packed: P,
}

/// A resource as it is kept: what decides its place, and all of it packed.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct Held<P = Bytes> {
    arn: P,
    packed: P,
}

impl Held {
    fn resource(&self) -> io::Result<ResourceRef> {
        unpacked(&self.packed)
    }
}

/// By ARN, and those of one ARN by the rest.
impl Ord for Held {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_rest = || match (self.resource(), other.resource()) {
            _ if self.packed == other.packed => Ordering::Equal,
            (Ok(one), Ok(two)) => one.cmp(&two),
            _ => self.packed.cmp(&other.packed),
        };
        self.arn.cmp(&other.arn).then_with(by_rest)
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

thread_local! {
    /// Where values are packed, since how long one becomes is not known before.
    static SCRATCH: RefCell<Vec<u8>> = RefCell::default();
}

/// Packs a value behind others; how long it became.
fn pack(value: &impl Serialize, others: &mut Vec<u8>) -> io::Result<usize> {
    let before = others.len();
    *others = postcard::to_extend(value, std::mem::take(others)).map_err(io::Error::other)?;
    Ok(others.len() - before)
}

fn unpacked<'p, T: Deserialize<'p>>(packed: &'p [u8]) -> io::Result<T> {
    postcard::from_bytes(packed).map_err(io::Error::other)
}

/// What is packed of a finding.
#[derive(Deserialize)]
struct Rest {
    message: String,
    evidence: Evidence,
    gaps: Vec<Gap>,
    fix: Option<Fix>,
    fingerprint: String,
    #[serde(deserialize_with = "standing_from_text")]
    standing: Standing,
}

/// The same, still in the finding.
#[derive(Serialize)]
struct RestOf<'f> {
    message: &'f str,
    #[serde(serialize_with = "evidence_as_text")]
    evidence: &'f Evidence,
    gaps: &'f [Gap],
    fix: &'f Option<Fix>,
    fingerprint: &'f str,
    #[serde(serialize_with = "standing_as_text")]
    standing: &'f Standing,
}

/// Findings without their numbers and their scope. All are parts of one piece of memory, because some other thread frees it.
/// Those of one resource that come together share it.
///
/// # Errors
///
/// When one is of a rule that is not among `rules`, which are in the order of their ids.
pub fn packed(findings: &[Finding], rules: &[Arc<Rule>]) -> io::Result<Vec<(Entry, Mark)>> {
    let of_resources = || findings.chunk_by(|one, next| Arc::ptr_eq(&one.resource, &next.resource));
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.clear();
        let mut lengths = Vec::with_capacity(2 * findings.len());
        for findings in of_resources() {
            let resource = &findings[0].resource;
            scratch.extend_from_slice(resource.arn.as_bytes());
            lengths.push(pack(resource.as_ref(), scratch)?);
            for Finding { message, evidence, gaps, fix, fingerprint, standing, .. } in findings {
                lengths.push(pack(&RestOf { message, evidence, gaps, fix, fingerprint, standing }, scratch)?);
            }
        }
        let mut all = Bytes::copy_from_slice(scratch);
        let mut lengths = lengths.into_iter();
        let mut part = |all: &mut Bytes| all.split_to(lengths.next().unwrap_or_default());
        let mut packed = Vec::with_capacity(findings.len());
        for findings in of_resources() {
            let held = Arc::new(Held { arn: all.split_to(findings[0].resource.arn.len()), packed: part(&mut all) });
            let mut before = 0;
            for finding in findings {
                let rule = position(&finding.rule, rules, before)?;
                let (outcome, severity, resource) = (finding.outcome, finding.rule.severity, Arc::clone(&held));
                let entry = Entry { outcome, severity, resource, rule, number: 0, packed: part(&mut all) };
                let mark = Mark::of(finding, &entry);
                packed.push((entry, mark));
                before = rule;
            }
        }
        Ok(packed)
    })
}

/// The position of a rule among others: those of a resource come in their order, and most often as they are there.
fn position(rule: &Arc<Rule>, rules: &[Arc<Rule>], before: usize) -> io::Result<usize> {
    let ahead = rules[before..].iter().position(|known| Arc::ptr_eq(known, rule)).map(|ahead| before + ahead);
    let known = || rules.binary_search_by(|known| known.id.cmp(&rule.id)).ok();
    ahead.or_else(known).ok_or_else(|| io::Error::other(format!("{} is no rule of this scan", rule.id)))
}

impl Entry {
    /// How many bytes it takes in the file at most.
    fn size(&self) -> usize {
        self.packed.len() + self.resource.packed.len() + self.resource.arn.len()
    }

    /// The finding.
    pub fn finding(&self, rules: &[Arc<Rule>]) -> io::Result<Finding> {
        let Rest { message, evidence, gaps, fix, fingerprint, standing } = unpacked(&self.packed)?;
        let (rule, resource) = (Arc::clone(&rules[self.rule]), Arc::new(self.resource.resource()?));
        Ok(Finding { rule, outcome: self.outcome, resource, message, evidence, gaps, fix, fingerprint, standing })
    }
}

impl<R, P> Entry<R, P> {
    fn of<S, Q>(self, resource: impl FnOnce(R) -> S, packed: impl FnOnce(P) -> Q) -> Entry<S, Q> {
        let Self { outcome, severity, resource: of, rule, number, packed: rest } = self;
        Entry { outcome, severity, resource: resource(of), rule, number, packed: packed(rest) }
    }
}

/// Worst first, then by resource and rule.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let of_resource = || if Arc::ptr_eq(&self.resource, &other.resource) { Ordering::Equal } else { self.resource.cmp(&other.resource) };
        self.class().cmp(&other.class()).then_with(of_resource).then_with(|| (self.rule, self.number).cmp(&(other.rule, other.number)))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

/// Entries in the file, beside each other's resources. What is packed is in one piece, each part as long as it says.
#[derive(Serialize, Deserialize)]
pub struct Block {
    resources: Vec<Held<usize>>,
    entries: Vec<Entry<usize, usize>>,
    #[serde(with = "serde_bytes")]
    packed: Vec<u8>,
}

/// What decides the place of a finding first.
pub type Class = (Outcome, Reverse<Severity>);

impl Item for Entry {
    type Class = Class;
    type Block = Block;

    fn class(&self) -> Class {
        (self.outcome, Reverse(self.severity))
    }
}

impl From<Vec<Entry>> for Block {
    fn from(entries: Vec<Entry>) -> Self {
        let mut last: Option<Arc<Held>> = None;
        let (mut resources, mut rest) = (Vec::new(), Vec::new());
        // Room for what there is, since to move it costs more than to pack it.
        let mut packed = Vec::with_capacity(entries.iter().map(Entry::size).sum());
        let part = |of: &Bytes, all: &mut Vec<u8>| {
            all.extend_from_slice(of);
            of.len()
        };
        let mut position = |resource: Arc<Held>| {
            if last.as_ref() != Some(&resource) {
                resources.push(Held { arn: part(&resource.arn, &mut packed), packed: part(&resource.packed, &mut packed) });
                last = Some(resource);
            }
            resources.len() - 1
        };
        let entries = entries.into_iter().map(|entry| entry.of(&mut position, |packed| part(&packed, &mut rest))).collect();
        packed.append(&mut rest);
        Self { resources, entries, packed }
    }
}

impl From<Block> for Vec<Entry> {
    fn from(block: Block) -> Self {
        // Each by itself: one that stays must not keep the others.
        let mut packed = block.packed.as_slice();
        let mut part = |length: usize| {
            let (part, behind) = packed.split_at_checked(length).unwrap_or_default();
            packed = behind;
            Bytes::copy_from_slice(part)
        };
        let resources: Vec<_> =
            block.resources.into_iter().map(|Held { arn, packed }| Arc::new(Held { arn: part(arn), packed: part(packed) })).collect();
        block.entries.into_iter().map(|entry| entry.of(|position| Arc::clone(&resources[position]), &mut part)).collect()
    }
}

/// Entries in groups in the file.
#[derive(Serialize, Deserialize)]
pub struct GroupedBlock<G>(Vec<G>, Block);

impl<G: Key> Item for (G, Entry) {
    type Class = ();
    type Block = GroupedBlock<G>;

    fn class(&self) {}
}

impl<G> From<Vec<(G, Entry)>> for GroupedBlock<G> {
    fn from(entries: Vec<(G, Entry)>) -> Self {
        let (groups, entries): (_, Vec<_>) = entries.into_iter().unzip();
        Self(groups, entries.into())
    }
}

impl<G> From<GroupedBlock<G>> for Vec<(G, Entry)> {
    fn from(GroupedBlock(groups, block): GroupedBlock<G>) -> Self {
        groups.into_iter().zip(Vec::from(block)).collect()
    }
}

fn evidence_as_text<S: Serializer>(evidence: &Evidence, serializer: S) -> Result<S::Ok, S::Error> {
    evidence.as_text(serializer)
}

/// As JSON, since it leaves out what is not there, and most often all.
fn standing_as_text<S: Serializer>(standing: &Standing, serializer: S) -> Result<S::Ok, S::Error> {
    let text = if *standing == Standing::default() { Ok(String::new()) } else { serde_json::to_string(standing) };
    text.map_err(serde::ser::Error::custom)?.serialize(serializer)
}

fn standing_from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Standing, D::Error> {
    match <&str>::deserialize(deserializer)? {
        "" => Ok(Standing::default()),
        text => serde_json::from_str(text).map_err(serde::de::Error::custom),
    }
}

/// What is counted of a finding.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    pub fingerprint: u64,
    pub outcome: Outcome,
    pub number: u64,
    /// The scope by its position in the list of scopes.
    pub scope: usize,
    pub rule: usize,
    pub new: bool,
}

impl Mark {
    /// Of a finding that is kept, without its scope.
    fn of(finding: &Finding, kept: &Entry) -> Self {
        let new = finding.standing.since == Some(Since::New);
        let Entry { outcome, number, rule, .. } = *kept;
        Self { fingerprint: number_of(&finding.fingerprint), outcome, number, scope: 0, rule, new }
    }
}

/// What is counted of verdicts that are no findings, without their numbers and their scope.
///
/// # Errors
///
/// When one is of a rule that is not among `rules`, which are in the order of their ids.
pub fn marks(counted: &[Counted<'_>], rules: &[Arc<Rule>]) -> io::Result<Vec<Mark>> {
    let mut before = 0;
    let mark = |counted: &Counted<'_>| {
        let Counted { rule, resource, outcome } = counted;
        // Those of the resource before this one may be of any rule.
        before = position(rule, rules, before).or_else(|_| position(rule, rules, 0))?;
        let fingerprint = fingerprint_number(&rule.id, &resource.arn);
        Ok(Mark { fingerprint, outcome: *outcome, number: 0, scope: 0, rule: before, new: false })
    };
    counted.iter().map(mark).collect()
}

impl Item for Mark {
    type Class = ();
    type Block = Vec<Self>;

    fn class(&self) {}
}

/// A fingerprint as a number: what it is the digits of, or the hash of another text, which only a baseline may have.
fn number_of(fingerprint: &str) -> u64 {
    u64::from_str_radix(fingerprint, 16).unwrap_or_else(|_| {
        let mut hasher = DefaultHasher::new();
        fingerprint.hash(&mut hasher);
        hasher.finish()
    })
}
