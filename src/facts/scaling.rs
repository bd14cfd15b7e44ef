//! What Application Auto Scaling scales of a database: `scaling`.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index};
use crate::inventory::{Gap, Kind, Resource, autoscaling, kinds};
use crate::value::Node;

/// `scaling`: a list, empty where nothing scales.
pub const FACT: Fact = Fact {
    name: "scaling",
    about: "The scalable targets of the database in Application Auto Scaling, a list in the fields of `application-autoscaling:DescribeScalableTargets`.",
    applies: |kind| dimensions(kind).is_some(),
    schema: |_| schemars::schema_for!(Vec<autoscaling::ScalableTarget>),
    operations: |_, _| Cow::Borrowed(kinds::SCALABLE_TARGET.operations),
    derive: |resource, index| derive(resource, index).unwrap_or_else(|gap| Node::Gap(Arc::new(gap))),
};

/// The kinds that scale, and what of them does.
const SCALED: &[(Kind, &[&str])] = &[(kinds::NEPTUNE_CLUSTER, &["neptune:cluster:ReadReplicaCount"])];

fn dimensions(kind: Kind) -> Option<&'static [&'static str]> {
    SCALED.iter().find(|(of, _)| *of == kind).map(|(_, dimensions)| *dimensions)
}

/// The key of a target in the index.
pub fn id(target: &autoscaling::ScalableTarget) -> Option<String> {
    Some(format!("{} {}", target.ScalableDimension.as_deref()?, target.ResourceId.as_deref()?))
}

fn derive<'i>(resource: &Resource, index: &'i Index<'_>) -> Result<Node<'i>, Gap> {
    // A target is named as the last part of the ARN: `cluster:orders`, `table/orders`, `keyspace/shop/table/orders`.
    let name = resource.arn.splitn(6, ':').last().unwrap_or_default().trim_start_matches('/');
    let targets = dimensions(resource.kind).unwrap_or_default().iter().map(|dimension| index.scalable_targets().find(&format!("{dimension} {name}")));
    targets.filter_map(Result::transpose).map(|target| target.map(|row| index.node(row.resource))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::testing::{ACCOUNT, World};
    use crate::inventory::kinds::{NEPTUNE_CLUSTER, SCALABLE_TARGET};

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
}
