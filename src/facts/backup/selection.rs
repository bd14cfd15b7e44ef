//! Which resources a backup plan selects.
//!
//! A selection takes what one of its `Resources` or one of its `ListOfTags` names, everything if it has
//! neither; of that, what meets all its `Conditions` and none of its `NotResources` names. Types that
//! the account has not opted in to are passed over, save where an ARN names the type.

use std::collections::BTreeMap;

use super::super::Index;
use super::super::policy::{Case, matches};
use super::super::tables::Row;
use crate::inventory::backup::{self, BackupSelection, ConditionParameter};
use crate::inventory::{Gap, Reason, Resource, kinds};

const OPERATION: &str = "backup:GetBackupSelection";

/// What tells the selections, but for the tags of what they may select.
pub fn operations() -> Vec<&'static str> {
    let details = kinds::BACKUP_SELECTION.operations_of("Resources");
    [kinds::BACKUP_SELECTION.operations, details, kinds::BACKUP_REGION_SETTINGS.operations].concat()
}

/// The names of the plans that select a resource. Those that are known are enough for a yes; that there
/// are none takes all selections.
pub fn plans(resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let (rows, mut doubt) = index.backup_selections().seen();
    let mut plans = Vec::new();
    for row in rows {
        match selects(row, resource, index) {
            Ok(true) => plans.extend(row.data.BackupPlanName.clone().or(row.data.BackupPlanId.clone())),
            Ok(false) => {}
            Err(gap) => doubt = doubt.or(Some(gap)),
        }
    }
    plans.sort();
    plans.dedup();
    doubt.filter(|_| plans.is_empty()).map_or(Ok(plans), Err)
}

/// Whether a plan selects any database of the region. One that is known is enough for a yes; that
/// there is none takes all selections and all databases.
pub fn selects_any(plan: &str, index: &Index<'_>) -> Result<bool, Gap> {
    let (rows, mut doubt) = index.backup_selections().seen();
    doubt = doubt.or_else(|| kinds::BACKUP_PLAN.found_by.iter().find_map(|listing| index.scope.gap_of(listing)));
    let databases = || index.scope.resources.iter().filter(|resource| !backup::resource_types(resource.kind).is_empty());
    for row in rows.filter(|row| row.data.BackupPlanId.as_deref() == Some(plan)) {
        for database in databases() {
            match selects(row, database, index) {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(gap) => doubt = doubt.or(Some(gap)),
            }
        }
    }
    doubt.map_or(Ok(false), Err)
}

fn selects(row: &Row<'_, BackupSelection>, resource: &Resource, index: &Index<'_>) -> Result<bool, Gap> {
    if let Some(gap) = row.gap_of("Resources").or_else(|| index.scope.gap_of(OPERATION)) {
        return Err(gap);
    }
    let BackupSelection { Resources, NotResources, ListOfTags, Conditions, .. } = &row.data;
    let names = |pattern: &&String| matches(pattern, &resource.arn, Case::Matters);
    if NotResources.iter().flatten().any(|pattern| names(&pattern)) {
        return Ok(false);
    }
    let opted_in = || opted_in(resource, index);
    let tags = || index.scope.gap_in_tags(resource).map_or(Ok(&resource.tags), Err);

    let by_arn = Resources.iter().flatten().filter(names).map(|pattern| if names_type(pattern, resource) { Ok(true) } else { opted_in() });
    let has_tag = |key: &str, wanted: &str| tags().map(|tags| tags.get(tag_key(key)).is_some_and(|value| value == wanted));
    let by_tag = ListOfTags.iter().flatten().map(|condition| {
        let (key, wanted) = (condition.ConditionKey.as_deref(), condition.ConditionValue.as_deref());
        has_tag(key.unwrap_or_default(), wanted.unwrap_or_default())
    });
    let by_tag = all([any(by_tag), opted_in()]);
    let has_any = |list: Option<usize>| list.is_some_and(|length| length > 0);
    let named = if has_any(Resources.as_ref().map(Vec::len)) || has_any(ListOfTags.as_ref().map(Vec::len)) {
        any(by_arn.chain([by_tag]))
    } else {
        opted_in()
    };

    let conditions = Conditions.as_ref();
    let of =
        |list: fn(&backup::Conditions) -> &Option<Vec<ConditionParameter>>| conditions.into_iter().flat_map(move |all| list(all).iter().flatten());
    let equals = |wanted: &str, value: &str| wanted == value;
    let like = |wanted: &str, value: &str| matches(wanted, value, Case::Matters);
    let equal = of(|conditions| &conditions.StringEquals).map(|condition| holds(condition, tags(), equals));
    let alike = of(|conditions| &conditions.StringLike).map(|condition| holds(condition, tags(), like));
    let unequal = of(|conditions| &conditions.StringNotEquals).map(|condition| differs(condition, tags(), equals));
    let unlike = of(|conditions| &conditions.StringNotLike).map(|condition| differs(condition, tags(), like));
    all([named].into_iter().chain(equal).chain(alike).chain(unequal).chain(unlike))
}

