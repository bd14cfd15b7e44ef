//! Every operation that a scan makes, denied in turn: nothing flips, and what is left open is said.

use std::collections::BTreeSet;

use serde_json::json;

use crate::emulator::Emulator;
use crate::program::{outcomes, run, with_credentials};
use crate::scan;

/// The operations that the emulator saw during a scan.
fn operations(emulator: &Emulator) -> BTreeSet<String> {
    emulator.calls().into_keys().map(|(_, operation)| operation).collect()
}

#[test]
fn a_denied_operation_only_ever_makes_verdicts_not_assessed() {
    // One of its own: it takes minutes.
    let emulator = Emulator::start("account.py");
    let before = scan(&emulator, &[]);
    let complete = outcomes(&before.json());
    let needed = rules_by_operation();
    let seen = operations(&emulator);
    assert!(seen.len() > 100, "{seen:?}");

    for operation in seen.iter().filter(|operation| !operation.starts_with("sts:")) {
        emulator.order("deny", &json!([operation]));
        let run = scan(&emulator, &[]);
        assert!([1, 4].contains(&run.code), "{operation}: {}", run.stderr);
        let report = run.json();
        let after = outcomes(&report);
        for ((rule, arn), outcome) in &after {
            let before = complete.get(&(rule.clone(), arn.clone()));
            if before == Some(outcome) {
                continue;
            }
            if outcome == "not-assessed" {
                assert!(needed(rule).contains(operation), "{operation} is denied and {rule}, which does not need it, is not assessed on {arn}");
            } else {
                panic!("{operation} is denied and {rule} says {outcome} of {arn} instead of {before:?}");
            }
        }
        // What has vanished was of a kind that could no longer be listed: its rule says so for all of them.
        for (rule, arn) in complete.keys().filter(|key| !after.contains_key(*key)) {
            let unlisted = after.iter().any(|((other, arn), outcome)| other == rule && outcome == "not-assessed" && arn.ends_with(":*"));
            assert!(unlisted, "{operation} is denied and {rule} says nothing of {arn}");
        }
        assert!(report["summary"]["not_assessed"].as_u64().unwrap() > 0, "{operation} is denied and nothing is open: why is it asked?");
        let is_named = |gap: &serde_json::Value| gap["operation"] == operation.as_str() && gap["reason"] == "access-denied";
        let coverage = report["coverage"].as_array().unwrap();
        let scope = coverage.iter().find(|scope| scope["gaps"].as_array().unwrap().iter().any(is_named));
        let scope = scope.unwrap_or_else(|| panic!("{operation}: {coverage:?}"));
        assert_eq!(scope["complete"], false, "{operation}");
    }
}

/// The operations that each rule needs, as `rules list` says.
fn rules_by_operation() -> impl Fn(&str) -> BTreeSet<String> {
    let rules = run(with_credentials(&["rules", "list", "-f", "json"])).json();
    move |id: &str| {
        let rule = rules.as_array().unwrap().iter().find(|rule| rule["id"] == id).unwrap();
        rule["operations"].as_array().unwrap().iter().map(|operation| operation.as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn without_an_identity_nothing_runs() {
    let emulator = Emulator::take();
    emulator.order("deny", &json!(["sts:GetCallerIdentity"]));
    let run = scan(&emulator, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.last_line().starts_with("exit 3: AWS did not accept the credentials"), "{}", run.last_line());
}

#[test]
fn denied_everything_is_incomplete_and_allow_incomplete_lets_it_pass() {
    let emulator = Emulator::take();
    emulator.order("deny", &json!(["*:Describe*", "*:List*", "iam:*"]));
    let run = scan(&emulator, &[]);
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert_eq!(run.json()["summary"]["resources"], 0);
    let allowed = scan(&emulator, &["--allow-incomplete"]);
    assert_eq!(allowed.code, 0, "{}", allowed.stderr);
}
