//! Asks CloudTrail's event history who changed resources last, at its two calls a second.

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use futures_util::StreamExt;
use serde::Deserialize;

use super::failure::gap;
use super::guard::reads_only;
use super::{Interrupt, Sessions};
use crate::inventory::last_change::{LastChange, OPERATION, Target, Targets};
use crate::inventory::{Gap, Reason, ScopeId, partition};

/// How many accounts and regions are asked at once.
const SCOPES_AT_ONCE: usize = 16;

/// How many pages of 50 events are read of one name. Reads are among the events, and cannot be left out.
const MOST_PAGES: usize = 3;

/// What CloudTrail says of each, by ARN; `told` is called after each. What fails in a region is not asked again there, nor
/// anything once it is interrupted.
pub async fn last_changes(sessions: &Sessions, targets: &Targets, interrupt: &Interrupt, told: &(dyn Fn() + Sync)) -> BTreeMap<String, LastChange> {
    let scopes = targets.iter().map(|(scope, targets)| of_scope(sessions, scope, targets, interrupt, told));
    futures_util::stream::iter(scopes).buffer_unordered(SCOPES_AT_ONCE).collect::<Vec<_>>().await.concat().into_iter().collect()
}

/// The region in whose history events of IAM are.
fn home_of_iam(region: &str) -> &'static str {
    match partition(region) {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    }
}

async fn of_scope(
    sessions: &Sessions,
    scope: &ScopeId,
    targets: &[Target],
    interrupt: &Interrupt,
    told: &(dyn Fn() + Sync),
) -> Vec<(String, LastChange)> {
    let Some(session) = sessions.get(&scope.account) else {
        let why = LastChange::Unknown { why: format!("account {} was not scanned", scope.account) };
        return targets.iter().map(|target| (target.arn.clone(), why.clone())).collect();
    };
    let client = session.cloudtrail(if scope.is_global() { home_of_iam(&session.home()) } else { &scope.region });
    let interrupted = || Err(Gap::new(OPERATION, Reason::Interrupted, Interrupt::WHY));
    let (mut changes, mut failed) = (Vec::new(), None);
    for target in targets {
        let change = match &failed {
            Some(unknown) => LastChange::clone(unknown),
            None => {
                let answer = interrupt.or(last_change(&client, target)).await.unwrap_or_else(interrupted);
                answer.unwrap_or_else(|gap| failed.insert(LastChange::Unknown { why: gap.to_string() }).clone())
            }
        };
        changes.push((target.arn.clone(), change));
        told();
    }
    changes
}

/// The newest change by the resource's name, else by its ARN: services differ in which they record.
async fn last_change(client: &Client, target: &Target) -> Result<LastChange, Gap> {
    let by_name = by_name(client, &target.name, target).await?;
    if matches!(by_name, LastChange::Found { .. }) || target.name == target.arn {
        return Ok(by_name);
    }
    let by_arn = self::by_name(client, &target.arn, target).await?;
    Ok(if by_arn == LastChange::NoneKept { by_name } else { by_arn })
}

async fn by_name(client: &Client, name: &str, target: &Target) -> Result<LastChange, Gap> {
    let attribute = LookupAttribute::builder().attribute_key(LookupAttributeKey::ResourceName).attribute_value(name).build();
    let attribute = attribute.map_err(|error| Gap::new(OPERATION, Reason::Failed, error.to_string()))?;
    let mut token = None;
    for _ in 0..MOST_PAGES {
        let page = client.lookup_events().lookup_attributes(attribute.clone()).set_next_token(token).send().await;
        let page = page.map_err(|error| gap(OPERATION, &error))?;
        // The newest come first.
        if let Some(change) = page.events.unwrap_or_default().iter().find_map(|event| change(event, target)) {
            return Ok(change);
        }
        token = page.next_token.filter(|token| !token.is_empty());
        if token.is_none() {
            return Ok(LastChange::NoneKept);
        }
    }
    Ok(LastChange::Unknown { why: format!("the newest {} events that name it only read", MOST_PAGES * 50) })
}

/// What is read of an event's record.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Record {
    user_identity: Identity,
    error_code: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Identity {
    arn: Option<String>,
    invoked_by: Option<String>,
}

/// The change that an event tells of: no read, no failure, and of the resource's service, where another
/// may have something of the same name.
fn change(event: &Event, target: &Target) -> Option<LastChange> {
    let name = event.event_name.as_deref()?;
    let reads = event.read_only.as_deref().map_or_else(|| reads_only(name), |read_only| read_only == "true");
    let record: Record = event.cloud_trail_event.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let service = |text: &str| text.split('.').next().unwrap_or_default().replace('-', "");
    let of_resource = target.arn.split(':').nth(2).map(service) == event.event_source.as_deref().map(service);
    if reads || record.error_code.is_some() || !of_resource {
        return None;
    }
    let by = record.user_identity.arn.or(record.user_identity.invoked_by).or_else(|| event.username.clone());
    let time = event.event_time.and_then(|time| chrono::DateTime::from_timestamp(time.secs(), 0))?;
    Some(LastChange::Found { time, event: name.to_owned(), by: by.unwrap_or_else(|| "somebody whom the event does not name".to_owned()) })
}
