//! The shape of a CloudWatch log group that a database exports to.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `logs:DescribeLogGroups` → `logGroups[]`.
    LogGroup from aws_sdk_cloudwatchlogs::types::LogGroup {
        logGroupName: String = log_group_name;
        /// Absent where events never expire.
        retentionInDays: i64 = retention_in_days;
        /// Absent where CloudWatch Logs encrypts with a key of its own.
        kmsKeyId: String = kms_key_id;
    }
}

kinds! {
    LOG_GROUP = "AWS::Logs::LogGroup" as LogGroup {
        noun: "log group" / "log groups", service: "logs", name: "logGroupName", role: Supporting,
        operations: ["logs:DescribeLogGroups"],
    }
}

/// What the names of a database's log groups begin with.
pub fn rds_prefix(cluster: Option<&str>, instance: &str) -> String {
    match cluster {
        Some(cluster) => format!("{RDS_CLUSTERS}{cluster}/"),
        None => format!("{RDS_INSTANCES}{instance}/"),
    }
}

/// What the names of all log groups of RDS instances begin with.
pub const RDS_INSTANCES: &str = "/aws/rds/instance/";
/// What the names of all log groups of Aurora and Multi-AZ DB clusters begin with.
pub const RDS_CLUSTERS: &str = "/aws/rds/cluster/";
