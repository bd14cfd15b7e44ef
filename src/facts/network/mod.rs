//! Who can open a connection: `network`.
//!
//! Public is what AWS's networking makes it, not a flag: the database is publicly addressed, and
//! one of its subnets routes to an internet gateway, and the network ACL lets the connection in and
//! its answer out, and the union of the security groups' rules admits the port, and VPC Block
//! Public Access does not forbid it. Each of these is a set of addresses; their intersection is
//! who gets through. One that is known to be empty decides, whatever else is unknown.

mod acl;
mod acls;
mod addresses;
mod blocked;
mod bounds;
mod filters;
mod flow_logs;
mod hosts;
mod ingress;
mod peers;
mod ranges;
mod routes;
mod target;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index, fact};
use crate::inventory::{Gap, Kind, Known, Resource};
use crate::value::{IntoNode, Node};
use addresses::Addresses;
use bounds::Bounds;
use filters::{Source, Sources};
pub use hosts::Hosts;
use routes::Routes;
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
        /// Those of its subnets of which it is known that their effective route table sends the internet
        /// to an internet gateway.
        public_subnets: Known<Vec<String>>,
        /// Whether security groups admit anyone at all to the port: a network, a prefix list or another group.
        port_admitted: Known<bool>,
        /// The sources that security groups admit to the port, if they hold public addresses.
        public_sources: Known<Vec<String>>,
        /// The prefix length of the widest public IPv4 network admitted, neighbours joined; 33 if none.
        widest_ipv4_prefix: Known<i64>,
        /// The prefix length of the widest private IPv4 network admitted, neighbours joined; 33 if none.
        widest_private_ipv4_prefix: Known<i64>,
        /// The prefix length of the widest public IPv6 network admitted, neighbours joined; 129 if none.
        widest_ipv6_prefix: Known<i64>,
        /// The share of the public IPv4 space that the security groups admit together, in percent.
        ipv4_share: Known<f64>,
        /// The share of the IPv6 space in use (2000::/3) that they admit together, in percent.
        ipv6_share: Known<f64>,
        /// Whether any internet address can open a connection; one way in that is known decides it.
        internet_reachable: Known<bool>,
        /// How many internet addresses can open a connection, an IPv6 /64 counting as one.
        internet_addresses: Known<i64>,
        /// How many of those are IPv6.
        internet_ipv6_networks: Known<i64>,
        /// The ways in that are known, from source to port.
        internet_paths: Known<Vec<String>>,
    }
}

/// Whom security groups admit to a port.
pub struct Admission {
    pub public_sources: Known<Vec<String>>,
    pub widest_ipv4_prefix: Known<i64>,
    pub widest_ipv6_prefix: Known<i64>,
}

impl Admission {
    fn new(sources: &Sources, admitted: &Bounds) -> Self {
        Self {
            public_sources: sources.all().map(public_sources).into(),
            widest_ipv4_prefix: admitted.decide(Addresses::widest_prefix_v4).into(),
            widest_ipv6_prefix: admitted.decide(Addresses::widest_prefix_v6).into(),
        }
    }
}

/// The operations that an [`Admission`] draws on.
pub const ADMISSION_OPERATIONS: [&str; 3] = ["ec2:DescribeSecurityGroups", "ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"];

/// Whom the security groups of a database, and further ones, admit to a port beside its own.
pub fn admission(resource: &Resource, further: &[String], port: i64, index: &Index<'_>) -> Admission {
    let own = Target::of(resource, index).and_then(|target| target.security_groups.as_deref().map_err(Clone::clone));
    let sources = Sources::of(own, Ok(port), index).with(Sources::of(Ok(further), Ok(port), index));
    Admission::new(&sources, &sources.admitted())
}

