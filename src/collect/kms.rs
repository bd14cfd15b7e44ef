//! The KMS keys that databases and their copies are encrypted with, each asked once.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::Client;
use aws_sdk_kms::types::GrantListEntry;

use super::ask::{Ask, drain, each, unread, visit};
use super::failure::gap;
use crate::inventory::kinds;
use crate::inventory::kms::{Grant, Key};
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, Reason};

const TAGS: &str = "kms:ListResourceTags";
const GRANTS: &str = "kms:ListGrants";

/// As many as a page can have.
const GRANTS_A_PAGE: i32 = 100;

/// Collects the keys of the given ARNs.
pub async fn collect(ask: &Ask<'_>, client: &Client, arns: &BTreeSet<String>) {
    ask.wants_details(kinds::KMS_KEY);
    if ask.wants("kms:DescribeKey") {
        each(arns, async |arn: &String| key(ask, client, arn).await).await;
    }
}

async fn key(ask: &Ask<'_>, client: &Client, arn: &str) {
    let answer = client.describe_key().key_id(arn).send().await;
    let mut key = match answer.map(|answer| answer.key_metadata) {
        Ok(Some(metadata)) => Key::from_sdk(metadata),
        Ok(None) => return ask.add_unread(kinds::KMS_KEY, arn, "Arn", Gap::new("kms:DescribeKey", Reason::NotReturned, "AWS returned no metadata")),
        Err(error) => return ask.add_unread(kinds::KMS_KEY, arn, "Arn", gap("kms:DescribeKey", &error)),
    };
    // The other operations take no alias.
    let id = key.Arn.clone().unwrap_or_else(|| arn.to_owned());
    // The rotation, policy and grants of AWS's own keys are AWS's business.
    let of_customer = key.KeyManager.as_deref() == Some("CUSTOMER");
    let mut gaps: Vec<FieldGap> = Vec::new();
    if of_customer && rotates(&key) {
        let (status, gap) = ask.detail(kinds::KMS_KEY, "kms:GetKeyRotationStatus", client.get_key_rotation_status().key_id(&id).send()).await;
        key.KeyRotationEnabled = status.as_ref().map(|status| status.key_rotation_enabled);
        key.RotationPeriodInDays = status.and_then(|status| status.rotation_period_in_days).map(i64::from);
        gaps.extend(gap);
    }
    if of_customer {
        let (answer, gap) = ask.detail(kinds::KMS_KEY, "kms:GetKeyPolicy", client.get_key_policy().key_id(&id).policy_name("default").send()).await;
        key.Policy = answer.and_then(|answer| answer.policy);
        gaps.extend(gap);
    }
    if of_customer && ask.wants(GRANTS) {
        match grants(client, &id).await {
            Ok(grants) => key.Grants = Some(grants),
            Err(gap) => gaps.push(unread(kinds::KMS_KEY, GRANTS, gap)),
        }
    }
    let mut tags = BTreeMap::new();
    if ask.wants(TAGS) {
        let (found, failure) = drain(TAGS, client.list_resource_tags().key_id(&id).into_paginator().items().send()).await;
        tags.extend(found.into_iter().map(|tag| (tag.tag_key, tag.tag_value)));
        gaps.extend(failure.map(|gap| unread(kinds::KMS_KEY, TAGS, gap)));
    }
    // Databases name the key by this ARN; so must the inventory.
    key.Arn = Some(arn.to_owned());
    ask.add(kinds::KMS_KEY, Some(arn), tags, &key, gaps);
}

/// The grants of a key to principals of accounts.
async fn grants(client: &Client, key: &str) -> Result<Vec<Grant>, Gap> {
    let mut grants: Vec<Grant> = Vec::new();
    // Those to services alone may be many thousands.
    let keep = |grant: GrantListEntry| {
        let to_service = grant.grantee_principal.as_deref().is_none_or(|principal| principal.contains(".amazonaws.com"));
        grants.extend((!to_service).then(|| Grant::from_sdk(grant)));
    };
    let pages = client.list_grants().key_id(key).limit(GRANTS_A_PAGE).into_paginator().items().send();
    visit(pages, keep).await.map_or(Ok(grants), |error| Err(gap(GRANTS, &error)))
}

/// Whether KMS can rotate the key by itself: it made the material, symmetric, and the key is in use.
fn rotates(key: &Key) -> bool {
    key.Origin.as_deref() == Some("AWS_KMS")
        && key.KeySpec.as_deref() == Some("SYMMETRIC_DEFAULT")
        && matches!(key.KeyState.as_deref(), Some("Enabled" | "Disabled"))
}
