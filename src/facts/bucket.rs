//! The S3 bucket that a database writes to: `bucket`.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Fact, Index, fact};
use crate::inventory::{Gap, Kind, Known, Reason, Resource, kinds, timestream};
use crate::value::{IntoNode, Node};

fact! {
    /// A bucket of the account.
    Bucket {
        /// Whether its own settings block all public access.
        blocks_public_access: Known<bool>,
    }
}

/// `bucket`.
pub const FACT: Fact = Fact {
    name: "bucket",
    about: "The S3 bucket that an export, or the rejected data of a Timestream table, goes to.",
    applies: |kind| WRITERS.contains(&kind),
    schema: |_| schemars::schema_for!(Bucket),
    operations: |kind, _| Cow::Owned([kinds::S3_BUCKET.operations, kind.operations_of("S3Bucket")].concat()),
    derive: |resource, index| {
        let blocks_public_access = name(resource, index).and_then(|name| blocks_public_access(&name, index)).into();
        Bucket { blocks_public_access }.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// The kinds that name a bucket.
const WRITERS: &[Kind] = &[kinds::EXPORT_TASK, kinds::DYNAMODB_EXPORT, kinds::TIMESTREAM_TABLE];

/// Where the kinds name it.
#[derive(Deserialize)]
#[expect(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
struct Writer {
    S3Bucket: Option<String>,
    MagneticStoreWriteProperties: Option<timestream::MagneticStoreWriteProperties>,
}

fn name(resource: &Resource, index: &Index<'_>) -> Result<String, Gap> {
    let field = if resource.kind == kinds::TIMESTREAM_TABLE { "MagneticStoreWriteProperties" } else { "S3Bucket" };
    let operations = resource.kind.operations_of(field);
    if let Some(gap) = operations.iter().find_map(|operation| index.scope.gap_of(operation)) {
        return Err(gap);
    }
    let writer: Writer =
        resource.data().map_err(|error| Gap::new(operations.first().copied().unwrap_or_default(), Reason::Failed, error.to_string()))?;
    let rejected = || writer.MagneticStoreWriteProperties?.MagneticStoreRejectedDataLocation?.S3Configuration?.BucketName;
    resource.required(field, writer.S3Bucket.or_else(rejected))
}

fn blocks_public_access(name: &str, index: &Index<'_>) -> Result<bool, Gap> {
    const FIELD: &str = "PublicAccessBlockConfiguration";
    let row = index.s3_buckets().get(name)?;
    let block = row.resource.required(FIELD, row.data.PublicAccessBlockConfiguration.as_ref())?;
    let settings = [block.BlockPublicAcls, block.IgnorePublicAcls, block.BlockPublicPolicy, block.RestrictPublicBuckets];
    // One that is off decides, whatever the others are.
    if settings.contains(&Some(false)) {
        return Ok(false);
    }
    if settings.contains(&None) { Err(row.resource.not_returned(FIELD)) } else { Ok(true) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::testing::World;
    use crate::inventory::Kind;
    use crate::inventory::kinds::{DYNAMODB_EXPORT, EXPORT_TASK, S3_BUCKET, TIMESTREAM_TABLE};

    const OPERATION: &str = "s3:GetBucketPublicAccessBlock";

    fn settings(policy: Value) -> Value {
        json!({"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": policy, "RestrictPublicBuckets": true})
    }

    fn world(kind: Kind, data: Value) -> World {
        let bucket = json!({"Name": "lake", "PublicAccessBlockConfiguration": settings(json!(true))});
        World::complete().with(S3_BUCKET, "arn:aws:s3:::lake", bucket).with(kind, "it", data)
    }

    fn blocks(world: &World) -> Value {
        world.fact("bucket", "it")["blocks_public_access"].clone()
    }

    #[test]
    fn the_bucket_is_found_wherever_the_kind_names_it() {
        let rejected = json!({"MagneticStoreRejectedDataLocation": {"S3Configuration": {"BucketName": "lake"}}});
        for (kind, data) in [
            (EXPORT_TASK, json!({"S3Bucket": "lake"})),
            (DYNAMODB_EXPORT, json!({"S3Bucket": "lake"})),
            (TIMESTREAM_TABLE, json!({"MagneticStoreWriteProperties": rejected})),
        ] {
            let world = world(kind, data);
            assert_eq!(blocks(&world), true, "{kind}");
            let open = world.patch("arn:aws:s3:::lake", json!({"PublicAccessBlockConfiguration": settings(json!(false))}));
            assert_eq!(blocks(&open), false, "{kind}");
        }
    }

    #[test]
    fn a_setting_that_is_off_decides() {
        let off = json!({"PublicAccessBlockConfiguration": {"RestrictPublicBuckets": false}});
        assert_eq!(blocks(&world(DYNAMODB_EXPORT, json!({"S3Bucket": "lake"})).patch("arn:aws:s3:::lake", off)), false);
    }

    #[test]
    fn what_is_not_known_of_the_bucket_is_a_gap() {
        let world = world(DYNAMODB_EXPORT, json!({"S3Bucket": "lake"}));
        let gap = |operation: &str| json!({"gap": operation});
        let unread = world.clone().unread("arn:aws:s3:::lake", "PublicAccessBlockConfiguration", OPERATION);
        assert_eq!(blocks(&unread), gap(OPERATION));
        assert_eq!(blocks(&world.clone().without("arn:aws:s3:::lake")), gap(OPERATION));
        assert_eq!(blocks(&world.clone().not_called(OPERATION)), gap(OPERATION));
        assert_eq!(
            blocks(&world.clone().patch("arn:aws:s3:::lake", json!({"PublicAccessBlockConfiguration": settings(Value::Null)}))),
            gap(OPERATION)
        );
        assert_eq!(blocks(&world.unread("it", "S3Bucket", "dynamodb:DescribeExport")), gap("dynamodb:DescribeExport"));
    }
}
