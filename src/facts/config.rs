//! What AWS Config records of a region: `config`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Fact, Index, fact};
use crate::inventory::config::recorded_as;
use crate::inventory::{Gap, Kind, Known, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// AWS Config in a region.
    Config {
        /// Types that AWS Config can record and the region has: databases, tables and their copies.
        types: Known<Vec<String>>,
        /// Those of them that no recorder records now.
        unrecorded_types: Known<Vec<String>>,
    }
}

/// `config`.
pub const FACT: Fact = Fact {
    name: "config",
    about: "AWS Config in the region: the types of database that it can record (`config.types`), and those that it does not (`config.unrecorded_types`).",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(Config),
    operations: |_, field| {
        let listings = recordable().flat_map(|kind| kind.operations).copied();
        let recorders = [kinds::CONFIGURATION_RECORDER.operations[0], "config:DescribeConfigurationRecorderStatus"];
        let more = if field == "types" { &[][..] } else { &recorders };
        Cow::Owned(listings.chain(more.iter().copied()).collect::<BTreeSet<_>>().into_iter().collect())
    },
    derive: |_, index| {
        let config = Config { types: types(index).into(), unrecorded_types: unrecorded_types(index).into() };
        config.into_node().unwrap_or_else(|| Node::map([]))
    },
};

fn recordable() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| recorded_as(*kind).is_some())
}

/// The types that were seen.
fn seen(index: &Index<'_>) -> Vec<String> {
    let types: BTreeSet<_> = recordable().filter(|kind| !index.of_kind(*kind).is_empty()).filter_map(recorded_as).collect();
    types.into_iter().map(ToOwned::to_owned).collect()
}

fn gap_in_listings(index: &Index<'_>) -> Option<Gap> {
    recordable().find_map(|kind| index.scope.gap_in_listing(kind))
}

/// One that was seen is enough; that there is none takes all listings.
fn types(index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let seen = seen(index);
    gap_in_listings(index).filter(|_| seen.is_empty()).map_or(Ok(seen), Err)
}

/// One that is known not to be recorded is enough; that there is none takes all listings.
fn unrecorded_types(index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let (mut unrecorded, mut gap) = (Vec::new(), gap_in_listings(index));
    for name in seen(index) {
        match is_recorded(&name, index) {
            Ok(true) => {}
            Ok(false) => unrecorded.push(name),
            Err(unknown) => gap = Some(unknown),
        }
    }
    gap.filter(|_| unrecorded.is_empty()).map_or(Ok(unrecorded), Err)
}

/// A recorder that a service made for itself gives the account nothing.
fn is_recorded(name: &str, index: &Index<'_>) -> Result<bool, Gap> {
    let mut unknown = None;
    for row in index.configuration_recorders().all()?.filter(|row| row.data.servicePrincipal.is_none()) {
        let takes = row.resource.required("recordingGroup", row.data.recordingGroup.as_ref())?.takes(name);
        match row.resource.required("recording", row.data.recording) {
            Ok(true) if takes => return Ok(true),
            Err(gap) if takes => unknown = Some(gap),
            _ => {}
        }
    }
    unknown.map_or(Ok(false), Err)
}
