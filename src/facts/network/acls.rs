//! What the network ACLs of a VPC let in to its databases: `acls`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::addresses::Addresses;
use super::{acl, hosts};
use crate::facts::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The network ACLs of the subnets that databases are in.
    Acls {
        /// A port of databases and the network ACL in front of it. What could not be read is one too.
        ports: Known<Vec<AclPort>>,
    }

    /// A port behind a network ACL.
    AclPort {
        /// The network ACL.
        acl: Known<String>,
        /// The TCP port.
        port: Known<i64>,
        /// The databases that listen there.
        databases: Vec<String>,
        /// The share of the public IPv4 space whose connections the ACL lets in, in percent.
        ipv4_share: Known<f64>,
        /// The share of the IPv6 space in use (2000::/3) whose connections it lets in, in percent.
        ipv6_share: Known<f64>,
    }
}

/// `acls`.
pub const FACT: Fact = Fact {
    name: "acls",
    about: "What the network ACLs of a VPC let in to the ports of its databases: `acls.ports`.",
    applies: |kind| kind == kinds::VPC,
    schema: |_| schemars::schema_for!(Acls),
    operations: |_, _| Cow::Owned([&hosts::operations()[..], kinds::NETWORK_ACL.operations].concat()),
    derive: |resource, index| Acls { ports: ports(resource, index).into() }.into_node().unwrap_or_else(|| Node::map([])),
};

fn ports(vpc: &Resource, index: &Index<'_>) -> Result<Vec<AclPort>, Gap> {
    let id = hosts::id_of(vpc)?;
    let (databases, gap) = index.hosts().of(&id);
    let (mut known, mut unknown) = (BTreeMap::<(String, i64), (Addresses, Vec<String>)>::new(), Vec::new());
    for database in databases {
        let (subnets, port) = match (&database.target.subnets, &database.target.port) {
            (Ok(subnets), Ok(port)) => (subnets, *port),
            (Err(gap), _) | (_, Err(gap)) => {
                unknown.push(unread(vec![database.name()], gap));
                continue;
            }
        };
        for subnet in subnets {
            match acl::inbound(subnet, port, index) {
                Ok((acl, addresses)) => known.entry((acl, port)).or_insert_with(|| (addresses, Vec::new())).1.push(database.name()),
                Err(gap) => unknown.push(unread(vec![database.name()], &gap)),
            }
        }
    }
    unknown.extend(gap.map(|gap| unread(Vec::new(), &gap)));
    let known = known.into_iter().map(|((acl, port), (addresses, mut databases))| {
        databases.sort();
        databases.dedup();
        let (ipv4_share, ipv6_share) = (Known::Value(addresses.share_v4()), Known::Value(addresses.share_v6()));
        AclPort { acl: Known::Value(acl), port: Known::Value(port), databases, ipv4_share, ipv6_share }
    });
    Ok(known.chain(unknown).collect())
}

/// A port of which nothing is known.
fn unread(databases: Vec<String>, gap: &Gap) -> AclPort {
    let share = || Known::Gap(gap.clone());
    AclPort { acl: Known::Gap(gap.clone()), port: Known::Gap(gap.clone()), databases, ipv4_share: share(), ipv6_share: share() }
}
