//! What was not assessed, by the operation that did not answer and why.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::page::{BOLD, OPEN, PLAIN, Page};
use crate::finding::{Finding, ResourceRef};
use crate::inventory::Reason;
use crate::report::text::counted;
use crate::spill::{Item, Sorter};

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
    type Class = usize;
    type Block = Vec<Self>;

    fn class(&self) -> usize {
        self.cause
    }
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

/// What was not assessed.
pub struct Unread {
    causes: BTreeMap<(String, Reason), usize>,
    open: Vec<Open>,
    resources: Sorter<Touched>,
}

impl Default for Unread {
    fn default() -> Self {
        Self { causes: BTreeMap::new(), open: Vec::new(), resources: Sorter::new(RESOURCES_IN_MEMORY) }
    }
}

impl Unread {
    /// Takes note of a finding that was not assessed.
    ///
    /// # Errors
    ///
    /// When the temporary file for many resources cannot be written.
    pub fn see(&mut self, finding: &Finding) -> io::Result<()> {
        let Finding { rule, resource, gaps, .. } = finding;
        for gap in gaps {
            let cause = *self.causes.entry((gap.operation.clone(), gap.reason)).or_insert_with(|| {
                self.open.push(Open::default());
                self.open.len() - 1
            });
            let open = &mut self.open[cause];
            if !open.rules.contains(&rule.id) {
                open.rules.insert(rule.id.clone());
            }
            if resource.is_listing() {
                open.listings.insert((resource.account.clone(), resource.region.clone(), resource.name.clone()));
            } else if open.last.as_ref() != Some(resource) {
                self.resources.extend([Touched { cause, arn: resource.arn.clone() }])?;
                open.last = Some(Arc::clone(resource));
            }
            open.message.clone_from(&gap.message);
        }
        Ok(())
    }

    /// Writes it.
    pub fn write<W: Write>(self, page: &mut Page<'_, W>, judgements: usize) -> io::Result<()> {
        let Self { causes, mut open, resources } = self;
        let mut last = None;
        for resource in resources.finish()?.iter() {
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
        page.labelled(0, OPEN, "NOT ASSESSED", &format!("{} of a rule on a resource", counted(judgements, "judgement")))?;
        for ((operation, reason), cause) in &causes {
            let open = &open[*cause];
            page.labelled(2, BOLD, operation, &format!("{reason}: {}", open.extent()))?;
            page.text(4, PLAIN, &open.message)?;
        }
        Ok(())
    }
}

/// How many resources with something unread memory holds to count each once.
const RESOURCES_IN_MEMORY: usize = 1 << 16;
