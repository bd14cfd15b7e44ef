//! Whose networks the databases of a VPC exchange traffic with: `peers`.
//!
//! A route to a peering connection leads to one account. One to a transit gateway leads to every account
//! that has something attached to it, as the gateway's own route tables are not read, and to the one
//! that owns it: who else is attached to another's gateway is for that one to see.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::bounds::Bounds;
use super::filters::{self, Sources};
use super::hosts::{self, Host};
use super::routes;
use crate::facts::{Fact, Index, fact};
use crate::inventory::vpc::{VpcPeeringConnection, VpcPeeringConnectionVpcInfo};
use crate::inventory::{Gap, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The accounts behind peering connections and transit gateways.
    Peers {
        /// Those that routes of the databases' subnets lead to. What could not be read is one too.
        routed: Known<Vec<Peer>>,
    }

    /// An account, and the way to it.
    Peer {
        /// The account's id.
        account: Known<String>,
        /// The peering connection or the transit gateway.
        via: String,
        /// The databases whose security groups admit something of what is routed there.
        databases: Vec<String>,
        /// Whether there are any.
        admitted: Known<bool>,
    }
}

/// `peers`.
pub const FACT: Fact = Fact {
    name: "peers",
    about: "The accounts that peering connections and transit gateways connect the databases of a VPC with: `peers.routed`.",
    applies: |kind| kind == kinds::VPC,
    schema: |_| schemars::schema_for!(Peers),
    operations: |_, _| {
        const ROUTES: [&str; 3] = ["ec2:DescribeRouteTables", "ec2:DescribeTransitGatewayAttachments", "ec2:DescribeVpcPeeringConnections"];
        let all = hosts::operations().into_iter().chain(ROUTES).chain(super::ADMISSION_OPERATIONS);
        Cow::Owned(all.collect::<BTreeSet<_>>().into_iter().collect())
    },
    derive: |resource, index| Peers { routed: routed(resource, index).into() }.into_node().unwrap_or_else(|| Node::map([])),
};

/// The databases behind a way, and whether its routes and their groups let the other side in.
type Ways = BTreeMap<(String, String), BTreeMap<String, Vec<Result<bool, Gap>>>>;

fn routed(vpc: &Resource, index: &Index<'_>) -> Result<Vec<Peer>, Gap> {
    let id = hosts::id_of(vpc)?;
    let (databases, gap) = index.hosts().of(&id);
    let (mut ways, mut unknown): (Ways, Vec<_>) = (Ways::new(), gap.map(|gap| unread("", &gap)).into_iter().collect());
    for database in databases {
        if let Err(gap) = add_ways(&mut ways, &mut unknown, database, &id, index) {
            unknown.push(unread("", &gap));
        }
    }
    let known = ways.into_iter().map(|((via, account), databases)| {
        let admitted = any(databases.values().flatten());
        let databases = databases.into_iter().filter(|(_, admitted)| admitted.contains(&Ok(true))).map(|(name, _)| name).collect();
        Peer { account: Known::Value(account), via, databases, admitted: admitted.into() }
    });
    Ok(known.chain(unknown).collect())
}

/// One that is known is enough.
fn any<'r>(answers: impl Iterator<Item = &'r Result<bool, Gap>> + Clone) -> Result<bool, Gap> {
    if answers.clone().any(|answer| *answer == Ok(true)) {
        Ok(true)
    } else {
        answers.into_iter().find(|answer| answer.is_err()).cloned().unwrap_or(Ok(false))
    }
}

fn add_ways(ways: &mut Ways, unknown: &mut Vec<Peer>, database: &Host<'_>, vpc: &str, index: &Index<'_>) -> Result<(), Gap> {
    let target = &database.target;
    let groups = target.security_groups.as_deref().map_err(Clone::clone);
    let admitted = Sources::of(groups.clone(), target.port.clone(), index).admitted();
    for subnet in target.subnets.as_ref().map_err(Clone::clone)? {
        for (destination, via) in routes::to_peers(subnet, vpc, index)? {
            let reached = Bounds::known(destination).and(&admitted).decide(|addresses| !addresses.is_empty());
            match accounts(via, vpc, index) {
                Ok(accounts) => {
                    for account in accounts {
                        let named = || filters::admit_account(groups.as_deref().unwrap_or_default(), &target.port, &account, index);
                        let reached = if reached == Ok(true) || named() { Ok(true) } else { reached.clone() };
                        ways.entry((via.to_owned(), account)).or_default().entry(database.name()).or_default().push(reached);
                    }
                }
                Err(gap) if reached != Ok(false) => unknown.push(unread(via, &gap)),
                Err(_) => {}
            }
        }
    }
    Ok(())
}

/// A way of which it is not known where it leads.
fn unread(via: &str, gap: &Gap) -> Peer {
    Peer { account: Known::Gap(gap.clone()), via: via.to_owned(), databases: Vec::new(), admitted: Known::Gap(gap.clone()) }
}

/// The accounts on the other side.
fn accounts(via: &str, vpc: &str, index: &Index<'_>) -> Result<BTreeSet<String>, Gap> {
    if via.starts_with("pcx-") {
        let row = index.peering_connections().get(via)?;
        let VpcPeeringConnection { RequesterVpcInfo, AccepterVpcInfo, .. } = &row.data;
        let sides = [RequesterVpcInfo, AccepterVpcInfo].into_iter().flatten();
        let other = sides.filter(|side: &&VpcPeeringConnectionVpcInfo| side.VpcId.as_deref() != Some(vpc)).find_map(|side| side.OwnerId.clone());
        return row.resource.required("AccepterVpcInfo", other).map(|account| BTreeSet::from([account]));
    }
    let attachments = index.transit_gateway_attachments();
    let mut accounts = BTreeSet::new();
    for row in attachments.all()?.filter(|row| row.data.TransitGatewayId.as_deref() == Some(via) && row.data.is_in_force()) {
        accounts.insert(row.resource.required("TransitGatewayOwnerId", row.data.TransitGatewayOwnerId.clone())?);
        accounts.insert(row.resource.required("ResourceOwnerId", row.data.ResourceOwnerId.clone())?);
    }
    if accounts.is_empty() { Err(attachments.not_visible(&format!("of {via}"))) } else { Ok(accounts) }
}
