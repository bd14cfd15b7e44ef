//! What the service control policies of an organization leave of what roles of its accounts may.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::emulator::Emulator;
use crate::organization::{id, organization, role};
use crate::program::{Run, run, with_credentials};

const ORGANIZATION: [&str; 3] = ["--org", "--org-role", "Audit"];
const RULE: &str = "iam-rds-data-api-no-wildcard";

fn access(emulator: &Emulator, more: &[&str]) -> Run {
    let url = emulator.url();
    run(with_credentials(&[&["access", "--all", "--endpoint-url", &url, "--region", "us-east-1,eu-west-1", "-f", "json"], more].concat()))
}

/// `region ability role: actions [maybe: keys]` of each row of an account's databases of a kind.
fn rows(report: &Json, account: &str, kind: &str) -> BTreeSet<String> {
    let databases = report["databases"].as_array().unwrap().iter().filter(|database| database["account"] == account && database["kind"] == kind);
    let texts = |value: &Json| value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(",");
    let row = |database: &Json, access: &Json| {
        let (region, principal) = (database["region"].as_str().unwrap(), access["principal"].as_str().unwrap().rsplit('/').next().unwrap());
        let maybe = if access["certain"] == true { String::new() } else { format!(" maybe: {}", texts(&access["depends_on"])) };
        format!("{region} {} {principal}: {}{maybe}", access["may"].as_str().unwrap(), texts(&access["actions"]))
    };
    databases.flat_map(|database| database["access"].as_array().unwrap().iter().map(move |access| row(database, access))).collect()
}

/// The rows without what policies take away, as an account beside the unit has them.
const INSTANCES: [&str; 3] = [
    "us-east-1 change-exposure exposes: rds:ModifyDBInstance",
    "us-east-1 change-exposure modifies: rds:ModifyDBInstance",
    "us-east-1 share-snapshots exposes: rds:CopyDBSnapshot,rds:ModifyDBSnapshotAttribute",
];
const TABLES: [&str; 4] = [
    "eu-west-1 read-data gets: dynamodb:GetItem",
    "eu-west-1 read-data scans: dynamodb:Scan",
    "us-east-1 read-data gets: dynamodb:GetItem",
    "us-east-1 read-data scans: dynamodb:Scan",
];

fn set(rows: &[&str]) -> BTreeSet<String> {
    rows.iter().map(|row| (*row).to_owned()).collect()
}

#[test]
fn access_is_what_the_policies_of_every_level_leave() {
    let emulator = organization();
    let run = access(&emulator, &ORGANIZATION);
    assert_eq!((run.code, run.last_line()), (0, "exit 0: complete"), "{}", run.stderr);
    let report = run.json();
    let (orders, sandbox) = (id(&emulator, "orders"), id(&emulator, "sandbox"));
    assert_eq!(rows(&report, sandbox, "AWS::RDS::DBInstance"), set(&INSTANCES));
    assert_eq!(rows(&report, sandbox, "AWS::DynamoDB::Table"), set(&TABLES));
    assert_eq!(rows(&report, orders, "AWS::RDS::DBInstance"), set(&INSTANCES[..1]));
    let left = ["us-east-1 read-data gets: dynamodb:GetItem maybe: aws:multifactorauthpresent", TABLES[3]];
    assert_eq!(rows(&report, orders, "AWS::DynamoDB::Table"), set(&left));
    let states = |name: &str| report["service_control_policies"][id(&emulator, name)].clone();
    assert_eq!(states("orders"), json!({"state": "read", "policies": 4}));
    assert_eq!(states("sandbox"), json!({"state": "read", "policies": 1}));
    assert_eq!(states("management"), json!({"state": "none"}));
}

#[test]
fn each_unit_and_policy_is_asked_for_once_an_organization() {
    let emulator = organization();
    access(&emulator, &ORGANIZATION);
    let calls = emulator.calls();
    let count = |operation: &str| calls.iter().filter(|((_, of), _)| of == operation).map(|(_, count)| count).sum::<usize>();
    // Of three accounts and two units; and of the root; and four policies.
    let expected = [3 + 2, 3 + 2 + 1, 4];
    assert_eq!(
        ["organizations:ListParents", "organizations:ListPoliciesForTarget", "organizations:DescribePolicy"].map(count),
        expected,
        "{calls:?}"
    );
}

