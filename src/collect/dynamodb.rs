//! The DynamoDB API: tables, each by calls of its own.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_resource_policy::GetResourcePolicyError;
use aws_sdk_dynamodb::types as sdk;
use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::sync::oneshot;

use super::Session;
use super::ask::{Ask, field_gap, if_wanted, map_each};
use super::failure::gap;
use super::references::References;
use super::tags::{self, Tags};
use super::{autoscaling, dynamodb_copies as copies, dynamodb_replicas as replicas, streams};
use crate::inventory::dynamodb::{KinesisDestination, Limits, ReplicaRecovery, Table};
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, Reason, TAGS, kinds, kms};

/// How many tables are asked about at once, each by several calls at a time.
const TABLES_AT_ONCE: usize = 16;

const DESCRIBE_TABLE: &str = "dynamodb:DescribeTable";
const DESCRIBE_CONTINUOUS_BACKUPS: &str = "dynamodb:DescribeContinuousBackups";
const DESCRIBE_KINESIS_STREAMING_DESTINATION: &str = "dynamodb:DescribeKinesisStreamingDestination";
const GET_RESOURCE_POLICY: &str = "dynamodb:GetResourcePolicy";

/// Collects the tables of a region. What they refer to is sent as soon as they are described: that AWS tells of ten tables
/// a second how these can be restored must hold up nothing else.
pub async fn collect(ask: &Ask<'_>, session: &Session, references: oneshot::Sender<References>) {
    let client = session.dynamodb(ask.region());
    let names = ask.list("dynamodb:ListTables", || client.list_tables().into_paginator().items().send()).await;
    ask.wants_details(kinds::DYNAMODB_TABLE);
    let tables = Tables { ask, session, client };
    let ((mut described, mut tags), mut recoveries) = tokio::join!(tables.describe_all(&names, references), tables.recoveries(&names));
    for (table, gaps) in &mut described {
        let recovery = table.TableName.as_ref().and_then(|name| recoveries.remove(name));
        table.PointInTimeRecoveryDescription = known(recovery.transpose(), &["PointInTimeRecoveryDescription"], gaps).map(FromSdk::from_sdk);
    }
    let complete = map_each(described, async |(mut table, mut gaps)| {
        tables.of_replicas(&mut table, &mut gaps).await;
        (table, gaps)
    });
    let complete = complete.await;
    ask.take_back(kinds::DYNAMODB_TABLE);
    for (table, gaps) in complete {
        tags.add(ask, kinds::DYNAMODB_TABLE, table.TableArn.as_deref(), &table, gaps);
    }
}

/// The stream of a table, where it has one.
fn stream(table: &Table) -> Option<&str> {
    let enabled = table.StreamSpecification.as_ref()?.StreamEnabled?;
    table.LatestStreamArn.as_deref().filter(|_| enabled)
}

/// Whether capacity is provisioned for a table; one that was never on demand has no billing mode.
fn is_provisioned(table: &Table) -> bool {
    let mode = table.BillingModeSummary.as_ref().and_then(|summary| summary.BillingMode.as_deref());
    table.TableStatus.is_some() && mode != Some("PAY_PER_REQUEST")
}

/// Collects how much the account may provision in the region, if it provisions at all.
async fn limits(ask: &Ask<'_>, client: &Client, provisioned: bool) {
    const OPERATION: &str = "dynamodb:DescribeLimits";
    if !ask.wants(OPERATION) || !provisioned {
        return;
    }
    if let Some(limits) = ask.one(OPERATION, client.describe_limits().send()).await {
        ask.add(kinds::DYNAMODB_LIMITS, Some(&ask.arn("dynamodb", "limits")), BTreeMap::new(), &Limits::from_sdk(limits), Vec::new());
    }
}

/// The calls that are made for each table.
struct Tables<'a> {
    ask: &'a Ask<'a>,
    session: &'a Session,
    client: Client,
}

