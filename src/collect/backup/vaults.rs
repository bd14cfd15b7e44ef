//! Backup vaults: their policies, and which recovery points of databases they hold.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_backup::Client;
use aws_sdk_backup::operation::get_backup_vault_access_policy::GetBackupVaultAccessPolicyError;
use aws_sdk_backup::types::RecoveryPointByBackupVault;

use super::super::ask::{Ask, map_each, unread, visit};
use super::super::failure::gap;
use super::{by_type, newer};
use crate::inventory::backup::{BackupVault, VaultRecoveryPoint, resource_types};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Kind, kinds};

const LISTING: &str = "backup:ListBackupVaults";
const POINTS: &str = "backup:ListRecoveryPointsByBackupVault";
const POLICY: &str = "backup:GetBackupVaultAccessPolicy";

/// Collects the vaults of the region, with the recovery points of databases; returns the keys of those that hold some.
/// What they hold may come from regions and accounts with other types of database than are here.
pub async fn collect(ask: &Ask<'_>, client: &Client) -> BTreeSet<String> {
    ask.wants_details(kinds::BACKUP_VAULT);
    if !ask.wants(LISTING) {
        return BTreeSet::new();
    }
    let listed = ask.list(LISTING, || client.list_backup_vaults().into_paginator().items().send()).await;
    let vaults = map_each(listed, async |listed| vault(ask, client, BackupVault::from_sdk(listed)).await);
    vaults.await.into_iter().flatten().collect()
}

/// Asks about one vault; returns its key where it may hold recovery points of databases.
async fn vault(ask: &Ask<'_>, client: &Client, mut vault: BackupVault) -> Option<String> {
    let name = vault.BackupVaultName.clone().unwrap_or_default();
    let says_empty = vault.NumberOfRecoveryPoints == Some(0);
    let held = async { if ask.wants(POINTS) { points(client, &name, says_empty).await.map(Some) } else { Ok(None) } };
    let allowed = async { if ask.wants(POLICY) { policy(client, &name).await } else { Ok(None) } };
    let (points, policy) = tokio::join!(held, allowed);
    let mut gaps = Vec::new();
    match points {
        Ok(points) => vault.RecoveryPoints = points,
        Err(gap) => gaps.push(unread(kinds::BACKUP_VAULT, POINTS, gap)),
    }
    match policy {
        Ok(policy) => vault.Policy = policy,
        Err(gap) => gaps.push(unread(kinds::BACKUP_VAULT, POLICY, gap)),
    }
    ask.add(kinds::BACKUP_VAULT, vault.BackupVaultArn.as_deref(), BTreeMap::new(), &vault, gaps);
    let is_empty = vault.RecoveryPoints.is_some_and(|points| points.is_empty());
    vault.EncryptionKeyArn.filter(|_| !is_empty)
}

/// Of each database the newest recovery point that is encrypted and the newest that is not: there may
/// be thousands. A vault that says that it holds none, which is an approximation, is asked once for all that it holds.
async fn points(client: &Client, vault: &str, says_empty: bool) -> Result<Vec<VaultRecoveryPoint>, Gap> {
    let types: BTreeSet<&str> = Kind::all().flat_map(resource_types).copied().collect();
    let mut newest = BTreeMap::new();
    let mut keep = |point: RecoveryPointByBackupVault| {
        if point.resource_type().is_none_or(|name| types.contains(name)) {
            let point = VaultRecoveryPoint::from_sdk(point);
            newer(&mut newest, (point.ResourceArn.clone(), point.IsEncrypted), point, |point| point.CreationDate);
        }
    };
    let list = || client.list_recovery_points_by_backup_vault().backup_vault_name(vault);
    let unread = if says_empty {
        let failure = visit(list().into_paginator().items().send(), &mut keep).await;
        failure.map(|error| gap(POINTS, &error))
    } else {
        by_type(POINTS, &types, |name| list().by_resource_type(name).into_paginator().items().send(), keep).await
    };
    unread.map_or_else(|| Ok(newest.into_values().collect()), Err)
}

/// The policy of a vault, if it has one.
async fn policy(client: &Client, vault: &str) -> Result<Option<String>, Gap> {
    match client.get_backup_vault_access_policy().backup_vault_name(vault).send().await {
        Ok(answer) => Ok(answer.policy),
        Err(error) if error.as_service_error().is_some_and(GetBackupVaultAccessPolicyError::is_resource_not_found_exception) => Ok(None),
        Err(error) => Err(gap(POLICY, &error)),
    }
}
