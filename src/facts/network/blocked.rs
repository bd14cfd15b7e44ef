//! Whether VPC Block Public Access protects the databases of a region: `block_public_access`.

use std::borrow::Cow;

use super::{filters, hosts};
use crate::facts::{Fact, Index, fact};
use crate::inventory::{Gap, Known, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// VPC Block Public Access in a region.
    BlockPublicAccess {
        /// `off`, `block-ingress` or `block-bidirectional`.
        mode: Known<String>,
        /// Subnets of databases into which it lets the internet open connections: it is off, or they
        /// or their VPC are excluded.
        open_subnets: Known<Vec<String>>,
    }
}

/// `block_public_access`.
pub const FACT: Fact = Fact {
    name: "block_public_access",
    about: "VPC Block Public Access in the region, and the subnets of databases that it does not protect: `block_public_access.open_subnets`.",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(BlockPublicAccess),
    operations: |_, field| {
        const OPTIONS: &str = "ec2:DescribeVpcBlockPublicAccessOptions";
        match field {
            "mode" => Cow::Borrowed(&[OPTIONS]),
            _ => Cow::Owned([&hosts::operations()[..], &[OPTIONS, "ec2:DescribeVpcBlockPublicAccessExclusions", "ec2:DescribeSubnets"]].concat()),
        }
    },
    derive: |_, index| {
        let fact = BlockPublicAccess { mode: mode(index).into(), open_subnets: open_subnets(index).into() };
        fact.into_node().unwrap_or_else(|| Node::map([]))
    },
};

fn mode(index: &Index<'_>) -> Result<String, Gap> {
    let options = index.block_public_access().get("")?;
    options.resource.required("InternetGatewayBlockMode", options.data.InternetGatewayBlockMode.clone())
}

/// One that is known to be open is enough; that none is takes all of them.
fn open_subnets(index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let (databases, mut gap) = index.hosts().all();
    let mut open = Vec::new();
    for database in databases {
        match (&database.target.vpc, &database.target.subnets) {
            (Ok(vpc), Ok(subnets)) => {
                for subnet in subnets {
                    match filters::blocks_public_access(subnet, vpc, index) {
                        Ok(true) => {}
                        Ok(false) => open.push(subnet.clone()),
                        Err(unknown) => gap = Some(unknown),
                    }
                }
            }
            (Err(unknown), _) | (_, Err(unknown)) => gap = Some(unknown.clone()),
        }
    }
    open.sort();
    open.dedup();
    gap.filter(|_| open.is_empty()).map_or(Ok(open), Err)
}
