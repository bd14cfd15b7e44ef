//! Backup plans and what they select.

use std::collections::BTreeMap;

use aws_sdk_backup::Client;
use aws_sdk_backup::types as sdk;

use super::super::ask::{Ask, each, field_gap, unread};
use super::super::failure::gap;
use crate::inventory::backup::{BackupPlan, BackupSelection};
use crate::inventory::shape::FromSdk;
use crate::inventory::{Gap, Reason, kinds};

const LISTING: &str = "backup:ListBackupPlans";
const SELECTIONS: &str = "backup:ListBackupSelections";
const RULES: &str = "backup:GetBackupPlan";

/// Collects the plans of the region, with their rules and selections.
pub async fn collect(ask: &Ask<'_>, client: &Client, used: bool) {
    let (wants_selections, wants_details) = (ask.wants(SELECTIONS), ask.wants("backup:GetBackupSelection"));
    ask.wants_details(kinds::BACKUP_PLAN);
    if !ask.wants(LISTING) || !used {
        return;
    }
    let plans = ask.list(LISTING, || client.list_backup_plans().into_paginator().items().send()).await;
    each(plans, async |plan: sdk::BackupPlansListMember| {
        tokio::join!(add_plan(ask, client, &plan), async {
            if wants_selections {
                selections(ask, client, &plan, wants_details).await;
            }
        });
    })
    .await;
}

async fn add_plan(ask: &Ask<'_>, client: &Client, listed: &sdk::BackupPlansListMember) {
    let id = listed.backup_plan_id.clone();
    let (answer, mut gap) = ask.detail(kinds::BACKUP_PLAN, RULES, client.get_backup_plan().set_backup_plan_id(id.clone()).send()).await;
    let asked = answer.is_some();
    let mut plan = answer.and_then(|answer| answer.backup_plan).map(BackupPlan::from_sdk).unwrap_or_default();
    if asked && plan.Rules.is_none() {
        gap = Some(unread(kinds::BACKUP_PLAN, RULES, Gap::new(RULES, Reason::NotReturned, "AWS returned no plan")));
    }
    (plan.BackupPlanId, plan.BackupPlanArn, plan.BackupPlanName) = (id, listed.backup_plan_arn.clone(), listed.backup_plan_name.clone());
    ask.add(kinds::BACKUP_PLAN, listed.backup_plan_arn.as_deref(), BTreeMap::new(), &plan, gap.into_iter().collect());
}

async fn selections(ask: &Ask<'_>, client: &Client, plan: &sdk::BackupPlansListMember, wants_details: bool) {
    let pages = || client.list_backup_selections().set_backup_plan_id(plan.backup_plan_id.clone()).into_paginator().items().send();
    for listed in ask.list(SELECTIONS, pages).await {
        selection(ask, client, plan, listed, wants_details).await;
    }
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
                None => gaps.push(field_gap(&DETAILS, Gap::new(OPERATION, Reason::NotReturned, "AWS returned no selection"))),
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
