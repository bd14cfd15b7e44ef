//! The parameters of RDS databases: what somebody changed, and the engines' defaults.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_rds::Client;
use aws_sdk_rds::types as sdk;

use super::ask::{Ask, drain, each, field_gap};
use super::failure::gap;
use crate::inventory::kinds;
use crate::inventory::rds::{self, ParameterFamily, ParameterGroup};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Kind, Reason};

/// Where a parameter group is attached.
#[derive(Clone, Copy)]
pub enum Level {
    Instance,
    Cluster,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Cluster => "cluster",
        }
    }

    fn groups_operation(self) -> &'static str {
        match self {
            Self::Instance => "rds:DescribeDBParameterGroups",
            Self::Cluster => "rds:DescribeDBClusterParameterGroups",
        }
    }

    fn parameters_operation(self) -> &'static str {
        match self {
            Self::Instance => "rds:DescribeDBParameters",
            Self::Cluster => "rds:DescribeDBClusterParameters",
        }
    }

    fn defaults_operation(self) -> &'static str {
        match self {
            Self::Instance => "rds:DescribeEngineDefaultParameters",
            Self::Cluster => "rds:DescribeEngineDefaultClusterParameters",
        }
    }

    fn kinds(self) -> (Kind, Kind) {
        match self {
            Self::Instance => (kinds::DB_PARAMETER_GROUP, kinds::DB_PARAMETER_FAMILY),
            Self::Cluster => (kinds::DB_CLUSTER_PARAMETER_GROUP, kinds::DB_CLUSTER_PARAMETER_FAMILY),
        }
    }
}

/// The parameters of the attached groups: what somebody changed, once a group, and the defaults,
/// once a family. A default group cannot be changed, and its name says its family.
pub async fn collect(ask: &Ask<'_>, client: &Client, level: Level, attached: BTreeSet<String>) {
    let (wants_groups, wants_parameters) = (ask.wants(level.groups_operation()), ask.wants(level.parameters_operation()));
    let wants_defaults = ask.wants(level.defaults_operation());
    if !wants_groups || attached.is_empty() {
        return;
    }
    let (defaults, custom): (Vec<_>, Vec<_>) = attached.into_iter().partition(|name| name.starts_with("default."));
    let mut families: BTreeSet<String> = defaults.iter().filter_map(|name| name.strip_prefix("default.")).map(ToOwned::to_owned).collect();
    let groups = if custom.is_empty() { Vec::new() } else { parameter_groups(ask, client, level).await };
    let groups: Vec<_> = groups.into_iter().filter(|group| group.Name.as_ref().is_some_and(|name| custom.contains(name))).collect();
    families.extend(groups.iter().filter_map(|group| group.DBParameterGroupFamily.clone()));

    let requested: Vec<String> = ask.parameters().iter().cloned().collect();
    let of_groups = each(groups, async |mut group: ParameterGroup| {
        let mut gaps = Vec::new();
        if wants_parameters {
            let (parameters, gap) = changed_parameters(client, level, group.Name.as_deref().unwrap_or_default()).await;
            group.Parameters = Some(wanted(parameters, ask));
            gaps.extend(gap.map(|gap| field_gap(&["Parameters"], gap)));
        }
        group.Requested = Some(requested.clone());
        ask.add(level.kinds().0, group.Arn.as_deref(), BTreeMap::new(), &group, gaps);
    });
    let of_families = each(families, async |name: String| {
        if !wants_defaults {
            return;
        }
        let (parameters, gap) = default_parameters(client, level, &name).await;
        // Every engine has parameters, so that an empty list is no answer; but instances of DocumentDB
        // take theirs from the cluster.
        let may_be_empty = name.starts_with("docdb");
        let empty = || Gap::new(level.defaults_operation(), Reason::NotReturned, format!("AWS returned no defaults of {name}"));
        let gap = gap.or_else(|| (parameters.is_empty() && !may_be_empty).then(empty));
        let family = ParameterFamily {
            DBParameterGroupFamily: Some(name.clone()),
            Level: Some(level.name().to_owned()),
            Requested: Some(requested.clone()),
            Parameters: Some(wanted(parameters, ask)),
        };
        let gaps = gap.map(|gap| field_gap(&["Parameters"], gap)).into_iter().collect();
        let arn = format!("arn:{}:rds:{}::{}-family:{name}", crate::inventory::partition(ask.region()), ask.region(), level.name());
        ask.add(level.kinds().1, Some(&arn), BTreeMap::new(), &family, gaps);
    });
    tokio::join!(of_groups, of_families);
}

