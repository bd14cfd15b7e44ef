//! AWS Backup: what it has backed up, in which vaults, what its plans select, and where copies went.
//! Asked once the databases of the region are known, and but for the vaults only where there are some.

mod plans;
mod vaults;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_backup::Client;
use aws_sdk_backup::types as sdk;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::Session;
use super::ask::{Ask, drain, each, field_gap, map_each, visit};
use super::failure::gap;
use crate::inventory::backup::{self, CopyJob, ProtectedResource, RecoveryPoint, RegionSettings, ResourceCopies, resource_type};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Resource};

/// The ARNs of databases, by those under which AWS Backup may know them.
type Databases = BTreeMap<String, String>;

/// Collects what AWS Backup does for the databases that were found; returns the keys of their vaults.
pub async fn collect(ask: &Ask<'_>, session: &Session) -> BTreeSet<String> {
    let found = ask.map_resources(|resource: &Resource| Some((resource_type(resource)?, resource.arn.clone(), backup::arns(resource))));
    let types: BTreeSet<&str> = found.iter().map(|(name, ..)| *name).collect();
    let databases: Databases = found.into_iter().flat_map(|(_, arn, names)| names.into_iter().map(move |name| (name, arn.clone()))).collect();
    let used = !databases.is_empty();
    let client = &session.backup(ask.region());
    let (keys, ..) = tokio::join!(
        vaults::collect(ask, client),
        plans::collect(ask, client, used),
        protected_resources(ask, client, &databases),
        region_settings(ask, client, used),
        copies(ask, client, &types, &databases),
    );
    keys
}

/// The databases that have recovery points, each with what calls of its own tell.
async fn protected_resources(ask: &Ask<'_>, client: &Client, databases: &Databases) {
    const LISTING: &str = "backup:ListProtectedResources";
    let (wants_restores, wants_points) = (ask.wants("backup:DescribeProtectedResource"), ask.wants("backup:ListRecoveryPointsByResource"));
    if !ask.wants(LISTING) || databases.is_empty() {
        return;
    }
    let listed = ask.list(LISTING, || client.list_protected_resources().into_paginator().items().send()).await;
    let of_databases = listed.into_iter().filter_map(|listed| {
        let known_as = listed.resource_arn.clone()?;
        Some((databases.get(&known_as)?, known_as, ProtectedResource::from_sdk(listed)))
    });
    each(of_databases, async |(arn, known_as, mut resource): (&String, String, ProtectedResource)| {
        let (restores, points) = tokio::join!(
            async { if wants_restores { Some(client.describe_protected_resource().resource_arn(&known_as).send().await) } else { None } },
            async { if wants_points { Some(recovery_points(client, &known_as).await) } else { None } },
        );
        let mut gaps = Vec::new();
        match restores {
            Some(Ok(answer)) => {
                resource.LatestRestoreExecutionTimeMinutes = answer.latest_restore_execution_time_minutes;
                resource.LatestRestoreJobCreationDate = FromSdk::from_sdk(answer.latest_restore_job_creation_date);
            }
            Some(Err(error)) => {
                let gap = gap("backup:DescribeProtectedResource", &error);
                gaps.push(field_gap(&["LatestRestoreExecutionTimeMinutes", "LatestRestoreJobCreationDate"], gap));
            }
            None => {}
        }
        match points {
            Some(Ok(points)) => resource.RecoveryPoints = Some(points),
            Some(Err(gap)) => gaps.push(field_gap(&["RecoveryPoints"], gap)),
            None => {}
        }
        resource.ResourceArn = Some(arn.clone());
        ask.add(kinds::BACKUP_PROTECTED_RESOURCE, Some(arn), BTreeMap::new(), &resource, gaps);
    })
    .await;
}

