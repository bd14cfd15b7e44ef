//! The RDS API, which answers for RDS, Aurora, DocumentDB and Neptune alike: asked once, routed by
//! `Engine`.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_rds::Client;
use aws_sdk_rds::types as sdk;

use super::ask::{Ask, drain, each, field_gap};
use super::ec2::Networks;
use super::failure::gap;
use crate::inventory::kinds;
use crate::inventory::rds::{self, ParameterFamily, ParameterGroup, public_settings};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Kind};

/// Collects the databases of a region; returns the networks and the KMS keys that they use.
pub async fn collect(ask: &Ask<'_>, client: &Client) -> (Networks, BTreeSet<String>) {
    let ((instances, clusters), snapshots, cluster_snapshots, automated) =
        tokio::join!(databases(ask, client), snapshots(ask, client), cluster_snapshots(ask, client), automated_backups(ask, client),);
    let mut networks = Networks::default();
    for instance in &instances {
        let group = instance.DBSubnetGroup.as_ref();
        networks.vpcs.extend(group.and_then(|group| group.VpcId.clone()));
        networks.security_groups.extend(group_ids(instance.VpcSecurityGroups.as_deref()));
    }
    for cluster in &clusters {
        networks.security_groups.extend(group_ids(cluster.VpcSecurityGroups.as_deref()));
    }
    networks.vpcs.extend(subnet_groups(ask, client, &clusters).await);

    let of_instances =
        instances.iter().flat_map(|instance| [&instance.KmsKeyId, &instance.PerformanceInsightsKMSKeyId, &instance.ActivityStreamKmsKeyId]);
    let of_clusters = clusters.iter().flat_map(|cluster| [&cluster.KmsKeyId, &cluster.PerformanceInsightsKMSKeyId, &cluster.ActivityStreamKmsKeyId]);
    let mut keys: BTreeSet<String> = of_instances.chain(of_clusters).flatten().cloned().collect();
    keys.extend(snapshots.into_iter().chain(cluster_snapshots).chain(automated));
    (networks, keys)
}

/// Instances and clusters, then at once what they are attached to.
async fn databases(ask: &Ask<'_>, client: &Client) -> (Vec<rds::DBInstance>, Vec<rds::DBCluster>) {
    let (instances, clusters, ()) = tokio::join!(instances(ask, client), clusters(ask, client), global_clusters(ask, client));
    let groups: BTreeSet<_> = instances
        .iter()
        .flat_map(|instance| instance.DBParameterGroups.iter().flatten())
        .filter_map(|group| group.DBParameterGroupName.clone())
        .collect();
    let cluster_groups: BTreeSet<_> = clusters.iter().filter_map(|cluster| cluster.DBClusterParameterGroup.clone()).collect();
    let used = !instances.is_empty() || !clusters.is_empty();
    tokio::join!(
        parameters(ask, client, Level::Instance, groups),
        parameters(ask, client, Level::Cluster, cluster_groups),
        option_groups(ask, client, used),
        certificates(ask, client, used),
        pending_maintenance(ask, client, used),
    );
    (instances, clusters)
}

/// Which product an engine belongs to.
enum Product {
    Rds,
    DocumentDb,
    Neptune,
}

fn product(engine: Option<&str>) -> Product {
    match engine {
        Some("docdb") => Product::DocumentDb,
        Some("neptune") => Product::Neptune,
        _ => Product::Rds,
    }
}

/// The kind of a resource by its engine, of the three that the API answers with.
fn route(engine: Option<&str>, rds: Kind, documentdb: Kind, neptune: Kind) -> Kind {
    match product(engine) {
        Product::Rds => rds,
        Product::DocumentDb => documentdb,
        Product::Neptune => neptune,
    }
}

