//! The KMS keys that databases and their copies are encrypted with, each asked once.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::Client;
use aws_sdk_kms::types::GrantListEntry;

use futures_util::StreamExt;
use tokio::sync::mpsc::UnboundedReceiver;

use super::ask::{Ask, CALLS_AT_ONCE, drain, if_wanted, unread, visit};
use super::failure::gap;
use crate::inventory::kinds;
use crate::inventory::kms::{Grant, Key};
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, Reason};

const TAGS: &str = "kms:ListResourceTags";
const GRANTS: &str = "kms:ListGrants";

/// As many as a page can have.
const GRANTS_A_PAGE: i32 = 100;

/// Collects the keys of the ARNs, each once, as these come, until nobody names more.
pub async fn collect(ask: &Ask<'_>, client: &Client, mut arns: UnboundedReceiver<BTreeSet<String>>) {
    ask.wants_details(kinds::KMS_KEY);
    if !ask.wants("kms:DescribeKey") {
        return;
    }
    let mut named = BTreeSet::new();
    let arns = futures_util::stream::poll_fn(move |context| arns.poll_recv(context)).flat_map(futures_util::stream::iter);
    let new = arns.filter(|arn| std::future::ready(named.insert(arn.clone())));
    new.for_each_concurrent(CALLS_AT_ONCE, |arn| async move { key(ask, client, &arn).await }).await;
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
    let rotates = of_customer && rotates(&key);
    let ((status, no_status), (policy, no_policy), grants, tags) = tokio::join!(
        async {
            if !rotates {
                return (None, None);
            }
            ask.detail(kinds::KMS_KEY, "kms:GetKeyRotationStatus", client.get_key_rotation_status().key_id(&id).send()).await
        },
        async {
            if !of_customer {
                return (None, None);
            }
            ask.detail(kinds::KMS_KEY, "kms:GetKeyPolicy", client.get_key_policy().key_id(&id).policy_name("default").send()).await
        },
        if_wanted(of_customer && ask.wants(GRANTS), grants(client, &id)),
        if_wanted(ask.wants(TAGS), tags(client, &id)),
    );
    key.KeyRotationEnabled = status.as_ref().map(|status| status.key_rotation_enabled);
    key.RotationPeriodInDays = status.and_then(|status| status.rotation_period_in_days).map(i64::from);
    key.Policy = policy.and_then(|answer| answer.policy);
    let mut gaps: Vec<FieldGap> = no_status.into_iter().chain(no_policy).collect();
    key.Grants = grants.unwrap_or_else(|gap| {
        gaps.push(unread(kinds::KMS_KEY, GRANTS, gap));
        None
    });
    let tags = tags.unwrap_or_else(|gap| {
        gaps.push(unread(kinds::KMS_KEY, TAGS, gap));
        None
    });
    // Databases name the key by this ARN; so must the inventory.
    key.Arn = Some(arn.to_owned());
    ask.add(kinds::KMS_KEY, Some(arn), tags.unwrap_or_default(), &key, gaps);
}

/// The tags of a key.
async fn tags(client: &Client, key: &str) -> Result<BTreeMap<String, String>, Gap> {
    let (tags, failure) = drain(TAGS, client.list_resource_tags().key_id(key).into_paginator().items().send()).await;
    failure.map_or_else(|| Ok(tags.into_iter().map(|tag| (tag.tag_key, tag.tag_value)).collect()), Err)
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
