//! Exports of RDS and Aurora to S3, with what their buckets say of public access.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_rds::Client;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::Session;
use super::ask::{Ask, map_each, unread};
use super::failure::gap;
use crate::inventory::rds::{ExportTask, PublicAccessBlock};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, kinds};

/// `s3:GetPublicAccessBlock`, as IAM names it.
const PUBLIC_ACCESS_BLOCK: &str = "s3:GetBucketPublicAccessBlock";

/// Collects the exports of a region; returns the keys that they are encrypted with.
pub async fn collect(ask: &Ask<'_>, session: &Session, client: &Client) -> Vec<String> {
    let found = ask.list("rds:DescribeExportTasks", || client.describe_export_tasks().into_paginator().items().send()).await;
    let exports: Vec<_> = found.into_iter().map(ExportTask::from_sdk).collect();
    let blocks = blocks(ask, session, exports.iter().filter_map(|export| export.S3Bucket.clone()).collect()).await;
    for mut export in exports.iter().cloned() {
        let mut gaps = Vec::new();
        match export.S3Bucket.as_ref().and_then(|bucket| blocks.get(bucket)) {
            Some(Ok(block)) => export.PublicAccessBlockConfiguration.clone_from(block),
            Some(Err(gap)) => gaps.push(unread(kinds::EXPORT_TASK, PUBLIC_ACCESS_BLOCK, gap.clone())),
            None => {}
        }
        let arn = export.ExportTaskIdentifier.as_deref().map(|id| ask.rds_arn("export-task", id));
        ask.add(kinds::EXPORT_TASK, arn.as_deref(), BTreeMap::new(), &export, gaps);
    }
    exports.into_iter().filter_map(|export| export.KmsKeyId).collect()
}

/// The settings of each bucket, asked as the bucket's owner: S3 refuses to tell of a bucket that
/// another account has, even where that account would allow it. RDS exports within the region.
async fn blocks(ask: &Ask<'_>, session: &Session, buckets: BTreeSet<String>) -> BTreeMap<String, Result<Option<PublicAccessBlock>, Gap>> {
    if !ask.wants(PUBLIC_ACCESS_BLOCK) {
        return BTreeMap::new();
    }
    let client = &session.s3(ask.region());
    let answers = map_each(buckets, async |bucket: String| {
        let answer = client.get_public_access_block().bucket(&bucket).expected_bucket_owner(ask.account()).send().await;
        let block = match answer {
            Ok(answer) => Ok(answer.public_access_block_configuration.map(PublicAccessBlock::from_sdk)),
            Err(error) if error.code() == Some("NoSuchPublicAccessBlockConfiguration") => Ok(Some(PublicAccessBlock::none())),
            Err(error) => Err(gap(PUBLIC_ACCESS_BLOCK, &error)),
        };
        (bucket, block)
    });
    answers.await.into_iter().collect()
}
