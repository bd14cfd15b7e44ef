//! Where scanners disagree about the same situation: what ours says, from the inventory to the
//! report, with facts derived from what AWS returned.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

#[path = "../support/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json, json};

use program::{dbmoat, outcomes, run, write};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    base: BTreeMap<String, Map<String, Json>>,
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    number: u32,
    what: String,
    with: BTreeMap<String, Map<String, Json>>,
    /// The outcome by resource and rule; `none` where the rule does not apply.
    expect: BTreeMap<String, BTreeMap<String, String>>,
}

#[test]
fn the_verdict_is_right_where_scanners_disagree() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file: File = serde_saphyr::from_str(&std::fs::read_to_string(root.join("tests/disagreements/cases.yaml")).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for case in &file.cases {
        let inventory = write(folder.path(), "inventory.jsonl", &inventory(&root, &file.base, &case.with));
        let mut scan = dbmoat(&["scan", "--inventory", inventory.to_str().unwrap(), "--include", "pass", "-o", "json"]);
        // Named in full, a rule runs that is off by default.
        scan.args(case.expect.values().flat_map(BTreeMap::keys).flat_map(|rule| ["--rule", rule]));
        let report = run(scan).json();
        let found = outcomes(&report);
        for (resource, rules) in &case.expect {
            for (rule, expected) in rules {
                let outcome = found.get(&(rule.clone(), resource.clone())).map_or("none", String::as_str);
                if outcome != expected {
                    wrong.push(format!("{} {}: {rule} on {resource} is {outcome}, not {expected}", case.number, case.what));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_and_resource_of_the_cases_exists() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file: File = serde_saphyr::from_str(&std::fs::read_to_string(root.join("tests/disagreements/cases.yaml")).unwrap()).unwrap();
    let listed = run(dbmoat(&["rules", "list", "-f", "json"])).json();
    let ids: Vec<_> = listed.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    for case in &file.cases {
        assert!(!case.expect.is_empty(), "{}", case.what);
        for (resource, rules) in &case.expect {
            assert!(case.with.contains_key(resource), "{}: {resource}", case.what);
            for rule in rules.keys() {
                assert!(ids.contains(&rule.as_str()), "{}: {rule}", case.what);
            }
        }
    }
}

/// Number 24: the mapping of controls to rules, where another's files swap some.
#[test]
fn controls_name_the_rules_that_check_them() {
    let listed = run(dbmoat(&["rules", "list", "-f", "json"])).json();
    let of_control = |control: &str| -> Vec<&str> {
        let rules = listed.as_array().unwrap().iter();
        let named = rules.filter(|rule| rule["controls"]["aws-fsbp"].as_array().is_some_and(|ids| ids.contains(&json!(control))));
        named.map(|rule| rule["id"].as_str().unwrap()).collect()
    };
    assert_eq!(of_control("DynamoDB.7"), ["dax-cluster-endpoint-tls"]);
    assert_eq!(of_control("DynamoDB.6"), ["dynamodb-table-deletion-protection"]);
    assert_eq!(of_control("Neptune.9"), ["neptune-cluster-multi-az"]);
    assert_eq!(of_control("Neptune.8"), ["neptune-cluster-copy-tags-to-snapshots"]);
    assert_eq!(of_control("Neptune.1"), ["neptune-cluster-encrypted"]);
}

/// An inventory of one scope, taken at its word: what it lacks is not there.
fn inventory(root: &Path, base: &BTreeMap<String, Map<String, Json>>, with: &BTreeMap<String, Map<String, Json>>) -> String {
    let mut resources: BTreeMap<&String, Map<String, Json>> = base.iter().map(|(id, fields)| (id, fields.clone())).collect();
    for (id, fields) in with {
        let resource = resources.entry(id).or_insert_with(|| compliant(root, fields["kind"].as_str().unwrap()));
        resource.extend(fields.clone());
    }
    let mut lines = vec![json!({"inventory": 1, "tool": "tests", "collected_at": "2026-11-22T09:00:00Z", "scopes": 1})];
    for (id, mut fields) in resources {
        let kind = fields.remove("kind").unwrap();
        let tags = fields.remove("tags").unwrap_or_else(|| json!({}));
        for name in ["DBInstanceIdentifier", "DBClusterIdentifier"] {
            // A member names its cluster, too; only its own name changes.
            if fields.contains_key(name) && !with.get(id).is_some_and(|given| given.contains_key(name)) {
                fields.insert(name.to_owned(), json!(id));
            }
        }
        lines.push(json!({"kind": kind, "arn": id, "account": "111122223333", "region": "us-east-1", "tags": tags, "data": fields}));
    }
    lines.push(json!({"scope": {"account": "111122223333", "region": "us-east-1"}, "complete": true}));
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The compliant resource of a kind; nothing for one that has none.
fn compliant(root: &Path, kind: &str) -> Map<String, Json> {
    let file = root.join("fixtures/resources").join(format!("{}.yaml", kind.replace("::", ".")));
    let Ok(text) = std::fs::read_to_string(file) else { return Map::new() };
    let fixture: BTreeMap<String, Json> = serde_saphyr::from_str(&text).unwrap();
    fixture["resource"].as_object().unwrap().clone()
}
