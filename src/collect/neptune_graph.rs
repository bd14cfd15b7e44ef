//! Neptune Analytics: graphs and their snapshots.

use std::collections::BTreeMap;

use aws_sdk_neptunegraph::Client;

use super::Session;
use super::ask::{Ask, drain, each, unread};
use super::references::References;
use crate::inventory::kinds::{NEPTUNE_GRAPH, NEPTUNE_GRAPH_SNAPSHOT};
use crate::inventory::neptune_graph::{Graph, GraphSnapshot, PrivateGraphEndpoint};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, kms};

const ENDPOINTS: &str = "neptune-graph:ListPrivateGraphEndpoints";
const SNAPSHOTS: &str = "neptune-graph:ListGraphSnapshots";

/// Collects the graphs of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.neptune_graph(ask.region());
    ask.wants_details(NEPTUNE_GRAPH);
    let graphs = ask.list("neptune-graph:ListGraphs", || client.list_graphs().into_paginator().items().send());
    let (graphs, (snapshots, unlisted)) = tokio::join!(graphs, snapshots(ask, client));
    let graphs: Vec<_> = graphs.into_iter().map(Graph::from_sdk).collect();
    let of_graphs = graphs.iter().filter_map(|graph| graph.kmsKeyIdentifier.as_deref());
    let of_snapshots = snapshots.iter().filter_map(|snapshot| snapshot.kmsKeyIdentifier.as_deref());
    let keys = of_graphs.chain(of_snapshots).filter(|key| kms::is_name(key)).map(|key| kms::arn(key, ask.account(), ask.region()));
    let references = References { keys: keys.collect(), ..References::default() };
    each(graphs, async |found| graph(ask, client, found, &snapshots, unlisted.as_ref()).await).await;
    references
}

/// The snapshots of all graphs, also of those that are gone, and why there may be more.
async fn snapshots(ask: &Ask<'_>, client: &Client) -> (Vec<GraphSnapshot>, Option<Gap>) {
    if !ask.wants(SNAPSHOTS) {
        return (Vec::new(), None);
    }
    let found = ask.list(SNAPSHOTS, || client.list_graph_snapshots().into_paginator().items().send()).await;
    let snapshots: Vec<_> = found.into_iter().map(GraphSnapshot::from_sdk).collect();
    for snapshot in &snapshots {
        ask.add(NEPTUNE_GRAPH_SNAPSHOT, snapshot.arn.as_deref(), BTreeMap::new(), snapshot, Vec::new());
    }
    (snapshots, ask.gap_of(SNAPSHOTS))
}

/// Asks about one graph what the listing does not tell.
async fn graph(ask: &Ask<'_>, client: &Client, mut graph: Graph, snapshots: &[GraphSnapshot], unlisted: Option<&Gap>) {
    let arn = graph.arn.clone();
    let (endpoints, (tags, unread_tags)) = tokio::join!(
        endpoints(ask, client, graph.id.as_deref()),
        ask.detail(NEPTUNE_GRAPH, "neptune-graph:ListTagsForResource", client.list_tags_for_resource().set_resource_arn(arn.clone()).send()),
    );
    let mut gaps: Vec<_> = unread_tags.into_iter().collect();
    match endpoints {
        Ok(endpoints) => graph.privateGraphEndpoints = endpoints,
        Err(gap) => gaps.push(unread(NEPTUNE_GRAPH, ENDPOINTS, gap)),
    }
    if ask.wants(SNAPSHOTS) {
        match unlisted {
            None => graph.graphSnapshots = Some(snapshots.iter().filter(|snapshot| snapshot.sourceGraphId == graph.id).cloned().collect()),
            Some(gap) => gaps.push(unread(NEPTUNE_GRAPH, SNAPSHOTS, gap.clone())),
        }
    }
    let tags = tags.and_then(|answer| answer.tags).unwrap_or_default().into_iter().collect();
    ask.add(NEPTUNE_GRAPH, arn.as_deref(), tags, &graph, gaps);
}

/// The private endpoints of a graph, where some rule reads them.
async fn endpoints(ask: &Ask<'_>, client: &Client, graph: Option<&str>) -> Result<Option<Vec<PrivateGraphEndpoint>>, Gap> {
    if !ask.wants(ENDPOINTS) {
        return Ok(None);
    }
    let pages = client.list_private_graph_endpoints().set_graph_identifier(graph.map(ToOwned::to_owned)).into_paginator().items().send();
    let (endpoints, gap) = drain(ENDPOINTS, pages).await;
    gap.map_or_else(|| Ok(Some(Vec::from_sdk(endpoints))), Err)
}
