//! The shape of what Application Auto Scaling scales.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `application-autoscaling:DescribeScalableTargets` → `ScalableTargets[]`.
    ScalableTarget from aws_sdk_applicationautoscaling::types::ScalableTarget {
        /// `neptune`, `dynamodb`, `cassandra` and others.
        ServiceNamespace: String = service_namespace;
        /// Such as `cluster:orders` or `table/orders`.
        ResourceId: String = resource_id;
        /// Such as `neptune:cluster:ReadReplicaCount`.
        ScalableDimension: String = scalable_dimension;
        MinCapacity: i64 = min_capacity;
        MaxCapacity: i64 = max_capacity;
        SuspendedState: SuspendedState = suspended_state;
        ScalableTargetARN: String = scalable_target_arn;
    }

    /// `SuspendedState`.
    SuspendedState from aws_sdk_applicationautoscaling::types::SuspendedState {
        DynamicScalingInSuspended: bool = dynamic_scaling_in_suspended;
        DynamicScalingOutSuspended: bool = dynamic_scaling_out_suspended;
        ScheduledScalingSuspended: bool = scheduled_scaling_suspended;
    }
}

kinds! {
    SCALABLE_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget" as ScalableTarget {
        noun: "scalable target" / "scalable targets", service: "application-autoscaling", name: "ResourceId", role: Supporting,
        operations: ["application-autoscaling:DescribeScalableTargets"],
    }
}

#[cfg(feature = "live")]
super::shape::required_text!(aws_sdk_applicationautoscaling::types::ServiceNamespace, aws_sdk_applicationautoscaling::types::ScalableDimension);
