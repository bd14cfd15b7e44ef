//! Tags through the tagging API, which answers for a hundred resources at a time.

use std::collections::{BTreeMap, HashMap};

use super::Session;
use super::ask::{Ask, field_gap, map_each};
use super::failure::gap;
use crate::inventory::{FieldGap, Gap, TAGS};

const OPERATION: &str = "tag:GetResources";

/// How many resources a call takes (API reference, `ResourceARNList`).
const RESOURCES: usize = 100;

/// The tags of resources by their ARNs, or the gap in their place. What the API does not name has none.
#[derive(Debug, Default)]
pub struct Tags {
    tags: HashMap<String, BTreeMap<String, String>>,
    gaps: HashMap<String, Gap>,
}

impl Tags {
    /// Takes out the tags of a resource; a failure to read them is noted.
    pub fn take(&mut self, arn: &str, gaps: &mut Vec<FieldGap>) -> BTreeMap<String, String> {
        gaps.extend(self.gaps.remove(arn).map(|gap| field_gap(&[TAGS], gap)));
        self.tags.remove(arn).unwrap_or_default()
    }
}

/// Asks for the tags of resources in the region, if some rule needs them.
pub async fn of(ask: &Ask<'_>, session: &Session, arns: impl Iterator<Item = String>) -> Tags {
    let mut tags = Tags::default();
    let arns: Vec<_> = arns.collect();
    if !ask.wants(OPERATION) || arns.is_empty() {
        return tags;
    }
    let client = session.tagging(ask.region());
    let answers = map_each(arns.chunks(RESOURCES), async |batch| {
        let answer = client.get_resources().set_resource_arn_list(Some(batch.to_vec())).send().await;
        (batch, answer.map_err(|error| gap(OPERATION, &error)))
    });
    for (batch, answer) in answers.await {
        match answer {
            Ok(answer) => tags.tags.extend(answer.resource_tag_mapping_list.unwrap_or_default().into_iter().filter_map(|mapping| {
                let tags = mapping.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value));
                Some((mapping.resource_arn?, tags.collect()))
            })),
            Err(gap) => tags.gaps.extend(batch.iter().map(|arn| (arn.clone(), gap.clone()))),
        }
    }
    tags
}
