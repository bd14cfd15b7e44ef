//! The way out of a subnet: what its effective route table sends to an internet gateway.

use std::cmp::Reverse;

use super::addresses::Addresses;
use super::filters::{networks, prefix_list};
use crate::facts::Index;
use crate::facts::tables::Row;
use crate::inventory::{Gap, Reason, ec2};

/// The effective route table of a subnet, and what that sends to an internet gateway.
#[derive(Debug, Clone)]
pub struct Routes {
    pub route_table: String,
    pub gateway: Option<String>,
    pub addresses: Addresses,
}

/// The addresses that a subnet's effective route table sends to an attached internet gateway: the
/// table associated with the subnet, else the main table of the subnet's own VPC.
pub fn routes(subnet: &str, vpc: &str, index: &Index<'_>) -> Result<Routes, Gap> {
    let table = effective_table(subnet, vpc, index)?;
    let mut routed = Routes { route_table: table.data.RouteTableId.clone().unwrap_or_default(), gateway: None, addresses: Addresses::default() };
    let routes = table.resource.required("Routes", table.data.Routes.as_deref())?;
    if let Some(appliance) = routes.iter().find(|route| leads_to_appliance(route)).and_then(appliance)
        && has_edge_table(vpc, index)?
    {
        let why = format!("traffic between the internet and {subnet} passes {appliance}, behind which it is not followed");
        return Err(Gap::new("ec2:DescribeRouteTables", Reason::NotEvaluated, why));
    }
    // Without a route to an internet gateway no unread prefix list can lead there.
    if !routes.iter().any(is_internet_gateway) {
        return Ok(routed);
    }
    for (mine, route) in shared_out(routes, index)? {
        if let Some(gateway) = internet_gateway(route, vpc, index)?
            && !mine.is_empty()
        {
            routed.addresses = routed.addresses.union(&mine);
            routed.gateway = Some(gateway.to_owned());
        }
    }
    Ok(routed)
}

/// The routes of a subnet's effective route table to peers, with the addresses that each takes.
pub fn to_peers<'i>(subnet: &str, vpc: &str, index: &'i Index<'_>) -> Result<Vec<(Addresses, &'i str)>, Gap> {
    let table = effective_table(subnet, vpc, index)?;
    let routes = table.resource.required("Routes", table.data.Routes.as_deref())?;
    // Without a route to a peer no unread prefix list can lead there.
    if !routes.iter().any(|route| peer(route).is_some()) {
        return Ok(Vec::new());
    }
    let shares = shared_out(routes, index)?.into_iter();
    Ok(shares.filter_map(|(mine, route)| Some((mine, peer(route)?))).filter(|(mine, _)| !mine.is_empty()).collect())
}

/// The peering connection or transit gateway that an active route leads to.
fn peer(route: &ec2::Route) -> Option<&str> {
    route.VpcPeeringConnectionId.as_deref().or(route.TransitGatewayId.as_deref()).filter(|_| !is_blackhole(route))
}

/// The routes with the addresses that each takes, after those that come before it.
fn shared_out<'t>(routes: &'t [ec2::Route], index: &Index<'_>) -> Result<Vec<(Addresses, &'t ec2::Route)>, Gap> {
    let mut decided = Addresses::default();
    let shares = by_precedence(routes, index)?.into_iter().map(|(destination, route)| {
        let mine = destination.without(&decided);
        decided = decided.union(&destination);
        (mine, route)
    });
    Ok(shares.collect())
}

fn effective_table<'i, 's>(subnet: &str, vpc: &str, index: &'i Index<'s>) -> Result<&'i Row<'s, ec2::RouteTable>, Gap> {
    let mut of_vpc = index.route_tables().all_of(vpc)?;
    // A table whose subnets are unknown may be this one's.
    for row in of_vpc.clone() {
        row.resource.required("Associations", row.data.Associations.as_ref())?;
    }
    let explicit = index.route_tables().all_of(subnet)?.next();
    let main = || of_vpc.find(|row| associations(&row.data).any(|association| association.Main == Some(true)));
    explicit.or_else(main).ok_or_else(|| index.route_tables().not_visible(&format!("of subnet {subnet}")))
}

fn associations(table: &ec2::RouteTable) -> impl Iterator<Item = &ec2::RouteTableAssociation> {
    table.Associations.iter().flatten()
}

