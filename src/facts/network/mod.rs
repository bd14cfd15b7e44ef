//! Who can open a connection: `network`.
//!
//! Public is what AWS's networking makes it, not a flag: the database is publicly addressed, and
//! one of its subnets routes to an internet gateway, and the network ACL lets the connection in and
//! its answer out, and the union of the security groups' rules admits the port, and VPC Block
//! Public Access does not forbid it. Each of these is a set of addresses; their intersection is
//! who gets through. One that is known to be empty decides, whatever else is unknown.

mod addresses;
mod filters;
mod target;

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index, fact};
use crate::inventory::{Gap, Kind, Known, Resource};
use crate::value::{IntoNode, Node};
use addresses::Addresses;
use filters::Source;
use target::Target;

fact! {
    /// Who can open a connection to a database.
    Network {
        /// Whether its DNS name resolves to a public address.
        publicly_addressed: Known<bool>,
        /// The TCP port that it listens on.
        port: Known<i64>,
        /// The VPC that it is in.
        vpc_id: Known<String>,
        /// Whether that is the region's default VPC.
        in_default_vpc: Known<bool>,
        /// The security groups that are attached and active.
        security_groups: Known<Vec<String>>,
        /// Those of them that are their VPC's default group.
        default_security_groups: Known<Vec<String>>,
        /// Its subnets whose effective route table sends the internet to an internet gateway.
        public_subnets: Known<Vec<String>>,
        /// The sources that security groups admit to the port, if they hold public addresses.
        public_sources: Known<Vec<String>>,
        /// The prefix length of the widest public IPv4 network admitted, neighbours joined; 33 if none.
        widest_ipv4_prefix: Known<i64>,
        /// The prefix length of the widest public IPv6 network admitted, neighbours joined; 129 if none.
        widest_ipv6_prefix: Known<i64>,
        /// The share of the public IPv4 space that the security groups admit together, in percent.
        ipv4_share: Known<f64>,
        /// The share of the IPv6 space in use (2000::/3) that they admit together, in percent.
        ipv6_share: Known<f64>,
        /// How many internet addresses can open a connection, an IPv6 /64 counting as one.
        internet_addresses: Known<i64>,
        /// How many of those are IPv6.
        internet_ipv6_networks: Known<i64>,
        /// The ways in, from source to port.
        internet_paths: Known<Vec<String>>,
    }
}

