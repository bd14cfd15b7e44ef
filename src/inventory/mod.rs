//! What was found: the resources of each account and region, under AWS's own field names, and what
//! could not be read.
//!
//! An inventory is the seam between asking and judging: `collect` writes it, `scan` judges it, live
//! or from a file, through the very same values. This module never calls AWS and judges nothing.

pub mod account;
pub mod alarms;
pub mod autoscaling;
pub mod backup;
pub mod cloudtrail;
pub mod cloudwatch;
pub mod config;
pub mod dax;
pub mod docdb_elastic;
pub mod dsql;
pub mod dynamodb;
pub mod ec2;
pub mod elasticache;
pub mod events;
mod gap;
pub mod guardduty;
pub mod iam;
pub mod keyspaces;
pub mod kinds;
pub mod kms;
pub mod last_change;
pub mod logs;
mod memo;
pub mod memorydb;
mod needs;
pub mod neptune_graph;
pub mod organizations;
pub mod partial;
pub mod ram;
pub mod rds;
pub mod rds_proxy;
pub mod read;
pub mod s3;
pub mod secrets;
pub mod shape;
pub mod streams;
pub mod timestream;
pub mod vpc;
pub mod write;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::value::RawValue;

pub use gap::{Gap, Known, Reason};
pub use kinds::Kind;
pub use memo::Memo;
pub use needs::Needs;

/// One resource as AWS described it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    pub kind: Kind,
    pub arn: String,
    /// The account that owns the resource, or in which it was seen.
    pub account: String,
    pub region: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// The kind's shape as JSON text; parsed when judged.
    pub data: Box<RawValue>,
    /// Fields of `data` that could not be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<FieldGap>,
    /// What facts have found out about it.
    #[serde(skip)]
    pub memo: Memo,
}

impl Resource {
    /// The resource's data in its kind's Rust type.
    pub fn data<T: serde::de::DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.data.get())
    }

    /// The same, or what a type of a few fields takes of it; a gap where it has not that shape.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Gap> {
        self.data().map_err(|error| self.unreadable(&error))
    }

    /// What [`parse`](Self::parse) says, parsed once for as long as the resource is there.
    pub fn read<T: serde::de::DeserializeOwned + Send + Sync + 'static>(&self) -> Result<&T, Gap> {
        self.memo.get_or(|| self.parse::<T>()).as_ref().map_err(Gap::clone)
    }

    /// The gap that a resource is whose data says nothing, and why.
    pub fn unreadable(&self, why: &dyn fmt::Display) -> Gap {
        let operation = self.kind.operations.first().copied().unwrap_or_default();
        Gap::new(operation, Reason::Failed, format!("{} cannot be read: {why}", self.arn))
    }

    /// The gap in one of the data's fields, if there is one.
    pub fn gap_of(&self, field: &str) -> Option<Gap> {
        self.gaps.iter().find(|gap| gap.fields.iter().any(|name| name == field)).map(|gap| gap.gap.clone())
    }

    /// The gap that a field is which AWS left out although it always has one.
    pub fn not_returned(&self, field: &str) -> Gap {
        let operation = self.kind.operations_of(field).first().copied().unwrap_or_default();
        Gap::new(operation, Reason::NotReturned, format!("AWS did not return {field} of {}", self.arn))
    }

    /// A field of the data that AWS always returns: its value, or the gap in its place.
    pub fn required<T>(&self, field: &str, value: Option<T>) -> Result<T, Gap> {
        match (self.gap_of(field), value) {
            (Some(gap), _) => Err(gap),
            (None, value) => value.ok_or_else(|| self.not_returned(field)),
        }
    }
}

/// The name under which a [`FieldGap`] says that a resource's tags could not be read.
pub const TAGS: &str = "tags";

/// A gap in some top-level fields of one resource, or in its tags.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct FieldGap {
    pub fields: Vec<String>,
    #[serde(flatten)]
    pub gap: Gap,
}

/// The unit of work: one account in one region, independent of all others.
#[derive(Debug, Clone)]
pub struct Scope {
    pub id: ScopeId,
    /// When it was collected.
    pub collected_at: shape::Timestamp,
    /// Whether anything could be asked; else its gaps say why not.
    pub reached: bool,
    /// Every operation that was called, whether it answered or not.
    pub operations: BTreeSet<String>,
    /// Kinds of which everything was listed, where else only what databases use is.
    pub whole: BTreeSet<Kind>,
    /// Whether the inventory does not say what was called: one made by other means is taken at its
    /// word, so what it lacks and does not call a gap is not there.
    pub unspecified: bool,
    /// Operations that did not answer to the end.
    pub gaps: Vec<Gap>,
    pub resources: Vec<Resource>,
}

impl Scope {
    /// An empty scope, to collect into.
    pub fn new(id: ScopeId, collected_at: shape::Timestamp) -> Self {
        Self {
            id,
            collected_at,
            reached: true,
            operations: BTreeSet::new(),
            whole: BTreeSet::new(),
            unspecified: false,
            gaps: Vec::new(),
            resources: Vec::new(),
        }
    }

