//! Which databases the VPCs of a region host: `hosted`.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use super::target::{self, Target};
use crate::facts::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The databases of a VPC, or of all VPCs of a region.
    Hosted {
        /// By name; proxies and caches too.
        databases: Known<Vec<String>>,
    }
}

/// `hosted`.
pub const FACT: Fact = Fact {
    name: "hosted",
    about: "The databases that listen in a VPC, or of an account in any VPC of the region: `hosted.databases`.",
    applies: |kind| [kinds::VPC, kinds::ACCOUNT].contains(&kind),
    schema: |_| schemars::schema_for!(Hosted),
    operations: |_, _| Cow::Owned(operations()),
    derive: |resource, index| {
        let hosts = index.hosts();
        let databases = if resource.kind == kinds::VPC { id_of(resource).and_then(|vpc| names(hosts.of(&vpc))) } else { names(hosts.all()) };
        Hosted { databases: databases.into() }.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// The operations that say which databases there are in VPCs, and where.
pub fn operations() -> Vec<&'static str> {
    let of_kind = |kind| target::operations(kind).iter().chain(kind.operations).copied();
    target::kinds().flat_map(of_kind).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The id of a VPC.
pub fn id_of(vpc: &Resource) -> Result<String, Gap> {
    let id = vpc.read::<crate::inventory::ec2::Vpc>().ok().and_then(|vpc| vpc.VpcId.clone());
    vpc.required("VpcId", id)
}

/// The databases that listen in VPCs.
pub struct Hosts<'s> {
    databases: Vec<Host<'s>>,
    by_vpc: HashMap<String, Vec<usize>>,
    /// Why there may be more.
    gap: Option<Gap>,
    /// Why there may be more in a VPC.
    lost: Option<Gap>,
}

/// A database and where it listens.
pub struct Host<'s> {
    pub resource: &'s Resource,
    pub target: &'s Target,
}

impl<'s> Hosts<'s> {
    /// Those of a scope. What the internet reaches past any VPC is in none.
    pub fn new(index: &Index<'s>) -> Self {
        let resources = target::kinds().flat_map(|kind| index.of_kind(kind).to_vec());
        let host = |resource: &'s Resource| Some(Host { resource, target: Target::of(resource, index).ok()? });
        let databases: Vec<_> = resources.filter_map(host).filter(|host| !host.target.has_own_gateway || host.target.vpc.is_ok()).collect();
        let gap = target::kinds().find_map(|kind| index.scope.gap_in_listing(kind));
        let (mut by_vpc, mut lost) = (HashMap::<_, Vec<_>>::new(), None);
        for (position, host) in databases.iter().enumerate() {
            match &host.target.vpc {
                Ok(vpc) => by_vpc.entry(vpc.clone()).or_default().push(position),
                Err(gap) => lost = lost.or_else(|| Some(gap.clone())),
            }
        }
        Self { databases, by_vpc, lost: gap.clone().or(lost), gap }
    }

    /// Those in a VPC, and why there may be more of them.
    pub fn of(&self, vpc: &str) -> (impl Iterator<Item = &Host<'s>> + Clone, Option<Gap>) {
        let positions = self.by_vpc.get(vpc).into_iter().flatten();
        (positions.map(|position| &self.databases[*position]), self.lost.clone())
    }

    /// All, and why there may be more of them.
    pub fn all(&self) -> (impl Iterator<Item = &Host<'s>> + Clone, Option<Gap>) {
        (self.databases.iter(), self.gap.clone())
    }
}

/// One that is known is enough; that there is none takes all listings.
fn names<'h, 's: 'h>((hosts, gap): (impl Iterator<Item = &'h Host<'s>>, Option<Gap>)) -> Result<Vec<String>, Gap> {
    let names: BTreeSet<_> = hosts.map(Host::name).collect();
    gap.filter(|_| names.is_empty()).map_or(Ok(names.into_iter().collect()), Err)
}

impl Host<'_> {
    /// The end of its ARN, which is its name.
    pub fn name(&self) -> String {
        self.resource.arn.rsplit([':', '/']).next().unwrap_or_default().to_owned()
    }
}
