//! The groups that RDS databases are put into: option groups, subnet groups and, of EC2-Classic,
//! security groups.

use std::collections::BTreeSet;

use aws_sdk_rds::Client;

use super::ask::Ask;
use super::rds::group_ids;
use super::references::References;
use super::{Session, tags};
use crate::inventory::kinds;
use crate::inventory::rds::{self, public_settings};
use crate::inventory::shape::FromSdk;

/// Collects the groups of a region that has databases; returns what those in use refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session, client: &Client, instances: &[rds::DBInstance], clusters: &[rds::DBCluster]) -> References {
    let used = !instances.is_empty() || !clusters.is_empty();
    let (mut references, of_subnet_groups, ()) = tokio::join!(
        option_groups(ask, session, client, instances, used),
        subnet_groups(ask, session, client, clusters, used),
        security_groups(ask, session, client, used)
    );
    references.absorb(of_subnet_groups);
    references
}

/// Option groups. Those of instances may have security groups of their own.
async fn option_groups(ask: &Ask<'_>, session: &Session, client: &Client, instances: &[rds::DBInstance], used: bool) -> References {
    const OPERATION: &str = "rds:DescribeOptionGroups";
    if !ask.wants(OPERATION) || !used {
        return References::default();
    }
    let memberships = instances.iter().flat_map(|instance| instance.OptionGroupMemberships.iter().flatten());
    let attached: BTreeSet<_> = memberships.filter_map(|membership| membership.OptionGroupName.as_deref()).collect();
    let mut references = References::default();
    let mut groups = Vec::new();
    for mut group in ask.list(OPERATION, || client.describe_option_groups().into_paginator().items().send()).await {
        let settings: Vec<_> =
            group.options.iter_mut().flatten().map(|option| public_settings(option.option_settings.take().unwrap_or_default())).collect();
        let mut group = rds::OptionGroup::from_sdk(group);
        for (option, settings) in group.Options.iter_mut().flatten().zip(settings) {
            option.OptionSettings = Some(settings);
        }
        if group.OptionGroupName.as_deref().is_some_and(|name| attached.contains(name)) {
            let options = group.Options.iter().flatten();
            references.security_groups.extend(options.flat_map(|option| group_ids(option.VpcSecurityGroupMemberships.as_deref())));
        }
        groups.push(group);
    }
    // A default group is AWS's own: nobody tags it.
    let is_default = |group: &&rds::OptionGroup| group.OptionGroupName.as_deref().is_some_and(|name| name.starts_with("default:"));
    let tagged = groups.iter().filter(|group| !is_default(group));
    let mut tags = tags::of(ask, session, tagged.map(|group| &group.OptionGroupArn)).await;
    for group in groups {
        tags.add(ask, kinds::OPTION_GROUP, group.OptionGroupArn.as_deref(), &group, Vec::new());
    }
    references
}

/// Subnet groups. Instances carry theirs; of clusters only the names are known, so their VPCs are
/// referred to from here.
async fn subnet_groups(ask: &Ask<'_>, session: &Session, client: &Client, clusters: &[rds::DBCluster], used: bool) -> References {
    const OPERATION: &str = "rds:DescribeDBSubnetGroups";
    if !ask.wants(OPERATION) || !used {
        return References::default();
    }
    let named: BTreeSet<_> = clusters.iter().filter_map(|cluster| cluster.DBSubnetGroup.as_deref()).collect();
    let found = ask.list(OPERATION, || client.describe_db_subnet_groups().into_paginator().items().send()).await;
    let groups: Vec<_> = found.into_iter().map(rds::DBSubnetGroup::from_sdk).collect();
    let of_clusters = groups.iter().filter(|group| group.DBSubnetGroupName.as_deref().is_some_and(|name| named.contains(name)));
    let references = References { vpcs: of_clusters.filter_map(|group| group.VpcId.clone()).collect(), ..References::default() };
    let mut tags = tags::of(ask, session, groups.iter().map(|group| &group.DBSubnetGroupArn)).await;
    for group in groups {
        tags.add(ask, kinds::DB_SUBNET_GROUP, group.DBSubnetGroupArn.as_deref(), &group, Vec::new());
    }
    references
}

async fn security_groups(ask: &Ask<'_>, session: &Session, client: &Client, used: bool) {
    const OPERATION: &str = "rds:DescribeDBSecurityGroups";
    if !ask.wants(OPERATION) || !used {
        return;
    }
    let found = ask.list(OPERATION, || client.describe_db_security_groups().into_paginator().items().send()).await;
    let groups: Vec<_> = found.into_iter().map(rds::DBSecurityGroup::from_sdk).collect();
    let mut tags = tags::of(ask, session, groups.iter().map(|group| &group.DBSecurityGroupArn)).await;
    for group in groups {
        tags.add(ask, kinds::DB_SECURITY_GROUP, group.DBSecurityGroupArn.as_deref(), &group, Vec::new());
    }
}
