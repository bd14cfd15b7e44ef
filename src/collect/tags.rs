//! Tags through the tagging API, which answers for a hundred resources at a time.
//!
//! Only of types that AWS names among those whose tags the API knows: to another it would say that it has none.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::Session;
use super::ask::{Ask, field_gap, map_each};
use super::failure::gap;
use crate::inventory::{FieldGap, Gap, Kind, Reason, TAGS};

pub const OPERATION: &str = "tag:GetResources";

/// How many resources a call takes (API reference, `ResourceARNList`).
const RESOURCES: usize = 100;

/// The tags of resources by their ARNs, or the gap in their place. What the API does not name has none.
#[derive(Debug, Default)]
pub struct Tags {
    tags: HashMap<String, BTreeMap<String, String>>,
    gaps: HashMap<String, Gap>,
}

impl Tags {
    /// Adds a resource with its tags, or the gap in their place.
    pub fn add(&mut self, ask: &Ask<'_>, kind: Kind, arn: Option<&str>, data: &impl Serialize, mut gaps: Vec<FieldGap>) {
        let known_as = arn.unwrap_or_default();
        gaps.extend(self.gaps.remove(known_as).map(|gap| field_gap(&[TAGS], gap)));
        ask.add(kind, arn, self.tags.remove(known_as).unwrap_or_default(), data, gaps);
    }
}

/// Asks for the tags of resources in the region, if some rule needs them.
pub async fn of<'r>(ask: &Ask<'_>, session: &Session, arns: impl IntoIterator<Item = &'r Option<String>>) -> Tags {
    let mut tags = Tags::default();
    let arns: Vec<_> = arns.into_iter().flatten().cloned().collect();
    if !ask.wants(OPERATION) || arns.is_empty() {
        return tags;
    }
    let client = session.tagging(ask.region());
    let answers = map_each(arns.chunks(RESOURCES), async |batch| {
        let answer = client.get_resources().set_resource_arn_list(Some(batch.to_vec())).send().await;
        (batch, answer.map_err(|error| gap(OPERATION, &error)))
    });
    for (batch, answer) in answers.await {
        let failure = match answer {
            Ok(answer) => {
                // A list of ARNs has one page: what would be on a second one could not be asked for.
                let more = answer.pagination_token().is_some_and(|token| !token.is_empty());
                tags.tags.extend(answer.resource_tag_mapping_list.unwrap_or_default().into_iter().filter_map(|mapping| {
                    let tags = mapping.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
                    Some((mapping.resource_arn?, tags.collect()))
                }));
                more.then(|| Gap::new(OPERATION, Reason::NotReturned, "AWS answered for a part of the resources"))
            }
            Err(gap) => Some(gap),
        };
        let Some(gap) = failure else { continue };
        let unread: Vec<_> = batch.iter().filter(|arn| !tags.tags.contains_key(*arn)).cloned().collect();
        tags.gaps.extend(unread.into_iter().map(|arn| (arn, gap.clone())));
    }
    tags
}
