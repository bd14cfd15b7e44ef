//! The CloudWatch log groups that databases export to.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudwatchlogs::Client;

use super::ask::Ask;
use crate::inventory::kinds;
use crate::inventory::logs::{LogGroup, RDS_CLUSTERS, RDS_INSTANCES};
use crate::inventory::shape::FromSdk;

/// Collects the groups whose names begin with one of the prefixes and end with a log: a listing for
/// all instances and one for all clusters, where any of them exports logs.
pub async fn collect(ask: &Ask<'_>, client: &Client, prefixes: &BTreeSet<String>) {
    const OPERATION: &str = "logs:DescribeLogGroups";
    if !ask.wants(OPERATION) {
        return;
    }
    let of = async |root: &str| {
        if !prefixes.iter().any(|prefix| prefix.starts_with(root)) {
            return;
        }
        let pages = || client.describe_log_groups().log_group_name_prefix(root).into_paginator().items().send();
        for found in ask.list(OPERATION, pages).await {
            let arn = found.log_group_arn.clone();
            let group = LogGroup::from_sdk(found);
            let of_database = |name: &str| name.rfind('/').is_some_and(|end| prefixes.contains(&name[..=end]));
            if group.logGroupName.as_deref().is_some_and(of_database) {
                ask.add(kinds::LOG_GROUP, arn.as_deref(), BTreeMap::new(), &group, Vec::new());
            }
        }
    };
    tokio::join!(of(RDS_INSTANCES), of(RDS_CLUSTERS));
}
