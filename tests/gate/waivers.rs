use std::path::Path;

use serde_json::Value;

use crate::program::{Run, dbmoat, run, write};

/// The demo judged with the waivers, and its report.
fn scan(folder: &Path, waivers: &str, arguments: &[&str]) -> (Run, Value) {
    let file = write(folder, "waivers.yaml", waivers);
    let report = folder.join("report.json");
    let output = format!("json={}", report.display());
    let fixed = ["scan", "--demo", "-o", &output, "--waivers", file.to_str().unwrap()];
    let run = run(dbmoat(&[&fixed, arguments].concat()));
    (run, std::fs::read_to_string(report).map_or(Value::Null, |text| serde_json::from_str(&text).unwrap()))
}

#[test]
fn every_arn_of_the_report_waives_its_findings() {
    let folder = tempfile::tempdir().unwrap();
    let (_, before) = scan(folder.path(), "waivers: []\n", &[]);
    let findings = before["findings"].as_array().unwrap();
    let arns: std::collections::BTreeSet<_> = findings.iter().map(|finding| finding["resource"]["arn"].as_str().unwrap()).collect();
    let waiver = |arn: &&str| format!("  - {{arn: {arn:?}, reason: known, owner: data}}\n");
    let (run, after) = scan(folder.path(), &format!("waivers:\n{}", arns.iter().map(waiver).collect::<String>()), &[]);
    assert_eq!(run.last_line(), "exit 0: nothing at or over high");
    assert_eq!(after["summary"]["waived"], findings.len());
    assert!(after["waivers"].as_array().unwrap().iter().all(|waiver| waiver["state"] == "active"));
}

const RULE: [&str; 4] = ["--rule", "rds-instance-backup-retention", "--fail-on", "medium"];

#[test]
fn an_expired_waiver_gates_again_and_is_reported_as_one_that_matches_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let waiver = |lines: &str| format!("waivers:\n  - rule: rds-instance-backup-*\n    reason: known\n    owner: data\n{lines}");
    assert_eq!(scan(folder.path(), &waiver("    expires: 2026-11-22\n"), &RULE).0.code, 0);
    let (run, report) = scan(folder.path(), &waiver("    expires: 2026-11-21\n"), &RULE);
    assert_eq!((run.code, &report["waivers"][0]["state"]), (1, &"expired".into()));
    assert!(run.stderr.contains("waivers.yaml:2: the waiver of data expired after 2026-11-21"), "{}", run.stderr);
    let (run, report) = scan(folder.path(), &waiver("    account: \"000000000000\"\n"), &RULE);
    assert_eq!((run.code, &report["waivers"][0]["state"]), (1, &"unmatched".into()));
    assert!(run.stderr.contains("waivers.yaml:2: the waiver of data matches no finding of this scan"), "{}", run.stderr);
}

#[test]
fn a_wrong_file_stops_the_run_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let (run, _) = scan(folder.path(), "waivers:\n  - rule: a\n    reson: b\n    owner: c\n", &[]);
    assert_eq!(run.code, 2);
    assert!(run.last_line().ends_with("waivers.yaml:3: unknown key \"reson\"; did you mean \"reason\"?"), "{}", run.stderr);
}
