//! Amazon Keyspaces: keyspaces and their tables.
//!
//! IAM authorises all of it as `cassandra:Select`. The operations are named after the API, so that a
//! gap says what could not be asked.

use std::collections::BTreeMap;

use aws_sdk_keyspaces::Client;
use aws_sdk_keyspaces::types::TableSummary;

use super::Session;
use super::ask::{Ask, drain, each, field_gap, map_each};
use super::failure::gap;
use super::references::References;
use crate::inventory::keyspaces::{Keyspace, Table};
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, TAGS, kinds, kms};

/// The keyspaces that AWS keeps in every account, and those that Cassandra reserves.
const OF_AWS: [&str; 9] = [
    "system",
    "system_auth",
    "system_distributed",
    "system_multiregion_info",
    "system_schema",
    "system_schema_mcs",
    "system_traces",
    "system_views",
    "system_virtual_schema",
];

const TAGS_OPERATION: &str = "cassandra:ListTagsForResource";

/// Collects the keyspaces and tables of a region; returns the keys of the tables.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> References {
    let client = &session.keyspaces(ask.region());
    ask.wants(TAGS_OPERATION);
    let found = ask.list("cassandra:ListKeyspaces", || client.list_keyspaces().into_paginator().items().send()).await;
    let keyspaces: Vec<_> = found.into_iter().map(Keyspace::from_sdk).filter(is_of_customer).collect();
    let names: Vec<_> = keyspaces.iter().filter_map(|keyspace| keyspace.keyspaceName.clone()).collect();
    let (keys, ()) = tokio::join!(
        tables(ask, client, names),
        each(keyspaces, async |keyspace: Keyspace| {
            let (tags, gap) = tags(ask, client, keyspace.resourceArn.as_deref()).await;
            ask.add(kinds::KEYSPACE, keyspace.resourceArn.as_deref(), tags, &keyspace, gap.into_iter().collect());
        }),
    );
    References { keys: keys.iter().map(|key| kms::arn(key, ask.account(), ask.region())).collect(), ..References::default() }
}

fn is_of_customer(keyspace: &Keyspace) -> bool {
    !keyspace.keyspaceName.as_deref().is_some_and(|name| OF_AWS.contains(&name))
}

/// The tables of the keyspaces; returns the keys that they name.
async fn tables(ask: &Ask<'_>, client: &Client, keyspaces: Vec<String>) -> Vec<String> {
    let wants_details = ask.wants("cassandra:GetTable");
    if !ask.wants("cassandra:ListTables") {
        return Vec::new();
    }
    let pages = |keyspace| client.list_tables().keyspace_name(keyspace).into_paginator().items().send();
    let found = map_each(keyspaces, async |keyspace: String| ask.list("cassandra:ListTables", || pages(keyspace)).await).await;
    let keys = map_each(found.into_iter().flatten(), async |summary: TableSummary| {
        let (table, gap) = if wants_details { details(client, summary).await } else { (summarised(summary), None) };
        let (tags, tags_gap) = tags(ask, client, table.resourceArn.as_deref()).await;
        let gaps = gap.into_iter().chain(tags_gap).collect();
        ask.add(kinds::KEYSPACES_TABLE, table.resourceArn.as_deref(), tags, &table, gaps);
        table.encryptionSpecification.and_then(|encryption| encryption.kmsKeyIdentifier).filter(|key| kms::is_name(key))
    });
    keys.await.into_iter().flatten().collect()
}

async fn details(client: &Client, summary: TableSummary) -> (Table, Option<FieldGap>) {
    const OPERATION: &str = "cassandra:GetTable";
    match client.get_table().keyspace_name(&summary.keyspace_name).table_name(&summary.table_name).send().await {
        Ok(table) => (Table::from_sdk(table), None),
        Err(error) => (summarised(summary), Some(field_gap(&kinds::KEYSPACES_TABLE.fields_of(OPERATION), gap(OPERATION, &error)))),
    }
}

/// What the listing alone says of a table.
fn summarised(summary: TableSummary) -> Table {
    Table {
        keyspaceName: Some(summary.keyspace_name),
        tableName: Some(summary.table_name),
        resourceArn: Some(summary.resource_arn),
        ..Table::default()
    }
}

async fn tags(ask: &Ask<'_>, client: &Client, arn: Option<&str>) -> (BTreeMap<String, String>, Option<FieldGap>) {
    let Some(arn) = arn.filter(|_| ask.wants(TAGS_OPERATION)) else { return Default::default() };
    let (tags, gap) = drain(TAGS_OPERATION, client.list_tags_for_resource().resource_arn(arn).into_paginator().items().send()).await;
    (tags.into_iter().map(|tag| (tag.key, tag.value)).collect(), gap.map(|gap| field_gap(&[TAGS], gap)))
}
