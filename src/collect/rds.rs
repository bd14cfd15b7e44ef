//! The RDS API, which answers for RDS, Aurora, DocumentDB and Neptune alike: asked once, routed by
//! `Engine`.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use aws_sdk_rds::Client;
use aws_sdk_rds::types as sdk;

use super::Session;
use super::ask::Ask;
use super::autoscaling;
use super::engines;
use super::exports;
use super::parameters::{self, Level};
use super::references::References;
use super::snapshots;
use super::{advice, cloudwatch, groups, logs, ram};
use crate::inventory::Kind;
use crate::inventory::kinds;
use crate::inventory::kms;
use crate::inventory::logs::rds_prefix;
use crate::inventory::rds;
use crate::inventory::shape::FromSdk;

/// Collects the databases of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.rds(ask.region());
    let ((instances, clusters), of_instances, of_clusters, automated, automated_of_clusters, exported) = tokio::join!(
        databases(ask, session, client),
        snapshots::of_instances(ask, client),
        snapshots::of_clusters(ask, client),
        snapshots::automated(ask, client),
        snapshots::automated_of_clusters(ask, client),
        exports::collect(ask, client)
    );
    let copies = [of_instances, of_clusters, automated, automated_of_clusters];
    let mut references = exported;
    for instance in &instances {
        let group = instance.DBSubnetGroup.as_ref();
        references.vpcs.extend(group.and_then(|group| group.VpcId.clone()));
        references.security_groups.extend(group_ids(instance.VpcSecurityGroups.as_deref()));
    }
    for cluster in &clusters {
        references.security_groups.extend(group_ids(cluster.VpcSecurityGroups.as_deref()));
    }
    let (logs_client, ram_client, cloudwatch_client) = (session.logs(ask.region()), session.ram(ask.region()), session.cloudwatch(ask.region()));
    let log_prefixes = log_prefixes(&instances, &clusters);
    let shareable = clusters.iter().any(|cluster| cluster.Engine.as_deref().is_some_and(|engine| engine.starts_with("aurora")));
    let (of_groups, ..) = tokio::join!(
        groups::collect(ask, session, client, &instances, &clusters),
        logs::collect(ask, &logs_client, &log_prefixes),
        ram::collect(ask, &ram_client, shareable),
        cloudwatch::collect(ask, &cloudwatch_client, &instances)
    );
    references.absorb(of_groups);

    let of_instances =
        instances.iter().flat_map(|instance| [&instance.KmsKeyId, &instance.PerformanceInsightsKMSKeyId, &instance.ActivityStreamKmsKeyId]);
    let of_clusters = clusters.iter().flat_map(|cluster| [&cluster.KmsKeyId, &cluster.PerformanceInsightsKMSKeyId, &cluster.ActivityStreamKmsKeyId]);
    let secrets = instances.iter().map(|instance| &instance.MasterUserSecret).chain(clusters.iter().map(|cluster| &cluster.MasterUserSecret));
    references.secrets.extend(secrets.clone().flatten().filter_map(|secret| secret.SecretArn.clone()));
    let of_secrets = secrets.flatten().map(|secret| &secret.KmsKeyId);
    let named = of_instances.chain(of_clusters).chain(of_secrets).flatten();
    references.keys.extend(named.map(|name| kms::arn(name, ask.account(), ask.region())));
    references.keys.extend(copies.iter().flatten().map(|name| kms::arn(name, ask.account(), ask.region())));
    references
}

/// Instances and clusters, then at once what is said of their parameters, engines and upkeep.
async fn databases(ask: &Ask<'_>, session: &Session, client: &Client) -> (Vec<rds::DBInstance>, Vec<rds::DBCluster>) {
    let (instances, clusters, ()) = tokio::join!(instances(ask, client), clusters(ask, client), global_clusters(ask, client));
    let groups: BTreeSet<_> = instances
        .iter()
        .flat_map(|instance| instance.DBParameterGroups.iter().flatten())
        .filter_map(|group| group.DBParameterGroupName.clone())
        .collect();
    let cluster_groups: BTreeSet<_> = clusters.iter().filter_map(|cluster| cluster.DBClusterParameterGroup.clone()).collect();
    let used = !instances.is_empty() || !clusters.is_empty();
    let engines = engines_of(&instances, &clusters);
    let neptune_used = clusters.iter().any(|cluster| matches!(product(cluster.Engine.as_deref()), Product::Neptune));
    tokio::join!(
        parameters::collect(ask, client, Level::Instance, groups),
        parameters::collect(ask, client, Level::Cluster, cluster_groups),
        certificates(ask, client, used),
        pending_maintenance(ask, client, used),
        advice::collect(ask, client, used),
        shard_groups(ask, client, clusters.iter().any(rds::DBCluster::is_limitless)),
        engines::collect(ask, client, &engines),
        autoscaling::collect(ask, session, ServiceNamespace::Neptune, neptune_used),
    );
    (instances, clusters)
}

fn engines_of(instances: &[rds::DBInstance], clusters: &[rds::DBCluster]) -> BTreeSet<String> {
    let of_instances = instances.iter().filter_map(|instance| instance.Engine.clone());
    of_instances.chain(clusters.iter().filter_map(|cluster| cluster.Engine.clone())).collect()
}

/// Which product an engine belongs to.
pub enum Product {
    Rds,
    DocumentDb,
    Neptune,
}

pub fn product(engine: Option<&str>) -> Product {
    match engine {
        Some("docdb") => Product::DocumentDb,
        Some("neptune") => Product::Neptune,
        _ => Product::Rds,
    }
}

