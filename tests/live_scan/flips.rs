//! What faults must not do: turn an outcome into another, or let one vanish.

use serde_json::Value as Json;

use crate::program::outcomes;

/// What a report says that a complete one does not, but for what it calls not assessed: outcomes that differ, and those that
/// are missing though the scope was reached and no listing of the rule's resources is said to be unread there.
pub fn flips(complete: &Json, report: &Json) -> Vec<String> {
    let (before, after) = (outcomes(complete), outcomes(report));
    let differs = |(key, outcome): &(&(String, String), &String)| *outcome != "not-assessed" && before.get(*key) != Some(outcome);
    let of_scope = |finding: &Json| (finding["resource"]["account"].clone(), finding["resource"]["region"].clone());
    let is_said = |lost: &Json| {
        let unreached = |scope: &Json| scope["reached"] == false && (scope["account"].clone(), scope["region"].clone()) == of_scope(lost);
        let unlisted = |finding: &Json| {
            let is_listing = finding["resource"]["arn"].as_str().unwrap().ends_with(":*") && finding["outcome"] == "not-assessed";
            is_listing && finding["rule"] == lost["rule"] && of_scope(finding) == of_scope(lost)
        };
        report["coverage"].as_array().unwrap().iter().any(unreached) || report["findings"].as_array().unwrap().iter().any(unlisted)
    };
    let is_lost = |finding: &&Json| {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        !after.contains_key(&(text(&finding["rule"]), text(&finding["resource"]["arn"]))) && !is_said(finding)
    };
    let lost = complete["findings"].as_array().unwrap().iter().filter(is_lost);
    let lost = lost.map(|finding| format!("nothing is said of {} on {}", finding["rule"], finding["resource"]["arn"]));
    let flipped = after.iter().filter(differs).map(|(key, outcome)| format!("{key:?} is {outcome}, not {:?}", before.get(key)));
    flipped.chain(lost).collect()
}
