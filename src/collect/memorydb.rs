//! MemoryDB: clusters, their manual snapshots, and what clusters are attached to.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_memorydb::Client;
use aws_sdk_memorydb::types::ServiceUpdateStatus;

use super::Session;
use super::ask::{Ask, drain, each, field_gap};
use super::failure::gap;
use super::references::References;
use super::tags;
use crate::inventory::memorydb::{self, Cluster, ServiceUpdate};
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, TAGS, kinds, kms};

/// How many clusters `DescribeServiceUpdates` takes (the service model's `ClusterNameList`).
const CLUSTERS_A_CALL: usize = 20;

/// AWS does not say that the tagging API knows the tags of snapshots and multi-Region clusters.
const LIST_TAGS: &str = "memorydb:ListTags";

/// The list of users that every account has, which lets anyone in and cannot be changed.
const OPEN_ACCESS: &str = "open-access";

/// Collects the clusters and manual snapshots of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.memorydb(ask.region());
    ask.wants(LIST_TAGS);
    let (mut references, keys) = tokio::join!(clusters(ask, session, client), snapshots(ask, client));
    references.keys.extend(keys);
    references
}

async fn clusters(ask: &Ask<'_>, session: &Session, client: &Client) -> References {
    let pages = || client.describe_clusters().show_shard_details(true).into_paginator().items().send();
    let found: Vec<_> = ask.list("memorydb:DescribeClusters", pages).await.into_iter().map(Cluster::from_sdk).collect();
    let (mut tags, updates, vpcs, ..) = tokio::join!(
        tags::of(ask, session, found.iter().map(|cluster| &cluster.ARN)),
        service_updates(ask, client, &found),
        subnet_groups(ask, client, &found),
        users(ask, client, &found),
        multi_region_clusters(ask, client, &found),
    );
    let groups = found.iter().flat_map(|cluster| cluster.SecurityGroups.iter().flatten());
    let keys = found.iter().filter_map(|cluster| cluster.KmsKeyId.as_deref());
    let references = References {
        vpcs,
        security_groups: groups.filter_map(|group| group.SecurityGroupId.clone()).collect(),
        keys: keys.map(|key| kms::arn(key, ask.account(), ask.region())).collect(),
        ..References::default()
    };
    for mut cluster in found {
        let mut gaps = Vec::new();
        match &updates {
            Some(Ok(updates)) => cluster.ServiceUpdates = Some(cluster.Name.as_ref().and_then(|name| updates.get(name)).cloned().unwrap_or_default()),
            Some(Err(gap)) => gaps.push(field_gap(&["ServiceUpdates"], gap.clone())),
            None => {}
        }
        tags.add(ask, kinds::MEMORYDB_CLUSTER, cluster.ARN.as_deref(), &cluster, gaps);
    }
    references
}

async fn list_tags(ask: &Ask<'_>, client: &Client, arn: Option<&str>) -> (BTreeMap<String, String>, Option<FieldGap>) {
    let Some(arn) = arn.filter(|_| ask.wants(LIST_TAGS)) else { return Default::default() };
    match client.list_tags().resource_arn(arn).send().await {
        Ok(answer) => {
            let tags = answer.tag_list.unwrap_or_default().into_iter();
            (tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect(), None)
        }
        Err(error) => (BTreeMap::new(), Some(field_gap(&[TAGS], gap(LIST_TAGS, &error)))),
    }
}

/// The updates that wait to be applied, by cluster; none where no rule asks for them.
async fn service_updates(ask: &Ask<'_>, client: &Client, clusters: &[Cluster]) -> Option<Result<BTreeMap<String, Vec<ServiceUpdate>>, Gap>> {
    const OPERATION: &str = "memorydb:DescribeServiceUpdates";
    if !ask.wants(OPERATION) {
        return None;
    }
    let names: Vec<_> = clusters.iter().filter_map(|cluster| cluster.Name.clone()).collect();
    let mut updates: BTreeMap<String, Vec<ServiceUpdate>> = BTreeMap::new();
    for part in names.chunks(CLUSTERS_A_CALL) {
        let question = client.describe_service_updates().set_cluster_names(Some(part.to_vec())).status(ServiceUpdateStatus::NotApplied);
        let (found, gap) = drain(OPERATION, question.into_paginator().items().send()).await;
        if let Some(gap) = gap {
            return Some(Err(gap));
        }
        for update in found {
            let of = update.cluster_name.clone().unwrap_or_default();
            updates.entry(of).or_default().push(ServiceUpdate::from_sdk(update));
        }
    }
    Some(Ok(updates))
}