    /// A scope of which nothing could be asked. The gap stands for all that there may be.
    pub fn unreached(id: ScopeId, collected_at: shape::Timestamp, gap: Gap) -> Self {
        Self { reached: false, gaps: vec![gap], ..Self::new(id, collected_at) }
    }

    /// Whether every operation answered for every resource.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty() && self.resources.iter().all(|resource| resource.gaps.is_empty())
    }

    /// The gap that leaves it open whether the operation would have named more, if there is one:
    /// it failed, or it was never called.
    pub fn gap_of(&self, operation: &str) -> Option<Gap> {
        self.gaps.iter().find(|gap| gap.operation == operation).cloned().or_else(|| {
            (!self.unspecified && !self.operations.contains(operation))
                .then(|| Gap::new(operation, Reason::NotCollected, "the operation was not called when the inventory was collected"))
        })
    }

    /// The gap in what the operation tells, of the scope or of some resource.
    pub fn gap_anywhere(&self, operation: &str) -> Option<Gap> {
        let of_resources = || self.resources.iter().flat_map(|resource| &resource.gaps).find(|gap| gap.gap.operation == operation);
        self.gap_of(operation).or_else(|| of_resources().map(|gap| gap.gap.clone()))
    }

    /// The first gap in the operations that list resources of the kind.
    pub fn gap_in_listing(&self, kind: Kind) -> Option<Gap> {
        kind.operations.iter().find_map(|operation| self.gap_of(operation))
    }

    /// Why there may be resources of a kind that only databases led to, if that is how it was listed.
    pub fn gap_in_whole(&self, kind: Kind) -> Option<Gap> {
        let partial = kind.by_use && self.reached && !self.unspecified && !self.whole.contains(&kind);
        let gap = || Gap::new(kind.operations[0], Reason::NotCollected, format!("only {} that databases use were listed", kind.noun.1));
        partial.then(gap)
    }

    /// Why a resource's tags are not known, if they are not.
    pub fn gap_in_tags(&self, resource: &Resource) -> Option<Gap> {
        resource.gap_of(TAGS).or_else(|| self.gap_of(resource.kind.tags_operation?))
    }

    /// Sorts resources and gaps, so that the same account gives the same bytes.
    pub fn sort(&mut self) {
        self.resources.sort_by(|a, b| (a.kind, &a.arn).cmp(&(b.kind, &b.arn)));
        self.gaps.sort();
        self.gaps.dedup();
    }
}

/// The region of the scope that holds what an account has once, not in each region.
pub const GLOBAL: &str = "aws-global";

/// Whether an operation asks for what an account has once, so that its answer is in the account's
/// scope [`GLOBAL`].
pub fn is_global(operation: &str) -> bool {
    ["account:", "iam:", "organizations:"].iter().any(|service| operation.starts_with(service))
}

/// Which account and region a scope covers; [`GLOBAL`] stands for global services.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeId {
    pub account: String,
    pub region: String,
}

impl ScopeId {
    /// The scope of what the account has once.
    pub fn global(account: impl Into<String>) -> Self {
        Self { account: account.into(), region: GLOBAL.to_owned() }
    }

    /// Whether it is the scope of what its account has once.
    pub fn is_global(&self) -> bool {
        self.region == GLOBAL
    }
}

impl std::fmt::Display for ScopeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}

/// The partition of a region, as ARNs name it.
pub fn partition(region: &str) -> &'static str {
    match region.split('-').next() {
        Some("cn") => "aws-cn",
        Some("us") if region.starts_with("us-gov-") => "aws-us-gov",
        Some("us") if region.starts_with("us-iso-") => "aws-iso",
        Some("us") if region.starts_with("us-isob-") => "aws-iso-b",
        Some("eusc") => "aws-eusc",
        _ => "aws",
    }
}

/// The first line of an inventory.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Header {
    /// The version of the format.
    pub inventory: u32,
    pub tool: String,
    pub collected_at: shape::Timestamp,
    /// How many scopes follow, so that a file cut off between two of them is not taken for whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<usize>,
    /// What the scopes were collected for, as [`Needs::digest`] says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// Whether more scopes are to come, so that it is not to be judged.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
}

impl Header {
    /// That of an inventory which this program collects.
    pub fn new(collected_at: shape::Timestamp) -> Self {
        let tool = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        Self { inventory: FORMAT, tool, collected_at, scopes: None, needs: None, partial: false }
    }
}

/// The version of the format that this program writes and reads.
pub const FORMAT: u32 = 1;

/// The line that closes a scope.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ScopeEnd {
    scope: ScopeId,
    complete: bool,
    /// Left out where something could be asked.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    reached: bool,
    /// Left out by inventories that do not record it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operations: Option<BTreeSet<String>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    whole: BTreeSet<Kind>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<Gap>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_yes(reached: &bool) -> bool {
    *reached
}