/// What a route table is found by: its VPC, and the subnets that are associated with it.
pub fn keys(table: &ec2::RouteTable) -> Vec<&str> {
    associations(table).filter_map(|association| association.SubnetId.as_deref()).chain(table.VpcId.as_deref()).collect()
}

/// Whether what the internet sends to the VPC is routed on: a route table of the internet gateway's
/// own, as firewalls and load-balanced appliances need it.
fn has_edge_table(vpc: &str, index: &Index<'_>) -> Result<bool, Gap> {
    let is_edge = |association: &ec2::RouteTableAssociation| association.GatewayId.as_deref().is_some_and(|id| id.starts_with("igw-"));
    Ok(index.route_tables().all_of(vpc)?.any(|row| associations(&row.data).any(is_edge)))
}

/// The endpoint or network interface that a route leads to.
fn appliance(route: &ec2::Route) -> Option<&str> {
    route.GatewayId.as_deref().filter(|id| id.starts_with("vpce-")).or(route.NetworkInterfaceId.as_deref())
}

fn leads_to_appliance(route: &ec2::Route) -> bool {
    let destinations = route.DestinationCidrBlock.as_deref().into_iter().chain(route.DestinationIpv6CidrBlock.as_deref());
    let public = Addresses::of(destinations).is_ok_and(|addresses| !addresses.intersection(Addresses::public()).is_empty());
    public && appliance(route).is_some() && !is_blackhole(route)
}

/// The routes with their destinations, in the order in which AWS prefers them: the longest prefix,
/// then a static route over one of a prefix list, and that over a propagated one.
fn by_precedence<'t>(table: &'t [ec2::Route], index: &Index<'_>) -> Result<Vec<(Addresses, &'t ec2::Route)>, Gap> {
    let mut routes = Vec::new();
    for route in table {
        let mut destinations: Vec<&str> = Vec::new();
        destinations.extend(route.DestinationCidrBlock.as_deref());
        destinations.extend(route.DestinationIpv6CidrBlock.as_deref());
        if let Some(list) = &route.DestinationPrefixListId {
            // A gateway endpoint's list of AWS networks can only take addresses away from the
            // internet gateway, and only those of that service: it is not worth a gap.
            match prefix_list(list, index) {
                Ok(cidrs) => destinations.extend(cidrs),
                Err(_) if route.GatewayId.as_deref().is_some_and(|id| id.starts_with("vpce-")) => {}
                Err(gap) => return Err(gap),
            }
        }
        let rank = match (route.Origin.as_deref(), &route.DestinationPrefixListId) {
            (Some("EnableVgwRoutePropagation"), _) => 2,
            (_, Some(_)) => 1,
            _ => 0,
        };
        for cidr in destinations {
            let length = cidr.rsplit('/').next().and_then(|length| length.parse::<u8>().ok()).unwrap_or(0);
            routes.push(((Reverse(length), rank), networks([cidr], "ec2:DescribeRouteTables")?, route));
        }
    }
    routes.sort_by_key(|(precedence, ..)| *precedence);
    Ok(routes.into_iter().map(|(_, destination, route)| (destination, route)).collect())
}

fn is_blackhole(route: &ec2::Route) -> bool {
    route.State.as_deref() == Some("blackhole")
}

fn is_internet_gateway(route: &ec2::Route) -> bool {
    route.GatewayId.as_deref().is_some_and(|id| id.starts_with("igw-")) && !is_blackhole(route)
}

/// The internet gateway that an active route leads to, if it is attached to the VPC.
fn internet_gateway<'t>(route: &'t ec2::Route, vpc: &str, index: &Index<'_>) -> Result<Option<&'t str>, Gap> {
    let Some(id) = route.GatewayId.as_deref().filter(|_| is_internet_gateway(route)) else { return Ok(None) };
    match index.internet_gateways().get(id) {
        Ok(row) => {
            let attachments = row.resource.required("Attachments", row.data.Attachments.as_deref())?;
            let attached = attachments.iter().any(|attachment| attachment.VpcId.as_deref() == Some(vpc));
            Ok(attached.then_some(id))
        }
        // The gateway of a shared VPC is its owner's to see; the route is active, so it is attached.
        Err(gap) if gap.reason == Reason::NotVisible => Ok(Some(id)),
        Err(gap) => Err(gap),
    }
}
