//! CloudWatch metrics of databases, for the rules on cost and capacity: asked for only where such a
//! rule is on.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{Dimension, Metric as SdkMetric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode};
use aws_smithy_types::DateTime;

use super::ask::{Ask, field_gap};
use super::rds::{Product, product};
use crate::inventory::cloudwatch::{DAYS, Metric, PERIOD, RDS_INSTANCE};
use crate::inventory::shape::{FromSdk, Timestamp};
use crate::inventory::{Gap, Reason, kinds, rds};

const OPERATION: &str = "cloudwatch:GetMetricData";
const NAMESPACE: &str = "AWS/RDS";
const STAT: &str = "Average";
/// How many metrics a call takes. So many, of a week of hours, stay below the 100,800 values that an
/// answer holds.
const QUERIES: usize = 500;

/// Collects the metrics of DB instances, many in a call.
pub async fn collect(ask: &Ask<'_>, client: &Client, instances: &[rds::DBInstance]) {
    if !ask.wants(OPERATION) {
        return;
    }
    let of_rds = instances.iter().filter(|instance| matches!(product(instance.Engine.as_deref()), Product::Rds));
    let named = of_rds.filter_map(|instance| Some((instance.DBInstanceIdentifier.as_deref()?, instance.DBInstanceArn.as_deref()?)));
    let asked: Vec<_> = named.flat_map(|(name, arn)| RDS_INSTANCE.map(|metric| (name, arn, metric))).collect();
    for part in asked.chunks(QUERIES) {
        metrics(ask, client, part).await;
    }
}

/// The values of metrics, given as the name and ARN of an instance and the metric's name.
async fn metrics(ask: &Ask<'_>, client: &Client, asked: &[(&str, &str, &str)]) {
    let end = ask.now().timestamp() / PERIOD * PERIOD;
    let request = client
        .get_metric_data()
        .start_time(DateTime::from_secs(end - DAYS * 86_400))
        .end_time(DateTime::from_secs(end))
        .scan_by(ScanBy::TimestampDescending)
        .set_metric_data_queries(Some(asked.iter().enumerate().map(|(position, (name, _, metric))| query(position, name, metric)).collect()));
    let mut pages = request.into_paginator().send();
    let mut results: HashMap<String, (Metric, Option<StatusCode>)> = HashMap::new();
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => return ask.failed(OPERATION, &error),
        };
        page.metric_data_results.unwrap_or_default().into_iter().for_each(|result| take_up(&mut results, result));
    }
    for (position, (_, arn, name)) in asked.iter().enumerate() {
        let (mut metric, status) = results.remove(&id(position)).unwrap_or_default();
        let complete = status == Some(StatusCode::Complete);
        let unread = || Gap::new(OPERATION, Reason::NotReturned, format!("CloudWatch did not return all values of {name}"));
        let gaps = if complete { Vec::new() } else { vec![field_gap(&["Values", "Timestamps"], unread())] };
        (metric.Database, metric.MetricName) = (Some((*arn).to_owned()), Some((*name).to_owned()));
        (metric.Namespace, metric.Stat, metric.Period) = (Some(NAMESPACE.to_owned()), Some(STAT.to_owned()), Some(PERIOD));
        ask.add(kinds::METRIC, Some(&format!("{arn}/metric/{name}")), BTreeMap::new(), &metric, gaps);
    }
}

/// Adds a page's values of one metric to those of earlier pages.
fn take_up(results: &mut HashMap<String, (Metric, Option<StatusCode>)>, result: MetricDataResult) {
    let (metric, status) = results.entry(result.id.unwrap_or_default()).or_default();
    let timestamps = result.timestamps.unwrap_or_default().into_iter().filter_map(|time| Option::<Timestamp>::from_sdk(Some(time)));
    metric.Timestamps.get_or_insert_default().extend(timestamps);
    metric.Values.get_or_insert_default().extend(result.values.unwrap_or_default());
    *status = result.status_code;
}

fn id(position: usize) -> String {
    format!("m{position}")
}

fn query(position: usize, instance: &str, metric: &str) -> MetricDataQuery {
    let dimension = Dimension::builder().name("DBInstanceIdentifier").value(instance).build();
    let metric = SdkMetric::builder().namespace(NAMESPACE).metric_name(metric).dimensions(dimension).build();
    let statistic = MetricStat::builder().metric(metric).period(3_600).stat(STAT).build();
    MetricDataQuery::builder().id(id(position)).metric_stat(statistic).build()
}