async fn instances(ask: &Ask<'_>, client: &Client) -> Vec<rds::DBInstance> {
    let found = ask.list("rds:DescribeDBInstances", || client.describe_db_instances().into_paginator().items().send()).await;
    let mut instances = Vec::with_capacity(found.len());
    for mut instance in found {
        let tags = tags(instance.tag_list.take());
        let instance = rds::DBInstance::from_sdk(instance);
        let kind = route(instance.Engine.as_deref(), kinds::DB_INSTANCE, kinds::DOCDB_INSTANCE, kinds::NEPTUNE_INSTANCE);
        ask.add(kind, instance.DBInstanceArn.as_deref(), tags, &instance, Vec::new());
        instances.push(instance);
    }
    instances
}

async fn clusters(ask: &Ask<'_>, client: &Client) -> Vec<rds::DBCluster> {
    let found = ask.list("rds:DescribeDBClusters", || client.describe_db_clusters().into_paginator().items().send()).await;
    let mut clusters = Vec::with_capacity(found.len());
    for mut cluster in found {
        let tags = tags(cluster.tag_list.take());
        let cluster = rds::DBCluster::from_sdk(cluster);
        let kind = route(cluster.Engine.as_deref(), kinds::DB_CLUSTER, kinds::DOCDB_CLUSTER, kinds::NEPTUNE_CLUSTER);
        ask.add(kind, cluster.DBClusterArn.as_deref(), tags, &cluster, Vec::new());
        clusters.push(cluster);
    }
    clusters
}

async fn global_clusters(ask: &Ask<'_>, client: &Client) {
    for mut cluster in ask.list("rds:DescribeGlobalClusters", || client.describe_global_clusters().into_paginator().items().send()).await {
        let tags = tags(cluster.tag_list.take());
        let cluster = rds::GlobalCluster::from_sdk(cluster);
        // Global clusters of DocumentDB and Neptune have no rules of their own yet and are not RDS's.
        if matches!(product(cluster.Engine.as_deref()), Product::Rds) {
            ask.add(kinds::GLOBAL_CLUSTER, cluster.GlobalClusterArn.as_deref(), tags, &cluster, Vec::new());
        }
    }
}

/// The subnet groups that clusters name; instances carry theirs. Returns their VPCs.
async fn subnet_groups(ask: &Ask<'_>, client: &Client, clusters: &[rds::DBCluster]) -> Vec<String> {
    let named: BTreeSet<_> = clusters.iter().filter_map(|cluster| cluster.DBSubnetGroup.as_deref()).collect();
    if !ask.wants("rds:DescribeDBSubnetGroups") || named.is_empty() {
        return Vec::new();
    }
    let groups = ask.list("rds:DescribeDBSubnetGroups", || client.describe_db_subnet_groups().into_paginator().items().send()).await;
    let groups = groups
        .into_iter()
        .map(rds::DBSubnetGroup::from_sdk)
        .filter(|group| group.DBSubnetGroupName.as_deref().is_some_and(|name| named.contains(name)));
    groups
        .filter_map(|group| {
            ask.add(kinds::DB_SUBNET_GROUP, group.DBSubnetGroupArn.as_deref(), BTreeMap::new(), &group, Vec::new());
            group.VpcId
        })
        .collect()
}

/// Manual snapshots of instances; returns their keys. Automated ones cannot be shared, and their
/// retention and encryption are their instance's.
async fn snapshots(ask: &Ask<'_>, client: &Client) -> Vec<String> {
    let found = ask.list("rds:DescribeDBSnapshots", || client.describe_db_snapshots().snapshot_type("manual").into_paginator().items().send()).await;
    let wants_attributes = ask.wants("rds:DescribeDBSnapshotAttributes");
    let keys = found.iter().filter_map(|snapshot| snapshot.kms_key_id.clone()).collect();
    each(found, async |mut snapshot| {
        let tags = tags(snapshot.tag_list.take());
        let mut snapshot = rds::DBSnapshot::from_sdk(snapshot);
        let mut gaps = Vec::new();
        if wants_attributes {
            let answer = client.describe_db_snapshot_attributes().set_db_snapshot_identifier(snapshot.DBSnapshotIdentifier.clone()).send().await;
            match answer {
                Ok(answer) => {
                    let attributes = answer.db_snapshot_attributes_result.and_then(|result| result.db_snapshot_attributes);
                    snapshot.RestoreAccounts = attributes.map(|attributes| {
                        restore_accounts(attributes.into_iter().map(|attribute| (attribute.attribute_name, attribute.attribute_values)))
                    });
                }
                Err(error) => gaps.push(field_gap(&["RestoreAccounts"], gap("rds:DescribeDBSnapshotAttributes", &error))),
            }
        }
        ask.add(kinds::DB_SNAPSHOT, snapshot.DBSnapshotArn.as_deref(), tags, &snapshot, gaps);
    })
    .await;
    keys
}

