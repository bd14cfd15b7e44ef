//! The KMS keys that databases and their copies are encrypted with, each asked once.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::Client;

use super::ask::{Ask, drain, each, field_gap, unread};
use super::failure::gap;
use crate::inventory::kinds;
use crate::inventory::kms::Key;
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, Reason};

const TAGS: &str = "kms:ListResourceTags";

/// Collects the keys of the given ARNs.
pub async fn collect(ask: &Ask<'_>, client: &Client, arns: &BTreeSet<String>) {
    let (rotation, policy) = (ask.wants("kms:GetKeyRotationStatus"), ask.wants("kms:GetKeyPolicy"));
    ask.wants_details(kinds::KMS_KEY);
    if ask.wants("kms:DescribeKey") {
        each(arns, async |arn: &String| key(ask, client, arn, rotation, policy).await).await;
    }
}

async fn key(ask: &Ask<'_>, client: &Client, arn: &str, rotation: bool, policy: bool) {
    let answer = client.describe_key().key_id(arn).send().await;
    let mut key = match answer.map(|answer| answer.key_metadata) {
        Ok(Some(metadata)) => Key::from_sdk(metadata),
        Ok(None) => return ask.add_unread(kinds::KMS_KEY, arn, "Arn", Gap::new("kms:DescribeKey", Reason::NotReturned, "AWS returned no metadata")),
        Err(error) => return ask.add_unread(kinds::KMS_KEY, arn, "Arn", gap("kms:DescribeKey", &error)),
    };
    let mut gaps: Vec<FieldGap> = Vec::new();
    // The other operations take no alias.
    let id = key.Arn.clone().unwrap_or_else(|| arn.to_owned());
    // The rotation and policy of AWS's own keys are AWS's business.
    let of_customer = key.KeyManager.as_deref() == Some("CUSTOMER");
    if rotation && of_customer && rotates(&key) {
        match client.get_key_rotation_status().key_id(&id).send().await {
            Ok(status) => {
                key.KeyRotationEnabled = Some(status.key_rotation_enabled);
                key.RotationPeriodInDays = status.rotation_period_in_days.map(i64::from);
            }
            Err(error) => gaps.push(field_gap(&["KeyRotationEnabled", "RotationPeriodInDays"], gap("kms:GetKeyRotationStatus", &error))),
        }
    }
    if policy && of_customer {
        match client.get_key_policy().key_id(&id).policy_name("default").send().await {
            Ok(answer) => key.Policy = answer.policy,
            Err(error) => gaps.push(field_gap(&["Policy"], gap("kms:GetKeyPolicy", &error))),
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

/// Whether KMS can rotate the key by itself: it made the material, symmetric, and the key is in use.
fn rotates(key: &Key) -> bool {
    key.Origin.as_deref() == Some("AWS_KMS")
        && key.KeySpec.as_deref() == Some("SYMMETRIC_DEFAULT")
        && matches!(key.KeyState.as_deref(), Some("Enabled" | "Disabled"))
}
