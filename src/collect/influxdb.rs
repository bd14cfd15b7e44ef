//! Timestream for InfluxDB: instances and clusters.

use aws_sdk_timestreaminfluxdb::Client;
use aws_sdk_timestreaminfluxdb::types::{DbClusterSummary, DbInstanceSummary};

use super::Session;
use super::ask::{Ask, map_each};
use super::references::References;
use crate::inventory::kinds::{INFLUXDB_CLUSTER, INFLUXDB_INSTANCE};
use crate::inventory::kms;
use crate::inventory::shape::FromSdk;
use crate::inventory::timestream::{DbCluster, DbInstance};

const TAGS: &str = "timestream-influxdb:ListTagsForResource";

/// Collects the instances and clusters of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.timestream_influxdb(ask.region());
    ask.wants_details(INFLUXDB_INSTANCE);
    ask.wants_details(INFLUXDB_CLUSTER);
    let (instances, clusters) = tokio::join!(
        ask.list("timestream-influxdb:ListDbInstances", || client.list_db_instances().into_paginator().items().send()),
        ask.list("timestream-influxdb:ListDbClusters", || client.list_db_clusters().into_paginator().items().send()),
    );
    let mut references = References::default();
    for instance in map_each(instances, async |found| instance(ask, client, found).await).await {
        references.secrets.extend(instance.influxAuthParametersSecretArn);
        refer(&mut references, ask, instance.vpcSubnetIds, instance.vpcSecurityGroupIds, instance.kmsKeyId);
    }
    for cluster in map_each(clusters, async |found| cluster(ask, client, found).await).await {
        references.secrets.extend(cluster.influxAuthParametersSecretArn);
        refer(&mut references, ask, cluster.vpcSubnetIds, cluster.vpcSecurityGroupIds, cluster.kmsKeyId);
    }
    references
}

fn refer(references: &mut References, ask: &Ask<'_>, subnets: Option<Vec<String>>, groups: Option<Vec<String>>, key: Option<String>) {
    references.subnets.extend(subnets.into_iter().flatten());
    references.security_groups.extend(groups.into_iter().flatten());
    references.keys.extend(key.filter(|key| kms::is_name(key)).map(|key| kms::arn(&key, ask.account(), ask.region())));
}

/// Asks about one instance, of which the listing leaves out the network and more.
async fn instance(ask: &Ask<'_>, client: &Client, found: DbInstanceSummary) -> DbInstance {
    let (id, arn) = (found.id, found.arn);
    let ((answer, unread), (tags, unread_tags)) = tokio::join!(
        ask.detail(INFLUXDB_INSTANCE, "timestream-influxdb:GetDbInstance", client.get_db_instance().identifier(&id).send()),
        ask.detail(INFLUXDB_INSTANCE, TAGS, client.list_tags_for_resource().resource_arn(&arn).send()),
    );
    let listed = || DbInstance { id: Some(id.clone()), name: Some(found.name), arn: Some(arn.clone()), ..DbInstance::default() };
    let instance = answer.map_or_else(listed, DbInstance::from_sdk);
    let tags = tags.and_then(|answer| answer.tags).unwrap_or_default().into_iter().collect();
    ask.add(INFLUXDB_INSTANCE, Some(&arn), tags, &instance, [unread, unread_tags].into_iter().flatten().collect());
    instance
}

/// Asks about one cluster.
async fn cluster(ask: &Ask<'_>, client: &Client, found: DbClusterSummary) -> DbCluster {
    let (id, arn) = (found.id, found.arn);
    let ((answer, unread), (tags, unread_tags)) = tokio::join!(
        ask.detail(INFLUXDB_CLUSTER, "timestream-influxdb:GetDbCluster", client.get_db_cluster().db_cluster_id(&id).send()),
        ask.detail(INFLUXDB_CLUSTER, TAGS, client.list_tags_for_resource().resource_arn(&arn).send()),
    );
    let listed = || DbCluster { id: Some(id.clone()), name: Some(found.name), arn: Some(arn.clone()), ..DbCluster::default() };
    let cluster = answer.map_or_else(listed, DbCluster::from_sdk);
    let tags = tags.and_then(|answer| answer.tags).unwrap_or_default().into_iter().collect();
    ask.add(INFLUXDB_CLUSTER, Some(&arn), tags, &cluster, [unread, unread_tags].into_iter().flatten().collect());
    cluster
}
