use std::path::Path;

use serde_json::Value;

use crate::program::{dbmoat, run, write};

const RULE: [&str; 4] = ["--rule", "rds-instance-backup-retention", "-o", "csv"];

/// The demo as it would be collected on a day of November 2026.
fn on(day: u32) -> String {
    include_str!("../../fixtures/demo.jsonl").replacen("\"collected_at\":\"2026-11-22", &format!("\"collected_at\":\"2026-11-{day}"), 1)
}

/// The same with backups kept long enough.
fn mended(inventory: &str) -> String {
    let days = |text: String, days: u32| {
        [",", "}"]
            .iter()
            .fold(text, |text, end| text.replace(&format!("\"BackupRetentionPeriod\":{days}{end}"), &format!("\"BackupRetentionPeriod\":30{end}")))
    };
    (0..7).fold(inventory.to_owned(), days)
}

/// Judges the inventory and keeps the run; then what the history says.
fn keep(folder: &Path, inventory: &str, arguments: &[&str]) -> Value {
    let file = write(folder, "inventory.jsonl", inventory);
    let history = folder.join("history.db");
    let fixed = ["scan", "--inventory", file.to_str().unwrap(), "--history", history.to_str().unwrap(), "--exit-zero"];
    let scan = run(dbmoat(&[&fixed, &RULE[..], arguments].concat()));
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    run(dbmoat(&["history", "--history", history.to_str().unwrap(), "-f", "json"])).json()
}

fn open(overview: &Value) -> usize {
    overview["open"].as_array().unwrap().len()
}

#[test]
fn failures_age_until_they_are_fixed_and_the_trend_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let first = keep(folder.path(), &on(22), &[]);
    let all = open(&first);
    assert!(all > 0 && first["open"][0]["days"] == 0);
    let later = keep(folder.path(), &on(25), &[]);
    assert_eq!((open(&later), &later["open"][0]["days"], &later["runs"]), (all, &3.into(), &2.into()));
    let fixed = keep(folder.path(), &mended(&on(28)), &[]);
    assert_eq!((open(&fixed), &fixed["mended"]["medium"]["count"]), (0, &all.into()));
    assert_eq!(fixed["mended"]["medium"]["mean_days"], 6.0);
    let trend: Vec<_> = fixed["trend"].as_array().unwrap().iter().map(|point| point["by_severity"]["medium"].as_u64().unwrap_or(0)).collect();
    assert_eq!(trend, [all as u64, all as u64, 0]);
}

#[test]
fn what_was_not_scanned_or_is_older_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let all = open(&keep(folder.path(), &on(22), &[]));
    assert_eq!(open(&keep(folder.path(), &on(24), &["--region", "eu-west-1"])), all, "the other regions were not scanned");
    let older = keep(folder.path(), &mended(&on(20)), &[]);
    assert_eq!(open(&older), all, "the file knows newer scopes");
}

#[test]
fn a_waived_failure_is_closed_and_not_counted_as_fixed() {
    let folder = tempfile::tempdir().unwrap();
    keep(folder.path(), &on(22), &[]);
    let waivers = write(folder.path(), "waivers.yaml", "waivers:\n  - {rule: '*', reason: known, owner: data}\n");
    let overview = keep(folder.path(), &on(23), &["--waivers", waivers.to_str().unwrap()]);
    assert_eq!((open(&overview), &overview["mended"]), (0, &serde_json::json!({})));
}

#[test]
fn two_writers_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "inventory.jsonl", &on(22));
    let history = folder.path().join("history.db");
    let arguments = ["scan", "--inventory", file.to_str().unwrap(), "--history", history.to_str().unwrap(), "--exit-zero", "-o", "csv"];
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let mut command = dbmoat(&[&arguments[..], &RULE[..2]].concat());
            command.stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    let overview = run(dbmoat(&["history", "--history", history.to_str().unwrap(), "-f", "json"])).json();
    assert!(overview["runs"] == 1 && open(&overview) > 0);
}

#[test]
fn what_is_no_history_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "notes.txt", "these are notes, not a database of any kind whatsoever\n");
    let refused = run(dbmoat(&["scan", "--demo", "-q", "--history", file.to_str().unwrap()]));
    assert!(refused.code == 2 && refused.last_line().contains("cannot use the history"), "{}", refused.stderr);
    let missing = run(dbmoat(&["history", "--history", "/nonexistent.db"]));
    assert!(missing.code == 2 && missing.last_line().contains("there is no history /nonexistent.db"), "{}", missing.stderr);
}
