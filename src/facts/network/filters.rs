//! What stands between the internet and a port, each as the set of addresses that it lets through:
//! security groups, routes to an internet gateway, network ACLs, VPC Block Public Access.

use super::addresses::Addresses;
use crate::facts::Index;
use crate::inventory::{Gap, Reason, ec2};

/// A source that a security group admits to a port.
#[derive(Debug, Clone)]
pub struct Source {
    pub group: String,
    /// As the rule writes it: a network, or a prefix list and its network.
    pub text: String,
    pub addresses: Addresses,
}

/// Every source of the groups' rules that may open a TCP connection to the port. Groups as sources
/// are left out: they stand for private addresses.
pub fn sources(groups: &[String], port: i64, index: &Index<'_>) -> Result<Vec<Source>, Gap> {
    let mut sources = Vec::new();
    for id in groups {
        let group = index.security_groups.get(id)?;
        let open = group.data.IpPermissions.iter().flatten().filter(|permission| admits(permission, port));
        for permission in open {
            let networks = permission.IpRanges.iter().flatten().filter_map(|range| range.CidrIp.as_deref());
            let networks = networks.chain(permission.Ipv6Ranges.iter().flatten().filter_map(|range| range.CidrIpv6.as_deref()));
            sources.extend(networks.map(|cidr| source(id, cidr.to_owned(), cidr)));
            for list in permission.PrefixListIds.iter().flatten().filter_map(|list| list.PrefixListId.as_deref()) {
                for cidr in prefix_list(list, index)? {
                    sources.push(source(id, format!("{list} {cidr}"), cidr));
                }
            }
        }
    }
    Ok(sources)
}

fn source(group: &str, text: String, cidr: &str) -> Source {
    Source { group: group.to_owned(), text, addresses: [cidr].into_iter().collect() }
}

fn admits(permission: &ec2::IpPermission, port: i64) -> bool {
    match permission.IpProtocol.as_deref() {
        Some("-1") => true,
        Some("tcp" | "6") => match (permission.FromPort, permission.ToPort) {
            (Some(from), Some(to)) => (from..=to).contains(&port) || from == -1,
            // A rule of a protocol with ports but without a range admits them all.
            _ => true,
        },
        _ => false,
    }
}

fn prefix_list<'i>(id: &str, index: &'i Index<'_>) -> Result<Vec<&'i str>, Gap> {
    let list = index.prefix_lists.get(id)?;
    if let Some(gap) = list.gap_of("Entries") {
        return Err(gap);
    }
    let entries = list.data.Entries.as_ref().ok_or_else(|| Gap::new("ec2:GetManagedPrefixListEntries", Reason::NotCollected, id.to_owned()))?;
    Ok(entries.iter().filter_map(|entry| entry.Cidr.as_deref()).collect())
}

/// The way out of a subnet: its effective route table, and what that sends to an internet gateway.
#[derive(Debug, Clone)]
pub struct Routes {
    pub route_table: String,
    pub gateway: Option<String>,
    pub addresses: Addresses,
}

/// The addresses that a subnet's effective route table sends to an attached internet gateway: the
/// table associated with the subnet, else the main table of the subnet's own VPC.
pub fn routes(subnet: &str, vpc: &str, index: &Index<'_>) -> Result<Routes, Gap> {
    let tables = index.route_tables.all()?;
    let explicit = tables.clone().find(|row| associations(&row.data).any(|association| association.SubnetId.as_deref() == Some(subnet)));
    let main = || {
        tables.clone().find(|row| row.data.VpcId.as_deref() == Some(vpc) && associations(&row.data).any(|association| association.Main == Some(true)))
    };
    let table = explicit.or_else(main).ok_or_else(|| index.route_tables.not_visible(&format!("of subnet {subnet}")))?;

    let mut decided = Addresses::default();
    let mut routed = Routes { route_table: table.data.RouteTableId.clone().unwrap_or_default(), gateway: None, addresses: Addresses::default() };
    for (destination, route) in by_specificity(&table.data, index)? {
        let mine = destination.without(&decided);
        decided = decided.union(&destination);
        if let Some(gateway) = internet_gateway(route, vpc, index)?
            && !mine.is_empty()
        {
            routed.addresses = routed.addresses.union(&mine);
            routed.gateway = Some(gateway.to_owned());
        }
    }
    Ok(routed)
}

fn associations(table: &ec2::RouteTable) -> impl Iterator<Item = &ec2::RouteTableAssociation> {
    table.Associations.iter().flatten()
}

/// The routes with their destinations, longest prefix first, as AWS chooses among them.
fn by_specificity<'t>(table: &'t ec2::RouteTable, index: &Index<'_>) -> Result<Vec<(Addresses, &'t ec2::Route)>, Gap> {
    let mut routes = Vec::new();
    for route in table.Routes.iter().flatten() {
        let mut networks: Vec<&str> = Vec::new();
        networks.extend(route.DestinationCidrBlock.as_deref());
        networks.extend(route.DestinationIpv6CidrBlock.as_deref());
        if let Some(list) = &route.DestinationPrefixListId {
            // A gateway endpoint's list of AWS networks can only take addresses away from the
            // internet gateway, and only those of that service: it is not worth a gap.
            match prefix_list(list, index) {
                Ok(cidrs) => networks.extend(cidrs),
                Err(_) if !is_internet_gateway(route) => {}
                Err(gap) => return Err(gap),
            }
        }
        let length = |cidr: &str| cidr.rsplit('/').next().and_then(|length| length.parse::<u8>().ok()).unwrap_or(0);
        routes.extend(networks.into_iter().map(|cidr| (length(cidr), [cidr].into_iter().collect::<Addresses>(), route)));
    }
    routes.sort_by_key(|(length, ..)| std::cmp::Reverse(*length));
    Ok(routes.into_iter().map(|(_, destination, route)| (destination, route)).collect())
}

