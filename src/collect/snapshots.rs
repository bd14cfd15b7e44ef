//! The copies of RDS, Aurora, DocumentDB and Neptune databases: snapshots and automated backups.

use aws_sdk_rds::Client;

use super::ask::{Ask, each, field_gap};
use super::failure::gap;
use super::rds::{Product, product, route, tags};
use crate::inventory::kinds;
use crate::inventory::rds;
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, Reason};

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
                    snapshot.RestoreAccounts = attributes.and_then(|attributes| {
                        restore_accounts(attributes.into_iter().map(|attribute| (attribute.attribute_name, attribute.attribute_values)))
                    });
                    gaps.extend(snapshot.RestoreAccounts.is_none().then(|| no_attribute("rds:DescribeDBSnapshotAttributes")));
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
                    snapshot.RestoreAccounts = attributes.and_then(|attributes| {
                        restore_accounts(attributes.into_iter().map(|attribute| (attribute.attribute_name, attribute.attribute_values)))
                    });
                    gaps.extend(snapshot.RestoreAccounts.is_none().then(|| no_attribute("rds:DescribeDBClusterSnapshotAttributes")));
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

/// The accounts of the attribute `restore`; none where AWS named no such attribute.
fn restore_accounts(attributes: impl Iterator<Item = (Option<String>, Option<Vec<String>>)>) -> Option<Vec<String>> {
    let (_, accounts) = attributes.into_iter().find(|(name, _)| name.as_deref() == Some("restore"))?;
    let mut accounts = accounts.unwrap_or_default();
    accounts.sort();
    Some(accounts)
}

/// The gap of an answer without the attribute.
fn no_attribute(operation: &str) -> FieldGap {
    field_gap(&["RestoreAccounts"], Gap::new(operation, Reason::NotReturned, "AWS named no attribute restore"))
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
        // Without an ARN of its own a backup is told apart by what it is of: an instance that was
        // deleted and made again has two.
        let made = || Some(ask.rds_arn("auto-backup", backup.DbiResourceId.as_deref()?));
        let arn = backup.DBInstanceAutomatedBackupsArn.clone().or_else(made);
        ask.add(kinds::DB_INSTANCE_AUTOMATED_BACKUP, arn.as_deref(), tags, &backup, Vec::new());
    }
    keys
}

/// Automated backups of clusters; returns their keys.
pub async fn automated_of_clusters(ask: &Ask<'_>, client: &Client) -> Vec<String> {
    let pages = || client.describe_db_cluster_automated_backups().into_paginator().items().send();
    let mut keys = Vec::new();
    for mut backup in ask.list("rds:DescribeDBClusterAutomatedBackups", pages).await {
        let tags = tags(backup.tag_list.take());
        let backup = rds::DBClusterAutomatedBackup::from_sdk(backup);
        if !matches!(product(backup.Engine.as_deref()), Product::Rds) {
            continue;
        }
        keys.extend(backup.KmsKeyId.clone());
        let made = || Some(ask.rds_arn("cluster-auto-backup", backup.DbClusterResourceId.as_deref()?));
        let arn = backup.DBClusterAutomatedBackupsArn.clone().or_else(made);
        ask.add(kinds::DB_CLUSTER_AUTOMATED_BACKUP, arn.as_deref(), tags, &backup, Vec::new());
    }
    keys
}
