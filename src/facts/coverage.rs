//! Which of an account's regions were scanned: `coverage`.
//!
//! What is scanned is what the report covers, so it is known only when every scope has come; the
//! account's scope `aws-global` is judged last and is told (see [`Regions`]).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Fact, Index, fact};
use crate::inventory::account::AccountRegions;
use crate::inventory::kinds::{Kind, Role};
use crate::inventory::{Gap, Known, Reason, Resource, Scope, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// What was scanned of an account.
    Coverage {
        /// The regions that the account has enabled.
        regions: Known<Vec<Region>>,
    }

    /// An enabled region.
    Region {
        /// Such as `us-east-1`.
        name: String,
        /// Whether it is in the report.
        scanned: bool,
        /// Whether every listing of databases answered there.
        listed: Known<bool>,
    }
}

/// `coverage`.
pub const FACT: Fact = Fact {
    name: "coverage",
    about: "Which of the regions that an account has enabled were scanned, and whether all listings of databases answered: `coverage.regions`.",
    applies: |kind| kind == kinds::ACCOUNT_REGIONS,
    schema: |_| schemars::schema_for!(Coverage),
    operations: |kind, _| Cow::Owned(listings().chain(kind.operations.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect()),
    derive: |resource, index| Coverage { regions: regions(resource, index).into() }.into_node().unwrap_or_else(|| Node::map([])),
};

/// The regions in the report, each with what keeps its databases from being known, if anything does.
pub type Regions = BTreeMap<String, Option<Gap>>;

/// Why there may be databases in a scope that no listing named.
pub fn unlisted(scope: &Scope) -> Option<Gap> {
    listings().find_map(|operation| scope.gap_of(operation))
}

/// The listings of all databases and their copies.
fn listings() -> impl Iterator<Item = &'static str> {
    Kind::all().filter(|kind| kind.role == Role::Judged).flat_map(|kind| kind.operations).copied()
}

fn regions(resource: &Resource, index: &Index<'_>) -> Result<Vec<Region>, Gap> {
    let listed = resource.data::<AccountRegions>().ok().and_then(|account| account.Regions);
    let scanned = index.regions()?;
    let enabled = resource.required("Regions", listed)?.into_iter().filter(|region| {
        // A region that is being switched off may hold databases, one that is being switched on none yet.
        !matches!(region.RegionOptStatus.as_deref(), Some("DISABLED" | "ENABLING"))
    });
    let regions = enabled.map(|region| {
        let name = resource.required("Regions", region.RegionName)?;
        let not_scanned = || Gap::new("account:ListRegions", Reason::NotCollected, format!("{name} was not scanned"));
        let gap = scanned.get(&name).map_or_else(|| Some(not_scanned()), Clone::clone);
        Ok(Region { scanned: scanned.contains_key(&name), listed: gap.map_or(Ok(true), Err).into(), name })
    });
    regions.collect()
}
