//! What AWS Backup does for a database of any kind, `backup`; and what its vaults, plans and settings say.
//!
//! A database is told apart by its ARN, and selected by its ARN and tags, so a service that AWS Backup
//! supports needs no more than its resource type in [`backup::resource_types`].

mod opt_in;
mod plan;
mod schedule;
mod selection;
#[cfg(test)]
mod tests;
mod vault;

use std::borrow::Cow;

use super::tables::Row;
use super::{Fact, Index, fact};
use crate::inventory::backup::{self, AIR_GAPPED, ProtectedResource, RecoveryPoint, ResourceCopies};
use crate::inventory::shape::Timestamp;
use crate::inventory::{Gap, Kind, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

pub use opt_in::OPT_IN;
pub use plan::PLAN;
pub use vault::VAULT_POLICY;

fact! {
    /// What AWS Backup does for a database.
    Backup {
        /// Whether AWS Backup has recovery points of it, or a backup plan selects it.
        protected: Known<bool>,
        /// The names of the backup plans that are known to select it.
        plans: Known<Vec<String>>,
        /// When AWS Backup last backed it up; absent if never.
        last_backup_time: Known<Option<Timestamp>>,
        /// The creation of its newest recovery point that can be restored, continuous ones aside; absent
        /// if there is none.
        latest_recovery_point: Known<Option<Timestamp>>,
        /// Whether it has a continuous recovery point, that can be restored up to the last minutes.
        continuous: Known<bool>,
        /// The creation of its newest recovery point in a logically air-gapped vault of the account's
        /// region; absent if there is none.
        latest_air_gapped_point: Known<Option<Timestamp>>,
        /// The completion of the newest copy to a logically air-gapped vault anywhere, of those copy jobs
        /// that AWS Backup still lists; absent if there is none.
        latest_air_gapped_copy: Known<Option<Timestamp>>,
        /// The vaults in other regions or accounts to which recovery points were copied, of those copy
        /// jobs that AWS Backup still lists.
        vaults_outside: Known<Vec<String>>,
        /// How many minutes the latest restore took; absent if there was none.
        latest_restore_minutes: Known<Option<i64>>,
    }
}

/// `backup`.
pub const FACT: Fact = Fact {
    name: "backup",
    about: "What AWS Backup does for the database: whether it is protected, by which plans, how old its recovery points are and where copies went.",
    applies: |kind| !backup::resource_types(kind).is_empty(),
    schema: |_| schemars::schema_for!(Backup),
    operations: |kind, field| Cow::Owned(operations(kind, field)),
    derive: |resource, index| derive(resource, index).into_node().unwrap_or_else(|| Node::map([])),
};

fn operations(kind: Kind, field: &str) -> Vec<&'static str> {
    let listing = kinds::BACKUP_PROTECTED_RESOURCE.operations;
    let points = kinds::BACKUP_PROTECTED_RESOURCE.operations_of("RecoveryPoints");
    let selections = || [&selection::operations(), kind.tag_operations()].concat();
    match field {
        "protected" => [listing, &selections()].concat(),
        "plans" => selections(),
        "last_backup_time" => listing.to_vec(),
        "latest_recovery_point" | "continuous" => [listing, points].concat(),
        "latest_air_gapped_point" => [listing, points, kinds::BACKUP_VAULT.operations].concat(),
        "latest_restore_minutes" => [listing, kinds::BACKUP_PROTECTED_RESOURCE.operations_of("LatestRestoreExecutionTimeMinutes")].concat(),
        _ => kinds::BACKUP_COPIES.operations.to_vec(),
    }
}

fn derive(resource: &Resource, index: &Index<'_>) -> Backup {
    let listed = index.protected_resources().find(&resource.arn);
    let plans = selection::plans(resource, index);
    let protected = match (&listed, &plans) {
        (Ok(Some(_)), _) => Ok(true),
        (_, Ok(plans)) if !plans.is_empty() => Ok(true),
        (Err(gap), _) | (_, Err(gap)) => Err(gap.clone()),
        (Ok(None), Ok(_)) => Ok(false),
    };
    let points = listed.clone().and_then(|row| row.map_or(Ok(&[][..]), |row| points(row, index)));
    let restorable = points.and_then(|points| restorable(resource, points));
    let copies = index.backup_copies().find(&resource.arn);
    Backup {
        protected: protected.into(),
        plans: plans.into(),
        last_backup_time: listed.clone().map(|row| row.and_then(|row| row.data.LastBackupTime)).into(),
        latest_recovery_point: restorable.clone().map(|points| newest(points.iter().filter(|point| !point.is_continuous()))).into(),
        continuous: restorable.clone().map(|points| points.iter().any(|point| point.is_continuous())).into(),
        latest_air_gapped_point: restorable.and_then(|points| latest_air_gapped(&points, index)).into(),
        latest_air_gapped_copy: copies.clone().and_then(|copies| latest_air_gapped_copy(copies, index)).into(),
        vaults_outside: copies.and_then(|copies| vaults_outside(resource, copies, index)).into(),
        latest_restore_minutes: listed.and_then(|row| row.map_or(Ok(None), |row| latest_restore(row, index))).into(),
    }
}

