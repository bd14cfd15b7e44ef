//! The networks around the databases: only those VPCs, groups and lists that some database uses. All
//! security groups, in every region, where a rule judges them or the interfaces that have them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::Filter;
use serde::Serialize;

use super::ask::{Ask, drain, each, field_gap};
use super::references::References;
use super::vpc;
use crate::inventory::Kind;
use crate::inventory::ec2;
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// How many values a filter takes (EC2 API reference, "Filter").
pub const FILTER_VALUES: usize = 200;

/// Collects the networks; a region without databases costs no call, or that for all security groups.
pub async fn collect(ask: &Ask<'_>, client: &Client, references: &References) {
    let mut vpcs = references.vpcs.clone();
    vpcs.extend(vpcs_of(ask, client, &references.subnets).await);
    let vpcs: Vec<_> = vpcs.into_iter().collect();
    let groups: Vec<_> = references.security_groups.iter().cloned().collect();
    let vpc_parts: Vec<_> = vpcs.chunks(FILTER_VALUES).map(|part| filter("vpc-id", part)).collect();
    let all_groups = [kinds::SECURITY_GROUP, kinds::NETWORK_INTERFACE].into_iter().any(|kind| ask.judges(kind));
    let group_parts = if all_groups { vec![None] } else { groups.chunks(FILTER_VALUES).map(|part| Some(vec![filter("group-id", part)])).collect() };
    let (mut lists, of_groups, ..) = tokio::join!(
        route_tables(ask, client, &vpc_parts),
        security_groups(ask, client, &group_parts),
        describe_vpcs(ask, client, &vpc_parts),
        subnets(ask, client, &vpc_parts),
        internet_gateways(ask, client, &vpcs),
        network_acls(ask, client, &vpc_parts),
        block_public_access(ask, client, !vpcs.is_empty()),
        vpc_endpoints(ask, client),
        vpc::flow_logs(ask, client, !vpcs.is_empty()),
    );
    if all_groups {
        ask.lists_all(kinds::SECURITY_GROUP);
    }
    lists.extend(of_groups);
    tokio::join!(prefix_lists(ask, client, lists), vpc::network_interfaces(ask, client), vpc::peers(ask, client));
}

/// The VPCs of subnets. The subnets themselves come with all those of their VPCs.
async fn vpcs_of(ask: &Ask<'_>, client: &Client, subnets: &BTreeSet<String>) -> BTreeSet<String> {
    let subnets: Vec<_> = subnets.iter().cloned().collect();
    let mut vpcs = BTreeSet::new();
    for part in subnets.chunks(FILTER_VALUES) {
        let part = filter("subnet-id", part);
        let found = ask.list("ec2:DescribeSubnets", || client.describe_subnets().filters(part).into_paginator().items().send()).await;
        vpcs.extend(found.into_iter().filter_map(|subnet| subnet.vpc_id));
    }
    vpcs
}

/// A filter by some values, at most [`FILTER_VALUES`].
pub fn filter(name: &str, values: &[String]) -> Filter {
    Filter::builder().name(name).set_values(Some(values.to_vec())).build()
}

/// Adds something of EC2, whose answers mostly leave out its ARN.
pub fn add(ask: &Ask<'_>, kind: Kind, owner: Option<&str>, path: &str, id: Option<&str>, data: &impl Serialize) {
    let arn = id.map(|id| ask.ec2_arn(owner, path, id));
    ask.add(kind, arn.as_deref(), BTreeMap::new(), data, Vec::new());
}

async fn describe_vpcs(ask: &Ask<'_>, client: &Client, parts: &[Filter]) {
    ask.wants("ec2:DescribeVpcs");
    for part in parts {
        for vpc in ask.list("ec2:DescribeVpcs", || client.describe_vpcs().filters(part.clone()).into_paginator().items().send()).await {
            let vpc = ec2::Vpc::from_sdk(vpc);
            add(ask, kinds::VPC, vpc.OwnerId.as_deref(), "vpc", vpc.VpcId.as_deref(), &vpc);
        }
    }
}

