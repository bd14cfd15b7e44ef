//! The engines that databases run: which versions AWS offers, and until when it supports them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_rds::Client;

use super::ask::{Ask, drain, each, field_gap};
use crate::inventory::kinds;
use crate::inventory::rds;
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Reason};

/// Collects what AWS says of the given engines.
pub async fn collect(ask: &Ask<'_>, client: &Client, engines: &BTreeSet<String>) {
    tokio::join!(versions(ask, client, engines), lifecycles(ask, client, engines));
}

/// The versions on offer, a listing an engine.
async fn versions(ask: &Ask<'_>, client: &Client, engines: &BTreeSet<String>) {
    const OPERATION: &str = "rds:DescribeDBEngineVersions";
    if !ask.wants(OPERATION) {
        return;
    }
    each(engines, async |name: &String| {
        // Versions of RDS Custom are the customer's own; their status says whether they can be used.
        let of_customer = name.starts_with("custom-");
        let pages = client.describe_db_engine_versions().engine(name).include_all(of_customer).into_paginator().items().send();
        let (found, gap) = drain(OPERATION, pages).await;
        // An engine that runs has versions, so that an empty list is no answer.
        let empty = || Gap::new(OPERATION, Reason::NotReturned, format!("AWS returned no version of {name}"));
        let gap = gap.or_else(|| found.is_empty().then(empty));
        let versions = found.into_iter().map(rds::DBEngineVersion::from_sdk).collect();
        let engine = rds::DBEngine { Engine: Some(name.clone()), Versions: Some(versions) };
        let arn = format!("arn:{}:rds:{}::engine:{name}", crate::inventory::partition(ask.region()), ask.region());
        ask.add(kinds::DB_ENGINE, Some(&arn), BTreeMap::new(), &engine, gap.map(|gap| field_gap(&["Versions"], gap)).into_iter().collect());
    })
    .await;
}

/// The lifecycles of major versions, one listing for all engines: it has fewer pages than there may be
/// engines.
async fn lifecycles(ask: &Ask<'_>, client: &Client, engines: &BTreeSet<String>) {
    const OPERATION: &str = "rds:DescribeDBMajorEngineVersions";
    if !ask.wants(OPERATION) || engines.is_empty() {
        return;
    }
    for found in ask.list(OPERATION, || client.describe_db_major_engine_versions().into_paginator().items().send()).await {
        let version = rds::DBMajorEngineVersion::from_sdk(found);
        if let (Some(engine), Some(major)) = (&version.Engine, &version.MajorEngineVersion)
            && engines.contains(engine)
        {
            let arn = format!("arn:{}:rds:{}::engine:{engine}:{major}", crate::inventory::partition(ask.region()), ask.region());
            ask.add(kinds::DB_MAJOR_ENGINE_VERSION, Some(&arn), BTreeMap::new(), &version, Vec::new());
        }
    }
}
