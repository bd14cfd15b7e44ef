//! What a security group, or those of a network interface, let in, port by port: `ingress`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::ADMISSION_OPERATIONS;
use super::addresses::Addresses;
use super::filters::{self, Sources};
use crate::facts::{Fact, Index, fact};
use crate::inventory::vpc::NetworkInterface;
use crate::inventory::{Gap, Kind, Known, Resource, ec2, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// What may open a TCP connection by the rules of security groups.
    Ingress {
        /// Stretches of ports that have the same sources. What could not be read is one of all ports.
        ranges: Known<Vec<PortRange>>,
    }

    /// Ports that have the same sources.
    PortRange {
        /// The first port.
        from: i64,
        /// The last port.
        to: i64,
        /// Networks, prefix lists and groups, but for the group whose rule it is.
        sources: Known<Vec<String>>,
        /// The prefix length of the widest public IPv4 network among them, neighbours joined; 33 if there is none.
        widest_ipv4_prefix: Known<i64>,
        /// The prefix length of the widest public IPv6 network among them, neighbours joined; 129 if there is none.
        widest_ipv6_prefix: Known<i64>,
    }
}

/// `ingress`.
pub const FACT: Fact = Fact {
    name: "ingress",
    about: "What a security group, or those of a network interface, let in, by stretches of TCP ports: `ingress.ranges`.",
    applies: |kind| [kinds::SECURITY_GROUP, kinds::NETWORK_INTERFACE].contains(&kind),
    schema: |_| schemars::schema_for!(Ingress),
    operations: |kind: Kind, _| Cow::Owned([kind.operations, &ADMISSION_OPERATIONS].concat()),
    derive: |resource, index| {
        let groups = groups(resource);
        Ingress { ranges: groups.map(|groups| ranges(&groups, index)).into() }.into_node().unwrap_or_else(|| Node::map([]))
    },
};

fn groups(resource: &Resource) -> Result<Vec<String>, Gap> {
    if resource.kind == kinds::SECURITY_GROUP {
        let id = resource.data::<ec2::SecurityGroup>().ok().and_then(|group| group.GroupId);
        return resource.required("GroupId", id).map(|id| vec![id]);
    }
    let groups = resource.data::<NetworkInterface>().ok().and_then(|interface| interface.Groups);
    let ids = resource.required("Groups", groups)?.into_iter().map(|group| resource.required("Groups", group.GroupId));
    ids.collect()
}

/// What one rule lets in.
struct Opening {
    from: i64,
    to: i64,
    names: Vec<String>,
    sources: Sources,
}

fn ranges(groups: &[String], index: &Index<'_>) -> Vec<PortRange> {
    let (mut openings, mut ranges) = (Vec::new(), Vec::new());
    for group in groups {
        if let Err(gap) = add_openings(&mut openings, group, index) {
            let unknown = || Known::Gap(gap.clone());
            ranges.push(PortRange {
                from: 0,
                to: filters::LAST_PORT,
                sources: Known::Gap(gap.clone()),
                widest_ipv4_prefix: unknown(),
                widest_ipv6_prefix: unknown(),
            });
        }
    }
    let bounds: BTreeSet<_> = openings.iter().flat_map(|opening| [opening.from, opening.to + 1]).collect();
    let bounds: Vec<_> = bounds.into_iter().collect();
    ranges.extend(bounds.windows(2).filter_map(|ends| stretch(ends[0], ends[1] - 1, &openings)));
    ranges
}

fn add_openings(openings: &mut Vec<Opening>, id: &str, index: &Index<'_>) -> Result<(), Gap> {
    let group = index.security_groups().get(id)?;
    for permission in group.resource.required("IpPermissions", group.data.IpPermissions.as_deref())? {
        let (from, to) = match filters::tcp_ports(permission) {
            Some(Some(ports)) => ports,
            Some(None) => continue,
            None => return Err(group.resource.not_returned("IpPermissions")),
        };
        let names = permission.sources().filter(|source| *source != id).map(ToOwned::to_owned).collect();
        openings.push(Opening { from, to, names, sources: Sources::of_permission(id, permission, index) });
    }
    Ok(())
}

/// Ports between which no rule begins or ends; none where nothing but the group itself comes in.
fn stretch(from: i64, to: i64, openings: &[Opening]) -> Option<PortRange> {
    let open = openings.iter().filter(|opening| opening.from <= from && to <= opening.to);
    let names: BTreeSet<_> = open.clone().flat_map(|opening| opening.names.iter().cloned()).collect();
    if names.is_empty() {
        return None;
    }
    let admitted = open.fold(Sources::default(), |all, opening| all.with(opening.sources.clone())).admitted();
    Some(PortRange {
        from,
        to,
        sources: Known::Value(names.into_iter().collect()),
        widest_ipv4_prefix: admitted.decide(Addresses::widest_prefix_v4).into(),
        widest_ipv6_prefix: admitted.decide(Addresses::widest_prefix_v6).into(),
    })
}
