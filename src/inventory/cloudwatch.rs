//! The shape of a CloudWatch metric of a database, over some days.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `cloudwatch:GetMetricData` → `MetricDataResults[]`, with what was asked for.
    Metric {
        /// The ARN of the database.
        Database: String;
        Namespace: String;
        MetricName: String;
        /// Such as `Average`.
        Stat: String;
        /// Seconds that a value stands for.
        Period: i64;
        /// Newest first, as `Values`; none where the database ran in no period.
        Timestamps: Vec<Timestamp>;
        Values: Vec<f64>;
    }
}

kinds! {
    // CloudFormation and Config have no type for what a metric says.
    METRIC = "AWS::CloudWatch::Metric" as Metric {
        noun: "metric" / "metrics", service: "cloudwatch", name: "MetricName", role: Supporting,
        operations: ["cloudwatch:GetMetricData"],
    }
}

/// The metrics of DB instances that rules read, each as hourly averages.
pub const RDS_INSTANCE: [&str; 3] = ["CPUUtilization", "ReadIOPS", "WriteIOPS"];
/// Days that are asked for.
pub const DAYS: i64 = 7;
/// Seconds that a value stands for.
pub const PERIOD: i64 = 3_600;
