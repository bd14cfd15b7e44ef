//! What is asked about the VPCs of databases beyond who can reach them.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::Filter;

use super::ask::Ask;
use super::ec2::add;
use crate::inventory::ec2::SecurityGroup;
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;
use crate::inventory::vpc::{FlowLog, NetworkInterface};

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

/// The network interfaces of EC2 instances. Where no security group lets in others than itself, as in
/// a region that is not used, none of them matters and they are not asked for.
pub async fn network_interfaces(ask: &Ask<'_>, client: &Client) {
    const LISTING: &str = "ec2:DescribeNetworkInterfaces";
    let admits_others = |group: SecurityGroup| group.admits_others().then_some(());
    let open = ask.map_resources(|resource| resource.data().ok().filter(|_| resource.kind == kinds::SECURITY_GROUP).and_then(admits_others));
    if !ask.wants(LISTING) || open.is_empty() {
        return;
    }
    let of_instances = Filter::builder().name("attachment.instance-owner-id").values(ask.account()).build();
    for interface in ask.list(LISTING, || client.describe_network_interfaces().filters(of_instances).into_paginator().items().send()).await {
        let interface = NetworkInterface::from_sdk(interface);
        if interface.Attachment.as_ref().is_some_and(|attachment| attachment.InstanceId.is_some()) {
            add(
                ask,
                kinds::NETWORK_INTERFACE,
                interface.OwnerId.as_deref(),
                "network-interface",
                interface.NetworkInterfaceId.as_deref(),
                &interface,
            );
        }
    }
}
