//! Copies of DynamoDB tables: backups, and exports to S3. Listed of all tables at once.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::BackupTypeFilter;

use super::ask::{Ask, map_each};
use crate::inventory::dynamodb::{BackupSummary, Export};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// The backups that are available, by the ARNs of their tables.
pub struct Backups {
    of_tables: BTreeMap<String, Vec<BackupSummary>>,
    /// Whether there are no others.
    complete: bool,
}

impl Backups {
    /// Takes out those of a table; none where it is not known whether it has any.
    pub fn take(&mut self, table: &str) -> Option<Vec<BackupSummary>> {
        self.of_tables.remove(table).or_else(|| self.complete.then(Vec::new))
    }
}

/// Lists the backups of a region that has tables, if some rule needs them: one that is available for
/// each table. A table that was made anew under its name has another id.
pub async fn backups(ask: &Ask<'_>, client: &Client, used: bool) -> Backups {
    const OPERATION: &str = "dynamodb:ListBackups";
    let mut of_tables: BTreeMap<String, Vec<BackupSummary>> = BTreeMap::new();
    if ask.wants(OPERATION) && used {
        let page = async |start| {
            let answer = client.list_backups().backup_type(BackupTypeFilter::All).set_exclusive_start_backup_arn(start).send().await?;
            Ok((answer.backup_summaries, answer.last_evaluated_backup_arn))
        };
        for mut backup in ask.pages(OPERATION, page).await {
            let table = backup.table_arn.take();
            let backup = BackupSummary::from_sdk(backup);
            let Some(table) = table.filter(|_| backup.BackupStatus.as_deref() == Some("AVAILABLE")) else { continue };
            let known = of_tables.entry(table).or_default();
            if known.iter().all(|other| other.TableId != backup.TableId) {
                known.push(backup);
            }
        }
    }
    Backups { of_tables, complete: ask.gap_of(OPERATION).is_none() }
}

/// Collects the exports of a region that has tables; returns the buckets that they went to.
pub async fn exports(ask: &Ask<'_>, client: &Client, used: bool) -> BTreeSet<String> {
    const OPERATION: &str = "dynamodb:ListExports";
    ask.wants_details(kinds::DYNAMODB_EXPORT);
    if !ask.wants(OPERATION) || !used {
        return BTreeSet::new();
    }
    let pages = ask.list(OPERATION, || client.list_exports().into_paginator().send()).await;
    let buckets = map_each(pages.into_iter().flat_map(|page| page.export_summaries.unwrap_or_default()), async |listed| {
        let answer = client.describe_export().set_export_arn(listed.export_arn.clone()).send();
        let (answer, unread) = ask.detail(kinds::DYNAMODB_EXPORT, "dynamodb:DescribeExport", answer).await;
        let described = answer.and_then(|answer| answer.export_description).map(Export::from_sdk).unwrap_or_default();
        let status = listed.export_status.map(String::from_sdk);
        let export = Export { ExportArn: listed.export_arn, ExportStatus: status, ..described };
        ask.add(kinds::DYNAMODB_EXPORT, export.ExportArn.as_deref(), BTreeMap::new(), &export, unread.into_iter().collect());
        export.S3Bucket
    });
    buckets.await.into_iter().flatten().collect()
}