pub use acl::keys as keys_of_network_acl;
pub use acls::FACT as ACLS;
pub use blocked::FACT as BLOCK_PUBLIC_ACCESS;
pub use flow_logs::FACT as FLOW_LOGS;
pub use hosts::FACT as HOSTED;
pub use ingress::FACT as INGRESS;
pub use peers::FACT as PEERS;
pub use routes::keys as keys_of_route_table;

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
    const ROUTES: [&str; 4] =
        ["ec2:DescribeRouteTables", "ec2:DescribeInternetGateways", "ec2:DescribeManagedPrefixLists", "ec2:GetManagedPrefixListEntries"];
    const FILTERS: [&str; 4] =
        ["ec2:DescribeSubnets", "ec2:DescribeNetworkAcls", "ec2:DescribeVpcBlockPublicAccessOptions", "ec2:DescribeVpcBlockPublicAccessExclusions"];
    let own = target::operations(kind);
    let more: Vec<&str> = match field {
        "in_default_vpc" => vec!["ec2:DescribeVpcs"],
        "default_security_groups" | "port_admitted" => vec!["ec2:DescribeSecurityGroups"],
        "public_subnets" => ROUTES.to_vec(),
        "public_sources" | "widest_ipv4_prefix" | "widest_private_ipv4_prefix" | "widest_ipv6_prefix" | "ipv4_share" | "ipv6_share" => {
            ADMISSION_OPERATIONS.to_vec()
        }
        "internet_reachable" | "internet_addresses" | "internet_ipv6_networks" | "internet_paths" => {
            [&ADMISSION_OPERATIONS[..], &ROUTES, &FILTERS].concat()
        }
        _ => Vec::new(),
    };
    Cow::Owned([own, &more].concat())
}

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Network, Gap> {
    let target = Target::of(resource, index)?;
    let groups = target.security_groups.as_deref().map_err(Clone::clone);
    let mut sources = Sources::of(groups.clone(), target.port.clone(), index);
    if let Some(port) = target::further_port(resource) {
        sources = sources.with(Sources::of(groups, Ok(port), index));
    }
    let admitted = sources.admitted();
    let ways = ways_in(target, &sources, &admitted, index);
    let admission = Admission::new(&sources, &admitted);
    Ok(Network {
        in_default_vpc: in_default_vpc(target, index).into(),
        default_security_groups: default_groups(target, index).into(),
        public_subnets: public_subnets(target, index).into(),
        port_admitted: port_admitted(target, index).into(),
        public_sources: admission.public_sources,
        widest_ipv4_prefix: admission.widest_ipv4_prefix,
        widest_private_ipv4_prefix: admitted.decide(Addresses::widest_private_prefix_v4).into(),
        widest_ipv6_prefix: admission.widest_ipv6_prefix,
        ipv4_share: admitted.decide(Addresses::share_v4).into(),
        ipv6_share: admitted.decide(Addresses::share_v6).into(),
        internet_reachable: ways.addresses.decide(|addresses| !addresses.is_empty()).into(),
        internet_addresses: ways.addresses.decide(Addresses::count).into(),
        internet_ipv6_networks: ways.addresses.decide(|addresses| addresses.only_v6().count()).into(),
        internet_paths: ways.addresses.decide(|addresses| !addresses.is_empty()).map(|_| ways.paths).into(),
        publicly_addressed: target.addressed.clone().into(),
        port: target.port.clone().into(),
        vpc_id: target.vpc.clone().into(),
        security_groups: target.security_groups.clone().into(),
    })
}

fn in_default_vpc(target: &Target, index: &Index<'_>) -> Result<bool, Gap> {
    let vpc = index.vpcs().get(target.vpc.as_ref().map_err(Clone::clone)?)?;
    vpc.resource.required("IsDefault", vpc.data.IsDefault)
}

fn default_groups(target: &Target, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let groups = target.security_groups.as_ref().map_err(Clone::clone)?;
    let is_default = |id: &String| {
        let row = index.security_groups().get(id)?;
        row.resource.required("GroupName", row.data.GroupName.as_deref()).map(|name| name == "default")
    };
    groups.iter().filter_map(|id| is_default(id).map(|yes| yes.then(|| id.clone())).transpose()).collect()
}

/// One rule that admits the port decides; that none does takes every group.
fn port_admitted(target: &Target, index: &Index<'_>) -> Result<bool, Gap> {
    let groups = target.security_groups.as_ref().map_err(Clone::clone)?;
    let admits: Vec<_> = groups.iter().map(|group| filters::group_admits(group, target.port.clone(), index)).collect();
    if admits.contains(&Ok(true)) { Ok(true) } else { admits.into_iter().find(Result::is_err).unwrap_or(Ok(false)) }
}