/// The kind of a resource by its engine, of the three that the API answers with.
pub fn route(engine: Option<&str>, rds: Kind, documentdb: Kind, neptune: Kind) -> Kind {
    match product(engine) {
        Product::Rds => rds,
        Product::DocumentDb => documentdb,
        Product::Neptune => neptune,
    }
}

async fn instances(ask: &Ask<'_>, client: &Client) -> Vec<rds::DBInstance> {
    let pages = || client.describe_db_instances().into_paginator().items().send();
    let add = |mut instance: sdk::DbInstance| {
        let tags = tags(instance.tag_list.take());
        let instance = rds::DBInstance::from_sdk(instance);
        let kind = route(instance.Engine.as_deref(), kinds::DB_INSTANCE, kinds::DOCDB_INSTANCE, kinds::NEPTUNE_INSTANCE);
        ask.add(kind, instance.DBInstanceArn.as_deref(), tags, &instance, Vec::new());
        instance
    };
    ask.list_as("rds:DescribeDBInstances", pages, add).await
}

async fn clusters(ask: &Ask<'_>, client: &Client) -> Vec<rds::DBCluster> {
    let pages = || client.describe_db_clusters().into_paginator().items().send();
    let add = |mut cluster: sdk::DbCluster| {
        let tags = tags(cluster.tag_list.take());
        let cluster = rds::DBCluster::from_sdk(cluster);
        let kind = route(cluster.Engine.as_deref(), kinds::DB_CLUSTER, kinds::DOCDB_CLUSTER, kinds::NEPTUNE_CLUSTER);
        ask.add(kind, cluster.DBClusterArn.as_deref(), tags, &cluster, Vec::new());
        cluster
    };
    ask.list_as("rds:DescribeDBClusters", pages, add).await
}

async fn global_clusters(ask: &Ask<'_>, client: &Client) {
    for mut cluster in ask.list("rds:DescribeGlobalClusters", || client.describe_global_clusters().into_paginator().items().send()).await {
        let tags = tags(cluster.tag_list.take());
        let cluster = rds::GlobalCluster::from_sdk(cluster);
        let kind = route(cluster.Engine.as_deref(), kinds::GLOBAL_CLUSTER, kinds::DOCDB_GLOBAL_CLUSTER, kinds::NEPTUNE_GLOBAL_CLUSTER);
        ask.add(kind, cluster.GlobalClusterArn.as_deref(), tags, &cluster, Vec::new());
    }
}

/// The shard groups of Aurora Limitless.
async fn shard_groups(ask: &Ask<'_>, client: &Client, used: bool) {
    const OPERATION: &str = "rds:DescribeDBShardGroups";
    if !ask.wants(OPERATION) || !used {
        return;
    }
    // It has markers but, in the service model, no paginator.
    let mut marker = None;
    loop {
        let Some(answer) = ask.one(OPERATION, client.describe_db_shard_groups().set_marker(marker.take()).send()).await else { return };
        for mut group in answer.db_shard_groups.unwrap_or_default() {
            let tags = tags(group.tag_list.take());
            let group = rds::DBShardGroup::from_sdk(group);
            ask.add(kinds::DB_SHARD_GROUP, group.DBShardGroupArn.as_deref(), tags, &group, Vec::new());
        }
        marker = answer.marker.filter(|marker| !marker.is_empty());
        if marker.is_none() {
            return;
        }
    }
}

async fn certificates(ask: &Ask<'_>, client: &Client, used: bool) {
    if !ask.wants("rds:DescribeCertificates") || !used {
        return;
    }
    for certificate in ask.list("rds:DescribeCertificates", || client.describe_certificates().into_paginator().items().send()).await {
        let certificate = rds::Certificate::from_sdk(certificate);
        ask.add(kinds::CERTIFICATE, certificate.CertificateArn.as_deref(), BTreeMap::new(), &certificate, Vec::new());
    }
}

async fn pending_maintenance(ask: &Ask<'_>, client: &Client, used: bool) {
    if !ask.wants("rds:DescribePendingMaintenanceActions") || !used {
        return;
    }
    let pages = || client.describe_pending_maintenance_actions().into_paginator().items().send();
    for actions in ask.list("rds:DescribePendingMaintenanceActions", pages).await {
        let actions = rds::PendingMaintenance::from_sdk(actions);
        ask.add(kinds::PENDING_MAINTENANCE, actions.ResourceIdentifier.as_deref(), BTreeMap::new(), &actions, Vec::new());
    }
}

/// What the names of the log groups begin with that RDS databases export to.
fn log_prefixes(instances: &[rds::DBInstance], clusters: &[rds::DBCluster]) -> BTreeSet<String> {
    let of_rds = |engine: &Option<String>| matches!(product(engine.as_deref()), Product::Rds);
    let exports = |logs: &Option<Vec<String>>| logs.as_ref().is_some_and(|logs| !logs.is_empty());
    let instances = instances.iter().filter(|instance| of_rds(&instance.Engine) && exports(&instance.EnabledCloudwatchLogsExports));
    let clusters = clusters.iter().filter(|cluster| of_rds(&cluster.Engine) && exports(&cluster.EnabledCloudwatchLogsExports));
    let of_instances =
        instances.map(|instance| rds_prefix(instance.DBClusterIdentifier.as_deref(), instance.DBInstanceIdentifier.as_deref().unwrap_or_default()));
    of_instances.chain(clusters.map(|cluster| rds_prefix(cluster.DBClusterIdentifier.as_deref(), ""))).collect()
}

pub fn group_ids(groups: Option<&[rds::VpcSecurityGroupMembership]>) -> impl Iterator<Item = String> {
    groups.unwrap_or_default().iter().filter_map(|group| group.VpcSecurityGroupId.clone())
}

pub fn tags(tags: Option<Vec<sdk::Tag>>) -> BTreeMap<String, String> {
    tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect()
}