fn is_internet_gateway(route: &ec2::Route) -> bool {
    route.GatewayId.as_deref().is_some_and(|id| id.starts_with("igw-")) && route.State.as_deref() != Some("blackhole")
}

/// The internet gateway that an active route leads to, if it is attached to the VPC.
fn internet_gateway<'t>(route: &'t ec2::Route, vpc: &str, index: &Index<'_>) -> Result<Option<&'t str>, Gap> {
    let Some(id) = route.GatewayId.as_deref().filter(|_| is_internet_gateway(route)) else { return Ok(None) };
    match index.internet_gateways.get(id) {
        Ok(row) => {
            let attached = row.data.Attachments.iter().flatten().any(|attachment| attachment.VpcId.as_deref() == Some(vpc));
            Ok(attached.then_some(id))
        }
        // The gateway of a shared VPC is its owner's to see; the route is active, so it is attached.
        Err(gap) if gap.reason == Reason::NotVisible => Ok(Some(id)),
        Err(gap) => Err(gap),
    }
}

/// The network ACL of a subnet, and the addresses whose connections to the port it lets in and
/// whose answers, to some ephemeral port, it lets out.
pub fn network_acl(subnet: &str, port: i64, index: &Index<'_>) -> Result<(String, Addresses), Gap> {
    let mut acls = index.network_acls.all()?;
    let acl = acls
        .find(|row| row.data.Associations.iter().flatten().any(|association| association.SubnetId.as_deref() == Some(subnet)))
        .ok_or_else(|| index.network_acls.not_visible(&format!("of subnet {subnet}")))?;
    let inbound = allowed(&acl.data, false, port);
    let outbound = ephemeral_ports(&acl.data).fold(Addresses::default(), |out, port| out.union(&allowed(&acl.data, true, port)));
    Ok((acl.data.NetworkAclId.clone().unwrap_or_default(), inbound.intersection(&outbound)))
}

/// The ports that clients choose from (IANA's dynamic range and what older systems use).
const EPHEMERAL: std::ops::RangeInclusive<i64> = 1024..=65535;

/// One port of each stretch of the ephemeral range that the ACL's outbound entries tell apart.
fn ephemeral_ports(acl: &ec2::NetworkAcl) -> impl Iterator<Item = i64> {
    let mut starts: Vec<i64> = acl
        .Entries
        .iter()
        .flatten()
        .filter(|entry| entry.Egress == Some(true))
        .filter_map(|entry| entry.PortRange.as_ref())
        .flat_map(|range| [range.From, range.To.map(|to| to + 1)])
        .flatten()
        .filter(|port| EPHEMERAL.contains(port))
        .collect();
    starts.push(*EPHEMERAL.start());
    starts.sort_unstable();
    starts.dedup();
    starts.into_iter()
}

/// The addresses that the ACL allows for TCP to a port: entries in the order of their numbers, the
/// first match decides, and what none matches is denied.
fn allowed(acl: &ec2::NetworkAcl, egress: bool, port: i64) -> Addresses {
    let mut entries: Vec<_> = acl.Entries.iter().flatten().filter(|entry| entry.Egress == Some(egress) && matches(entry, port)).collect();
    entries.sort_by_key(|entry| entry.RuleNumber);
    let (mut allowed, mut decided) = (Addresses::default(), Addresses::default());
    for entry in entries {
        let networks = entry.CidrBlock.as_deref().into_iter().chain(entry.Ipv6CidrBlock.as_deref());
        let networks: Addresses = networks.collect();
        if entry.RuleAction.as_deref() == Some("allow") {
            allowed = allowed.union(&networks.without(&decided));
        }
        decided = decided.union(&networks);
    }
    allowed
}

fn matches(entry: &ec2::NetworkAclEntry, port: i64) -> bool {
    match entry.Protocol.as_deref() {
        Some("-1") => true,
        Some("6") => match &entry.PortRange {
            Some(ec2::PortRange { From: Some(from), To: Some(to) }) => (*from..=*to).contains(&port),
            _ => true,
        },
        _ => false,
    }
}

/// Whether VPC Block Public Access keeps the internet gateway from the subnet.
pub fn blocks_public_access(subnet: &str, vpc: &str, index: &Index<'_>) -> Result<bool, Gap> {
    let row = index.subnets.get(subnet)?;
    let own = row.data.BlockPublicAccessStates.as_ref().and_then(|states| states.InternetGatewayBlockMode.clone());
    let mode = match own {
        Some(mode) => mode,
        None => {
            let options = index.block_public_access.get("")?;
            options.data.InternetGatewayBlockMode.clone().unwrap_or_default()
        }
    };
    if !mode.starts_with("block-") {
        return Ok(false);
    }
    let excluded = index.block_public_access_exclusions.all()?.any(|row| {
        let of_subnet = row.data.ResourceArn.as_deref().is_some_and(|arn| arn.ends_with(&format!("/{subnet}")) || arn.ends_with(&format!("/{vpc}")));
        let in_force = matches!(row.data.State.as_deref(), Some("create-complete" | "update-complete" | "update-in-progress" | "update-failed"));
        of_subnet && in_force && row.data.InternetGatewayExclusionMode.as_deref() == Some("allow-bidirectional")
    });
    Ok(!excluded)
}
