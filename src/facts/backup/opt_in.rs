//! Which types of database AWS Backup serves in a region: `backup_opt_in`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::facts::{Fact, Index, fact};
use crate::inventory::backup;
use crate::inventory::{Gap, Kind, Known, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The types of the region's databases, as AWS Backup calls them.
    OptIn {
        /// Whether there are databases of any type that AWS Backup can serve.
        used: Known<bool>,
        /// The types that it passes over.
        off: Known<Vec<String>>,
    }
}

/// `backup_opt_in`.
pub const OPT_IN: Fact = Fact {
    name: "backup_opt_in",
    about: "Which types of the region's databases AWS Backup passes over, because the account has not opted in to them.",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(OptIn),
    operations: |_, field| {
        let listings = served().flat_map(|kind| kind.operations).copied();
        let settings = kinds::BACKUP_REGION_SETTINGS.operations.iter().copied().filter(|_| field == "off");
        Cow::Owned(listings.chain(settings).collect())
    },
    derive: |_, index| derive(index).into_node().unwrap_or_else(|| Node::map([])),
};

fn served() -> impl Iterator<Item = Kind> {
    Kind::all().filter(|kind| !backup::resource_types(*kind).is_empty())
}

/// Types that were seen decide before listings that broke off.
fn derive(index: &Index<'_>) -> OptIn {
    let types: Vec<_> = served().flat_map(|kind| index.of_kind(kind)).filter_map(|resource| backup::resource_type(resource)).collect();
    let unlisted = served().find_map(|kind| index.scope.gap_in_listing(kind));
    let used = unlisted.clone().filter(|_| types.is_empty()).map_or(Ok(!types.is_empty()), Err);
    let off = off(&types, index).and_then(|off| unlisted.filter(|_| off.is_empty()).map_or(Ok(off), Err));
    OptIn { used: used.into(), off: off.into() }
}

fn off(types: &[&str], index: &Index<'_>) -> Result<Vec<String>, Gap> {
    if types.is_empty() {
        return Ok(Vec::new());
    }
    let settings = index.backup_region_settings().get("")?;
    let preference = settings.resource.required("ResourceTypeOptInPreference", settings.data.ResourceTypeOptInPreference.as_ref())?;
    let (mut off, mut doubt) = (BTreeSet::new(), None);
    for name in types {
        match preference.get(*name) {
            Some(true) => {}
            Some(false) => drop(off.insert((*name).to_owned())),
            None => doubt = Some(settings.resource.not_returned(&format!("ResourceTypeOptInPreference[{name:?}]"))),
        }
    }
    // One that is known to be off decides, whatever is unknown of others.
    doubt.filter(|_| off.is_empty()).map_or_else(|| Ok(off.into_iter().collect()), Err)
}
