//! Who may talk to a port by the rules of security groups, and VPC Block Public Access.

use super::addresses::Addresses;
use super::bounds::Bounds;
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

/// The sources of security groups, and what keeps us from knowing them all.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    pub known: Vec<Source>,
    pub gap: Option<Gap>,
}

impl Sources {
    /// Every source of the groups' rules that may open a TCP connection to the port. Groups as
    /// sources are left out: they stand for private addresses.
    pub fn of(groups: Result<&[String], Gap>, port: Result<i64, Gap>, index: &Index<'_>) -> Self {
        let mut sources = Self::default();
        match groups {
            Ok(groups) => groups.iter().for_each(|group| sources.keep(|sources| sources.add_group(group, port.clone(), index))),
            Err(gap) => sources.gap = Some(gap),
        }
        sources
    }

    /// Every source of one rule, whatever its ports.
    pub fn of_permission(group: &str, permission: &ec2::IpPermission, index: &Index<'_>) -> Self {
        let mut sources = Self::default();
        sources.keep(|sources| sources.add_permission(group, permission, index));
        sources
    }

    /// These and the others.
    pub fn with(mut self, other: Self) -> Self {
        self.known.extend(other.known);
        self.gap = self.gap.or(other.gap);
        self
    }

    /// All of them, if they are known.
    pub fn all(&self) -> Result<&[Source], Gap> {
        self.gap.clone().map_or(Ok(&self.known), Err)
    }

    /// The addresses that they admit together.
    pub fn admitted(&self) -> Bounds {
        let known = self.known.iter().fold(Addresses::default(), |all, source| all.union(&source.addresses));
        match &self.gap {
            Some(gap) => Bounds::at_least(known, gap.clone()),
            None => Bounds::known(known),
        }
    }

    /// Goes on after a gap: other groups and rules may decide without it.
    fn keep(&mut self, add: impl FnOnce(&mut Self) -> Result<(), Gap>) {
        if let Err(gap) = add(self) {
            self.gap = Some(gap);
        }
    }

    fn add_group(&mut self, id: &str, port: Result<i64, Gap>, index: &Index<'_>) -> Result<(), Gap> {
        let group = index.security_groups().get(id)?;
        let permissions = group.resource.required("IpPermissions", group.data.IpPermissions.as_deref())?;
        for permission in permissions {
            if !is_tcp(permission).ok_or_else(|| group.resource.not_returned("IpPermissions"))? {
                continue;
            }
            // Without the port only a rule for all ports is known to admit it.
            match &port {
                Ok(port) if !admits(permission, *port) => {}
                Err(gap) if !admits_all_ports(permission) => self.gap = Some(gap.clone()),
                _ => self.keep(|sources| sources.add_permission(id, permission, index)),
            }
        }
        Ok(())
    }

    fn add_permission(&mut self, group: &str, permission: &ec2::IpPermission, index: &Index<'_>) -> Result<(), Gap> {
        let cidrs = permission.IpRanges.iter().flatten().filter_map(|range| range.CidrIp.as_deref());
        for cidr in cidrs.chain(permission.Ipv6Ranges.iter().flatten().filter_map(|range| range.CidrIpv6.as_deref())) {
            self.keep(|sources| sources.add(group, cidr.to_owned(), cidr));
        }
        for list in permission.PrefixListIds.iter().flatten().filter_map(|list| list.PrefixListId.as_deref()) {
            self.keep(|sources| prefix_list(list, index)?.into_iter().try_for_each(|cidr| sources.add(group, format!("{list} {cidr}"), cidr)));
        }
        Ok(())
    }

    fn add(&mut self, group: &str, text: String, cidr: &str) -> Result<(), Gap> {
        let addresses = networks([cidr], "ec2:DescribeSecurityGroups")?;
        self.known.push(Source { group: group.to_owned(), text, addresses });
        Ok(())
    }
}

/// The networks in CIDR notation; a gap of the operation that named what is none.
pub fn networks<'t>(cidrs: impl IntoIterator<Item = &'t str>, operation: &str) -> Result<Addresses, Gap> {
    Addresses::of(cidrs).map_err(|cidr| Gap::new(operation, Reason::Failed, format!("{cidr:?} is no network")))
}

/// Whether a security group admits anyone to a TCP port.
pub fn group_admits(id: &str, port: Result<i64, Gap>, index: &Index<'_>) -> Result<bool, Gap> {
    let group = index.security_groups().get(id)?;
    let permissions = group.resource.required("IpPermissions", group.data.IpPermissions.as_deref())?;
    if permissions.iter().any(|permission| is_tcp(permission).is_none()) {
        return Err(group.resource.not_returned("IpPermissions"));
    }
    let mut of_tcp = permissions.iter().filter(|permission| is_tcp(permission) == Some(true));
    match port {
        Ok(port) => Ok(of_tcp.any(|permission| admits(permission, port))),
        Err(_) if of_tcp.clone().any(admits_all_ports) => Ok(true),
        Err(gap) => of_tcp.next().map_or(Ok(false), |_| Err(gap)),
    }
}

