//! The copies of RDS, Aurora, DocumentDB and Neptune databases: snapshots and automated backups.

use std::error::Error;

use aws_sdk_rds::Client;
use aws_sdk_rds::error::{ProvideErrorMetadata, SdkError};

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
            let request = client.describe_db_snapshot_attributes().set_db_snapshot_identifier(snapshot.DBSnapshotIdentifier.clone());
            let answer = request.send().await.map(|answer| {
                let attributes = answer.db_snapshot_attributes_result.and_then(|result| result.db_snapshot_attributes);
                let mut restore = attributes.into_iter().flatten().filter(|attribute| attribute.attribute_name.as_deref() == Some(RESTORE));
                restore.next().map(|attribute| attribute.attribute_values)
            });
            match restore_accounts("rds:DescribeDBSnapshotAttributes", answer) {
                Ok(accounts) => snapshot.RestoreAccounts = Some(accounts),
                Err(gap) => gaps.push(gap),
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
            let request =
                client.describe_db_cluster_snapshot_attributes().set_db_cluster_snapshot_identifier(snapshot.DBClusterSnapshotIdentifier.clone());
            let answer = request.send().await.map(|answer| {
                let attributes = answer.db_cluster_snapshot_attributes_result.and_then(|result| result.db_cluster_snapshot_attributes);
                let mut restore = attributes.into_iter().flatten().filter(|attribute| attribute.attribute_name.as_deref() == Some(RESTORE));
                restore.next().map(|attribute| attribute.attribute_values)
            });
            match restore_accounts("rds:DescribeDBClusterSnapshotAttributes", answer) {
                Ok(accounts) => snapshot.RestoreAccounts = Some(accounts),
                Err(gap) => gaps.push(gap),
            }
        }
        let kind = route(snapshot.Engine.as_deref(), kinds::DB_CLUSTER_SNAPSHOT, kinds::DOCDB_CLUSTER_SNAPSHOT, kinds::NEPTUNE_CLUSTER_SNAPSHOT);
        ask.add(kind, snapshot.DBClusterSnapshotArn.as_deref(), tags, &snapshot, gaps);
    })
    .await;
    keys
}

/// The attribute that lists who may restore a snapshot.
const RESTORE: &str = "restore";

/// Those who may restore a snapshot, from the values of the attribute; its gap where the call failed or
/// AWS named no such attribute.
fn restore_accounts<E>(operation: &str, values: Result<Option<Option<Vec<String>>>, SdkError<E>>) -> Result<Vec<String>, FieldGap>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let nameless = || Gap::new(operation, Reason::NotReturned, "AWS named no attribute restore");
    let values = values.map_err(|error| gap(operation, &error)).and_then(|values| values.ok_or_else(nameless));
    let mut accounts = values.map_err(|gap| field_gap(&["RestoreAccounts"], gap))?.unwrap_or_default();
    accounts.sort();
    Ok(accounts)
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
