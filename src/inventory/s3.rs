//! The shape of an S3 bucket that a database writes to.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// A bucket by its name, with `s3:GetPublicAccessBlock`.
    Bucket {
        Name: String;
        /// The bucket's own settings, read as its owner; all false where it has none.
        PublicAccessBlockConfiguration: PublicAccessBlock;
    }

    /// `PublicAccessBlockConfiguration`.
    PublicAccessBlock from aws_sdk_s3::types::PublicAccessBlockConfiguration {
        BlockPublicAcls: bool = block_public_acls;
        IgnorePublicAcls: bool = ignore_public_acls;
        BlockPublicPolicy: bool = block_public_policy;
        RestrictPublicBuckets: bool = restrict_public_buckets;
    }
}

#[cfg(feature = "live")]
impl PublicAccessBlock {
    /// The settings of a bucket that has none.
    pub fn none() -> Self {
        Self { BlockPublicAcls: Some(false), IgnorePublicAcls: Some(false), BlockPublicPolicy: Some(false), RestrictPublicBuckets: Some(false) }
    }
}

kinds! {
    S3_BUCKET = "AWS::S3::Bucket" as Bucket {
        noun: "S3 bucket" / "S3 buckets", service: "s3", name: "Name", role: Supporting,
        operations: ["s3:GetBucketPublicAccessBlock"],
    }
}