async fn subnets(ask: &Ask<'_>, client: &Client, parts: &[Filter]) {
    ask.wants("ec2:DescribeSubnets");
    for part in parts {
        for subnet in ask.list("ec2:DescribeSubnets", || client.describe_subnets().filters(part.clone()).into_paginator().items().send()).await {
            let subnet = ec2::Subnet::from_sdk(subnet);
            add(ask, kinds::SUBNET, subnet.OwnerId.as_deref(), "subnet", subnet.SubnetId.as_deref(), &subnet);
        }
    }
}

/// Returns the prefix lists that routes name.
async fn route_tables(ask: &Ask<'_>, client: &Client, parts: &[Filter]) -> BTreeSet<String> {
    ask.wants("ec2:DescribeRouteTables");
    let mut lists = BTreeSet::new();
    for part in parts {
        for table in
            ask.list("ec2:DescribeRouteTables", || client.describe_route_tables().filters(part.clone()).into_paginator().items().send()).await
        {
            let table = ec2::RouteTable::from_sdk(table);
            lists.extend(table.Routes.iter().flatten().filter_map(|route| route.DestinationPrefixListId.clone()));
            add(ask, kinds::ROUTE_TABLE, table.OwnerId.as_deref(), "route-table", table.RouteTableId.as_deref(), &table);
        }
    }
    lists
}

async fn internet_gateways(ask: &Ask<'_>, client: &Client, vpcs: &[String]) {
    ask.wants("ec2:DescribeInternetGateways");
    for part in vpcs.chunks(FILTER_VALUES) {
        let attached = filter("attachment.vpc-id", part);
        let pages = || client.describe_internet_gateways().filters(attached).into_paginator().items().send();
        for gateway in ask.list("ec2:DescribeInternetGateways", pages).await {
            let gateway = ec2::InternetGateway::from_sdk(gateway);
            add(ask, kinds::INTERNET_GATEWAY, gateway.OwnerId.as_deref(), "internet-gateway", gateway.InternetGatewayId.as_deref(), &gateway);
        }
    }
}

async fn network_acls(ask: &Ask<'_>, client: &Client, parts: &[Filter]) {
    ask.wants("ec2:DescribeNetworkAcls");
    for part in parts {
        for acl in ask.list("ec2:DescribeNetworkAcls", || client.describe_network_acls().filters(part.clone()).into_paginator().items().send()).await
        {
            let acl = ec2::NetworkAcl::from_sdk(acl);
            add(ask, kinds::NETWORK_ACL, acl.OwnerId.as_deref(), "network-acl", acl.NetworkAclId.as_deref(), &acl);
        }
    }
}

/// The groups of each set of filters. Returns the prefix lists that rules name.
async fn security_groups(ask: &Ask<'_>, client: &Client, parts: &[Option<Vec<Filter>>]) -> BTreeSet<String> {
    ask.wants("ec2:DescribeSecurityGroups");
    let mut lists = BTreeSet::new();
    for part in parts {
        let pages = || client.describe_security_groups().set_filters(part.clone()).into_paginator().items().send();
        for group in ask.list("ec2:DescribeSecurityGroups", pages).await {
            let group = ec2::SecurityGroup::from_sdk(group);
            let of_rules = group.IpPermissions.iter().flatten().flat_map(|permission| permission.PrefixListIds.iter().flatten());
            lists.extend(of_rules.filter_map(|list| list.PrefixListId.clone()));
            add(ask, kinds::SECURITY_GROUP, group.OwnerId.as_deref(), "security-group", group.GroupId.as_deref(), &group);
        }
    }
    lists
}