/// Manual snapshots of clusters; returns their keys.
async fn cluster_snapshots(ask: &Ask<'_>, client: &Client) -> Vec<String> {
    let pages = || client.describe_db_cluster_snapshots().snapshot_type("manual").into_paginator().items().send();
    let found = ask.list("rds:DescribeDBClusterSnapshots", pages).await;
    let wants_attributes = ask.wants("rds:DescribeDBClusterSnapshotAttributes");
    let keys = found.iter().filter_map(|snapshot| snapshot.kms_key_id.clone()).collect();
    each(found, async |mut snapshot| {
        let tags = tags(snapshot.tag_list.take());
        let mut snapshot = rds::DBClusterSnapshot::from_sdk(snapshot);
        let mut gaps = Vec::new();
        if wants_attributes {
            let answer = client
                .describe_db_cluster_snapshot_attributes()
                .set_db_cluster_snapshot_identifier(snapshot.DBClusterSnapshotIdentifier.clone())
                .send()
                .await;
            match answer {
                Ok(answer) => {
                    let attributes = answer.db_cluster_snapshot_attributes_result.and_then(|result| result.db_cluster_snapshot_attributes);
                    snapshot.RestoreAccounts = attributes.map(|attributes| {
                        restore_accounts(attributes.into_iter().map(|attribute| (attribute.attribute_name, attribute.attribute_values)))
                    });
                }
                Err(error) => gaps.push(field_gap(&["RestoreAccounts"], gap("rds:DescribeDBClusterSnapshotAttributes", &error))),
            }
        }
        let kind = route(snapshot.Engine.as_deref(), kinds::DB_CLUSTER_SNAPSHOT, kinds::DOCDB_CLUSTER_SNAPSHOT, kinds::NEPTUNE_CLUSTER_SNAPSHOT);
        ask.add(kind, snapshot.DBClusterSnapshotArn.as_deref(), tags, &snapshot, gaps);
    })
    .await;
    keys
}

/// The accounts of the attribute `restore`.
fn restore_accounts(attributes: impl Iterator<Item = (Option<String>, Option<Vec<String>>)>) -> Vec<String> {
    let of_restore = attributes.filter(|(name, _)| name.as_deref() == Some("restore"));
    let mut accounts: Vec<_> = of_restore.flat_map(|(_, values)| values.unwrap_or_default()).collect();
    accounts.sort();
    accounts
}

/// Automated backups; returns their keys.
async fn automated_backups(ask: &Ask<'_>, client: &Client) -> Vec<String> {
    let pages = || client.describe_db_instance_automated_backups().into_paginator().items().send();
    let mut keys = Vec::new();
    for mut backup in ask.list("rds:DescribeDBInstanceAutomatedBackups", pages).await {
        let tags = tags(backup.tag_list.take());
        let backup = rds::DBInstanceAutomatedBackup::from_sdk(backup);
        if !matches!(product(backup.Engine.as_deref()), Product::Rds) {
            continue;
        }
        keys.extend(backup.KmsKeyId.clone());
        // Backups that no replication asked for have no ARN of their own.
        let arn = backup.DBInstanceAutomatedBackupsArn.as_ref().or(backup.DBInstanceArn.as_ref()).cloned();
        ask.add(kinds::DB_INSTANCE_AUTOMATED_BACKUP, arn.as_deref(), tags, &backup, Vec::new());
    }
    keys
}

