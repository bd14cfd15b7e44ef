//! The copies of RDS, Aurora, DocumentDB and Neptune databases: snapshots and automated backups.

use aws_sdk_rds::Client;

use super::ask::{Ask, each, field_gap};
use super::failure::gap;
use super::rds::{Product, product, route, tags};
use crate::inventory::kinds;
use crate::inventory::rds;
use crate::inventory::shape::FromSdk;

/// Manual snapshots of instances; returns their keys. Automated ones cannot be shared, and their
/// retention and encryption are their instance's.
pub async fn of_instances(ask: &Ask<'_>, client: &Client) -> Vec<String> {
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
pub async fn of_clusters(ask: &Ask<'_>, client: &Client) -> Vec<String> {
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
pub async fn automated(ask: &Ask<'_>, client: &Client) -> Vec<String> {
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
