//! RDS Proxy: proxies, and the endpoints that were added to them.

use super::rds::may_be_dual_stack;
use super::{Reader, Target};
use crate::facts::Index;
use crate::inventory::rds_proxy::{DBProxy, DBProxyEndpoint};
use crate::inventory::{Gap, Resource, kinds};

pub const PROXY: Reader = Reader {
    kind: kinds::DB_PROXY,
    operations: &["rds:DescribeDBProxies"],
    read: |resource, _| {
        resource.read().cloned().map(|proxy: DBProxy| {
            let port = port(&proxy, resource);
            target(port, proxy.VpcId, proxy.VpcSubnetIds, proxy.VpcSecurityGroupIds, proxy.EndpointNetworkType.as_deref(), resource)
        })
    },
};

pub const ENDPOINT: Reader = Reader {
    kind: kinds::DB_PROXY_ENDPOINT,
    operations: &["rds:DescribeDBProxyEndpoints", "rds:DescribeDBProxies"],
    read: |resource, index| {
        resource.read().cloned().map(|endpoint: DBProxyEndpoint| {
            let port = port_of_proxy(endpoint.DBProxyName.as_deref(), resource, index);
            target(port, endpoint.VpcId, endpoint.VpcSubnetIds, endpoint.VpcSecurityGroupIds, endpoint.EndpointNetworkType.as_deref(), resource)
        })
    },
};

fn target(
    port: Result<i64, Gap>,
    vpc: Option<String>,
    subnets: Option<Vec<String>>,
    security_groups: Option<Vec<String>>,
    network_type: Option<&str>,
    resource: &Resource,
) -> Target {
    let filled = |field, list: Option<Vec<String>>| resource.required(field, list.filter(|list| !list.is_empty()));
    Target {
        // AWS gives no proxy a public address, whatever its subnets ("RDS Proxy", limitations).
        addressed: Ok(false),
        port,
        vpc: resource.required("VpcId", vpc),
        subnets: filled("VpcSubnetIds", subnets),
        security_groups: filled("VpcSecurityGroupIds", security_groups),
        dual_stack: may_be_dual_stack(network_type, resource),
        has_own_gateway: false,
    }
}

/// A proxy listens on the default port of its engines; it cannot be chosen.
fn port(proxy: &DBProxy, resource: &Resource) -> Result<i64, Gap> {
    let port = match proxy.EngineFamily.as_deref() {
        Some("MYSQL") => Some(3306),
        Some("POSTGRESQL") => Some(5432),
        Some("SQLSERVER") => Some(1433),
        _ => None,
    };
    resource.required("EngineFamily", port)
}

fn port_of_proxy(name: Option<&str>, endpoint: &Resource, index: &Index<'_>) -> Result<i64, Gap> {
    let proxy = index.db_proxies().get(endpoint.required("DBProxyName", name)?)?;
    port(&proxy.data, proxy.resource)
}
