//! What facts of DynamoDB tables have in common.

use super::Index;
use crate::inventory::{Gap, Resource, dynamodb};

/// A table with what `dynamodb:DescribeTable` says of it, such as the field given; a gap where that is
/// not known.
pub fn described<'r>(resource: &'r Resource, index: &Index<'_>, field: &str) -> Result<&'r dynamodb::Table, Gap> {
    const OPERATION: &str = "dynamodb:DescribeTable";
    if let Some(gap) = resource.gap_of(field).or_else(|| index.scope.gap_of(OPERATION)) {
        return Err(gap);
    }
    resource.read()
}

/// The ARN of a table's stream; none where it has no stream.
pub fn stream(resource: &Resource, index: &Index<'_>) -> Result<Option<String>, Gap> {
    let table = described(resource, index, "StreamSpecification")?;
    if table.StreamSpecification.as_ref().and_then(|stream| stream.StreamEnabled) != Some(true) {
        return Ok(None);
    }
    resource.required("LatestStreamArn", table.LatestStreamArn.clone()).map(Some)
}
