//! The secrets that databases and proxies log in with: what is said of them, never their values.
//!
//! Those that RDS makes for its databases are listed, a hundred a call; the others, whose owners may have
//! thousands more, are described one by one.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretError;
use aws_sdk_secretsmanager::types::{Filter, FilterNameStringType, Tag};

use super::Session;
use super::ask::{Ask, drain, map_each};
use super::failure::gap;
use crate::inventory::kinds::SECRET;
use crate::inventory::kms;
use crate::inventory::secrets::Secret;
use crate::inventory::shape::FromSdk;

const DESCRIBE: &str = "secretsmanager:DescribeSecret";
const LIST: &str = "secretsmanager:ListSecrets";
const POLICY: &str = "secretsmanager:GetResourcePolicy";

/// Collects the secrets of the given ARNs, each in its own region; returns the keys that they are
/// encrypted with. One that does not exist is left out.
pub async fn collect(ask: &Ask<'_>, session: &Session, arns: &BTreeSet<String>) -> BTreeSet<String> {
    ask.wants_details(SECRET);
    if !ask.wants(DESCRIBE) || !ask.wants(LIST) {
        return BTreeSet::new();
    }
    let (managed, others): (BTreeSet<_>, BTreeSet<_>) = arns.iter().map(String::as_str).partition(|arn| is_managed(ask, arn));
    let (of_managed, of_others) = tokio::join!(listed(ask, session, managed), map_each(others, async |arn| described(ask, session, arn).await));
    of_managed.into_iter().chain(of_others.into_iter().flatten()).collect()
}

/// Whether the secret is one that RDS made in the region that is asked: no other may be named like it.
fn is_managed(ask: &Ask<'_>, arn: &str) -> bool {
    arn.starts_with(&ask.arn("secretsmanager", "secret:rds!"))
}

/// Lists the secrets that RDS made, if these are some, and keeps these.
async fn listed(ask: &Ask<'_>, session: &Session, arns: BTreeSet<&str>) -> Vec<String> {
    if arns.is_empty() {
        return Vec::new();
    }
    let made_by_rds = Filter::builder().key(FilterNameStringType::OwningService).values("rds").build();
    let request = session.secrets_manager(ask.region()).list_secrets().filters(made_by_rds).include_planned_deletion(true).max_results(100);
    let (pages, failure) = drain(LIST, request.into_paginator().send()).await;
    let entries = pages.into_iter().flat_map(|page| page.secret_list.unwrap_or_default());
    let mut found: BTreeMap<_, _> = entries.filter_map(|entry| Some((entry.arn.clone()?, entry))).collect();
    let entries: Vec<_> = arns.into_iter().map(|arn| (arn, found.remove(arn))).collect();
    let keys = map_each(entries, async |(arn, entry)| match (entry, &failure) {
        (Some(entry), _) => {
            let tags = tags(entry.tags());
            keep(ask, session, arn, Secret::from_sdk(entry), tags).await
        }
        // Not before five minutes have passed does the listing name every new secret: it may be there all the same.
        (None, None) => described(ask, session, arn).await,
        (None, Some(failure)) => {
            ask.add_unread(SECRET, arn, "ARN", failure.clone());
            None
        }
    });
    keys.await.into_iter().flatten().collect()
}

/// Describes a secret, whosever it is.
async fn described(ask: &Ask<'_>, session: &Session, arn: &str) -> Option<String> {
    let client = session.secrets_manager(arn.split(':').nth(3).unwrap_or(ask.region()));
    match client.describe_secret().secret_id(arn).send().await {
        Ok(answer) => {
            let tags = tags(answer.tags());
            keep(ask, session, arn, Secret::from_sdk(answer), tags).await
        }
        Err(error) if error.as_service_error().is_some_and(DescribeSecretError::is_resource_not_found_exception) => None,
        Err(error) => {
            ask.add_unread(SECRET, arn, "ARN", gap(DESCRIBE, &error));
            None
        }
    }
}

/// Adds a secret with its policy; returns its key.
async fn keep(ask: &Ask<'_>, session: &Session, arn: &str, mut secret: Secret, tags: BTreeMap<String, String>) -> Option<String> {
    let mut parts = arn.split(':').skip(3);
    let (region, account) = (parts.next().unwrap_or(ask.region()), parts.next().unwrap_or(ask.account()));
    let request = session.secrets_manager(region).get_resource_policy().secret_id(arn);
    let (policy, unread) = ask.detail(SECRET, POLICY, request.send()).await;
    secret.ResourcePolicy = policy.and_then(|answer| answer.resource_policy);
    // Databases name the secret by this ARN; so must the inventory.
    secret.ARN = Some(arn.to_owned());
    ask.add(SECRET, Some(arn), tags, &secret, unread.into_iter().collect());
    // Keys are asked for in the region that is scanned.
    secret.KmsKeyId.filter(|_| region == ask.region()).map(|key| kms::arn(&key, account, region))
}

fn tags(tags: &[Tag]) -> BTreeMap<String, String> {
    tags.iter().filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()))).collect()
}
