//! The S3 buckets that databases write to, each asked once.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_s3::Client;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::ask::{Ask, each, field_gap};
use super::failure::gap;
use crate::inventory::s3::{Bucket, PublicAccessBlock};
use crate::inventory::shape::FromSdk;
use crate::inventory::{kinds, partition};

/// `s3:GetPublicAccessBlock`, as IAM names it.
const PUBLIC_ACCESS_BLOCK: &str = "s3:GetBucketPublicAccessBlock";

/// Collects the buckets of the given names, asked as their owner: S3 refuses to tell of a bucket that
/// another account has, even where that account would allow it, and of one in another region.
pub async fn collect(ask: &Ask<'_>, client: &Client, names: &BTreeSet<String>) {
    if !ask.wants(PUBLIC_ACCESS_BLOCK) {
        return;
    }
    each(names, async |name: &String| {
        let answer = client.get_public_access_block().bucket(name).expected_bucket_owner(ask.account()).send().await;
        let (block, unread) = match answer {
            Ok(answer) => (answer.public_access_block_configuration.map(PublicAccessBlock::from_sdk), None),
            Err(error) if error.code() == Some("NoSuchPublicAccessBlockConfiguration") => (Some(PublicAccessBlock::none()), None),
            Err(error) => (None, Some(field_gap(&["PublicAccessBlockConfiguration"], gap(PUBLIC_ACCESS_BLOCK, &error)))),
        };
        let bucket = Bucket { Name: Some(name.clone()), PublicAccessBlockConfiguration: block };
        let arn = format!("arn:{}:s3:::{name}", partition(ask.region()));
        ask.add(kinds::S3_BUCKET, Some(&arn), BTreeMap::new(), &bucket, unread.into_iter().collect());
    })
    .await;
}
