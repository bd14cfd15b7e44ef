//! The DB clusters that AWS Resource Access Manager shares, and with whom.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ram::Client;
use aws_sdk_ram::types::ResourceOwner;

use super::ask::{Ask, drain, field_gap};
use crate::inventory::kinds;
use crate::inventory::ram::{Principal, ResourceShare};
use crate::inventory::shape::FromSdk;

const CLUSTERS: &str = "rds:Cluster";

/// Collects the shares that hold DB clusters. `used` says whether there are clusters that could be shared.
pub async fn collect(ask: &Ask<'_>, client: &Client, used: bool) {
    let wants_principals = ask.wants("ram:ListPrincipals");
    if !ask.wants("ram:ListResources") || !used {
        return;
    }
    let pages = || client.list_resources().resource_owner(ResourceOwner::SelfValue).resource_type(CLUSTERS).into_paginator().send();
    let resources = ask.list("ram:ListResources", pages).await.into_iter().flat_map(|page| page.resources.unwrap_or_default());
    let mut shares: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (share, resource) in resources.filter_map(|resource| Some((resource.resource_share_arn?, resource.arn?))) {
        shares.entry(share).or_default().insert(resource);
    }
    if shares.is_empty() {
        return;
    }
    let mut gap = None;
    let mut principals: BTreeMap<String, Vec<Principal>> = BTreeMap::new();
    if wants_principals {
        let pages = client.list_principals().resource_owner(ResourceOwner::SelfValue).resource_type(CLUSTERS).into_paginator().send();
        let (pages, failure) = drain("ram:ListPrincipals", pages).await;
        gap = failure;
        for principal in pages.into_iter().flat_map(|page| page.principals.unwrap_or_default()) {
            if let Some(share) = principal.resource_share_arn.clone() {
                principals.entry(share).or_default().push(Principal::from_sdk(principal));
            }
        }
    }
    for (arn, resources) in shares {
        let principals = wants_principals.then(|| principals.remove(&arn).unwrap_or_default());
        let share = ResourceShare { resourceShareArn: Some(arn.clone()), resourceArns: Some(resources.into_iter().collect()), principals };
        let gaps = gap.clone().map(|gap| field_gap(&["principals"], gap)).into_iter().collect();
        ask.add(kinds::RESOURCE_SHARE, Some(&arn), BTreeMap::new(), &share, gaps);
    }
}
