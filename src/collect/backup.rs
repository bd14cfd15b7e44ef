//! AWS Backup: what it has backed up, what its plans select, and where copies went. Asked once the
//! databases of the region are known, and only where there are some.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_backup::Client;
use aws_sdk_backup::types as sdk;

use super::Session;
use super::ask::{Ask, drain, each, field_gap};
use super::failure::gap;
use crate::inventory::backup::{
    self, BackupSelection, BackupVault, CopyJob, ProtectedResource, RecoveryPoint, RegionSettings, ResourceCopies, resource_type,
};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Resource};

/// The ARNs of databases, by those under which AWS Backup may know them.
type Databases = BTreeMap<String, String>;

/// Collects what AWS Backup does for the databases that were found.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    let found = ask.map_resources(|resource: &Resource| Some((resource_type(resource)?, resource.arn.clone(), backup::arns(resource))));
    let types: BTreeSet<&str> = found.iter().map(|(name, ..)| *name).collect();
    let databases: Databases = found.into_iter().flat_map(|(_, arn, names)| names.into_iter().map(move |name| (name, arn.clone()))).collect();
    let used = !databases.is_empty();
    let client = &session.backup(ask.region());
    tokio::join!(
        protected_resources(ask, client, &databases),
        selections(ask, client, used),
        region_settings(ask, client, used),
        vaults(ask, client, used),
        copies(ask, client, &types, &databases),
    );
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

/// The selections of all plans.
async fn selections(ask: &Ask<'_>, client: &Client, used: bool) {
    const LISTING: &str = "backup:ListBackupSelections";
    let (wants_listing, wants_details) = (ask.wants(LISTING), ask.wants("backup:GetBackupSelection"));
    if !ask.wants("backup:ListBackupPlans") || !wants_listing || !used {
        return;
    }
    let plans = ask.list("backup:ListBackupPlans", || client.list_backup_plans().into_paginator().items().send()).await;
    each(plans, async |plan: sdk::BackupPlansListMember| {
        let pages = || client.list_backup_selections().set_backup_plan_id(plan.backup_plan_id.clone()).into_paginator().items().send();
        for listed in ask.list(LISTING, pages).await {
            selection(ask, client, &plan, listed, wants_details).await;
        }
    })
    .await;
}

async fn selection(ask: &Ask<'_>, client: &Client, plan: &sdk::BackupPlansListMember, listed: sdk::BackupSelectionsListMember, wants_details: bool) {
    const DETAILS: [&str; 4] = ["Resources", "NotResources", "ListOfTags", "Conditions"];
    const OPERATION: &str = "backup:GetBackupSelection";
    let (plan_id, id) = (plan.backup_plan_id.as_deref().unwrap_or_default(), listed.selection_id.as_deref().unwrap_or_default());
    let mut gaps = Vec::new();
    let mut selection = BackupSelection::default();
    if wants_details {
        match client.get_backup_selection().backup_plan_id(plan_id).selection_id(id).send().await {
            Ok(answer) => match answer.backup_selection {
                Some(details) => selection = BackupSelection::from_sdk(details),
                None => gaps.push(field_gap(&DETAILS, Gap::new(OPERATION, crate::inventory::Reason::NotReturned, "AWS returned no selection"))),
            },
            Err(error) => gaps.push(field_gap(&DETAILS, gap(OPERATION, &error))),
        }
    }
    selection.BackupPlanId = Some(plan_id.to_owned());
    selection.BackupPlanName = plan.backup_plan_name.clone();
    selection.SelectionId = Some(id.to_owned());
    selection.SelectionName = selection.SelectionName.or(listed.selection_name);
    let arn = ask.backup_arn(&format!("selection:{plan_id}:{id}"));
    ask.add(kinds::BACKUP_SELECTION, Some(&arn), BTreeMap::new(), &selection, gaps);
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

async fn vaults(ask: &Ask<'_>, client: &Client, used: bool) {
    const OPERATION: &str = "backup:ListBackupVaults";
    if !ask.wants(OPERATION) || !used {
        return;
    }
    for vault in ask.list(OPERATION, || client.list_backup_vaults().into_paginator().items().send()).await {
        let vault = BackupVault::from_sdk(vault);
        ask.add(kinds::BACKUP_VAULT, vault.BackupVaultArn.as_deref(), BTreeMap::new(), &vault, Vec::new());
    }
}

/// The newest completed copy of each database to each vault. Listed by type, lest the copies of an
/// account's volumes be read.
async fn copies(ask: &Ask<'_>, client: &Client, types: &BTreeSet<&str>, databases: &Databases) {
    const OPERATION: &str = "backup:ListCopyJobs";
    if !ask.wants(OPERATION) {
        return;
    }
    let newest = std::sync::Mutex::new(BTreeMap::<&String, BTreeMap<Option<String>, CopyJob>>::new());
    each(types, async |name: &&str| {
        let completed = client.list_copy_jobs().by_state(sdk::CopyJobState::Completed).by_resource_type(*name);
        for job in ask.list(OPERATION, || completed.into_paginator().items().send()).await {
            let Some(arn) = job.resource_arn.as_ref().and_then(|arn| databases.get(arn)) else { continue };
            let mut newest = newest.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let job = CopyJob::from_sdk(job);
            newer(newest.entry(arn).or_default(), job.DestinationBackupVaultArn.clone(), job, |job| job.CompletionDate);
        }
    })
    .await;
    for (arn, jobs) in newest.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        let copies = ResourceCopies { ResourceArn: Some(arn.clone()), CopyJobs: Some(jobs.into_values().collect()) };
        ask.add(kinds::BACKUP_COPIES, Some(arn), BTreeMap::new(), &copies, Vec::new());
    }
}
