//! CloudWatch alarms, asked for once the databases of the region are known, and only where there are some.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::AlarmType;

use super::Session;
use super::ask::Ask;
use crate::inventory::alarms::{CompositeAlarm, MetricAlarm};
use crate::inventory::kinds::{self, Role};
use crate::inventory::shape::FromSdk;

const OPERATION: &str = "cloudwatch:DescribeAlarms";

/// Collects the alarms on metrics of databases, and all composite ones: an account has thousands of others.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    let used = ask.kinds().iter().any(|kind| kind.role == Role::Judged);
    if !ask.wants(OPERATION) || !used {
        return;
    }
    let request = session.cloudwatch(ask.region()).describe_alarms();
    let mut pages = request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => return ask.failed(OPERATION, &error),
        };
        for alarm in page.metric_alarms.unwrap_or_default().into_iter().map(MetricAlarm::from_sdk) {
            if alarm.namespaces().next().is_some() {
                ask.add(kinds::METRIC_ALARM, alarm.AlarmArn.as_deref(), BTreeMap::new(), &alarm, Vec::new());
            }
        }
        for alarm in page.composite_alarms.unwrap_or_default().into_iter().map(CompositeAlarm::from_sdk) {
            ask.add(kinds::COMPOSITE_ALARM, alarm.AlarmArn.as_deref(), BTreeMap::new(), &alarm, Vec::new());
        }
    }
}