async fn option_groups(ask: &Ask<'_>, client: &Client, used: bool) {
    if !ask.wants("rds:DescribeOptionGroups") || !used {
        return;
    }
    for mut group in ask.list("rds:DescribeOptionGroups", || client.describe_option_groups().into_paginator().items().send()).await {
        let settings: Vec<_> =
            group.options.iter_mut().flatten().map(|option| public_settings(option.option_settings.take().unwrap_or_default())).collect();
        let mut group = rds::OptionGroup::from_sdk(group);
        for (option, settings) in group.Options.iter_mut().flatten().zip(settings) {
            option.OptionSettings = Some(settings);
        }
        ask.add(kinds::OPTION_GROUP, group.OptionGroupArn.as_deref(), BTreeMap::new(), &group, Vec::new());
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

/// Where a parameter group is attached.
#[derive(Clone, Copy)]
enum Level {
    Instance,
    Cluster,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Cluster => "cluster",
        }
    }

    fn groups_operation(self) -> &'static str {
        match self {
            Self::Instance => "rds:DescribeDBParameterGroups",
            Self::Cluster => "rds:DescribeDBClusterParameterGroups",
        }
    }

    fn parameters_operation(self) -> &'static str {
        match self {
            Self::Instance => "rds:DescribeDBParameters",
            Self::Cluster => "rds:DescribeDBClusterParameters",
        }
    }

    fn defaults_operation(self) -> &'static str {
        match self {
            Self::Instance => "rds:DescribeEngineDefaultParameters",
            Self::Cluster => "rds:DescribeEngineDefaultClusterParameters",
        }
    }

    fn kinds(self) -> (Kind, Kind) {
        match self {
            Self::Instance => (kinds::DB_PARAMETER_GROUP, kinds::DB_PARAMETER_FAMILY),
            Self::Cluster => (kinds::DB_CLUSTER_PARAMETER_GROUP, kinds::DB_CLUSTER_PARAMETER_FAMILY),
        }
    }
}

/// The parameters of the attached groups: what somebody changed, once a group, and the defaults,
/// once a family. A default group cannot be changed, and its name says its family.
async fn parameters(ask: &Ask<'_>, client: &Client, level: Level, attached: BTreeSet<String>) {
    let (wants_groups, wants_parameters) = (ask.wants(level.groups_operation()), ask.wants(level.parameters_operation()));
    let wants_defaults = ask.wants(level.defaults_operation());
    if !wants_groups || attached.is_empty() {
        return;
    }
    let (defaults, custom): (Vec<_>, Vec<_>) = attached.into_iter().partition(|name| name.starts_with("default."));
    let mut families: BTreeSet<String> = defaults.iter().filter_map(|name| name.strip_prefix("default.")).map(ToOwned::to_owned).collect();
    let groups = if custom.is_empty() { Vec::new() } else { parameter_groups(ask, client, level).await };
    let groups: Vec<_> = groups.into_iter().filter(|group| group.Name.as_ref().is_some_and(|name| custom.contains(name))).collect();
    families.extend(groups.iter().filter_map(|group| group.DBParameterGroupFamily.clone()));

    let requested: Vec<String> = ask.parameters().iter().cloned().collect();
    let of_groups = each(groups, async |mut group: ParameterGroup| {
        let mut gaps = Vec::new();
        if wants_parameters {
            let (parameters, gap) = changed_parameters(client, level, group.Name.as_deref().unwrap_or_default()).await;
            group.Parameters = Some(wanted(parameters, ask));
            gaps.extend(gap.map(|gap| field_gap(&["Parameters"], gap)));
        }
        group.Requested = Some(requested.clone());
        ask.add(level.kinds().0, group.Arn.as_deref(), BTreeMap::new(), &group, gaps);
    });
    let of_families = each(families, async |name: String| {
        if !wants_defaults {
            return;
        }
        let (parameters, gap) = default_parameters(client, level, &name).await;
        let family = ParameterFamily {
            DBParameterGroupFamily: Some(name.clone()),
            Level: Some(level.name().to_owned()),
            Requested: Some(requested.clone()),
            Parameters: Some(wanted(parameters, ask)),
        };
        let gaps = gap.map(|gap| field_gap(&["Parameters"], gap)).into_iter().collect();
        let arn = format!("arn:{}:rds:{}::{}-family:{name}", crate::inventory::partition(ask.region()), ask.region(), level.name());
        ask.add(level.kinds().1, Some(&arn), BTreeMap::new(), &family, gaps);
    });
    tokio::join!(of_groups, of_families);
}

