//! An inventory file gives the very findings of the live scan, whatever its form.

use crate::emulator::Emulator;
use crate::program::{run, with_credentials};
use crate::scan;

#[test]
fn a_collected_file_is_judged_as_the_account_is() {
    let emulator = Emulator::take();
    let folder = tempfile::tempdir().unwrap();
    let live = scan(&emulator, &["--region", "us-east-1,eu-west-1"]);
    for name in ["inventory.jsonl", "inventory.jsonl.zst"] {
        let file = folder.path().join(name);
        let file = file.to_str().unwrap();
        let collected = run(with_credentials(&["collect", "--endpoint-url", &emulator.url(), "--region", "us-east-1,eu-west-1", "-o", file]));
        assert_eq!((collected.code, collected.last_line()), (0, "exit 0: complete"), "{}", collected.stderr);
        let offline = run(with_credentials(&["scan", "--inventory", file, "--include", "pass", "-o", "json"]));
        assert_eq!(offline.code, live.code);
        assert!(offline.stdout == live.stdout, "{name} is judged differently");
    }
}

#[test]
fn an_inventory_of_few_rules_does_not_pass_the_others() {
    let emulator = Emulator::take();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("few.jsonl");
    let file = file.to_str().unwrap();
    let url = emulator.url();
    let rule = "rds-instance-not-publicly-accessible";
    run(with_credentials(&["collect", "--endpoint-url", &url, "--region", "us-east-1", "--rule", rule, "-o", file]));
    let report = run(with_credentials(&["scan", "--inventory", file, "--include", "pass", "-o", "json"])).json();
    for finding in report["findings"].as_array().unwrap() {
        let id = finding["rule"].as_str().unwrap();
        if ["rds-snapshot-not-public", "rds-instance-not-internet-reachable", "kms-db-key-policy-not-public"].contains(&id) {
            let decided = finding["resource"]["name"].as_str().unwrap();
            let private = finding["outcome"] == "pass" && id == "rds-instance-not-internet-reachable";
            assert!(finding["outcome"] == "not-assessed" || private, "{id} on {decided}: {}", finding["outcome"]);
        }
    }
}
