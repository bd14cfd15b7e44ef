//! Timestream for LiveAnalytics. Its API answers at an endpoint that it has to be asked for first.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_timestreamwrite::Client;
use aws_sdk_timestreamwrite::operation::list_tags_for_resource::ListTagsForResourceOutput;

use super::Session;
use super::ask::{Ask, each, map_each};
use super::references::References;
use crate::inventory::kinds::{TIMESTREAM_DATABASE, TIMESTREAM_TABLE};
use crate::inventory::kms;
use crate::inventory::shape::FromSdk;
use crate::inventory::timestream::{Database, Table};

const TAGS: &str = "timestream:ListTagsForResource";

/// Collects the databases and tables of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    for kind in [TIMESTREAM_DATABASE, TIMESTREAM_TABLE] {
        kind.operations.iter().for_each(|operation| _ = ask.wants(operation));
        ask.wants_details(kind);
    }
    match discover(ask, session).await {
        Some(client) => {
            let (keys, buckets) = tokio::join!(databases(ask, &client), tables(ask, &client));
            References { keys, buckets, ..References::default() }
        }
        None => References::default(),
    }
}

/// The client of the endpoint that serves the account; of the one that the user has named, if so.
async fn discover(ask: &Ask<'_>, session: &Session) -> Option<Client> {
    let client = session.timestream_write(ask.region());
    if session.has_endpoint("TIMESTREAM_WRITE") {
        return Some(client);
    }
    let answer = ask.one("timestream:DescribeEndpoints", client.describe_endpoints().send()).await?;
    let endpoint = answer.endpoints.into_iter().next()?;
    let config = client.config().to_builder().endpoint_url(format!("https://{}", endpoint.address));
    Some(Client::from_conf(config.build()))
}

/// Collects the databases; returns the ARNs of their keys.
async fn databases(ask: &Ask<'_>, client: &Client) -> BTreeSet<String> {
    let pages = ask.list("timestream:ListDatabases", || client.list_databases().into_paginator().send()).await;
    let found: Vec<_> = pages.into_iter().flat_map(|page| page.databases.unwrap_or_default()).collect();
    let named = found.iter().filter_map(|database| database.kms_key_id.as_deref()).filter(|key| kms::is_name(key));
    let keys = named.map(|key| kms::arn(key, ask.account(), ask.region())).collect();
    each(found, async |database| {
        let database = Database::from_sdk(database);
        let answer = client.list_tags_for_resource().set_resource_arn(database.Arn.clone()).send();
        let (answer, unread) = ask.detail(TIMESTREAM_DATABASE, TAGS, answer).await;
        ask.add(TIMESTREAM_DATABASE, database.Arn.as_deref(), tags(answer), &database, unread.into_iter().collect());
    })
    .await;
    keys
}

/// Collects the tables; returns the buckets that their rejected data goes to.
async fn tables(ask: &Ask<'_>, client: &Client) -> BTreeSet<String> {
    let pages = ask.list("timestream:ListTables", || client.list_tables().into_paginator().send()).await;
    let buckets = map_each(pages.into_iter().flat_map(|page| page.tables.unwrap_or_default()), async |table| {
        let table = Table::from_sdk(table);
        let answer = client.list_tags_for_resource().set_resource_arn(table.Arn.clone()).send();
        let (answer, unread) = ask.detail(TIMESTREAM_TABLE, TAGS, answer).await;
        ask.add(TIMESTREAM_TABLE, table.Arn.as_deref(), tags(answer), &table, unread.into_iter().collect());
        table.MagneticStoreWriteProperties?.MagneticStoreRejectedDataLocation?.S3Configuration?.BucketName
    });
    buckets.await.into_iter().flatten().collect()
}

fn tags(answer: Option<ListTagsForResourceOutput>) -> BTreeMap<String, String> {
    let tags = answer.and_then(|answer| answer.tags).unwrap_or_default();
    tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
}
