//! The ElastiCache API: replication groups, cache clusters, serverless caches, global datastores and
//! the snapshots that users made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_elasticache::Client;
use aws_sdk_elasticache::types::UpdateActionStatus;

use super::Session;
use super::ask::{Ask, drain, field_gap};
use super::references::References;
use super::tags::{self, Tags};
use crate::inventory::elasticache::{self as shape, CacheCluster, ReplicationGroup, ServerlessCache};
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, kinds, kms, partition};

/// The service updates that are still to be done, or under way.
const NOT_COMPLETE: [UpdateActionStatus; 7] = [
    UpdateActionStatus::NotApplied,
    UpdateActionStatus::WaitingToStart,
    UpdateActionStatus::InProgress,
    UpdateActionStatus::Stopping,
    UpdateActionStatus::Stopped,
    UpdateActionStatus::Scheduling,
    UpdateActionStatus::Scheduled,
];

/// Collects the caches of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.elasticache(ask.region());
    let (groups, clusters, serverless, of_snapshots, of_serverless_snapshots, ..) = tokio::join!(
        replication_groups(ask, client),
        cache_clusters(ask, client),
        serverless_caches(ask, client),
        snapshots(ask, client),
        serverless_snapshots(ask, client),
        global_datastores(ask, client),
        reserved_nodes(ask, client),
    );
    let mut references = References::default();
    references.security_groups.extend(security_groups(&clusters, &serverless));
    references.subnets.extend(serverless.iter().flat_map(|cache| cache.SubnetIds.clone().unwrap_or_default()));
    let of_caches = groups.iter().map(|group| &group.KmsKeyId).chain(serverless.iter().map(|cache| &cache.KmsKeyId)).flatten().cloned();
    let keys = of_caches.chain(of_snapshots).chain(of_serverless_snapshots).filter(|key| kms::is_name(key));
    references.keys.extend(keys.map(|key| kms::arn(&key, ask.account(), ask.region())));

    // A member is judged on its group, whose tags are asked for.
    let of_their_own = clusters.iter().filter(|cluster| cluster.ReplicationGroupId.is_none());
    let tagged = groups.iter().map(|group| &group.ARN).chain(of_their_own.map(|cluster| &cluster.ARN));
    let tagged = tagged.chain(serverless.iter().map(|cache| &cache.ARN));
    let (mut tags, vpcs, (), (), updates) = tokio::join!(
        tags::of(ask, session, tagged),
        subnet_groups(ask, client, &clusters),
        users(ask, client, user_groups(&groups, &serverless)),
        engine_versions(ask, client, !groups.is_empty() || !clusters.is_empty()),
        Updates::describe(ask, client, !groups.is_empty() || !clusters.is_empty()),
    );
    references.vpcs.extend(vpcs);
    add_replication_groups(ask, groups, &updates, &mut tags);
    add_cache_clusters(ask, clusters, &updates, &mut tags);
    for cache in serverless {
        tags.add(ask, kinds::SERVERLESS_CACHE, cache.ARN.as_deref(), &cache, Vec::new());
    }
    references
}

async fn replication_groups(ask: &Ask<'_>, client: &Client) -> Vec<ReplicationGroup> {
    let pages = || client.describe_replication_groups().into_paginator().items().send();
    Vec::from_sdk(ask.list("elasticache:DescribeReplicationGroups", pages).await)
}

/// With their nodes, which name the ports and zones.
async fn cache_clusters(ask: &Ask<'_>, client: &Client) -> Vec<CacheCluster> {
    let pages = || client.describe_cache_clusters().show_cache_node_info(true).into_paginator().items().send();
    Vec::from_sdk(ask.list("elasticache:DescribeCacheClusters", pages).await)
}

async fn serverless_caches(ask: &Ask<'_>, client: &Client) -> Vec<ServerlessCache> {
    let pages = || client.describe_serverless_caches().into_paginator().items().send();
    Vec::from_sdk(ask.list("elasticache:DescribeServerlessCaches", pages).await)
}

/// The snapshots that users made; returns their keys. Automatic ones have their cache's key.
async fn snapshots(ask: &Ask<'_>, client: &Client) -> Vec<String> {
    let pages = || client.describe_snapshots().snapshot_source("user").into_paginator().items().send();
    let found: Vec<shape::Snapshot> = Vec::from_sdk(ask.list("elasticache:DescribeSnapshots", pages).await);
    for snapshot in &found {
        ask.add(kinds::CACHE_SNAPSHOT, snapshot.ARN.as_deref(), BTreeMap::new(), snapshot, Vec::new());
    }
    found.into_iter().filter_map(|snapshot| snapshot.KmsKeyId).collect()
}

