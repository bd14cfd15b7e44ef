//! DocumentDB elastic clusters.

use std::collections::HashMap;

use aws_sdk_docdbelastic::Client;
use aws_sdk_docdbelastic::types::ClusterInList;

use super::Session;
use super::ask::{Ask, drain, map_each, unread};
use super::references::References;
use crate::inventory::docdb_elastic::{Cluster, PendingMaintenanceAction};
use crate::inventory::kinds::DOCDB_ELASTIC_CLUSTER as KIND;
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, kms};

const MAINTENANCE: &str = "docdb-elastic:ListPendingMaintenanceActions";

/// Collects the clusters of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.docdb_elastic(ask.region());
    ask.wants_details(KIND);
    let found = ask.list("docdb-elastic:ListClusters", || client.list_clusters().into_paginator().items().send()).await;
    let pending = &pending_maintenance(ask, client, !found.is_empty()).await;
    let clusters = map_each(found, async |found| cluster(ask, client, found, pending).await).await;
    let mut references = References::default();
    for cluster in clusters {
        references.subnets.extend(cluster.subnetIds.into_iter().flatten());
        references.security_groups.extend(cluster.vpcSecurityGroupIds.into_iter().flatten());
        let key = cluster.kmsKeyId.filter(|key| kms::is_name(key));
        references.keys.extend(key.map(|key| kms::arn(&key, ask.account(), ask.region())));
    }
    references
}

/// Asks about one cluster, of which the listing tells little more than the name.
async fn cluster(ask: &Ask<'_>, client: &Client, found: ClusterInList, pending: &Pending) -> Cluster {
    let arn = found.cluster_arn;
    let ((answer, unread_cluster), (tags, unread_tags)) = tokio::join!(
        ask.detail(KIND, "docdb-elastic:GetCluster", client.get_cluster().cluster_arn(&arn).send()),
        ask.detail(KIND, "docdb-elastic:ListTagsForResource", client.list_tags_for_resource().resource_arn(&arn).send()),
    );
    let listed = || Cluster { clusterName: Some(found.cluster_name), clusterArn: Some(arn.clone()), ..Cluster::default() };
    let mut cluster = answer.and_then(|answer| answer.cluster).map_or_else(listed, Cluster::from_sdk);
    let mut gaps: Vec<_> = [unread_cluster, unread_tags].into_iter().flatten().collect();
    match pending {
        Some(Ok(pending)) => cluster.pendingMaintenanceActionDetails = Some(pending.get(&arn).cloned().unwrap_or_default()),
        Some(Err(gap)) => gaps.push(unread(KIND, MAINTENANCE, gap.clone())),
        None => {}
    }
    let tags = tags.and_then(|answer| answer.tags).unwrap_or_default().into_iter().collect();
    ask.add(KIND, Some(&arn), tags, &cluster, gaps);
    cluster
}

/// The pending actions by cluster, where some rule reads them.
type Pending = Option<Result<HashMap<String, Vec<PendingMaintenanceAction>>, Gap>>;

async fn pending_maintenance(ask: &Ask<'_>, client: &Client, used: bool) -> Pending {
    if !ask.wants(MAINTENANCE) || !used {
        return None;
    }
    let (found, gap) = drain(MAINTENANCE, client.list_pending_maintenance_actions().into_paginator().items().send()).await;
    let of_clusters = found.into_iter().filter_map(|pending| {
        let actions = pending.pending_maintenance_action_details.unwrap_or_default();
        Some((pending.resource_arn?, Vec::from_sdk(actions)))
    });
    Some(gap.map_or_else(|| Ok(of_clusters.collect()), Err))
}
