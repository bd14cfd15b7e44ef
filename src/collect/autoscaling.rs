//! Application Auto Scaling: what scales of a service's databases. One listing a service.

use std::collections::BTreeMap;

use aws_sdk_applicationautoscaling::types::ServiceNamespace;

use super::Session;
use super::ask::Ask;
use crate::inventory::autoscaling::ScalableTarget;
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// Collects the scalable targets of a service, if it has databases in the region.
pub async fn collect(ask: &Ask<'_>, session: &Session, namespace: ServiceNamespace, used: bool) {
    const OPERATION: &str = "application-autoscaling:DescribeScalableTargets";
    if !ask.wants(OPERATION) || !used {
        return;
    }
    let client = session.application_autoscaling(ask.region());
    for target in ask.list(OPERATION, || client.describe_scalable_targets().service_namespace(namespace).into_paginator().items().send()).await {
        let target = ScalableTarget::from_sdk(target);
        // Targets of before 2023 may have no ARN; what they scale names them as well.
        let made = || {
            let partition = crate::inventory::partition(ask.region());
            let (resource, dimension) = (target.ResourceId.as_deref()?, target.ScalableDimension.as_deref()?);
            Some(format!("arn:{partition}:application-autoscaling:{}:{}:scalable-target/{resource}/{dimension}", ask.region(), ask.account()))
        };
        let arn = target.ScalableTargetARN.clone().or_else(made);
        ask.add(kinds::SCALABLE_TARGET, arn.as_deref(), BTreeMap::new(), &target, Vec::new());
    }
}