/// A subnet is public when its routes send at least half of the internet, of either family, to an
/// internet gateway: the default route, however it is split; not a route to one partner.
fn public_subnets(target: &Target, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let vpc = target.vpc.as_ref().map_err(Clone::clone)?;
    let (mut public, mut gap) = (Vec::new(), None);
    for subnet in target.subnets.as_ref().map_err(Clone::clone)? {
        match routes::routes(subnet, vpc, index) {
            Ok(routes) if routes.addresses.share_v4() >= 50.0 || routes.addresses.share_v6() >= 50.0 => public.push(subnet.clone()),
            Ok(_) => {}
            Err(inner) => gap = Some(inner),
        }
    }
    gap.filter(|_| public.is_empty()).map_or(Ok(public), Err)
}

fn public_sources(sources: &[Source]) -> Vec<String> {
    let public = Addresses::public();
    let mut texts: Vec<_> = sources
        .iter()
        .filter(|source| !source.addresses.intersection(public).is_empty())
        .map(|source| format!("{}: {}", source.group, source.text))
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

/// Who gets through, and how.
#[derive(Debug, Default)]
struct Ways {
    addresses: Bounds,
    paths: Vec<String>,
}

/// The internet addresses that reach the port through any of the subnets.
///
/// A database that fails over may come up in any subnet of its group, so each counts.
fn ways_in(target: &Target, sources: &Sources, admitted: &Bounds, index: &Index<'_>) -> Ways {
    let families = if target.dual_stack { Addresses::public().clone() } else { Addresses::public().only_v4() };
    let addressed = target.addressed.clone().map(|addressed| if addressed { families.clone() } else { Addresses::default() });
    if target.has_own_gateway {
        // Its listener is in no VPC: no route, ACL or group filters who comes.
        return Ways { addresses: Bounds::known(families), paths: vec!["0.0.0.0/0 → endpoint outside any VPC".to_owned()] };
    }
    let outer = Bounds::known(families).and(&addressed.into()).and(admitted);
    let subnets = match &target.subnets {
        Ok(subnets) => subnets,
        Err(gap) => return Ways { addresses: outer.and(&Err(gap.clone()).into()), paths: Vec::new() },
    };
    let mut ways = Ways::default();
    for subnet in subnets {
        let (routes, acl, through) = through_subnet(subnet, target, &outer, index);
        if let (Ok(routes), Ok((acl, _)), Ok(port)) = (&routes, &acl, &target.port) {
            ways.paths.extend(paths(&sources.known, &through.lower, routes, acl, *port));
        }
        ways.addresses = ways.addresses.or(&through);
    }
    ways.paths.sort();
    ways.paths.dedup();
    ways
}

type Acl = (String, Addresses);

/// The routes and the network ACL of a subnet, and who gets through both.
fn through_subnet(subnet: &str, target: &Target, outer: &Bounds, index: &Index<'_>) -> (Result<Routes, Gap>, Result<Acl, Gap>, Bounds) {
    let vpc = target.vpc.as_ref().map_err(Clone::clone);
    let routes = vpc.clone().and_then(|vpc| routes::routes(subnet, vpc, index));
    let acl = target.port.clone().and_then(|port| acl::network_acl(subnet, port, index));
    let blocked = vpc.and_then(|vpc| filters::blocks_public_access(subnet, vpc, index));
    let routed = Bounds::from(routes.clone().map(|routes| routes.addresses));
    let answered = Bounds::from(acl.clone().map(|(_, addresses)| addresses));
    let open = Bounds::from(blocked.map(|blocked| if blocked { Addresses::default() } else { Addresses::all() }));
    let through = outer.and(&routed).and(&answered).and(&open);
    (routes, acl, through)
}

/// A line for each source that gets through.
fn paths<'a>(sources: &'a [Source], through: &'a Addresses, routes: &'a Routes, acl: &'a str, port: i64) -> impl Iterator<Item = String> + 'a {
    let gateway = routes.gateway.as_deref().unwrap_or("internet gateway");
    sources
        .iter()
        .filter(|source| !source.addresses.intersection(through).is_empty())
        .map(move |source| format!("{} → {gateway} → {} → {acl} → {} → {port}", source.text, routes.route_table, source.group))
}