/// The types that AWS Backup leaves out without an opt-in even where an ARN names them, because they share
/// the form of their ARNs.
const ALWAYS_BY_OPT_IN: [&str; 3] = ["Aurora", "DocumentDB", "Neptune"];

/// Whether an ARN or its pattern says which type of resource it means, such as `arn:aws:rds:*:*:db:*`, so
/// that the opt-in does not count.
fn names_type(pattern: &str, resource: &Resource) -> bool {
    let says_type = pattern.splitn(6, ':').nth(5).is_some_and(|part| !part.starts_with('*'));
    says_type && backup::resource_type(resource).is_some_and(|named| !ALWAYS_BY_OPT_IN.contains(&named))
}

/// Whether AWS Backup serves the resource's type in the region.
fn opted_in(resource: &Resource, index: &Index<'_>) -> Result<bool, Gap> {
    let named = backup::resource_type(resource).ok_or_else(|| resource.not_returned("Engine"))?;
    let settings = index.backup_region_settings().get("")?;
    let preference = settings.data.ResourceTypeOptInPreference.as_ref().and_then(|types| types.get(named).copied());
    preference.ok_or_else(|| settings.resource.not_returned(&format!("ResourceTypeOptInPreference[{named:?}]")))
}

type Tags<'r> = Result<&'r BTreeMap<String, String>, Gap>;

/// Whether a resource has the tag, with a value that compares so.
fn holds(condition: &ConditionParameter, tags: Tags<'_>, compares: impl Fn(&str, &str) -> bool) -> Result<bool, Gap> {
    let (key, wanted) = parts(condition)?;
    Ok(tags?.get(key).is_some_and(|value| compares(wanted, value)))
}

/// Whether a resource has the tag with another value. AWS does not say what becomes of resources without it.
fn differs(condition: &ConditionParameter, tags: Tags<'_>, compares: impl Fn(&str, &str) -> bool) -> Result<bool, Gap> {
    let (key, wanted) = parts(condition)?;
    let without = || Gap::new(OPERATION, Reason::NotEvaluated, format!("whether a negated condition on the tag {key} selects resources without it"));
    tags?.get(key).map(|value| !compares(wanted, value)).ok_or_else(without)
}

fn parts(condition: &ConditionParameter) -> Result<(&str, &str), Gap> {
    let incomplete = || Gap::new(OPERATION, Reason::NotReturned, "AWS returned a condition without its key or value");
    let key = condition.ConditionKey.as_deref().ok_or_else(incomplete)?;
    Ok((tag_key(key), condition.ConditionValue.as_deref().ok_or_else(incomplete)?))
}

/// Conditions name tags as policies do; lists of tags name them either way.
fn tag_key(key: &str) -> &str {
    key.strip_prefix("aws:ResourceTag/").unwrap_or(key)
}

fn any(answers: impl IntoIterator<Item = Result<bool, Gap>>) -> Result<bool, Gap> {
    let mut doubt = None;
    for answer in answers {
        match answer {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(gap) => doubt = doubt.or(Some(gap)),
        }
    }
    doubt.map_or(Ok(false), Err)
}

fn all(answers: impl IntoIterator<Item = Result<bool, Gap>>) -> Result<bool, Gap> {
    any(answers.into_iter().map(|answer| answer.map(|yes| !yes))).map(|no| !no)
}