/// `network`.
pub const FACT: Fact = Fact {
    name: "network",
    about: "Who can open a connection: addressing, subnets, routes, network ACLs, security groups and VPC Block Public Access together.",
    applies: target::applies,
    schema: |_| schemars::schema_for!(Network),
    operations,
    derive: |resource, index| match derive(resource, index) {
        Ok(network) => network.into_node().unwrap_or(Node::map([])),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

fn operations(kind: Kind, field: &str) -> Cow<'static, [&'static str]> {
    const GROUPS: [&str; 3] = ["ec2:DescribeSecurityGroups", "ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"];
    const ROUTES: [&str; 4] =
        ["ec2:DescribeRouteTables", "ec2:DescribeInternetGateways", "ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"];
    const FILTERS: [&str; 4] =
        ["ec2:DescribeSubnets", "ec2:DescribeNetworkAcls", "ec2:DescribeVpcBlockPublicAccessOptions", "ec2:DescribeVpcBlockPublicAccessExclusions"];
    let own = target::operations(kind);
    let more: Vec<&str> = match field {
        "in_default_vpc" => vec!["ec2:DescribeVpcs"],
        "default_security_groups" => vec!["ec2:DescribeSecurityGroups"],
        "public_subnets" => ROUTES.to_vec(),
        "public_sources" | "widest_ipv4_prefix" | "widest_ipv6_prefix" | "ipv4_share" | "ipv6_share" => GROUPS.to_vec(),
        "internet_addresses" | "internet_ipv6_networks" | "internet_paths" => [&GROUPS[..], &ROUTES, &FILTERS].concat(),
        _ => Vec::new(),
    };
    Cow::Owned([own, &more].concat())
}

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Network, Gap> {
    let target = Target::of(resource, index)?;
    let sources = sources(&target, index);
    let admitted = sources.clone().map(|sources| sources.iter().fold(Addresses::default(), |all, source| all.union(&source.addresses)));
    let of_admitted = |f: fn(&Addresses) -> i64| Known::from(admitted.clone().map(|addresses| f(&addresses)));
    let share = |f: fn(&Addresses) -> f64| Known::from(admitted.clone().map(|addresses| f(&addresses)));
    let ways = ways_in(&target, &sources, index);
    Ok(Network {
        in_default_vpc: target.vpc.clone().and_then(|vpc| Ok(index.vpcs.get(&vpc)?.data.IsDefault == Some(true))).into(),
        default_security_groups: default_groups(&target, index).into(),
        public_subnets: public_subnets(&target, index).into(),
        public_sources: sources.map(|sources| public_sources(&sources)).into(),
        widest_ipv4_prefix: of_admitted(Addresses::widest_prefix_v4),
        widest_ipv6_prefix: of_admitted(Addresses::widest_prefix_v6),
        ipv4_share: share(Addresses::share_v4),
        ipv6_share: share(Addresses::share_v6),
        internet_addresses: ways.clone().map(|ways| ways.addresses.count()).into(),
        internet_ipv6_networks: ways.clone().map(|ways| ways.addresses.only_v6().count()).into(),
        internet_paths: ways.map(|ways| ways.paths).into(),
        publicly_addressed: target.addressed.into(),
        port: target.port.into(),
        vpc_id: target.vpc.into(),
        security_groups: target.security_groups.into(),
    })
}

fn sources(target: &Target, index: &Index<'_>) -> Result<Vec<Source>, Gap> {
    let port = target.port.clone()?;
    filters::sources(target.security_groups.as_ref().map_err(Clone::clone)?, port, index)
}

fn default_groups(target: &Target, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let groups = target.security_groups.as_ref().map_err(Clone::clone)?;
    let is_default = |id: &String| Ok(index.security_groups.get(id)?.data.GroupName.as_deref() == Some("default"));
    groups.iter().filter_map(|id| is_default(id).map(|yes| yes.then(|| id.clone())).transpose()).collect()
}

/// A subnet is public when its routes send at least half of the internet, of either family, to an
/// internet gateway: the default route, however it is split; not a route to one partner.
fn public_subnets(target: &Target, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let vpc = target.vpc.clone()?;
    let is_public = |subnet: &String| {
        let routes = filters::routes(subnet, &vpc, index)?;
        Ok(routes.addresses.share_v4() >= 50.0 || routes.addresses.share_v6() >= 50.0)
    };
    let subnets = target.subnets.as_ref().map_err(Clone::clone)?;
    subnets.iter().filter_map(|subnet| is_public(subnet).map(|yes| yes.then(|| subnet.clone())).transpose()).collect()
}

fn public_sources(sources: &[Source]) -> Vec<String> {
    let public = Addresses::public();
    let mut texts: Vec<_> = sources
        .iter()
        .filter(|source| !source.addresses.intersection(&public).is_empty())
        .map(|source| format!("{}: {}", source.group, source.text))
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

/// Who gets through, and how.
#[derive(Debug, Clone, Default)]
struct Ways {
    addresses: Addresses,
    paths: Vec<String>,
}

/// The internet addresses that reach the port through any of the subnets.
///
/// A database that fails over may come up in any subnet of its group, so each counts.
fn ways_in(target: &Target, sources: &Result<Vec<Source>, Gap>, index: &Index<'_>) -> Result<Ways, Gap> {
    let families = if target.dual_stack { Addresses::public() } else { Addresses::public().only_v4() };
    let addressed = target.addressed.clone().map(|addressed| if addressed { families } else { Addresses::default() });
    let admitted = sources.clone().map(|sources| sources.iter().fold(Addresses::default(), |all, source| all.union(&source.addresses)));
    let (outer, outer_gap) = match intersect([addressed, admitted]) {
        Ok(outer) if outer.is_empty() => return Ok(Ways::default()),
        Ok(outer) => (outer, None),
        // What the gap hides can only narrow, so a subnet that lets nobody through still decides.
        Err(gap) => (Addresses::public(), Some(gap)),
    };

    let subnets = target.subnets.as_ref().map_err(Clone::clone)?;
    let vpc = target.vpc.clone()?;
    let port = target.port.clone()?;
    let (mut ways, mut gap) = (Ways::default(), None);
    for subnet in subnets {
        let routes = filters::routes(subnet, &vpc, index);
        let acl = filters::network_acl(subnet, port, index);
        let open = filters::blocks_public_access(subnet, &vpc, index).map(|blocked| if blocked { Addresses::default() } else { Addresses::all() });
        let route_addresses = routes.clone().map(|routes| routes.addresses);
        let acl_addresses = acl.clone().map(|(_, addresses)| addresses);
        match intersect([Ok(outer.clone()), route_addresses, acl_addresses, open]) {
            Ok(addresses) if addresses.is_empty() => {}
            Ok(addresses) => {
                if let (Ok(routes), Ok((acl, _)), Ok(sources)) = (routes, acl, sources) {
                    ways.paths.extend(paths(sources, &addresses, &routes, &acl, port));
                }
                ways.addresses = ways.addresses.union(&addresses);
            }
            Err(inner) => gap = Some(inner),
        }
    }
    if ways.addresses.is_empty() {
        return gap.map_or(Ok(ways), Err);
    }
    if let Some(gap) = outer_gap {
        return Err(gap);
    }
    ways.paths.sort();
    ways.paths.dedup();
    Ok(ways)
}

fn paths<'a>(
    sources: &'a [Source],
    through: &'a Addresses,
    routes: &'a filters::Routes,
    acl: &'a str,
    port: i64,
) -> impl Iterator<Item = String> + 'a {
    let gateway = routes.gateway.as_deref().unwrap_or("internet gateway");
    sources
        .iter()
        .filter(|source| !source.addresses.intersection(through).is_empty())
        .map(move |source| format!("{} → {gateway} → {} → {acl} → {} → {port}", source.text, routes.route_table, source.group))
}

/// The intersection, decided by any set that is known to be empty.
fn intersect<const N: usize>(sets: [Result<Addresses, Gap>; N]) -> Result<Addresses, Gap> {
    if sets.iter().flatten().any(Addresses::is_empty) {
        return Ok(Addresses::default());
    }
    // Known sets may exclude each other even when none is empty by itself.
    let known = sets.iter().flatten().fold(Addresses::all(), |all, set| all.intersection(set));
    if known.is_empty() {
        return Ok(known);
    }
    sets.into_iter().find_map(Result::err).map_or(Ok(known), Err)
}
