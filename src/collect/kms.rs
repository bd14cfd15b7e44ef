//! The KMS keys that databases and their copies are encrypted with, each asked once.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::Client;

use super::ask::{Ask, each, field_gap};
use super::failure::gap;
use crate::inventory::kinds;
use crate::inventory::kms::Key;
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, Reason};

/// Collects the keys of the given ARNs.
pub async fn collect(ask: &Ask<'_>, client: &Client, arns: &BTreeSet<String>) {
    let (rotation, policy) = (ask.wants("kms:GetKeyRotationStatus"), ask.wants("kms:GetKeyPolicy"));
    if ask.wants("kms:DescribeKey") {
        each(arns, async |arn: &String| key(ask, client, arn, rotation, policy).await).await;
    }
}

async fn key(ask: &Ask<'_>, client: &Client, arn: &str, rotation: bool, policy: bool) {
    let answer = client.describe_key().key_id(arn).send().await;
    let mut key = match answer.map(|answer| answer.key_metadata) {
        Ok(Some(metadata)) => Key::from_sdk(metadata),
        Ok(None) => return unreadable(ask, arn, Gap::new("kms:DescribeKey", Reason::NotReturned, "AWS returned no metadata")),
        Err(error) => return unreadable(ask, arn, gap("kms:DescribeKey", &error)),
    };
    let mut gaps: Vec<FieldGap> = Vec::new();
    // The rotation and policy of AWS's own keys are AWS's business.
    let of_customer = key.KeyManager.as_deref() == Some("CUSTOMER");
    if rotation && of_customer && rotates(&key) {
        match client.get_key_rotation_status().key_id(arn).send().await {
            Ok(status) => {
                key.KeyRotationEnabled = Some(status.key_rotation_enabled);
                key.RotationPeriodInDays = status.rotation_period_in_days.map(i64::from);
            }
            Err(error) => gaps.push(field_gap(&["KeyRotationEnabled", "RotationPeriodInDays"], gap("kms:GetKeyRotationStatus", &error))),
        }
    }
    if policy && of_customer {
        match client.get_key_policy().key_id(arn).policy_name("default").send().await {
            Ok(answer) => key.Policy = answer.policy,
            Err(error) => gaps.push(field_gap(&["Policy"], gap("kms:GetKeyPolicy", &error))),
        }
    }
    // Databases name the key by this ARN; so must the inventory.
    key.Arn = Some(arn.to_owned());
    ask.add(kinds::KMS_KEY, Some(arn), BTreeMap::new(), &key, gaps);
}

/// Whether KMS can rotate the key by itself: it made the material, symmetric, and the key is in use.
fn rotates(key: &Key) -> bool {
    key.Origin.as_deref() == Some("AWS_KMS")
        && key.KeySpec.as_deref() == Some("SYMMETRIC_DEFAULT")
        && matches!(key.KeyState.as_deref(), Some("Enabled" | "Disabled"))
}

/// A key of which nothing but the ARN is known.
fn unreadable(ask: &Ask<'_>, arn: &str, gap: Gap) {
    let known = ["Arn"];
    let schema = (kinds::KMS_KEY.schema)();
    let fields =
        schema.pointer("/properties").and_then(serde_json::Value::as_object).map(|fields| fields.keys().map(String::as_str).collect::<Vec<_>>());
    let unknown: Vec<_> = fields.unwrap_or_default().into_iter().filter(|field| !known.contains(field)).collect();
    let key = Key { Arn: Some(arn.to_owned()), ..Key::default() };
    ask.add(kinds::KMS_KEY, Some(arn), BTreeMap::new(), &key, vec![field_gap(&unknown, gap)]);
}
