//! The CloudWatch log groups that a database exports its logs to: `logs`.

use std::borrow::Cow;
use std::sync::Arc;

use super::common::CommonFields;
use super::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Resource, kinds, logs};
use crate::value::{IntoNode, Node};

fact! {
    /// The log groups of a database.
    Logs {
        /// Those of the exported logs that there are. Unknown where there is none at all.
        groups: Known<Vec<LogGroup>>,
        /// The exported logs without a group: RDS makes it when there is something to write.
        missing: Known<Vec<String>>,
    }

    /// One log group.
    LogGroup {
        name: String,
        /// Days until events expire; absent where they never do.
        retention_days: Option<i64>,
        /// The key that the customer chose; absent where none was.
        kms_key_id: Option<String>,
    }
}

/// `logs`.
pub const FACT: Fact = Fact {
    name: "logs",
    about: "The CloudWatch log groups of the exported logs (`logs.groups`, each with `name`, `retention_days`, `kms_key_id`), and the exported logs that have none yet (`logs.missing`).",
    applies: |kind| [kinds::DB_INSTANCE, kinds::DB_CLUSTER].contains(&kind),
    schema: |_| schemars::schema_for!(Logs),
    operations: |_, _| Cow::Borrowed(kinds::LOG_GROUP.operations),
    derive: |resource, index| match derive(resource, index) {
        Ok(logs) => logs.into_node().unwrap_or(Node::map([])),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Logs, Gap> {
    let own = CommonFields::of(resource)?;
    if let Some(gap) = ["DBClusterIdentifier", "EnabledCloudwatchLogsExports"].iter().find_map(|field| resource.gap_of(field)) {
        return Err(gap);
    }
    // The logs of a member are its cluster's.
    let prefix = logs::rds_prefix(own.DBClusterIdentifier.as_deref(), own.DBInstanceIdentifier.as_deref().unwrap_or_default());
    let exported = own.EnabledCloudwatchLogsExports.as_deref().unwrap_or_default();
    let (mut groups, mut missing) = (Vec::new(), Vec::new());
    for log in exported {
        match index.log_groups().find(&format!("{prefix}{log}"))? {
            Some(row) => groups.push(group(&row.data)),
            None => missing.push(log.clone()),
        }
    }
    let none = || index.log_groups().not_visible(&prefix);
    let groups = if groups.is_empty() && !exported.is_empty() { Err(none()) } else { Ok(groups) };
    Ok(Logs { groups: groups.into(), missing: Known::Value(missing) })
}

fn group(group: &logs::LogGroup) -> LogGroup {
    LogGroup { name: group.logGroupName.clone().unwrap_or_default(), retention_days: group.retentionInDays, kms_key_id: group.kmsKeyId.clone() }
}
