//! Whether the traffic of the databases in a VPC is recorded: `flow_logs`.

use std::borrow::Cow;

use super::hosts;
use crate::facts::{Fact, Index, fact};
use crate::inventory::ec2::Vpc;
use crate::inventory::vpc::FlowLog;
use crate::inventory::{Gap, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The flow logs of a VPC.
    FlowLogs {
        /// Whether a flow log of the VPC, or one of each subnet of its databases, records what is refused.
        recorded: Known<bool>,
    }
}

/// `flow_logs`.
pub const FACT: Fact = Fact {
    name: "flow_logs",
    about: "Whether flow logs record the traffic of the databases in a VPC: `flow_logs.recorded`.",
    applies: |kind| kind == kinds::VPC,
    schema: |_| schemars::schema_for!(FlowLogs),
    operations: |_, _| Cow::Owned([&hosts::operations()[..], kinds::FLOW_LOG.operations].concat()),
    derive: |resource, index| FlowLogs { recorded: recorded(resource, index).into() }.into_node().unwrap_or_else(|| Node::map([])),
};

fn recorded(vpc: &Resource, index: &Index<'_>) -> Result<bool, Gap> {
    let id = hosts::id_of(vpc)?;
    let (logs, gap) = index.flow_logs().seen();
    let recorded: Vec<_> = logs.map(|row| &row.data).filter(|log| records(log)).filter_map(|log| log.ResourceId.as_deref()).collect();
    if recorded.contains(&id.as_str()) {
        return Ok(true);
    }
    if let Some(gap) = gap {
        return Err(gap);
    }
    if vpc.read::<Vpc>().is_ok_and(|vpc| vpc.OwnerId.as_ref().is_some_and(|owner| *owner != index.scope.id.account)) {
        // What its owner records is the owner's to see.
        return Err(index.flow_logs().not_visible(&format!("of shared VPC {id}")));
    }
    let (databases, more) = index.hosts().of(&id);
    let mut subnets = Vec::new();
    for database in databases {
        subnets.extend(database.target.subnets.clone()?);
    }
    if subnets.iter().any(|subnet| !recorded.contains(&subnet.as_str())) {
        return Ok(false);
    }
    more.map_or(Ok(!subnets.is_empty()), Err)
}

/// Whether it records connections that were refused, and could deliver them.
fn records(log: &FlowLog) -> bool {
    log.FlowLogStatus.as_deref() == Some("ACTIVE")
        && matches!(log.TrafficType.as_deref(), Some("REJECT" | "ALL"))
        && log.DeliverLogsStatus.as_deref() != Some("FAILED")
}