/// The same of serverless caches.
async fn serverless_snapshots(ask: &Ask<'_>, client: &Client) -> Vec<String> {
    let pages = || client.describe_serverless_cache_snapshots().snapshot_type("manual").into_paginator().items().send();
    let found: Vec<shape::ServerlessCacheSnapshot> = Vec::from_sdk(ask.list("elasticache:DescribeServerlessCacheSnapshots", pages).await);
    for snapshot in &found {
        ask.add(kinds::SERVERLESS_CACHE_SNAPSHOT, snapshot.ARN.as_deref(), BTreeMap::new(), snapshot, Vec::new());
    }
    found.into_iter().filter_map(|snapshot| snapshot.KmsKeyId).collect()
}

async fn global_datastores(ask: &Ask<'_>, client: &Client) {
    let pages = || client.describe_global_replication_groups().show_member_info(true).into_paginator().items().send();
    for datastore in ask.list("elasticache:DescribeGlobalReplicationGroups", pages).await {
        let datastore = shape::GlobalReplicationGroup::from_sdk(datastore);
        ask.add(kinds::GLOBAL_REPLICATION_GROUP, datastore.ARN.as_deref(), BTreeMap::new(), &datastore, Vec::new());
    }
}

async fn reserved_nodes(ask: &Ask<'_>, client: &Client) {
    let pages = || client.describe_reserved_cache_nodes().into_paginator().items().send();
    for node in ask.list("elasticache:DescribeReservedCacheNodes", pages).await {
        let node = shape::ReservedCacheNode::from_sdk(node);
        ask.add(kinds::RESERVED_CACHE_NODE, node.ReservationARN.as_deref(), BTreeMap::new(), &node, Vec::new());
    }
}

fn add_replication_groups(ask: &Ask<'_>, groups: Vec<ReplicationGroup>, updates: &Updates, tags: &mut Tags) {
    for mut group in groups {
        let mut gaps = Vec::new();
        group.UpdateActions = updates.of(&updates.of_groups, group.ReplicationGroupId.as_deref(), &mut gaps);
        tags.add(ask, kinds::REPLICATION_GROUP, group.ARN.as_deref(), &group, gaps);
    }
}

fn add_cache_clusters(ask: &Ask<'_>, clusters: Vec<CacheCluster>, updates: &Updates, tags: &mut Tags) {
    for mut cluster in clusters {
        let mut gaps = Vec::new();
        cluster.UpdateActions = updates.of(&updates.of_clusters, cluster.CacheClusterId.as_deref(), &mut gaps);
        tags.add(ask, kinds::CACHE_CLUSTER, cluster.ARN.as_deref(), &cluster, gaps);
    }
}

/// The service updates of a region that are not complete.
#[derive(Default)]
struct Updates {
    described: bool,
    gap: Option<Gap>,
    of_groups: HashMap<String, Vec<shape::UpdateAction>>,
    of_clusters: HashMap<String, Vec<shape::UpdateAction>>,
}

impl Updates {
    const OPERATION: &str = "elasticache:DescribeUpdateActions";

    async fn describe(ask: &Ask<'_>, client: &Client, used: bool) -> Self {
        if !ask.wants(Self::OPERATION) || !used {
            return Self::default();
        }
        let statuses = Some(NOT_COMPLETE.to_vec());
        let pages = client.describe_update_actions().set_update_action_status(statuses).into_paginator().items().send();
        let (actions, gap) = drain(Self::OPERATION, pages).await;
        let mut updates = Self { described: true, gap, ..Self::default() };
        for mut action in actions {
            let (group, cluster) = (action.replication_group_id.take(), action.cache_cluster_id.take());
            let action = shape::UpdateAction::from_sdk(action);
            match (group, cluster) {
                (Some(group), _) => updates.of_groups.entry(group).or_default().push(action),
                (None, Some(cluster)) => updates.of_clusters.entry(cluster).or_default().push(action),
                (None, None) => {}
            }
        }
        updates
    }

