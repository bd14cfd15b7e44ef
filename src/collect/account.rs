//! The regions that there are for the account, and which of them it has enabled.

use std::collections::BTreeMap;

use super::Session;
use super::ask::Ask;
use crate::inventory::account::{AccountRegions, ListedRegion};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// Collects the list of regions, once an account.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    const LISTING: &str = "account:ListRegions";
    let client = session.account_management(&session.home());
    let regions = ask.list(LISTING, || client.list_regions().into_paginator().items().send()).await;
    if !ask.wants(LISTING) || ask.gap_of(LISTING).is_some() {
        // Half a list would leave out regions in silence.
        return;
    }
    let regions = regions.into_iter().map(ListedRegion::from_sdk).collect();
    let arn = format!("arn:{}:account::{}:account", crate::inventory::partition(&session.home()), ask.account());
    let data = AccountRegions { AccountId: Some(ask.account().to_owned()), Regions: Some(regions) };
    ask.add(kinds::ACCOUNT_REGIONS, Some(&arn), BTreeMap::new(), &data, Vec::new());
}
