//! What Application Auto Scaling scales of a database: `scaling`.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index, dynamodb};
use crate::inventory::{Gap, Kind, Resource, autoscaling, kinds};
use crate::value::Node;

/// `scaling`: a list, empty where nothing scales.
pub const FACT: Fact = Fact {
    name: "scaling",
    about: "The scalable targets of the database and its indexes in Application Auto Scaling, a list in the fields of `application-autoscaling:DescribeScalableTargets`.",
    applies: |kind| scaled(kind).is_some(),
    schema: |_| schemars::schema_for!(Vec<autoscaling::ScalableTarget>),
    operations: |kind, _| Cow::Owned([kinds::SCALABLE_TARGET.operations, kind.operations_of("GlobalSecondaryIndexes")].concat()),
    derive: |resource, index| derive(resource, index).unwrap_or_else(|gap| Node::Gap(Arc::new(gap))),
};

/// What scales of a kind.
struct Scaled {
    kind: Kind,
    dimensions: &'static [&'static str],
    /// What scales of each of its indexes.
    of_indexes: &'static [&'static str],
}

const SCALED: &[Scaled] = &[
    Scaled {
        kind: kinds::DYNAMODB_TABLE,
        dimensions: &["dynamodb:table:ReadCapacityUnits", "dynamodb:table:WriteCapacityUnits"],
        of_indexes: &["dynamodb:index:ReadCapacityUnits", "dynamodb:index:WriteCapacityUnits"],
    },
    Scaled { kind: kinds::NEPTUNE_CLUSTER, dimensions: &["neptune:cluster:ReadReplicaCount"], of_indexes: &[] },
];

fn scaled(kind: Kind) -> Option<&'static Scaled> {
    SCALED.iter().find(|scaled| scaled.kind == kind)
}

/// The key of a target in the index.
pub fn id(target: &autoscaling::ScalableTarget) -> Option<String> {
    Some(format!("{} {}", target.ScalableDimension.as_deref()?, target.ResourceId.as_deref()?))
}

fn derive<'i>(resource: &Resource, index: &'i Index<'_>) -> Result<Node<'i>, Gap> {
    let Some(scaled) = scaled(resource.kind) else { return Ok(Node::map([])) };
    // A target is named as the last part of the ARN: `cluster:orders`, `table/orders`, `keyspace/shop/table/orders`.
    let name = resource.arn.splitn(6, ':').last().unwrap_or_default().trim_start_matches('/');
    let mut targets: Vec<_> = scaled.dimensions.iter().map(|dimension| format!("{dimension} {name}")).collect();
    for part in indexes(resource, index, scaled)? {
        targets.extend(scaled.of_indexes.iter().map(|dimension| format!("{dimension} {name}/index/{part}")));
    }
    let targets = targets.iter().filter_map(|target| index.scalable_targets().find(target).transpose());
    targets.map(|target| target.map(|row| index.node(row.resource))).collect()
}

/// The names of a table's global secondary indexes, which scale apart from it.
fn indexes(resource: &Resource, index: &Index<'_>, scaled: &Scaled) -> Result<Vec<String>, Gap> {
    if scaled.of_indexes.is_empty() {
        return Ok(Vec::new());
    }
    const FIELD: &str = "GlobalSecondaryIndexes";
    let indexes = dynamodb::described(resource, index, FIELD)?.GlobalSecondaryIndexes.iter().flatten();
    indexes.map(|index| resource.required(FIELD, index.IndexName.clone())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::testing::{ACCOUNT, World};
    use crate::inventory::kinds::{DYNAMODB_TABLE, NEPTUNE_CLUSTER, SCALABLE_TARGET};

    fn cluster() -> String {
        format!("arn:aws:rds:us-east-1:{ACCOUNT}:cluster:social")
    }

    fn target(resource: &str, dimension: &str) -> Value {
        json!({"ServiceNamespace": "neptune", "ResourceId": resource, "ScalableDimension": dimension, "MinCapacity": 1, "MaxCapacity": 4})
    }

    #[test]
    fn targets_are_found_by_their_resource_and_dimension() {
        let world = World::complete()
            .with(NEPTUNE_CLUSTER, &cluster(), json!({"DBClusterIdentifier": "social"}))
            .with(SCALABLE_TARGET, "other", target("cluster:social-2", "neptune:cluster:ReadReplicaCount"))
            .with(SCALABLE_TARGET, "aurora", target("cluster:social", "rds:cluster:ReadReplicaCount"));
        assert_eq!(world.fact("scaling", &cluster()), json!([]));
        let own = target("cluster:social", "neptune:cluster:ReadReplicaCount");
        let world = world.with(SCALABLE_TARGET, "own", own.clone());
        assert_eq!(world.fact("scaling", &cluster()), json!([own]));
        let denied = world.denied("application-autoscaling:DescribeScalableTargets");
        assert_eq!(denied.fact("scaling", &cluster()), json!({"gap": "application-autoscaling:DescribeScalableTargets"}));
    }

    #[test]
    fn indexes_scale_apart_from_their_table() {
        let arn = format!("arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/orders");
        let table = json!({"TableName": "orders", "GlobalSecondaryIndexes": [{"IndexName": "by-date"}]});
        let read = target("table/orders", "dynamodb:table:ReadCapacityUnits");
        let of_index = target("table/orders/index/by-date", "dynamodb:index:WriteCapacityUnits");
        let world = World::complete()
            .with(DYNAMODB_TABLE, &arn, table)
            .with(SCALABLE_TARGET, "read", read.clone())
            .with(SCALABLE_TARGET, "of-index", of_index.clone())
            .with(SCALABLE_TARGET, "of-another", target("table/orders/index/by-size", "dynamodb:index:WriteCapacityUnits"));
        assert_eq!(world.fact("scaling", &arn), json!([read, of_index]));
        assert_eq!(world.denied("dynamodb:DescribeTable").fact("scaling", &arn), json!({"gap": "dynamodb:DescribeTable"}));
    }
}
