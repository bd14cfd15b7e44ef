//! The shapes of CloudWatch alarms.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `cloudwatch:DescribeAlarms` → `MetricAlarms[]`, those on metrics of databases.
    MetricAlarm from aws_sdk_cloudwatch::types::MetricAlarm {
        AlarmName: String = alarm_name;
        AlarmArn: String = alarm_arn;
        ActionsEnabled: bool = actions_enabled;
        AlarmActions: Vec<String> = alarm_actions;
        /// Absent where `Metrics` says what is watched.
        Namespace: String = namespace;
        Metrics: Vec<MetricDataQuery> = metrics;
    }

    /// `Metrics[]`: a metric, mathematics with others, or a query of Metrics Insights.
    MetricDataQuery from aws_sdk_cloudwatch::types::MetricDataQuery {
        Expression: String = expression;
        MetricStat: MetricStat = metric_stat;
    }

    /// `Metrics[].MetricStat`.
    MetricStat from aws_sdk_cloudwatch::types::MetricStat {
        Metric: AlarmMetric = metric;
    }

    /// `Metrics[].MetricStat.Metric`.
    AlarmMetric from aws_sdk_cloudwatch::types::Metric {
        Namespace: String = namespace;
    }

    /// `cloudwatch:DescribeAlarms` → `CompositeAlarms[]`.
    CompositeAlarm from aws_sdk_cloudwatch::types::CompositeAlarm {
        AlarmName: String = alarm_name;
        AlarmArn: String = alarm_arn;
        ActionsEnabled: bool = actions_enabled;
        AlarmActions: Vec<String> = alarm_actions;
        /// Such as `ALARM("busy") AND NOT ALARM("deploying")`.
        AlarmRule: String = alarm_rule;
    }
}

kinds! {
    METRIC_ALARM = "AWS::CloudWatch::Alarm" as MetricAlarm {
        noun: "metric alarm" / "metric alarms", service: "cloudwatch", name: "AlarmName", role: Supporting,
        operations: ["cloudwatch:DescribeAlarms"],
    }
    COMPOSITE_ALARM = "AWS::CloudWatch::CompositeAlarm" as CompositeAlarm {
        noun: "composite alarm" / "composite alarms", service: "cloudwatch", name: "AlarmName", role: Supporting,
        operations: ["cloudwatch:DescribeAlarms"],
    }
}

/// The namespaces of metrics of database services.
pub const NAMESPACES: [&str; 9] =
    ["AWS/Cassandra", "AWS/DAX", "AWS/DocDB", "AWS/DynamoDB", "AWS/ElastiCache", "AWS/MemoryDB", "AWS/Neptune", "AWS/RDS", "AWS/Timestream"];

impl MetricAlarm {
    /// The database services whose metrics it watches, by itself, through mathematics or by a query,
    /// which quotes the namespace.
    pub fn namespaces(&self) -> impl Iterator<Item = &'static str> {
        let queries = || self.Metrics.iter().flatten();
        let of_query = |query: &MetricDataQuery, namespace: &str| {
            let metric = query.MetricStat.as_ref().and_then(|stat| stat.Metric.as_ref());
            metric.and_then(|metric| metric.Namespace.as_deref()) == Some(namespace)
                || query.Expression.as_ref().is_some_and(|expression| expression.contains(&format!("\"{namespace}\"")))
        };
        let watches = move |namespace: &&str| self.Namespace.as_deref() == Some(*namespace) || queries().any(|query| of_query(query, namespace));
        NAMESPACES.into_iter().filter(watches)
    }
}

impl CompositeAlarm {
    /// The alarms, by name or ARN, of which it tells that they went off.
    pub fn children(&self) -> impl Iterator<Item = &str> {
        const FUNCTION: &str = "ALARM(";
        let rule = self.AlarmRule.as_deref().unwrap_or_default();
        rule.match_indices(FUNCTION).filter_map(move |(position, _)| {
            let argument = rule[position + FUNCTION.len()..].trim_start();
            // A name in quotes may hold parentheses.
            let (text, end) = argument.strip_prefix('"').map_or((argument, ')'), |quoted| (quoted, '"'));
            text.split_once(end).map(|(name, _)| name.trim())
        })
    }
}
