//! Which databases a region has: `databases`.

use std::borrow::Cow;

use super::{Fact, Index, fact};
use crate::inventory::{Gap, Kind, Known, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The databases of a region.
    Databases {
        /// Whether there is any DB instance of RDS or Aurora.
        rds_instances: Known<bool>,
        /// Whether there is any DB cluster of Aurora or RDS.
        rds_clusters: Known<bool>,
    }
}

/// `databases`.
pub const FACT: Fact = Fact {
    name: "databases",
    about: "Which databases the account has in the region.",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(Databases),
    operations: |_, field| {
        Cow::Borrowed(match field {
            "rds_instances" => kinds::DB_INSTANCE.operations,
            "rds_clusters" => kinds::DB_CLUSTER.operations,
            _ => &[],
        })
    },
    derive: |_, index| {
        let databases = Databases { rds_instances: has(kinds::DB_INSTANCE, index).into(), rds_clusters: has(kinds::DB_CLUSTER, index).into() };
        databases.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// One that was seen is enough; that there is none takes the whole listing.
fn has(kind: Kind, index: &Index<'_>) -> Result<bool, Gap> {
    if !index.of_kind(kind).is_empty() {
        return Ok(true);
    }
    index.scope.gap_in_listing(kind).map_or(Ok(false), Err)
}
