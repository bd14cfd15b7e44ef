//! What reads DynamoDB streams: event source mappings of Lambda and pipes of EventBridge. One listing each.

use std::collections::{BTreeMap, BTreeSet};

use super::Session;
use super::ask::Ask;
use crate::inventory::kinds::{EVENT_SOURCE_MAPPING, PIPE};
use crate::inventory::shape::FromSdk;
use crate::inventory::streams::{EventSourceMapping, Pipe};

/// Collects the mappings and pipes that read one of the streams, if there are streams.
pub async fn collect(ask: &Ask<'_>, session: &Session, streams: &BTreeSet<String>) {
    if streams.is_empty() {
        [EVENT_SOURCE_MAPPING, PIPE].iter().flat_map(|kind| kind.operations).for_each(|operation| _ = ask.wants(operation));
        return;
    }
    tokio::join!(mappings(ask, session, streams), pipes(ask, session, streams));
}

async fn mappings(ask: &Ask<'_>, session: &Session, streams: &BTreeSet<String>) {
    let client = session.lambda(ask.region());
    let listed = ask.list("lambda:ListEventSourceMappings", || client.list_event_source_mappings().into_paginator().items().send()).await;
    for mapping in listed.into_iter().map(EventSourceMapping::from_sdk).filter(|mapping| reads(&mapping.EventSourceArn, streams)) {
        let arn = mapping.UUID.as_deref().map(|uuid| ask.arn("lambda", &format!("event-source-mapping:{uuid}")));
        ask.add(EVENT_SOURCE_MAPPING, arn.as_deref(), BTreeMap::new(), &mapping, Vec::new());
    }
}

async fn pipes(ask: &Ask<'_>, session: &Session, streams: &BTreeSet<String>) {
    let client = session.pipes(ask.region());
    let of_dynamodb = ask.arn("dynamodb", "table/");
    let listed = ask.list("pipes:ListPipes", || client.list_pipes().source_prefix(of_dynamodb).into_paginator().items().send()).await;
    for pipe in listed.into_iter().map(Pipe::from_sdk).filter(|pipe| reads(&pipe.Source, streams)) {
        ask.add(PIPE, pipe.Arn.as_deref(), BTreeMap::new(), &pipe, Vec::new());
    }
}

fn reads(source: &Option<String>, streams: &BTreeSet<String>) -> bool {
    source.as_ref().is_some_and(|source| streams.contains(source))
}
