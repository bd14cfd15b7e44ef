//! Who changed what fails last, asked of the emulated account's CloudTrail.

use serde_json::{Value, json};

use crate::emulator::Emulator;
use crate::program::{outcomes, run, with_credentials};
use crate::scan;

/// Three instances fail it.
const RULE: [&str; 2] = ["--rule", "rds-instance-storage-encrypted"];

fn last_changes(report: &Value) -> Vec<(&str, &Value)> {
    let failures = report["findings"].as_array().unwrap().iter().filter(|finding| finding["outcome"] == "fail");
    failures.map(|finding| (finding["resource"]["name"].as_str().unwrap(), &finding["last_change"])).collect()
}

#[test]
fn the_last_change_of_what_fails_is_told_in_every_form() {
    let emulator = Emulator::take();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let outputs = ["json", "table", "sarif", "html"].map(|format| format!("{format}={}", file(format).display()));
    let url = emulator.url();
    let mut arguments = vec!["scan", "--endpoint-url", &url, "--region", "us-east-1", "--last-change", RULE[0], RULE[1]];
    outputs.iter().for_each(|output| arguments.extend(["-o", output]));
    assert_eq!(run(with_credentials(&arguments)).code, 1);
    let text = |name: &str| std::fs::read_to_string(file(name)).unwrap();
    let report = serde_json::from_str(&text("json")).unwrap();
    let changed = json!({"state": "found", "time": "2026-11-18T11:06:40Z", "event": "CreateDBInstance", "by": "arn:aws:iam::123456789012:user/ann"});
    assert_eq!(last_changes(&report), [("mysql-bad", &json!({"state": "none-kept"})), ("pg-unencrypted", &changed)]);
    for format in ["table", "sarif", "html"] {
        let words = text(format).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("last changed on 2026-11-18 11:06 UTC by arn:aws:iam::123456789012:user/ann (CreateDBInstance)"), "{format}");
    }
    // By name, and by ARN where the name tells nothing.
    assert_eq!(emulator.calls()[&("us-east-1".to_owned(), "cloudtrail:LookupEvents".to_owned())], 3);
}

#[test]
fn what_cloudtrail_does_not_tell_changes_no_outcome_and_is_said_once() {
    let emulator = Emulator::take();
    let without = scan(&emulator, &RULE);
    assert!(!emulator.calls().keys().any(|(_, operation)| operation == "cloudtrail:LookupEvents"), "only if asked for");
    emulator.order("deny", &json!(["cloudtrail:LookupEvents"]));
    let denied = scan(&emulator, &[RULE[0], RULE[1], "--last-change"]);
    assert_eq!((denied.code, outcomes(&denied.json())), (without.code, outcomes(&without.json())));
    let notes: Vec<_> = denied.stderr.lines().filter(|line| line.contains("cloudtrail:LookupEvents: access-denied")).collect();
    assert_eq!(notes.len(), 1, "{}", denied.stderr);
    assert!(notes[0].starts_with("note: of 2 findings it is not known who changed the resource last: "), "{}", notes[0]);
    assert!(last_changes(&denied.json()).iter().all(|(_, change)| change["state"] == "unknown"));
    assert_eq!(emulator.calls()[&("us-east-1".to_owned(), "cloudtrail:LookupEvents".to_owned())], 1);
}
