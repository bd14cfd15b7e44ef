//! What is kept of a finding: the finding itself, and what is counted of it.

use std::cmp::Reverse;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::engine::{Rule, Severity};
use crate::evidence::Evidence;
use crate::finding::{Finding, Fix, Outcome, ResourceRef, Standing};
use crate::inventory::Gap;
use crate::spill::{Item, Key};

/// A finding as it is kept, its rule by the position in the list of rules. In the file its resource is a position
/// too, because a resource has several findings.
#[derive(Clone, Serialize, Deserialize)]
pub struct Entry<R = Arc<ResourceRef>> {
    pub outcome: Outcome,
    severity: Severity,
    pub resource: R,
    pub rule: usize,
    pub number: u64,
    message: String,
    #[serde(serialize_with = "Evidence::as_text")]
    evidence: Evidence,
    gaps: Vec<Gap>,
    fix: Option<Fix>,
    pub fingerprint: String,
    #[serde(serialize_with = "standing_as_text", deserialize_with = "standing_from_text")]
    pub standing: Standing,
}

impl Entry {
    pub fn of(finding: Finding, number: u64, rules: &[Arc<Rule>]) -> io::Result<Self> {
        let Finding { rule, outcome, resource, message, evidence, gaps, fix, fingerprint, standing } = finding;
        let position = rules.binary_search_by(|known| known.id.cmp(&rule.id));
        let position = position.map_err(|_| io::Error::other(format!("{} is no rule of this scan", rule.id)))?;
        Ok(Self { outcome, severity: rule.severity, resource, rule: position, number, message, evidence, gaps, fix, fingerprint, standing })
    }

    pub fn finding(self, rules: &[Arc<Rule>]) -> Finding {
        let Self { outcome, severity: _, resource, rule, number: _, message, evidence, gaps, fix, fingerprint, standing } = self;
        Finding { rule: Arc::clone(&rules[rule]), outcome, resource, message, evidence, gaps, fix, fingerprint, standing }
    }

    /// Worst first, then by resource and rule.
    fn key(&self) -> (Outcome, Reverse<Severity>, &ResourceRef, usize, u64) {
        (self.outcome, Reverse(self.severity), &self.resource, self.rule, self.number)
    }
}

impl<R> Entry<R> {
    fn of_resource<S>(self, resource: impl FnOnce(R) -> S) -> Entry<S> {
        let Self { outcome, severity, resource: of, rule, number, message, evidence, gaps, fix, fingerprint, standing } = self;
        Entry { outcome, severity, resource: resource(of), rule, number, message, evidence, gaps, fix, fingerprint, standing }
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

/// Entries in the file, beside each other's resources.
#[derive(Serialize, Deserialize)]
pub struct Block {
    #[serde(serialize_with = "resources_as_they_are", deserialize_with = "shared_resources")]
    resources: Vec<Arc<ResourceRef>>,
    entries: Vec<Entry<usize>>,
}

impl Item for Entry {
    type Block = Block;
}

impl From<Vec<Entry>> for Block {
    fn from(entries: Vec<Entry>) -> Self {
        let mut resources: Vec<Arc<ResourceRef>> = Vec::new();
        let mut position = |resource: Arc<ResourceRef>| {
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
    type Block = GroupedBlock<G>;
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

fn resources_as_they_are<S: Serializer>(resources: &[Arc<ResourceRef>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(resources.iter().map(AsRef::as_ref))
}

fn shared_resources<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<ResourceRef>>, D::Error> {
    Ok(Vec::<ResourceRef>::deserialize(deserializer)?.into_iter().map(Arc::new).collect())
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

impl Item for Mark {
    type Block = Vec<Self>;
}

/// A fingerprint as a number: what it is the digits of, or the hash of another text, which only a baseline may have.
pub fn number_of(fingerprint: &str) -> u64 {
    u64::from_str_radix(fingerprint, 16).unwrap_or_else(|_| {
        let mut hasher = DefaultHasher::new();
        fingerprint.hash(&mut hasher);
        hasher.finish()
    })
}