#[test]
fn a_member_account_may_not_ask_and_that_is_said_and_no_gap() {
    let emulator = organization();
    let asked = role(&emulator, "orders");
    let run = access(&emulator, &["--role-arn", &asked]);
    assert_eq!((run.code, run.last_line()), (0, "exit 0: complete, but for service control policies, which may take more away"), "{}", run.stderr);
    let report = run.json();
    let orders = id(&emulator, "orders");
    assert_eq!((rows(&report, orders, "AWS::RDS::DBInstance"), rows(&report, orders, "AWS::DynamoDB::Table")), (set(&INSTANCES), set(&TABLES)));
    let control = &report["service_control_policies"][orders];
    assert_eq!((&control["state"], &control["why"]["reason"]), (&json!("unread"), &json!("access-denied")));
    assert_eq!(verdicts(&emulator, &["--role-arn", &asked]), [(orders.to_owned(), "fail".to_owned())], "as its own policies say");
}

/// What the rule says of the role `queries` of each account; the scan is complete.
fn verdicts(emulator: &Emulator, more: &[&str]) -> Vec<(String, String)> {
    let report = scan(emulator, more).json();
    assert!(report["coverage"].as_array().unwrap().iter().all(|scope| scope["complete"] == true), "{}", report["coverage"]);
    verdicts_of(&report)
}

fn scan(emulator: &Emulator, more: &[&str]) -> Run {
    let url = emulator.url();
    let arguments = ["scan", "--endpoint-url", &url, "--region", "us-east-1", "-o", "json", "--include", "pass", "--rule", RULE];
    run(with_credentials(&[&arguments, more].concat()))
}

fn verdicts_of(report: &Json) -> Vec<(String, String)> {
    let queries = report["findings"].as_array().unwrap().iter().filter(|finding| finding["resource"]["name"] == "queries");
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let mut verdicts: Vec<_> = queries.map(|finding| (text(&finding["resource"]["account"]), text(&finding["outcome"]))).collect();
    verdicts.sort();
    verdicts
}

#[test]
fn what_a_policy_surely_denies_is_no_finding_and_what_could_not_be_read_for_another_reason_is_not_assessed() {
    let emulator = organization();
    let expected = |of_orders: &str| {
        let mut expected = [("orders", of_orders), ("sandbox", "fail")].map(|(name, outcome)| (id(&emulator, name).to_owned(), outcome.to_owned()));
        expected.sort();
        expected
    };
    assert_eq!(verdicts(&emulator, &ORGANIZATION), expected("pass"));
    emulator.order("deny", &json!(["organizations:DescribePolicy"]));
    assert_eq!(verdicts(&emulator, &ORGANIZATION), expected("fail"), "a refusal is no gap");
    emulator.order("deny", &json!([]));
    let unit = id(&emulator, "unit");
    emulator.order("fault", &json!({format!("organizations:ListPoliciesForTarget={unit}"): "expired"}));
    let run = scan(&emulator, &[&ORGANIZATION[..], &["--fail-on", "none"]].concat());
    assert_eq!((run.code, verdicts_of(&run.json())), (4, expected("not-assessed").to_vec()), "{}", run.stderr);
}

#[test]
fn a_saved_inventory_gives_the_same_answers() {
    let emulator = organization();
    let live = access(&emulator, &ORGANIZATION).json();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inventory.jsonl");
    let url = emulator.url();
    let arguments = ["collect", "--endpoint-url", &url, "--region", "us-east-1,eu-west-1", "-o", file.to_str().unwrap()];
    let collected = run(with_credentials(&[&arguments[..], &ORGANIZATION].concat()));
    assert_eq!(collected.code, 0, "{}", collected.stderr);
    let saved = run(with_credentials(&["access", "--all", "--inventory", file.to_str().unwrap(), "-f", "json"])).json();
    assert_eq!((&saved["databases"], &saved["service_control_policies"]), (&live["databases"], &live["service_control_policies"]));
}