/// Whether security groups are known to admit groups of another account to a TCP port.
pub fn admit_account(groups: &[String], port: &Result<i64, Gap>, account: &str, index: &Index<'_>) -> bool {
    let Ok(port) = port else { return false };
    let known = groups.iter().filter_map(|group| index.security_groups().get(group).ok());
    let mut rules = known.flat_map(|group| group.data.IpPermissions.iter().flatten());
    rules.any(|rule| {
        let named = || rule.UserIdGroupPairs.iter().flatten().any(|pair| pair.UserId.as_deref() == Some(account) && pair.GroupId.is_some());
        is_tcp(rule) == Some(true) && admits(rule, *port) && named()
    })
}

/// Whether a rule speaks of TCP; none where it does not say what it speaks of.
fn is_tcp(permission: &ec2::IpPermission) -> Option<bool> {
    let protocol = permission.IpProtocol.as_deref()?.to_ascii_lowercase();
    Some(matches!(protocol.as_str(), "-1" | "tcp" | "6"))
}

/// A rule of all protocols, or of TCP without a range, admits all ports.
fn admits_all_ports(permission: &ec2::IpPermission) -> bool {
    permission.IpProtocol.as_deref() == Some("-1")
        || match (permission.FromPort, permission.ToPort) {
            (Some(from), Some(to)) => from == -1 || (from <= 1 && to == LAST_PORT),
            _ => true,
        }
}

fn admits(permission: &ec2::IpPermission, port: i64) -> bool {
    ports(permission).is_some_and(|(from, to)| (from..=to).contains(&port))
}

/// The last port that there is.
pub const LAST_PORT: i64 = 65535;

/// The ports that a rule admits, both ends included.
fn ports(permission: &ec2::IpPermission) -> Option<(i64, i64)> {
    if admits_all_ports(permission) { Some((0, LAST_PORT)) } else { permission.FromPort.zip(permission.ToPort) }
}

/// The TCP ports that a rule admits, if any; none where it does not say what it speaks of.
pub fn tcp_ports(permission: &ec2::IpPermission) -> Option<Option<(i64, i64)>> {
    is_tcp(permission).map(|tcp| ports(permission).filter(|_| tcp))
}

/// The networks of a prefix list.
pub fn prefix_list<'i>(id: &str, index: &'i Index<'_>) -> Result<Vec<&'i str>, Gap> {
    let list = index.prefix_lists().get(id)?;
    let entries = list.resource.required("Entries", list.data.Entries.as_ref())?;
    entries.iter().map(|entry| list.resource.required("Entries", entry.Cidr.as_deref())).collect()
}

/// Whether VPC Block Public Access keeps the internet gateway from the subnet.
pub fn blocks_public_access(subnet: &str, vpc: &str, index: &Index<'_>) -> Result<bool, Gap> {
    Ok(block_mode(subnet, index)?.starts_with("block-") && !is_excluded(subnet, vpc, index)?)
}

/// What the subnet says itself, else what the region's setting says of subnets of this account.
fn block_mode<'i>(subnet: &str, index: &'i Index<'_>) -> Result<&'i str, Gap> {
    let regional = || {
        let options = index.block_public_access().get("")?;
        options.resource.required("InternetGatewayBlockMode", options.data.InternetGatewayBlockMode.as_deref())
    };
    let row = index.subnets().get(subnet)?;
    if let Some(gap) = row.gap_of("BlockPublicAccessStates") {
        return Err(gap);
    }
    let own = row.data.BlockPublicAccessStates.as_ref().and_then(|states| states.InternetGatewayBlockMode.as_deref());
    match own {
        Some(mode) => Ok(mode),
        None if is_shared(row, index) => Err(row.resource.not_returned("BlockPublicAccessStates")),
        None => regional(),
    }
}

/// Whether another account owns the subnet, whose settings are not ours to see.
fn is_shared(row: &crate::facts::tables::Row<'_, ec2::Subnet>, index: &Index<'_>) -> bool {
    row.data.OwnerId.as_deref().is_some_and(|owner| owner != index.scope.id.account)
}

fn is_excluded(subnet: &str, vpc: &str, index: &Index<'_>) -> Result<bool, Gap> {
    let exclusions = index.block_public_access_exclusions().all()?;
    let names = |arn: &str| arn.ends_with(&format!("/{subnet}")) || arn.ends_with(&format!("/{vpc}"));
    let found = exclusions.clone().any(|row| {
        // One that is on its way out may still be in force.
        let in_force = !matches!(row.data.State.as_deref(), Some("create-in-progress" | "create-failed" | "delete-complete" | "disable-complete"));
        in_force
            && row.data.ResourceArn.as_deref().is_some_and(names)
            && row.data.InternetGatewayExclusionMode.as_deref() == Some("allow-bidirectional")
    });
    match index.subnets().get(subnet) {
        Ok(row) if !found && is_shared(row, index) => Err(index.block_public_access_exclusions().not_visible(&format!("of subnet {subnet}"))),
        _ => Ok(found),
    }
}
