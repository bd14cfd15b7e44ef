//! What CloudTrail records of a region: the trails that reach it, and its event data stores.
//!
//! A trail of all regions shows in each of them. What it records is asked of its home region, once
//! an account.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::sync::{Mutex, OnceCell};

use super::Session;
use super::ask::{Ask, each, field_gap};
use super::failure::gap;
use crate::inventory::cloudtrail::{EventDataStore, Trail};
use crate::inventory::shape::FromSdk;
use crate::inventory::{FieldGap, Gap, kinds};

/// What is known of trails beyond their listing, by ARN.
pub type Trails = Mutex<HashMap<String, Arc<OnceCell<Details>>>>;

/// What a trail records, and whether it does now.
#[derive(Debug, Default)]
pub struct Details {
    status: Option<Result<Option<bool>, Gap>>,
    selectors: Option<Result<Trail, Gap>>,
}

/// Collects what records events of the region.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    tokio::join!(trails(ask, session), event_data_stores(ask, session));
}

async fn trails(ask: &Ask<'_>, session: &Session) {
    let client = session.cloudtrail(ask.region());
    let answer = ask.one("cloudtrail:DescribeTrails", client.describe_trails().include_shadow_trails(true).send()).await;
    let (status, selectors) = (ask.wants("cloudtrail:GetTrailStatus"), ask.wants("cloudtrail:GetEventSelectors"));
    let listed = answer.and_then(|answer| answer.trail_list).unwrap_or_default();
    each(listed, async |sdk| {
        let mut trail = Trail::from_sdk(sdk);
        let arn = trail.TrailARN.clone().unwrap_or_default();
        let cell = Arc::clone(session.trails.lock().await.entry(arn.clone()).or_default());
        let home = trail.HomeRegion.clone().unwrap_or_else(|| ask.region().to_owned());
        let details = cell.get_or_init(|| details(session, &home, &arn, status, selectors)).await;
        let mut gaps: Vec<FieldGap> = Vec::new();
        match &details.status {
            Some(Ok(is_logging)) => trail.IsLogging = *is_logging,
            Some(Err(gap)) => gaps.push(field_gap(&["IsLogging"], gap.clone())),
            None => {}
        }
        match &details.selectors {
            Some(Ok(of)) => {
                trail.EventSelectors.clone_from(&of.EventSelectors);
                trail.AdvancedEventSelectors.clone_from(&of.AdvancedEventSelectors);
            }
            Some(Err(gap)) => gaps.push(field_gap(&["EventSelectors", "AdvancedEventSelectors"], gap.clone())),
            None => {}
        }
        ask.add(kinds::TRAIL, trail.TrailARN.as_deref(), BTreeMap::new(), &trail, gaps);
    })
    .await;
}

async fn details(session: &Session, home: &str, arn: &str, status: bool, selectors: bool) -> Details {
    let client = session.cloudtrail(home);
    let status = async {
        if !status {
            return None;
        }
        let answer = client.get_trail_status().name(arn).send().await;
        Some(answer.map(|answer| answer.is_logging).map_err(|error| gap("cloudtrail:GetTrailStatus", &error)))
    };
    let selectors = async {
        if !selectors {
            return None;
        }
        let answer = client.get_event_selectors().trail_name(arn).send().await;
        let trail = answer.map(|answer| Trail {
            EventSelectors: FromSdk::from_sdk(answer.event_selectors),
            AdvancedEventSelectors: FromSdk::from_sdk(answer.advanced_event_selectors),
            ..Trail::default()
        });
        Some(trail.map_err(|error| gap("cloudtrail:GetEventSelectors", &error)))
    };
    let (status, selectors) = tokio::join!(status, selectors);
    Details { status, selectors }
}

async fn event_data_stores(ask: &Ask<'_>, session: &Session) {
    let client = session.cloudtrail(ask.region());
    let stores = ask.list("cloudtrail:ListEventDataStores", || client.list_event_data_stores().into_paginator().send()).await;
    if !ask.wants("cloudtrail:GetEventDataStore") {
        return;
    }
    let stores = stores.into_iter().flat_map(|page| page.event_data_stores.unwrap_or_default());
    each(stores, async |store| {
        let arn = store.event_data_store_arn;
        let mut data = EventDataStore { Name: store.name, EventDataStoreArn: arn.clone(), ..EventDataStore::default() };
        let answer = client.get_event_data_store().set_event_data_store(arn.clone()).send().await;
        let gaps = match answer {
            Ok(answer) => {
                data.Status = FromSdk::from_sdk(answer.status);
                data.AdvancedEventSelectors = FromSdk::from_sdk(answer.advanced_event_selectors);
                Vec::new()
            }
            Err(error) => vec![field_gap(&["Status", "AdvancedEventSelectors"], gap("cloudtrail:GetEventDataStore", &error))],
        };
        ask.add(kinds::EVENT_DATA_STORE, arn.as_deref(), BTreeMap::new(), &data, gaps);
    })
    .await;
}
