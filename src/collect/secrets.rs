//! The secrets that databases and proxies log in with: what is said of them, never their values.

use std::collections::BTreeSet;

use aws_sdk_secretsmanager::operation::describe_secret::{DescribeSecretError, DescribeSecretOutput};

use super::Session;
use super::ask::{Ask, map_each};
use super::failure::gap;
use crate::inventory::kinds::SECRET;
use crate::inventory::kms;
use crate::inventory::secrets::Secret;
use crate::inventory::shape::FromSdk;

const POLICY: &str = "secretsmanager:GetResourcePolicy";

/// Collects the secrets of the given ARNs, each in its own region; returns the keys that they are
/// encrypted with. One that does not exist is left out.
pub async fn collect(ask: &Ask<'_>, session: &Session, arns: &BTreeSet<String>) -> BTreeSet<String> {
    ask.wants_details(SECRET);
    if !ask.wants("secretsmanager:DescribeSecret") {
        return BTreeSet::new();
    }
    let keys = map_each(arns, async |arn: &String| secret(ask, session, arn).await);
    keys.await.into_iter().flatten().collect()
}

async fn secret(ask: &Ask<'_>, session: &Session, arn: &str) -> Option<String> {
    let mut parts = arn.split(':').skip(3);
    let (region, account) = (parts.next().unwrap_or(ask.region()), parts.next().unwrap_or(ask.account()));
    let client = session.secrets_manager(region);
    let answer = match client.describe_secret().secret_id(arn).send().await {
        Ok(answer) => answer,
        Err(error) if error.as_service_error().is_some_and(DescribeSecretError::is_resource_not_found_exception) => return None,
        Err(error) => {
            ask.add_unread(SECRET, arn, "ARN", gap("secretsmanager:DescribeSecret", &error));
            return None;
        }
    };
    let (policy, unread) = ask.detail(SECRET, POLICY, client.get_resource_policy().secret_id(arn).send()).await;
    let tags = tags(&answer);
    let mut secret = Secret::from_sdk(answer);
    secret.ResourcePolicy = policy.and_then(|answer| answer.resource_policy);
    // Databases name the secret by this ARN; so must the inventory.
    secret.ARN = Some(arn.to_owned());
    ask.add(SECRET, Some(arn), tags, &secret, unread.into_iter().collect());
    // Keys are asked for in the region that is scanned.
    secret.KmsKeyId.filter(|_| region == ask.region()).map(|key| kms::arn(&key, account, region))
}

fn tags(answer: &DescribeSecretOutput) -> std::collections::BTreeMap<String, String> {
    answer.tags().iter().filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()))).collect()
}