impl Tables<'_> {
    /// All of the tables but how they can be restored, and their tags. Until that is known, they are added without it,
    /// for those who ask what is around databases.
    async fn describe_all(&self, names: &[String], references: oneshot::Sender<References>) -> (Vec<(Table, Vec<FieldGap>)>, Tags) {
        let (ask, client) = (self.ask, &self.client);
        let used = !names.is_empty();
        let described = futures_util::stream::iter(names).map(|name| self.describe(name)).buffer_unordered(TABLES_AT_ONCE).collect::<Vec<_>>();
        let (mut described, mut backups, buckets) = tokio::join!(described, copies::backups(ask, client, used), copies::exports(ask, client, used));
        let streams = described.iter().filter_map(|(table, _)| stream(table)).map(str::to_owned).collect();
        let provisioned = described.iter().any(|(table, _)| is_provisioned(table));
        let (tags, replica_keys, (), (), ()) = tokio::join!(
            tags::of(ask, self.session, described.iter().map(|(table, _)| &table.TableArn)),
            replicas::keys(ask, self.session, described.iter().map(|(table, _)| table)),
            limits(ask, client, provisioned),
            autoscaling::collect(ask, self.session, ServiceNamespace::Dynamodb, provisioned),
            streams::collect(ask, self.session, &streams),
        );
        let mut found = References { buckets, ..References::default() };
        for (table, gaps) in &mut described {
            let key = table.SSEDescription.as_ref().and_then(|description| description.KMSMasterKeyArn.as_deref());
            found.keys.extend(key.filter(|key| kms::is_name(key)).map(|key| kms::arn(key, ask.account(), ask.region())));
            table.BackupSummaries = table.TableArn.as_deref().and_then(|arn| backups.take(arn));
            table.ReplicaKeys = known(replica_keys.of(table, ask.region()), &["ReplicaKeys"], gaps);
            let ended = Gap::new(DESCRIBE_CONTINUOUS_BACKUPS, Reason::NotCollected, "the collection ended before it had answered");
            let missing = [kinds::DYNAMODB_TABLE.fields_of(DESCRIBE_CONTINUOUS_BACKUPS), vec![TAGS]].concat();
            let gaps = gaps.iter().cloned().chain([field_gap(&missing, ended)]).collect();
            ask.add(kinds::DYNAMODB_TABLE, table.TableArn.as_deref(), BTreeMap::new(), table, gaps);
        }
        _ = references.send(found);
        (described, tags)
    }

    /// How each table can be restored, by name, if some rule needs it.
    async fn recoveries(&self, names: &[String]) -> HashMap<String, Result<sdk::PointInTimeRecoveryDescription, Gap>> {
        if !self.ask.wants(DESCRIBE_CONTINUOUS_BACKUPS) {
            return HashMap::new();
        }
        let answers = map_each(names, async |name| (name.clone(), recovery(&self.client, name).await));
        answers.await.into_iter().collect()
    }

    /// What the calls for one table say, and what they left open.
    async fn describe(&self, name: &str) -> (Table, Vec<FieldGap>) {
        let arn = self.ask.arn("dynamodb", &format!("table/{name}"));
        let wanted = |operation| self.ask.wants(operation);
        let (table, destinations, policy) = tokio::join!(
            if_wanted(wanted(DESCRIBE_TABLE), self.table(name)),
            if_wanted(wanted(DESCRIBE_KINESIS_STREAMING_DESTINATION), self.destinations(name)),
            if_wanted(wanted(GET_RESOURCE_POLICY), self.policy(&arn)),
        );
        let mut gaps = Vec::new();
        let mut table = known(table, &kinds::DYNAMODB_TABLE.fields_of(DESCRIBE_TABLE), &mut gaps).map(Table::from_sdk).unwrap_or_default();
        table.TableName = Some(name.to_owned());
        table.TableArn = table.TableArn.or(Some(arn));
        table.KinesisDataStreamDestinations = known(destinations, &["KinesisDataStreamDestinations"], &mut gaps);
        table.ResourcePolicy = known(policy, &["ResourcePolicy"], &mut gaps).flatten();
        self.of_stream(&mut table, &mut gaps).await;
        (table, gaps)
    }

    async fn table(&self, name: &str) -> Result<sdk::TableDescription, Gap> {
        let answer = self.client.describe_table().table_name(name).send().await.map_err(|error| gap(DESCRIBE_TABLE, &error))?;
        answer.table.ok_or_else(|| Gap::new(DESCRIBE_TABLE, Reason::NotReturned, "AWS returned no description"))
    }

    async fn destinations(&self, name: &str) -> Result<Vec<KinesisDestination>, Gap> {
        let answer = self.client.describe_kinesis_streaming_destination().table_name(name).send().await;
        let answer = answer.map_err(|error| gap(DESCRIBE_KINESIS_STREAMING_DESTINATION, &error))?;
        Ok(Vec::from_sdk(answer.kinesis_data_stream_destinations.unwrap_or_default()))
    }

    /// The policy of a table or a stream; none where it has none.
    async fn policy(&self, arn: &str) -> Result<Option<String>, Gap> {
        match self.client.get_resource_policy().resource_arn(arn).send().await {
            Ok(answer) => Ok(answer.policy),
            Err(error) if error.as_service_error().is_some_and(GetResourcePolicyError::is_policy_not_found_exception) => Ok(None),
            Err(error) => Err(gap(GET_RESOURCE_POLICY, &error)),
        }
    }

    /// A stream has a policy of its own.
    async fn of_stream(&self, table: &mut Table, gaps: &mut Vec<FieldGap>) {
        if let Some(arn) = stream(table).filter(|_| self.ask.wants(GET_RESOURCE_POLICY)) {
            table.StreamResourcePolicy = known(self.policy(arn).await, &["StreamResourcePolicy"], gaps);
        }
    }

    /// Point-in-time recovery is set for each replica, in its region.
    async fn of_replicas(&self, table: &mut Table, gaps: &mut Vec<FieldGap>) {
        let regions: Vec<_> = replicas::elsewhere(table, self.ask.region()).filter_map(|replica| replica.RegionName.clone()).collect();
        if regions.is_empty() || !self.ask.wants(DESCRIBE_CONTINUOUS_BACKUPS) {
            return;
        }
        let name = table.TableName.as_deref().unwrap_or_default();
        let answers = join_all(regions.into_iter().map(async |region| {
            let recovery = recovery(&self.session.dynamodb(&region), name).await?;
            Ok(ReplicaRecovery { RegionName: Some(region), PointInTimeRecoveryStatus: FromSdk::from_sdk(recovery.point_in_time_recovery_status) })
        }));
        let replicas = answers.await.into_iter().collect::<Result<_, _>>();
        table.ReplicaPointInTimeRecovery = known(replicas.map(Some), &["ReplicaPointInTimeRecovery"], gaps);
    }
}

/// How a table or a replica can be restored.
async fn recovery(client: &Client, name: &str) -> Result<sdk::PointInTimeRecoveryDescription, Gap> {
    let answer = client.describe_continuous_backups().table_name(name).send().await;
    let answer = answer.map_err(|error| gap(DESCRIBE_CONTINUOUS_BACKUPS, &error))?;
    let description = answer.continuous_backups_description.and_then(|description| description.point_in_time_recovery_description);
    description.ok_or_else(|| Gap::new(DESCRIBE_CONTINUOUS_BACKUPS, Reason::NotReturned, "AWS returned no description"))
}

/// What a call said, if it was made; its failure is a gap in the fields.
fn known<T>(answer: Result<Option<T>, Gap>, fields: &[&str], gaps: &mut Vec<FieldGap>) -> Option<T> {
    answer.unwrap_or_else(|gap| {
        gaps.push(field_gap(fields, gap));
        None
    })
}