async fn parameter_groups(ask: &Ask<'_>, client: &Client, level: Level) -> Vec<ParameterGroup> {
    let group = |name, arn, family| ParameterGroup { Name: name, Arn: arn, DBParameterGroupFamily: family, ..ParameterGroup::default() };
    match level {
        Level::Instance => {
            let found = ask.list(level.groups_operation(), || client.describe_db_parameter_groups().into_paginator().items().send()).await;
            found
                .into_iter()
                .map(|found| group(found.db_parameter_group_name, found.db_parameter_group_arn, found.db_parameter_group_family))
                .collect()
        }
        Level::Cluster => {
            let found = ask.list(level.groups_operation(), || client.describe_db_cluster_parameter_groups().into_paginator().items().send()).await;
            let of = |found: sdk::DbClusterParameterGroup| {
                group(found.db_cluster_parameter_group_name, found.db_cluster_parameter_group_arn, found.db_parameter_group_family)
            };
            found.into_iter().map(of).collect()
        }
    }
}

async fn changed_parameters(client: &Client, level: Level, group: &str) -> (Vec<sdk::Parameter>, Option<Gap>) {
    match level {
        Level::Instance => {
            let pages = client.describe_db_parameters().db_parameter_group_name(group).source("user").into_paginator().items().send();
            drain(level.parameters_operation(), pages).await
        }
        Level::Cluster => {
            let pages = client.describe_db_cluster_parameters().db_cluster_parameter_group_name(group).source("user").into_paginator().items().send();
            drain(level.parameters_operation(), pages).await
        }
    }
}

async fn default_parameters(client: &Client, level: Level, family: &str) -> (Vec<sdk::Parameter>, Option<Gap>) {
    match level {
        Level::Instance => {
            let pages = client.describe_engine_default_parameters().db_parameter_group_family(family).into_paginator().items().send();
            drain(level.defaults_operation(), pages).await
        }
        Level::Cluster => cluster_defaults(client, family).await,
    }
}

/// `DescribeEngineDefaultClusterParameters` has a marker but, in the service model, no paginator.
async fn cluster_defaults(client: &Client, family: &str) -> (Vec<sdk::Parameter>, Option<Gap>) {
    let (mut parameters, mut marker) = (Vec::new(), None);
    loop {
        let answer = client.describe_engine_default_cluster_parameters().db_parameter_group_family(family).set_marker(marker.take()).send().await;
        match answer {
            Ok(answer) => {
                let Some(defaults) = answer.engine_defaults else { return (parameters, None) };
                parameters.extend(defaults.parameters.unwrap_or_default());
                match defaults.marker.filter(|marker| !marker.is_empty()) {
                    Some(next) => marker = Some(next),
                    None => return (parameters, None),
                }
            }
            Err(error) => return (parameters, Some(gap(Level::Cluster.defaults_operation(), &error))),
        }
    }
}

/// The parameters that some rule reads.
fn wanted(parameters: Vec<sdk::Parameter>, ask: &Ask<'_>) -> Vec<rds::Parameter> {
    let wanted = parameters.into_iter().filter(|parameter| parameter.parameter_name.as_ref().is_some_and(|name| ask.parameters().contains(name)));
    wanted.map(rds::Parameter::from_sdk).collect()
}

fn group_ids(groups: Option<&[rds::VpcSecurityGroupMembership]>) -> impl Iterator<Item = String> {
    groups.unwrap_or_default().iter().filter_map(|group| group.VpcSecurityGroupId.clone())
}

fn tags(tags: Option<Vec<sdk::Tag>>) -> BTreeMap<String, String> {
    tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect()
}