    /// Those of one group or cluster: none where they were not asked for or could not be read.
    fn of(
        &self,
        actions: &HashMap<String, Vec<shape::UpdateAction>>,
        name: Option<&str>,
        gaps: &mut Vec<FieldGap>,
    ) -> Option<Vec<shape::UpdateAction>> {
        if let Some(gap) = &self.gap {
            gaps.push(field_gap(&["UpdateActions"], gap.clone()));
            return None;
        }
        self.described.then(|| name.and_then(|name| actions.get(name)).cloned().unwrap_or_default())
    }
}

/// The subnet groups that clusters name. Returns their VPCs.
async fn subnet_groups(ask: &Ask<'_>, client: &Client, clusters: &[CacheCluster]) -> Vec<String> {
    let named: BTreeSet<_> = clusters.iter().filter_map(|cluster| cluster.CacheSubnetGroupName.as_deref()).collect();
    if !ask.wants("elasticache:DescribeCacheSubnetGroups") || named.is_empty() {
        return Vec::new();
    }
    let pages = || client.describe_cache_subnet_groups().into_paginator().items().send();
    let groups: Vec<shape::CacheSubnetGroup> = Vec::from_sdk(ask.list("elasticache:DescribeCacheSubnetGroups", pages).await);
    let used = groups.into_iter().filter(|group| group.CacheSubnetGroupName.as_deref().is_some_and(|name| named.contains(name)));
    used.filter_map(|group| {
        ask.add(kinds::CACHE_SUBNET_GROUP, group.ARN.as_deref(), BTreeMap::new(), &group, Vec::new());
        group.VpcId
    })
    .collect()
}

/// The user groups that caches name, and the users in them.
async fn users(ask: &Ask<'_>, client: &Client, named: BTreeSet<String>) {
    ask.wants("elasticache:DescribeUsers");
    if !ask.wants("elasticache:DescribeUserGroups") || named.is_empty() {
        return;
    }
    let pages = || client.describe_user_groups().into_paginator().items().send();
    let groups: Vec<shape::UserGroup> = Vec::from_sdk(ask.list("elasticache:DescribeUserGroups", pages).await);
    let mut members = BTreeSet::new();
    for group in groups.iter().filter(|group| group.UserGroupId.as_ref().is_some_and(|name| named.contains(name))) {
        members.extend(group.UserIds.iter().flatten());
        ask.add(kinds::CACHE_USER_GROUP, group.ARN.as_deref(), BTreeMap::new(), group, Vec::new());
    }
    if members.is_empty() {
        return;
    }
    for user in ask.list("elasticache:DescribeUsers", || client.describe_users().into_paginator().items().send()).await {
        let user = shape::User::from_sdk(user);
        if user.UserId.as_ref().is_some_and(|name| members.contains(name)) {
            ask.add(kinds::CACHE_USER, user.ARN.as_deref(), BTreeMap::new(), &user, Vec::new());
        }
    }
}

async fn engine_versions(ask: &Ask<'_>, client: &Client, used: bool) {
    if !ask.wants("elasticache:DescribeCacheEngineVersions") || !used {
        return;
    }
    let pages = || client.describe_cache_engine_versions().into_paginator().items().send();
    for version in ask.list("elasticache:DescribeCacheEngineVersions", pages).await {
        let version = shape::CacheEngineVersion::from_sdk(version);
        let (engine, number) = (version.Engine.as_deref().unwrap_or_default(), version.EngineVersion.as_deref().unwrap_or_default());
        // AWS gives a version no ARN.
        let arn = format!("arn:{}:elasticache:{}::engine-version:{engine}:{number}", partition(ask.region()), ask.region());
        ask.add(kinds::CACHE_ENGINE_VERSION, Some(&arn), BTreeMap::new(), &version, Vec::new());
    }
}

fn security_groups(clusters: &[CacheCluster], serverless: &[ServerlessCache]) -> BTreeSet<String> {
    let of_clusters = clusters.iter().flat_map(|cluster| cluster.SecurityGroups.iter().flatten()).filter_map(|group| group.SecurityGroupId.clone());
    of_clusters.chain(serverless.iter().flat_map(|cache| cache.SecurityGroupIds.clone().unwrap_or_default())).collect()
}

fn user_groups(groups: &[ReplicationGroup], serverless: &[ServerlessCache]) -> BTreeSet<String> {
    let of_groups = groups.iter().flat_map(|group| group.UserGroupIds.clone().unwrap_or_default());
    of_groups.chain(serverless.iter().filter_map(|cache| cache.UserGroupId.clone())).collect()
}
