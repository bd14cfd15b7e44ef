//! What is kept of a finding: the finding itself, and what is counted of it.

use std::cell::RefCell;
use std::cmp::{Ordering, Reverse};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::{Rule, Severity};
use crate::evidence::Evidence;
use crate::finding::{Finding, Fix, Outcome, ResourceRef, Standing};
use crate::gate::baseline::Since;
use crate::inventory::Gap;
use crate::spill::{Item, Key};

/// A finding as it is kept: what decides its place, and the rest packed, because to sort, to write and to look through
/// findings takes no more. Its rule is the position in the list of rules. In the file its resource is a position too,
/// because a resource has several findings.
#[derive(Clone, Serialize, Deserialize)]
pub struct Entry<R = Arc<Held>> {
    pub outcome: Outcome,
    severity: Severity,
    resource: R,
    pub rule: usize,
    pub number: u64,
    #[serde(with = "serde_bytes")]
    packed: Box<[u8]>,
}

/// A resource as it is kept: what decides its place, and all of it packed.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    arn: Box<str>,
    #[serde(with = "serde_bytes")]
    packed: Box<[u8]>,
}

impl Held {
    pub fn of(resource: &ResourceRef) -> io::Result<Self> {
        Ok(Self { arn: resource.arn.as_str().into(), packed: packed(resource)? })
    }

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

fn packed(value: &impl Serialize) -> io::Result<Box<[u8]>> {
    SCRATCH.with_borrow_mut(|scratch| {
        scratch.clear();
        *scratch = postcard::to_extend(value, std::mem::take(scratch)).map_err(io::Error::other)?;
        Ok(scratch.as_slice().into())
    })
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

impl Entry {
    /// A finding of a resource, without its number.
    pub fn of(finding: &Finding, resource: Arc<Held>, rules: &[Arc<Rule>]) -> io::Result<Self> {
        let Finding { rule, outcome, message, evidence, gaps, fix, fingerprint, standing, .. } = finding;
        let position = rules.binary_search_by(|known| known.id.cmp(&rule.id));
        let position = position.map_err(|_| io::Error::other(format!("{} is no rule of this scan", rule.id)))?;
        let packed = packed(&RestOf { message, evidence, gaps, fix, fingerprint, standing })?;
        Ok(Self { outcome: *outcome, severity: rule.severity, resource, rule: position, number: 0, packed })
    }

    /// The finding.
    pub fn finding(&self, rules: &[Arc<Rule>]) -> io::Result<Finding> {
        let Rest { message, evidence, gaps, fix, fingerprint, standing } = unpacked(&self.packed)?;
        let (rule, resource) = (Arc::clone(&rules[self.rule]), Arc::new(self.resource.resource()?));
        Ok(Finding { rule, outcome: self.outcome, resource, message, evidence, gaps, fix, fingerprint, standing })
    }
}

impl<R> Entry<R> {
    fn of_resource<S>(self, resource: impl FnOnce(R) -> S) -> Entry<S> {
        let Self { outcome, severity, resource: of, rule, number, packed } = self;
        Entry { outcome, severity, resource: resource(of), rule, number, packed }
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

/// Entries in the file, beside each other's resources.
#[derive(Serialize, Deserialize)]
pub struct Block {
    #[serde(serialize_with = "resources_as_they_are", deserialize_with = "shared_resources")]
    resources: Vec<Arc<Held>>,
    entries: Vec<Entry<usize>>,
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
        let mut resources: Vec<Arc<Held>> = Vec::new();
        let mut position = |resource: Arc<Held>| {
            if resources.last() != Some(&resource) {
                resources.push(resource);
            }
            resources.len() - 1
        };
        let entries = entries.into_iter().map(|entry| entry.of_resource(&mut position)).collect();
        Self { resources, entries }
    }
}

impl From<Block> for Vec<Entry> {
    fn from(block: Block) -> Self {
        block.entries.into_iter().map(|entry| entry.of_resource(|position| Arc::clone(&block.resources[position]))).collect()
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

fn resources_as_they_are<S: Serializer>(resources: &[Arc<Held>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(resources.iter().map(AsRef::as_ref))
}

fn shared_resources<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<Held>>, D::Error> {
    Ok(Vec::<Held>::deserialize(deserializer)?.into_iter().map(Arc::new).collect())
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
    pub fn of(finding: &Finding, kept: &Entry) -> Self {
        let new = finding.standing.since == Some(Since::New);
        let Entry { outcome, number, rule, .. } = *kept;
        Self { fingerprint: number_of(&finding.fingerprint), outcome, number, scope: 0, rule, new }
    }
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