/// The subnet groups of the clusters. Returns their VPCs.
async fn subnet_groups(ask: &Ask<'_>, client: &Client, clusters: &[Cluster]) -> BTreeSet<String> {
    let named = names(clusters, |cluster| cluster.SubnetGroupName.as_deref());
    if !ask.wants("memorydb:DescribeSubnetGroups") || named.is_empty() {
        return BTreeSet::new();
    }
    let found = ask.list("memorydb:DescribeSubnetGroups", || client.describe_subnet_groups().into_paginator().items().send()).await;
    let found = found.into_iter().map(memorydb::SubnetGroup::from_sdk).filter(|group| is_named(&named, group.Name.as_deref()));
    found
        .filter_map(|group| {
            ask.add(kinds::MEMORYDB_SUBNET_GROUP, group.ARN.as_deref(), BTreeMap::new(), &group, Vec::new());
            group.VpcId
        })
        .collect()
}

/// The access control lists of the clusters, and the users in them.
async fn users(ask: &Ask<'_>, client: &Client, clusters: &[Cluster]) {
    let (wants_lists, wants_users) = (ask.wants("memorydb:DescribeACLs"), ask.wants("memorydb:DescribeUsers"));
    let mut named = names(clusters, |cluster| cluster.ACLName.as_deref());
    named.remove(OPEN_ACCESS);
    if named.is_empty() {
        return;
    }
    let (lists, users) = tokio::join!(
        async {
            if wants_lists { ask.list("memorydb:DescribeACLs", || client.describe_acls().into_paginator().items().send()).await } else { Vec::new() }
        },
        async {
            if wants_users {
                ask.list("memorydb:DescribeUsers", || client.describe_users().into_paginator().items().send()).await
            } else {
                Vec::new()
            }
        },
    );
    let mut members = BTreeSet::new();
    for list in lists.into_iter().map(memorydb::Acl::from_sdk).filter(|list| is_named(&named, list.Name.as_deref())) {
        ask.add(kinds::MEMORYDB_ACL, list.ARN.as_deref(), BTreeMap::new(), &list, Vec::new());
        members.extend(list.UserNames.into_iter().flatten());
    }
    let in_lists = |user: &memorydb::User| user.Name.as_ref().is_some_and(|name| members.contains(name));
    for user in users.into_iter().map(memorydb::User::from_sdk).filter(in_lists) {
        ask.add(kinds::MEMORYDB_USER, user.ARN.as_deref(), BTreeMap::new(), &user, Vec::new());
    }
}

/// The multi-Region clusters that clusters of the region belong to.
async fn multi_region_clusters(ask: &Ask<'_>, client: &Client, clusters: &[Cluster]) {
    let named = names(clusters, |cluster| cluster.MultiRegionClusterName.as_deref());
    if !ask.wants("memorydb:DescribeMultiRegionClusters") || named.is_empty() {
        return;
    }
    let pages = || client.describe_multi_region_clusters().into_paginator().items().send();
    let found = ask.list("memorydb:DescribeMultiRegionClusters", pages).await.into_iter().map(memorydb::MultiRegionCluster::from_sdk);
    let found: Vec<_> = found.filter(|cluster| is_named(&named, cluster.MultiRegionClusterName.as_deref())).collect();
    each(found, async |cluster| {
        let (tags, gap) = list_tags(ask, client, cluster.ARN.as_deref()).await;
        ask.add(kinds::MEMORYDB_MULTI_REGION_CLUSTER, cluster.ARN.as_deref(), tags, &cluster, gap.into_iter().collect());
    })
    .await;
}

/// Manual snapshots; returns their keys. Automated ones go with their cluster and have its key.
async fn snapshots(ask: &Ask<'_>, client: &Client) -> Vec<String> {
    let pages = || client.describe_snapshots().source("user").into_paginator().items().send();
    let found: Vec<_> = ask.list("memorydb:DescribeSnapshots", pages).await.into_iter().map(memorydb::Snapshot::from_sdk).collect();
    let keys = found.iter().filter_map(|snapshot| snapshot.KmsKeyId.as_deref()).map(|key| kms::arn(key, ask.account(), ask.region())).collect();
    each(found, async |snapshot| {
        let (tags, gap) = list_tags(ask, client, snapshot.ARN.as_deref()).await;
        ask.add(kinds::MEMORYDB_SNAPSHOT, snapshot.ARN.as_deref(), tags, &snapshot, gap.into_iter().collect());
    })
    .await;
    keys
}

fn names(clusters: &[Cluster], name: fn(&Cluster) -> Option<&str>) -> BTreeSet<String> {
    clusters.iter().filter_map(name).filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect()
}

fn is_named(names: &BTreeSet<String>, name: Option<&str>) -> bool {
    name.is_some_and(|name| names.contains(name))
}
