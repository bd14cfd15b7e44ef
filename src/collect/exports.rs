//! Exports of RDS and Aurora to S3.

use std::collections::BTreeMap;

use aws_sdk_rds::Client;

use super::ask::Ask;
use super::references::References;
use crate::inventory::rds::ExportTask;
use crate::inventory::shape::FromSdk;
use crate::inventory::{kinds, kms};

/// Collects the exports of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, client: &Client) -> References {
    let mut references = References::default();
    for export in ask.list("rds:DescribeExportTasks", || client.describe_export_tasks().into_paginator().items().send()).await {
        let export = ExportTask::from_sdk(export);
        let arn = export.ExportTaskIdentifier.as_deref().map(|id| ask.rds_arn("export-task", id));
        ask.add(kinds::EXPORT_TASK, arn.as_deref(), BTreeMap::new(), &export, Vec::new());
        references.keys.extend(export.KmsKeyId.map(|key| kms::arn(&key, ask.account(), ask.region())));
        references.buckets.extend(export.S3Bucket);
    }
    references
}