async fn parameter_groups(ask: &Ask<'_>, client: &Client, level: Level) -> Vec<ParameterGroup> {
    let group = |name, arn, family| ParameterGroup { Name: name, Arn: arn, DBParameterGroupFamily: family, ..ParameterGroup::default() };
    match level {
        Level::Instance => {
            let found = ask.list(level.groups_operation(), || client.describe_db_parameter_groups().into_paginator().items().send()).await;
            found
                .into_iter()
                .map(|found| group(found.db_parameter_group_name, found.db_parameter_group_arn, found.db_parameter_group_family))
                .collect()
        }
        Level::Cluster => {
            let found = ask.list(level.groups_operation(), || client.describe_db_cluster_parameter_groups().into_paginator().items().send()).await;
            let of = |found: sdk::DbClusterParameterGroup| {
                group(found.db_cluster_parameter_group_name, found.db_cluster_parameter_group_arn, found.db_parameter_group_family)
            };
            found.into_iter().map(of).collect()
        }
    }
}

async fn changed_parameters(client: &Client, level: Level, group: &str) -> (Vec<sdk::Parameter>, Option<Gap>) {
    match level {
        Level::Instance => {
            let pages = client.describe_db_parameters().db_parameter_group_name(group).source("user").into_paginator().items().send();
            drain(level.parameters_operation(), pages).await
        }
        Level::Cluster => {
            let pages = client.describe_db_cluster_parameters().db_cluster_parameter_group_name(group).source("user").into_paginator().items().send();
            drain(level.parameters_operation(), pages).await
        }
    }
}

async fn default_parameters(client: &Client, level: Level, family: &str) -> (Vec<sdk::Parameter>, Option<Gap>) {
    match level {
        Level::Instance => {
            let pages = client.describe_engine_default_parameters().db_parameter_group_family(family).into_paginator().items().send();
            drain(level.defaults_operation(), pages).await
        }
        Level::Cluster => cluster_defaults(client, family).await,
    }
}

/// `DescribeEngineDefaultClusterParameters` has a marker but, in the service model, no paginator.
async fn cluster_defaults(client: &Client, family: &str) -> (Vec<sdk::Parameter>, Option<Gap>) {
    let (mut parameters, mut marker) = (Vec::new(), None);
    loop {
        let answer = client.describe_engine_default_cluster_parameters().db_parameter_group_family(family).set_marker(marker.take()).send().await;
        match answer {
            Ok(answer) => {
                let Some(defaults) = answer.engine_defaults else { return (parameters, None) };
                parameters.extend(defaults.parameters.unwrap_or_default());
                match defaults.marker.filter(|marker| !marker.is_empty()) {
                    Some(next) => marker = Some(next),
                    None => return (parameters, None),
                }
            }
            Err(error) => return (parameters, Some(gap(Level::Cluster.defaults_operation(), &error))),
        }
    }
}

/// The parameters that some rule reads.
fn wanted(parameters: Vec<sdk::Parameter>, ask: &Ask<'_>) -> Vec<rds::Parameter> {
    let wanted = parameters.into_iter().filter(|parameter| {
        parameter.parameter_name.as_ref().is_some_and(|name| ask.parameters().iter().any(|wanted| wanted.eq_ignore_ascii_case(name)))
    });
    wanted.map(rds::Parameter::from_sdk).collect()
}
