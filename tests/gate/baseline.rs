use std::path::Path;

use serde_json::Value;

use crate::program::{Run, dbmoat, run, write};

/// A scan of inventory text, and its report.
fn scan(folder: &Path, name: &str, inventory: &str, arguments: &[&str]) -> (Run, Value) {
    let file = write(folder, &format!("{name}.jsonl"), inventory);
    let report = folder.join(format!("{name}.json"));
    let output = format!("json={}", report.display());
    let fixed = ["scan", "--inventory", file.to_str().unwrap(), "-o", &output];
    let run = run(dbmoat(&[&fixed, arguments].concat()));
    (run, serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap())
}

const DEMO: &str = include_str!("../../fixtures/demo.jsonl");

/// The demo two days later.
fn later(text: &str) -> String {
    text.replacen("\"collected_at\":\"2026-11-22", "\"collected_at\":\"2026-11-24", 1)
}

fn count(report: &Value, what: &str) -> usize {
    let value = &report["baseline"][what];
    value.as_array().map_or_else(|| usize::try_from(value.as_u64().unwrap()).unwrap(), Vec::len)
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

#[test]
fn with_the_same_account_nothing_is_new_and_only_what_is_new_fails() {
    let folder = tempfile::tempdir().unwrap();
    scan(folder.path(), "old", DEMO, &[]);
    let baseline = path(folder.path(), "old.json");
    let (run, report) = scan(folder.path(), "same", DEMO, &["--baseline", &baseline, "--fail-on-new", "--allow-incomplete"]);
    assert!(run.last_line().starts_with("exit 0: nothing new at or over high"), "{}", run.stderr);
    assert_eq!((count(&report, "new"), count(&report, "fixed"), count(&report, "not_assessed")), (0, 0, 0));
    assert!(count(&report, "unchanged") > 50);

    let one =
        DEMO.lines().find(|line| line.contains("\"DBInstanceIdentifier\":\"orders-db\"") && line.contains("\"DeletionProtection\":true")).unwrap();
    let changed = DEMO.replace(one, &one.replace("\"DeletionProtection\":true", "\"DeletionProtection\":false"));
    let (run, report) = scan(folder.path(), "changed", &changed, &["--baseline", &baseline, "--fail-on-new", "--fail-on", "low"]);
    assert_eq!((run.code, count(&report, "new") > 0), (1, true), "{}", run.stderr);
    assert!(run.last_line().contains(" new finding"), "{}", run.stderr);
}

/// The demo without its first region, or with that region's DB instances denied.
fn without_listing() -> String {
    let mut text = String::new();
    for line in DEMO.lines() {
        if line.starts_with("{\"scope\":{\"account\":\"111122223333\",\"region\":\"us-east-1\"}") {
            let mut end: Value = serde_json::from_str(line).unwrap();
            let gap = serde_json::json!({"operation": "rds:DescribeDBInstances", "reason": "access-denied", "message": "denied"});
            end["complete"] = false.into();
            match end["gaps"].as_array_mut() {
                Some(gaps) => gaps.push(gap),
                None => end["gaps"] = Value::Array(vec![gap]),
            }
            text += &format!("{end}\n");
        } else if !(line.contains("\"kind\":\"AWS::RDS::DBInstance\"") && line.contains(":us-east-1:111122223333:db:")) {
            text += &format!("{line}\n");
        }
    }
    text
}

const RULE: [&str; 2] = ["--rule", "rds-instance-backup-retention"];

#[test]
fn an_incomplete_scan_closes_no_alert() {
    let folder = tempfile::tempdir().unwrap();
    let (_, old) = scan(folder.path(), "old", DEMO, &RULE);
    let failures = usize::try_from(old["summary"]["fail"]["medium"].as_u64().unwrap()).unwrap();
    let baseline = path(folder.path(), "old.json");
    let sarif = path(folder.path(), "r.sarif");
    let output = format!("sarif={sarif}");
    let results = || -> usize {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&sarif).unwrap()).unwrap();
        file["runs"].as_array().unwrap().iter().map(|run| run["results"].as_array().unwrap().len()).sum()
    };

    let denied = later(&without_listing());
    let (run, _) = scan(folder.path(), "alone", &denied, &[&RULE[..], &["-o", &output]].concat());
    assert!(results() < failures, "the alerts would close");
    assert!(run.stderr.contains("in 111122223333 perhaps those of rds-instance-backup-retention"), "{}", run.stderr);

    let (run, report) = scan(folder.path(), "carried", &denied, &[&RULE[..], &["--baseline", &baseline, "-o", &output]].concat());
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert_eq!(results(), failures);
    assert_eq!(
        (count(&report, "fixed"), count(&report, "not_assessed")),
        (0, usize::try_from(report["summary"]["carried_over"].as_u64().unwrap()).unwrap())
    );
    let carried = report["findings"].as_array().unwrap().iter().find(|finding| finding["outcome"] == "carried-over").unwrap();
    assert_eq!(carried["last_seen"], "2026-11-22T09:00:00Z");
    assert!(std::fs::read_to_string(&sarif).unwrap().contains("failed when last seen, on 2026-11-22"));

    // The next scan is complete: what is gone is fixed now.
    let baseline = path(folder.path(), "carried.json");
    let (_, report) = scan(folder.path(), "whole", DEMO, &[&RULE[..], &["--baseline", &baseline]].concat());
    assert_eq!((count(&report, "unchanged"), count(&report, "new"), count(&report, "fixed")), (failures, 0, 0));
}

