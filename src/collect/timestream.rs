//! Timestream for LiveAnalytics. Its API answers at an endpoint that it has to be asked for first.

use std::collections::BTreeSet;

use aws_sdk_timestreamwrite::Client;
use aws_sdk_timestreamwrite::operation::describe_endpoints::DescribeEndpointsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;

use super::Session;
use super::ask::Ask;
use super::references::References;
use super::tags;
use crate::inventory::kinds::{TIMESTREAM_DATABASE, TIMESTREAM_TABLE};
use crate::inventory::kms;
use crate::inventory::shape::FromSdk;
use crate::inventory::timestream::{Database, Table};

/// Collects the databases and tables of a region; returns what they refer to.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    for kind in [TIMESTREAM_DATABASE, TIMESTREAM_TABLE] {
        kind.operations.iter().for_each(|operation| _ = ask.wants(operation));
        ask.wants_details(kind);
    }
    match ask.one("timestream:DescribeEndpoints", serving(session, ask.region())).await.flatten() {
        Some(client) => {
            let (keys, buckets) = tokio::join!(databases(ask, session, &client), tables(ask, session, &client));
            References { keys, buckets, ..References::default() }
        }
        None => References::default(),
    }
}

/// The client of the endpoint that serves the account; of the one that the user has named, if so.
pub async fn serving(session: &Session, region: &str) -> Result<Option<Client>, SdkError<DescribeEndpointsError, HttpResponse>> {
    let client = session.timestream_write(region);
    if session.has_endpoint("TIMESTREAM_WRITE") {
        return Ok(Some(client));
    }
    let answer = client.describe_endpoints().send().await?;
    let at = |address: &str| Client::from_conf(client.config().to_builder().endpoint_url(format!("https://{address}")).build());
    Ok(answer.endpoints.first().map(|endpoint| at(&endpoint.address)))
}

/// Collects the databases; returns the ARNs of their keys.
async fn databases(ask: &Ask<'_>, session: &Session, client: &Client) -> BTreeSet<String> {
    let pages = ask.list("timestream:ListDatabases", || client.list_databases().into_paginator().send()).await;
    let found: Vec<_> = pages.into_iter().flat_map(|page| page.databases.unwrap_or_default()).map(Database::from_sdk).collect();
    let named = found.iter().filter_map(|database| database.KmsKeyId.as_deref()).filter(|key| kms::is_name(key));
    let keys = named.map(|key| kms::arn(key, ask.account(), ask.region())).collect();
    let mut tags = tags::of(ask, session, found.iter().map(|database| &database.Arn)).await;
    for database in found {
        tags.add(ask, TIMESTREAM_DATABASE, database.Arn.as_deref(), &database, Vec::new());
    }
    keys
}

/// Collects the tables; returns the buckets that their rejected data goes to.
async fn tables(ask: &Ask<'_>, session: &Session, client: &Client) -> BTreeSet<String> {
    let pages = ask.list("timestream:ListTables", || client.list_tables().into_paginator().send()).await;
    let found: Vec<_> = pages.into_iter().flat_map(|page| page.tables.unwrap_or_default()).map(Table::from_sdk).collect();
    let mut tags = tags::of(ask, session, found.iter().map(|table| &table.Arn)).await;
    let bucket = |table: Table| {
        tags.add(ask, TIMESTREAM_TABLE, table.Arn.as_deref(), &table, Vec::new());
        table.MagneticStoreWriteProperties?.MagneticStoreRejectedDataLocation?.S3Configuration?.BucketName
    };
    found.into_iter().filter_map(bucket).collect()
}
