//! The DynamoDB Accelerator API: clusters, and the subnet and parameter groups that they name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dax::Client;

use super::Session;
use super::ask::{Ask, field_gap, map_each};
use super::failure::gap;
use super::references::References;
use super::tags;
use crate::inventory::dax::{Cluster, Parameter, SubnetGroup};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, kinds};

const DESCRIBE_PARAMETERS: &str = "dax:DescribeParameters";

/// Collects the clusters of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = session.dax(ask.region());
    let clusters = ask.pages("dax:DescribeClusters", async |token| {
        let answer = client.describe_clusters().set_next_token(token).send().await?;
        Ok((answer.clusters, answer.next_token))
    });
    let clusters: Vec<_> = clusters.await.into_iter().map(Cluster::from_sdk).collect();
    let subnet_groups = clusters.iter().filter_map(|cluster| cluster.SubnetGroup.clone()).collect();
    let parameter_groups = clusters.iter().filter_map(parameter_group).map(ToOwned::to_owned).collect();
    let (vpcs, parameters, mut tags) = tokio::join!(
        subnet_groups_of(ask, &client, subnet_groups),
        parameters_of(ask, &client, parameter_groups),
        tags::of(ask, session, clusters.iter().map(|cluster| &cluster.ClusterArn)),
    );
    let groups = clusters.iter().flat_map(|cluster| cluster.SecurityGroups.iter().flatten());
    let references =
        References { vpcs, security_groups: groups.filter_map(|group| group.SecurityGroupIdentifier.clone()).collect(), ..References::default() };
    for mut cluster in clusters {
        let mut gaps = Vec::new();
        match parameter_group(&cluster).and_then(|group| parameters.get(group)) {
            Some(Ok(parameters)) => cluster.Parameters = Some(parameters.clone()),
            Some(Err(gap)) => gaps.push(field_gap(&["Parameters"], gap.clone())),
            None => {}
        }
        tags.add(ask, kinds::DAX_CLUSTER, cluster.ClusterArn.as_deref(), &cluster, gaps);
    }
    references
}

fn parameter_group(cluster: &Cluster) -> Option<&str> {
    cluster.ParameterGroup.as_ref()?.ParameterGroupName.as_deref()
}

/// The subnet groups that clusters name; returns their VPCs.
async fn subnet_groups_of(ask: &Ask<'_>, client: &Client, named: BTreeSet<String>) -> BTreeSet<String> {
    const OPERATION: &str = "dax:DescribeSubnetGroups";
    if !ask.wants(OPERATION) || named.is_empty() {
        return BTreeSet::new();
    }
    let groups = ask.pages(OPERATION, async |token| {
        let answer = client.describe_subnet_groups().set_next_token(token).send().await?;
        Ok((answer.subnet_groups, answer.next_token))
    });
    let groups = groups.await.into_iter().map(SubnetGroup::from_sdk);
    let used = groups.filter(|group| group.SubnetGroupName.as_deref().is_some_and(|name| named.contains(name)));
    used.filter_map(|group| {
        // The API gives subnet groups no ARN.
        let arn = group.SubnetGroupName.as_deref().map(|name| ask.arn("dax", &format!("subnet-group/{name}")));
        ask.add(kinds::DAX_SUBNET_GROUP, arn.as_deref(), BTreeMap::new(), &group, Vec::new());
        group.VpcId
    })
    .collect()
}

/// The parameters of each group, or the gap in their place.
async fn parameters_of(ask: &Ask<'_>, client: &Client, named: BTreeSet<String>) -> HashMap<String, Result<Vec<Parameter>, Gap>> {
    if !ask.wants(DESCRIBE_PARAMETERS) {
        return HashMap::new();
    }
    let groups = map_each(named, async |name: String| {
        let parameters = parameters(client, &name).await;
        (name, parameters)
    });
    groups.await.into_iter().collect()
}

async fn parameters(client: &Client, group: &str) -> Result<Vec<Parameter>, Gap> {
    let (mut parameters, mut token) = (Vec::new(), None);
    loop {
        let answer = client.describe_parameters().parameter_group_name(group).set_next_token(token).send().await;
        let answer = answer.map_err(|error| gap(DESCRIBE_PARAMETERS, &error))?;
        let known = answer.parameters.unwrap_or_default().into_iter().map(Parameter::from_sdk);
        parameters.extend(known.filter(|parameter| parameter.ParameterName.as_deref().is_some_and(|name| name.ends_with("-ttl-millis"))));
        token = answer.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(parameters);
        }
    }
}
