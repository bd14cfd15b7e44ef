//! What each rule says of the Aurora DSQL clusters that `tests/live/dsql.py` seeds.

use crate::emulator::Emulator;
use crate::program::outcomes;
use crate::scan;

/// The clusters that fail each rule; every other one passes.
const FAILURES: &[(&str, &[&str])] = &[
    ("dsql-cluster-cmk", &["dsql-owned-key"]),
    ("dsql-cluster-deletion-protection", &["dsql-unprotected"]),
    ("dsql-cluster-kms-key-accessible", &[]),
    ("dsql-cluster-policy-not-public", &["dsql-public"]),
    ("dsql-cluster-policy-blocks-internet", &["dsql-admin-from-anywhere", "dsql-no-policy", "dsql-public"]),
    ("dsql-cluster-tagged", &["dsql-untagged"]),
];

#[test]
fn clusters_fail_and_pass_as_they_were_seeded() {
    let emulator = Emulator::take();
    let outcomes = outcomes(&scan(&emulator, &["--service", "dsql"]).json());
    for (rule, expected) in FAILURES {
        for (name, arn) in emulator.account["dsql"].as_object().unwrap() {
            let outcome = if expected.contains(&name.as_str()) { "fail" } else { "pass" };
            assert_eq!(outcomes[&((*rule).to_owned(), arn.as_str().unwrap().to_owned())], outcome, "{rule}: {name}");
        }
    }
}

#[test]
fn a_policy_that_is_denied_leaves_open_whom_it_keeps_out() {
    let emulator = Emulator::take();
    emulator.order("deny", &serde_json::json!(["dsql:GetClusterPolicy"]));
    let outcomes = outcomes(&scan(&emulator, &["--rule", "dsql-cluster-policy-*"]).json());
    assert_eq!(outcomes.len(), 14);
    assert!(outcomes.values().all(|outcome| outcome == "not-assessed"), "{outcomes:?}");
}
