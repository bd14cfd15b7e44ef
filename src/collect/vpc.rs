//! What is asked about the VPCs of databases beyond who can reach them.

use std::collections::BTreeSet;

use aws_sdk_ec2::Client;

use super::ask::Ask;
use super::ec2::{FILTER_VALUES, add, filter};
use crate::inventory::ec2::{Route, RouteTable, SecurityGroup};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;
use crate::inventory::vpc::{FlowLog, NetworkInterface, TransitGatewayAttachment, VpcPeeringConnection};

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
    let of_instances = filter("attachment.instance-owner-id", &[ask.account().to_owned()]);
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

/// The peering connections and the attachments of transit gateways that routes of the VPCs lead to.
pub async fn peers(ask: &Ask<'_>, client: &Client) {
    let (peerings, gateways) = (routed(ask, |route| route.VpcPeeringConnectionId), routed(ask, |route| route.TransitGatewayId));
    tokio::join!(peering_connections(ask, client, &peerings), attachments(ask, client, &gateways));
}

/// What routes of the collected tables lead to.
fn routed(ask: &Ask<'_>, target: fn(Route) -> Option<String>) -> Vec<String> {
    let tables = ask.map_resources(|resource| resource.data::<RouteTable>().ok().filter(|_| resource.kind == kinds::ROUTE_TABLE));
    let targets: BTreeSet<_> = tables.into_iter().flat_map(|table| table.Routes.unwrap_or_default()).filter_map(target).collect();
    targets.into_iter().collect()
}

async fn peering_connections(ask: &Ask<'_>, client: &Client, ids: &[String]) {
    const LISTING: &str = "ec2:DescribeVpcPeeringConnections";
    ask.wants(LISTING);
    for part in ids.chunks(FILTER_VALUES) {
        let named = filter("vpc-peering-connection-id", part);
        for peering in ask.list(LISTING, || client.describe_vpc_peering_connections().filters(named).into_paginator().items().send()).await {
            let peering = VpcPeeringConnection::from_sdk(peering);
            add(ask, kinds::VPC_PEERING_CONNECTION, None, "vpc-peering-connection", peering.VpcPeeringConnectionId.as_deref(), &peering);
        }
    }
}

async fn attachments(ask: &Ask<'_>, client: &Client, gateways: &[String]) {
    const LISTING: &str = "ec2:DescribeTransitGatewayAttachments";
    ask.wants(LISTING);
    for part in gateways.chunks(FILTER_VALUES) {
        let named = filter("transit-gateway-id", part);
        for attachment in ask.list(LISTING, || client.describe_transit_gateway_attachments().filters(named).into_paginator().items().send()).await {
            let attachment = TransitGatewayAttachment::from_sdk(attachment);
            let id = attachment.TransitGatewayAttachmentId.as_deref();
            add(ask, kinds::TRANSIT_GATEWAY_ATTACHMENT, None, "transit-gateway-attachment", id, &attachment);
        }
    }
}
