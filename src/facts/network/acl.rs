//! Network ACLs: the addresses whose connections they let in and whose answers they let out.

use super::addresses::Addresses;
use super::filters::networks;
use crate::facts::Index;
use crate::inventory::{Gap, ec2};

/// The network ACL of a subnet, and the addresses whose connections to the port it lets in and
/// whose answers, to some ephemeral port, it lets out.
pub fn network_acl(subnet: &str, port: i64, index: &Index<'_>) -> Result<(String, Addresses), Gap> {
    let (id, entries) = of_subnet(subnet, index)?;
    Ok((id, admitted(entries, port)?))
}

/// The network ACL of a subnet, and the addresses whose connections to the port it lets in.
pub fn inbound(subnet: &str, port: i64, index: &Index<'_>) -> Result<(String, Addresses), Gap> {
    let (id, entries) = of_subnet(subnet, index)?;
    Ok((id, allowed(entries, false, port)?))
}

/// The network ACL of a subnet, and its entries.
fn of_subnet<'i>(subnet: &str, index: &'i Index<'_>) -> Result<(String, &'i [ec2::NetworkAclEntry]), Gap> {
    let acls = index.network_acls();
    let acl = acls.all_of(subnet)?.next().ok_or_else(|| acls.not_visible(&format!("of subnet {subnet}")))?;
    let entries = acl.resource.required("Entries", acl.data.Entries.as_deref())?;
    if entries.iter().any(|entry| entry.Egress.is_none() || entry.RuleAction.is_none() || entry.Protocol.is_none()) {
        return Err(acl.resource.not_returned("Entries"));
    }
    Ok((acl.data.NetworkAclId.clone().unwrap_or_default(), entries))
}

/// What a network ACL is found by: its subnets.
pub fn keys(acl: &ec2::NetworkAcl) -> Vec<&str> {
    acl.Associations.iter().flatten().filter_map(|association| association.SubnetId.as_deref()).collect()
}

/// Who can open a connection to the port and get an answer.
pub fn admitted(entries: &[ec2::NetworkAclEntry], port: i64) -> Result<Addresses, Gap> {
    let inbound = allowed(entries, false, port)?;
    let mut outbound = Addresses::default();
    for port in ephemeral_ports(entries) {
        outbound = outbound.union(&allowed(entries, true, port)?);
    }
    Ok(inbound.intersection(&outbound))
}

/// The ports that clients choose from (IANA's dynamic range and what older systems use).
const EPHEMERAL: std::ops::RangeInclusive<i64> = 1024..=65535;

/// One port of each stretch of the ephemeral range that the outbound entries tell apart.
fn ephemeral_ports(entries: &[ec2::NetworkAclEntry]) -> Vec<i64> {
    let ranges = entries.iter().filter(|entry| entry.Egress == Some(true)).filter_map(|entry| entry.PortRange.as_ref());
    let bounds = ranges.flat_map(|range| [range.From, range.To.map(|to| to + 1)]).flatten();
    let mut starts: Vec<i64> = bounds.filter(|port| EPHEMERAL.contains(port)).chain([*EPHEMERAL.start()]).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The addresses that the entries allow for TCP to a port: in the order of their numbers, the first
/// match decides, and what none matches is denied.
fn allowed(entries: &[ec2::NetworkAclEntry], egress: bool, port: i64) -> Result<Addresses, Gap> {
    let mut entries: Vec<_> = entries.iter().filter(|entry| entry.Egress == Some(egress) && matches(entry, port)).collect();
    entries.sort_by_key(|entry| entry.RuleNumber);
    let (mut allowed, mut decided) = (Addresses::default(), Addresses::default());
    for entry in entries {
        let cidrs = entry.CidrBlock.as_deref().into_iter().chain(entry.Ipv6CidrBlock.as_deref());
        let networks = networks(cidrs, "ec2:DescribeNetworkAcls")?;
        if entry.RuleAction.as_deref() == Some("allow") {
            allowed = allowed.union(&networks.without(&decided));
        }
        decided = decided.union(&networks);
    }
    Ok(allowed)
}

fn matches(entry: &ec2::NetworkAclEntry, port: i64) -> bool {
    match entry.Protocol.as_deref() {
        Some("-1") => true,
        Some("6" | "tcp") => match &entry.PortRange {
            Some(ec2::PortRange { From: Some(from), To: Some(to) }) => (*from..=*to).contains(&port),
            _ => true,
        },
        _ => false,
    }
}