#[test]
fn what_did_not_run_is_carried_over_with_its_rule() {
    let folder = tempfile::tempdir().unwrap();
    scan(folder.path(), "old", DEMO, &RULE);
    let baseline = path(folder.path(), "old.json");
    let sarif = path(folder.path(), "r.sarif");
    let arguments = ["--rule", "kms-*", "--baseline", &baseline, "-o", &format!("sarif={sarif}")];
    scan(folder.path(), "other", DEMO, &arguments);
    let file: Value = serde_json::from_str(&std::fs::read_to_string(&sarif).unwrap()).unwrap();
    let runs = file["runs"].as_array().unwrap();
    let carried = runs.iter().flat_map(|run| run["results"].as_array().unwrap().iter().map(move |result| (run, result)));
    let carried: Vec<_> = carried.filter(|(_, result)| result["ruleId"] == RULE[1]).collect();
    assert!(!carried.is_empty());
    for (run, result) in carried {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], RULE[1]);
    }
}

#[test]
fn an_incomplete_account_may_be_left_out_of_sarif() {
    let folder = tempfile::tempdir().unwrap();
    let sarif = path(folder.path(), "r.sarif");
    let output = format!("sarif={sarif}");
    let refuse = ["--sarif-incomplete", "refuse", "-o", &output];
    let (run, _) = scan(folder.path(), "one", &without_listing(), &[&RULE[..], &refuse].concat());
    assert!(run.stderr.contains("so their alerts stay as they are: 111122223333"), "{}", run.stderr);
    let file: Value = serde_json::from_str(&std::fs::read_to_string(&sarif).unwrap()).unwrap();
    let ids: Vec<_> = file["runs"].as_array().unwrap().iter().map(|run| run["automationDetails"]["id"].as_str().unwrap()).collect();
    assert!(ids.len() == 1 && ids[0].starts_with("dbmoat/aws/444455556666/"), "{ids:?}");

    std::fs::remove_file(&sarif).unwrap();
    let (run, _) = scan(folder.path(), "all", DEMO, &refuse);
    assert!(run.stderr.contains("no SARIF was written") && !Path::new(&sarif).exists(), "{}", run.stderr);
}

#[test]
fn two_reports_are_compared() {
    let folder = tempfile::tempdir().unwrap();
    scan(folder.path(), "old", DEMO, &RULE);
    scan(folder.path(), "new", &later(&without_listing()), &RULE);
    let (old, new) = (path(folder.path(), "old.json"), path(folder.path(), "new.json"));
    let table = run(dbmoat(&["diff", &old, &new]));
    assert_eq!(table.code, 0);
    assert!(table.stdout.starts_with("since 2026-11-22 09:00 UTC: 0 new,") && table.stdout.contains("\nNO LONGER ASSESSED  "), "{}", table.stdout);
    let json = run(dbmoat(&["diff", &old, &new, "-f", "json"])).json();
    assert_eq!((&json["fixed"], &json["not_assessed"][0]["why"]), (&serde_json::json!([]), &"not-read".into()));
    assert!(run(dbmoat(&["diff", &old, &new, "-f", "markdown"])).stdout.contains("### No longer assessed\n\n| Severity |"));
}

#[test]
fn wrong_baselines_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str], wanted: &str| {
        let run = run(dbmoat(&[&["scan", "--demo", "-q"], arguments].concat()));
        assert_eq!(run.code, 2);
        assert!(run.last_line().contains(wanted), "{}", run.stderr);
    };
    refused(&["--fail-on-new"], "--fail-on-new needs --baseline REPORT");
    refused(&["--baseline", "/nonexistent.json"], "cannot read the report /nonexistent.json");
    let file = write(folder.path(), "x.json", "{\"runs\": []}");
    refused(&["--baseline", file.to_str().unwrap()], "x.json is no JSON report of dbmoat: missing field `coverage`");
}
