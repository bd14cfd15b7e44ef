//! Aurora DSQL clusters.

use aws_sdk_dsql::Client;
use aws_sdk_dsql::types::ClusterSummary;

use super::Session;
use super::ask::{Ask, map_each};
use super::references::References;
use crate::inventory::dsql::Cluster;
use crate::inventory::kinds::DSQL_CLUSTER;
use crate::inventory::kms;
use crate::inventory::shape::FromSdk;

/// Collects the clusters of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.dsql(ask.region());
    ask.wants_details(DSQL_CLUSTER);
    let found = ask.list("dsql:ListClusters", || client.list_clusters().into_paginator().items().send()).await;
    let clusters = map_each(found, async |found| cluster(ask, client, found).await).await;
    let keys = clusters.into_iter().filter_map(|cluster| cluster.encryptionDetails?.kmsKeyArn).filter(|key| kms::is_name(key));
    References { keys: keys.map(|key| kms::arn(&key, ask.account(), ask.region())).collect(), ..References::default() }
}

/// Asks about one cluster, of which the listing tells only the name.
async fn cluster(ask: &Ask<'_>, client: &Client, found: ClusterSummary) -> Cluster {
    let (id, arn) = (found.identifier, found.arn);
    // A cluster without a policy answers as if the cluster were not there.
    let policy = async || match client.get_cluster_policy().identifier(&id).send().await {
        Ok(answer) => Ok(Some(answer.policy)),
        Err(error) if error.as_service_error().is_some_and(|error| error.is_resource_not_found_exception()) => Ok(None),
        Err(error) => Err(error),
    };
    let ((answer, unread), (policy, unread_policy), (service, unread_service)) = tokio::join!(
        ask.detail(DSQL_CLUSTER, "dsql:GetCluster", client.get_cluster().identifier(&id).send()),
        ask.detail(DSQL_CLUSTER, "dsql:GetClusterPolicy", policy()),
        ask.detail(DSQL_CLUSTER, "dsql:GetVpcEndpointServiceName", client.get_vpc_endpoint_service_name().identifier(&id).send()),
    );
    let mut answer = answer;
    let tags = answer.as_mut().and_then(|answer| answer.tags.take()).unwrap_or_default().into_iter().collect();
    let listed = || Cluster { identifier: Some(id.clone()), arn: Some(arn.clone()), ..Cluster::default() };
    let mut cluster = answer.map_or_else(listed, Cluster::from_sdk);
    cluster.policy = policy.flatten();
    cluster.serviceName = service.map(|answer| answer.service_name);
    ask.add(DSQL_CLUSTER, Some(&arn), tags, &cluster, [unread, unread_policy, unread_service].into_iter().flatten().collect());
    cluster
}
