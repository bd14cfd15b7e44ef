//! RDS Proxy: the proxies of a region, and the endpoints that were added to them.

use std::collections::BTreeMap;

use aws_sdk_rds::Client;

use super::Session;
use super::ask::Ask;
use super::references::References;
use super::tags;
use crate::inventory::kinds;
use crate::inventory::rds_proxy::{DBProxy, DBProxyEndpoint};
use crate::inventory::shape::FromSdk;

/// Collects the proxies of a region and their endpoints; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.rds(ask.region());
    let found = ask.list("rds:DescribeDBProxies", || client.describe_db_proxies().into_paginator().items().send()).await;
    let proxies: Vec<_> = found.into_iter().map(DBProxy::from_sdk).collect();
    let tagged = proxies.iter().map(|proxy| &proxy.DBProxyArn);
    let (endpoints, mut tags) = tokio::join!(endpoints(ask, client, !proxies.is_empty()), tags::of(ask, session, tagged));
    for proxy in &proxies {
        tags.add(ask, kinds::DB_PROXY, proxy.DBProxyArn.as_deref(), proxy, Vec::new());
    }
    let mut references = References::default();
    let vpcs = proxies.iter().map(|proxy| &proxy.VpcId).chain(endpoints.iter().map(|endpoint| &endpoint.VpcId));
    references.vpcs.extend(vpcs.flatten().cloned());
    let groups = proxies.iter().map(|proxy| &proxy.VpcSecurityGroupIds).chain(endpoints.iter().map(|endpoint| &endpoint.VpcSecurityGroupIds));
    references.security_groups.extend(groups.flatten().flatten().cloned());
    references.secrets.extend(proxies.into_iter().flat_map(|proxy| proxy.Auth).flatten().filter_map(|auth| auth.SecretArn));
    references
}

/// The endpoints of all proxies, the proxies' own among them.
async fn endpoints(ask: &Ask<'_>, client: &Client, used: bool) -> Vec<DBProxyEndpoint> {
    if !ask.wants("rds:DescribeDBProxyEndpoints") || !used {
        return Vec::new();
    }
    let found = ask.list("rds:DescribeDBProxyEndpoints", || client.describe_db_proxy_endpoints().into_paginator().items().send()).await;
    let endpoints: Vec<_> = found.into_iter().map(DBProxyEndpoint::from_sdk).collect();
    for endpoint in &endpoints {
        ask.add(kinds::DB_PROXY_ENDPOINT, endpoint.DBProxyEndpointArn.as_deref(), BTreeMap::new(), endpoint, Vec::new());
    }
    endpoints
}
