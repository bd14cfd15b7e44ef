//! GuardDuty's detector: asked once the databases of the region are known, and only where there are
//! some whose logins it can watch.

use std::collections::BTreeMap;

use super::Session;
use super::ask::{Ask, each};
use crate::inventory::guardduty::{self, Detector};
use crate::inventory::kinds;
use crate::inventory::shape::FromSdk;

/// Collects the detectors of the region; AWS allows one.
pub async fn collect(ask: &Ask<'_>, session: &Session) {
    let watched = !ask.map_resources(|resource| guardduty::is_watched(resource).then_some(())).is_empty();
    ask.wants("guardduty:ListDetectors");
    ask.wants_details(kinds::DETECTOR);
    if !watched {
        return;
    }
    let client = session.guardduty(ask.region());
    let ids = ask.list("guardduty:ListDetectors", || client.list_detectors().into_paginator().items().send()).await;
    each(ids, async |id| {
        let answer = client.get_detector().detector_id(&id).send();
        let (answer, gap) = ask.detail(kinds::DETECTOR, "guardduty:GetDetector", answer).await;
        let arn = ask.arn("guardduty", &format!("detector/{id}"));
        let mut detector = Detector { DetectorId: Some(id), ..Detector::default() };
        if let Some(answer) = answer {
            detector.Status = FromSdk::from_sdk(answer.status);
            detector.Features = FromSdk::from_sdk(answer.features);
        }
        ask.add(kinds::DETECTOR, Some(&arn), BTreeMap::new(), &detector, gap.into_iter().collect());
    })
    .await;
}