/// The gap in a field that a call for the resource itself fills, if there is one.
fn gap_in(row: &Row<'_, ProtectedResource>, field: &str, index: &Index<'_>) -> Option<Gap> {
    row.gap_of(field).or_else(|| index.scope.gap_of(row.resource.kind.operations_of(field).first()?))
}

fn points<'i>(row: &'i Row<'_, ProtectedResource>, index: &Index<'_>) -> Result<&'i [RecoveryPoint], Gap> {
    const FIELD: &str = "RecoveryPoints";
    match &row.data.RecoveryPoints {
        Some(points) if row.gap_of(FIELD).is_none() => Ok(points),
        _ => Err(gap_in(row, FIELD, index).unwrap_or_else(|| row.resource.not_returned(FIELD))),
    }
}

/// The points that can be restored. `AVAILABLE` is the newer name of `COMPLETED`.
fn restorable<'i>(resource: &Resource, points: &'i [RecoveryPoint]) -> Result<Vec<&'i RecoveryPoint>, Gap> {
    let status = |point: &RecoveryPoint| point.Status.is_some() && point.CreationDate.is_some();
    if !points.iter().all(status) {
        let why = format!("AWS returned a recovery point of {} without its status or creation", resource.arn);
        return Err(Gap::new("backup:ListRecoveryPointsByResource", crate::inventory::Reason::NotReturned, why));
    }
    Ok(points.iter().filter(|point| matches!(point.Status.as_deref(), Some("COMPLETED" | "AVAILABLE"))).collect())
}

fn newest<'p>(points: impl Iterator<Item = &'p &'p RecoveryPoint>) -> Option<Timestamp> {
    points.filter_map(|point| point.CreationDate).max()
}

fn latest_air_gapped(points: &[&RecoveryPoint], index: &Index<'_>) -> Result<Option<Timestamp>, Gap> {
    let mut air_gapped = Vec::new();
    for point in points {
        if vault_type(point, index)? == AIR_GAPPED {
            air_gapped.push(point);
        }
    }
    Ok(newest(air_gapped.into_iter()))
}

/// The type of a point's vault, which older answers leave to the vault.
fn vault_type<'i>(point: &'i RecoveryPoint, index: &'i Index<'_>) -> Result<&'i str, Gap> {
    if let Some(named) = &point.VaultType {
        return Ok(named);
    }
    let vault = index.backup_vaults().get(point.BackupVaultName.as_deref().unwrap_or_default())?;
    vault.resource.required("VaultType", vault.data.VaultType.as_deref())
}

fn latest_air_gapped_copy(copies: Option<&Row<'_, ResourceCopies>>, index: &Index<'_>) -> Result<Option<Timestamp>, Gap> {
    if let Some(gap) = index.backup_copies().gap() {
        return Err(gap);
    }
    let jobs = copies.into_iter().flat_map(|copies| copies.data.CopyJobs.iter().flatten());
    let air_gapped = jobs.filter(|job| job.DestinationVaultType.as_deref() == Some(AIR_GAPPED));
    Ok(air_gapped.filter_map(|job| job.CompletionDate).max())
}

/// Those that were seen are enough for copies elsewhere; that there are none takes the whole listing.
fn vaults_outside(resource: &Resource, copies: Option<&Row<'_, ResourceCopies>>, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let jobs = copies.into_iter().flat_map(|copies| copies.data.CopyJobs.iter().flatten());
    let outside = |arn: &&String| {
        let mut parts = arn.split(':').skip(3);
        (parts.next(), parts.next()) != (Some(resource.region.as_str()), Some(resource.account.as_str()))
    };
    let mut vaults: Vec<_> = jobs.filter_map(|job| job.DestinationBackupVaultArn.as_ref()).filter(outside).cloned().collect();
    vaults.sort();
    vaults.dedup();
    index.backup_copies().gap().filter(|_| vaults.is_empty()).map_or(Ok(vaults), Err)
}

fn latest_restore(row: &Row<'_, ProtectedResource>, index: &Index<'_>) -> Result<Option<i64>, Gap> {
    match row.data.LatestRestoreExecutionTimeMinutes {
        Some(minutes) => Ok(Some(minutes)),
        None => gap_in(row, "LatestRestoreExecutionTimeMinutes", index).map_or(Ok(None), Err),
    }
}