/// The prefix lists that groups and routes name, with their entries.
async fn prefix_lists(ask: &Ask<'_>, client: &Client, named: BTreeSet<String>) {
    let wants_entries = ask.wants("ec2:GetManagedPrefixListEntries");
    if !ask.wants("ec2:DescribeManagedPrefixLists") || named.is_empty() {
        return;
    }
    let named: Vec<_> = named.into_iter().collect();
    let mut found = Vec::new();
    for part in named.chunks(FILTER_VALUES) {
        let named = filter("prefix-list-id", part);
        let pages = || client.describe_managed_prefix_lists().filters(named).into_paginator().items().send();
        found.extend(ask.list("ec2:DescribeManagedPrefixLists", pages).await);
    }
    each(found, async |list| {
        let arn = list.prefix_list_arn.clone();
        let mut list = ec2::PrefixList::from_sdk(list);
        let mut gaps = Vec::new();
        if wants_entries {
            let id = list.PrefixListId.clone().unwrap_or_default();
            let pages = client.get_managed_prefix_list_entries().prefix_list_id(&id).into_paginator().items().send();
            let (entries, gap) = drain("ec2:GetManagedPrefixListEntries", pages).await;
            list.Entries = Some(entries.into_iter().map(ec2::PrefixListEntry::from_sdk).collect());
            gaps.extend(gap.map(|gap| field_gap(&["Entries"], gap)));
        }
        ask.add(kinds::PREFIX_LIST, arn.as_deref(), BTreeMap::new(), &list, gaps);
    })
    .await;
}

/// The region's Block Public Access mode and, where it blocks, what is excluded from it.
async fn block_public_access(ask: &Ask<'_>, client: &Client, used: bool) {
    ask.wants("ec2:DescribeVpcBlockPublicAccessOptions");
    ask.wants("ec2:DescribeVpcBlockPublicAccessExclusions");
    if !used {
        return;
    }
    let answer = ask.one("ec2:DescribeVpcBlockPublicAccessOptions", client.describe_vpc_block_public_access_options().send()).await;
    let Some(options) = answer.and_then(|answer| answer.vpc_block_public_access_options).map(ec2::VpcBlockPublicAccessOptions::from_sdk) else {
        return;
    };
    let blocks = options.InternetGatewayBlockMode.as_deref().is_some_and(|mode| mode.starts_with("block-"));
    add(ask, kinds::VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, None, "vpc-block-public-access-options", Some("region"), &options);
    if blocks && ask.wants("ec2:DescribeVpcBlockPublicAccessExclusions") {
        exclusions(ask, client).await;
    }
}

/// The endpoints to the services of databases that are in no VPC.
async fn vpc_endpoints(ask: &Ask<'_>, client: &Client) {
    let ways: Vec<_> = ask.kinds().into_iter().filter_map(Kind::endpoints).collect();
    if !ask.wants("ec2:DescribeVpcEndpoints") || ways.is_empty() {
        return;
    }
    let leads_to_one = |name: &str| ways.iter().any(|way| way.lead_through(name, ask.region()));
    let endpoints = ask.list("ec2:DescribeVpcEndpoints", || client.describe_vpc_endpoints().into_paginator().items().send()).await;
    for endpoint in endpoints.into_iter().filter(|endpoint| endpoint.service_name.as_deref().is_none_or(leads_to_one)) {
        let endpoint = ec2::VpcEndpoint::from_sdk(endpoint);
        add(ask, kinds::VPC_ENDPOINT, endpoint.OwnerId.as_deref(), "vpc-endpoint", endpoint.VpcEndpointId.as_deref(), &endpoint);
    }
}

async fn exclusions(ask: &Ask<'_>, client: &Client) {
    let exclusions = ask.pages("ec2:DescribeVpcBlockPublicAccessExclusions", async |token| {
        let answer = client.describe_vpc_block_public_access_exclusions().set_next_token(token).send().await?;
        Ok((answer.vpc_block_public_access_exclusions, answer.next_token))
    });
    for exclusion in exclusions.await {
        let exclusion = ec2::VpcBlockPublicAccessExclusion::from_sdk(exclusion);
        let path = "vpc-block-public-access-exclusion";
        add(ask, kinds::VPC_BLOCK_PUBLIC_ACCESS_EXCLUSION, None, path, exclusion.ExclusionId.as_deref(), &exclusion);
    }
}
