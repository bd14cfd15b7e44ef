//! What AWS wants to apply to a database: `maintenance`.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index};
use crate::inventory::{Gap, Kind, Resource, kinds, rds};
use crate::value::Node;

/// `maintenance`: a list, empty where nothing is pending.
pub const FACT: Fact = Fact {
    name: "maintenance",
    about: "The pending maintenance actions of the instance or cluster itself, a list in the fields of `rds:DescribePendingMaintenanceActions`.",
    applies: |kind| KINDS.contains(&kind),
    schema: |_| schemars::schema_for!(Vec<rds::PendingMaintenanceAction>),
    operations: |_, _| Cow::Borrowed(kinds::PENDING_MAINTENANCE.operations),
    derive: |resource, index| derive(resource, index).unwrap_or_else(|gap| Node::Gap(Arc::new(gap))),
};

static KINDS: [Kind; 6] =
    [kinds::DB_INSTANCE, kinds::DB_CLUSTER, kinds::DOCDB_INSTANCE, kinds::DOCDB_CLUSTER, kinds::NEPTUNE_INSTANCE, kinds::NEPTUNE_CLUSTER];

fn derive<'i>(resource: &Resource, index: &'i Index<'_>) -> Result<Node<'i>, Gap> {
    const ACTIONS: &str = "PendingMaintenanceActionDetails";
    match index.pending_maintenance().find(&resource.arn)? {
        Some(row) => index.node(row.resource).get(ACTIONS).cloned().ok_or_else(|| row.resource.not_returned(ACTIONS)),
        None => Ok([].into_iter().collect()),
    }
}