/// The newest recovery points of each vault, status and sort: facts ask for no others, and there may be
/// thousands.
async fn recovery_points(client: &Client, resource: &str) -> Result<Vec<RecoveryPoint>, Gap> {
    let pages = client.list_recovery_points_by_resource().resource_arn(resource).into_paginator().items().send();
    let (points, gap) = drain("backup:ListRecoveryPointsByResource", pages).await;
    let mut newest = BTreeMap::new();
    for point in points.into_iter().map(RecoveryPoint::from_sdk) {
        let place = (point.BackupVaultName.clone(), point.VaultType.clone(), point.Status.clone(), point.is_continuous());
        newer(&mut newest, place, point, |point| point.CreationDate);
    }
    gap.map_or_else(|| Ok(newest.into_values().collect()), Err)
}

/// Keeps of each place what is newest.
fn newer<K: Ord, T, D: Ord>(newest: &mut BTreeMap<K, T>, place: K, item: T, date: impl Fn(&T) -> D) {
    if newest.get(&place).is_none_or(|kept| date(kept) < date(&item)) {
        newest.insert(place, item);
    }
}

async fn region_settings(ask: &Ask<'_>, client: &Client, used: bool) {
    const OPERATION: &str = "backup:DescribeRegionSettings";
    if !ask.wants(OPERATION) || !used {
        return;
    }
    if let Some(answer) = ask.one(OPERATION, client.describe_region_settings().send()).await {
        let preference = answer.resource_type_opt_in_preference.map(|types| types.into_iter().collect());
        let settings = RegionSettings { ResourceTypeOptInPreference: preference };
        ask.add(kinds::BACKUP_REGION_SETTINGS, Some(&ask.backup_arn("region-settings")), BTreeMap::new(), &settings, Vec::new());
    }
}

/// The newest completed copy of each database to each vault.
async fn copies(ask: &Ask<'_>, client: &Client, types: &BTreeSet<&str>, databases: &Databases) {
    const OPERATION: &str = "backup:ListCopyJobs";
    if !ask.wants(OPERATION) {
        return;
    }
    let mut newest = BTreeMap::<&String, BTreeMap<Option<String>, CopyJob>>::new();
    let list = |name: &str| {
        let completed = client.list_copy_jobs().by_state(sdk::CopyJobState::Completed).by_resource_type(name);
        completed.into_paginator().items().send()
    };
    let unread = by_type(OPERATION, types, list, |job| {
        let Some(arn) = job.resource_arn.as_ref().and_then(|arn| databases.get(arn)) else { return };
        let job = CopyJob::from_sdk(job);
        newer(newest.entry(arn).or_default(), job.DestinationBackupVaultArn.clone(), job, |job| job.CompletionDate);
    });
    unread.await.into_iter().for_each(|gap| ask.fail(gap));
    for (arn, jobs) in newest {
        let copies = ResourceCopies { ResourceArn: Some(arn.clone()), CopyJobs: Some(jobs.into_values().collect()) };
        ask.add(kinds::BACKUP_COPIES, Some(arn), BTreeMap::new(), &copies, Vec::new());
    }
}

/// Lists by type of resource, lest what belongs to every volume of the account be read; the gap if that
/// failed. A type that AWS Backup refuses is one that it does not know, so that it has nothing of it;
/// where it refuses them all, it is not for the type.
async fn by_type<T, E>(
    operation: &str,
    types: &BTreeSet<&str>,
    list: impl Fn(&str) -> PaginationStream<Result<T, SdkError<E, HttpResponse>>>,
    keep: impl FnMut(T),
) -> Option<Gap>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let keep = RefCell::new(keep);
    let failures = map_each(types, async |name: &&str| visit(list(name), |item| keep.borrow_mut()(item)).await).await;
    let is_refused = |error: &SdkError<E, HttpResponse>| error.code() == Some("InvalidParameterValueException");
    let all_refused = failures.iter().all(|failure| failure.as_ref().is_some_and(is_refused));
    let failure = failures.iter().flatten().find(|error| all_refused || !is_refused(error));
    failure.map(|error| gap(operation, error))
}
