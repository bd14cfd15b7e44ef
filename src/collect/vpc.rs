//! What is asked about the VPCs of databases beyond who can reach them.

use aws_sdk_ec2::Client;

use super::ask::Ask;
use super::ec2::add;
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;
use crate::inventory::vpc::FlowLog;

/// The flow logs of the region, where databases are in VPCs.
pub async fn flow_logs(ask: &Ask<'_>, client: &Client, used: bool) {
    if !ask.wants("ec2:DescribeFlowLogs") || !used {
        return;
    }
    for log in ask.list("ec2:DescribeFlowLogs", || client.describe_flow_logs().into_paginator().items().send()).await {
        let log = FlowLog::from_sdk(log);
        add(ask, kinds::FLOW_LOG, None, "vpc-flow-log", log.FlowLogId.as_deref(), &log);
    }
}
