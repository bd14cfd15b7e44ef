//! What `dbmoat doctor` says of an account before it is scanned.

use serde_json::{Value as Json, json};

use crate::emulator::Emulator;
use crate::organization::{id, organization, role};
use crate::program::{Run, run, with_credentials};

fn doctor(emulator: &Emulator, more: &[&str]) -> Run {
    run(with_credentials(&[&["doctor", "--endpoint-url", &emulator.url()], more].concat()))
}

/// The outcome of an operation in the first account.
fn outcome<'r>(report: &'r Json, operation: &str) -> &'r str {
    let operations = report["accounts"][0]["operations"].as_array().unwrap();
    operations.iter().find(|tried| tried["operation"] == operation).unwrap()["outcome"].as_str().unwrap()
}

#[test]
fn what_is_denied_is_named_with_the_statement_that_is_missing() {
    let emulator = Emulator::take();
    let rules = ["--region", "us-east-1,eu-west-1", "--service", "rds-instance,keyspaces-table"];
    let calm = doctor(&emulator, &rules);
    assert_eq!((calm.code, calm.last_line()), (0, "exit 0: all that was tried answers"), "{}", calm.stdout);
    emulator.order("deny", &json!(["rds:DescribeDBInstances", "cassandra:ListKeyspaces"]));
    emulator.order("fault", &json!({"ec2:DescribeVpcs": "scp"}));
    emulator.order("calls/reset", &json!({}));
    let said = doctor(&emulator, &[&rules[..], &["-f", "json"]].concat());
    assert_eq!((said.code, said.last_line()), (4, "exit 4: operations denied: 3"), "{}", said.stdout);
    let report = said.json();
    for (operation, expected) in [
        ("rds:DescribeDBInstances", "denied"),
        ("cassandra:ListKeyspaces", "denied"),
        ("ec2:DescribeVpcs", "denied"),
        ("rds:DescribeDBClusters", "answered"),
        ("rds:DescribeDBParameters", "not-tried"),
    ] {
        assert_eq!(outcome(&report, operation), expected, "{operation}");
    }
    let allowed = json!(["cassandra:Select", "cassandra:SelectMultiRegionResource", "rds:DescribeDBInstances"]);
    assert_eq!(report["accounts"][0]["missing"]["Action"], allowed, "an explicit deny is mended by no statement");
    let twice: Vec<_> = emulator.calls().into_iter().filter(|((_, operation), count)| *count > 1 && !operation.starts_with("sts:")).collect();
    assert_eq!(twice, []);
    let table = doctor(&emulator, &rules);
    assert!(table.stdout.contains("Missing in the policy of the caller:\n{") && table.stdout.contains("no statement helps"), "{}", table.stdout);
}

#[test]
fn a_region_that_does_not_answer_is_named() {
    let emulator = Emulator::take();
    emulator.order("fault", &json!({"*:*@eu-west-1": "scp"}));
    let said = doctor(&emulator, &["--region", "us-east-1,eu-west-1", "--rule", "rds-instance-not-publicly-accessible", "-f", "json"]);
    assert_eq!((said.code, said.last_line()), (4, "exit 4: regions that do not answer: 1"), "{}", said.stdout);
    let regions = &said.json()["accounts"][0]["regions"];
    assert_eq!((&regions[0]["region"], &regions[0]["answers"], &regions[1]["answers"]), (&json!("eu-west-1"), &json!(false), &json!(true)));
    let many = doctor(&emulator, &["--region", "us-east-1,eu-west-1", "--service", "rds-instance"]);
    assert_eq!(many.last_line(), "exit 4: regions that do not answer: 1", "what the other region answers has not failed: {}", many.stdout);
}

#[test]
fn a_role_that_cannot_be_assumed_is_named_with_what_the_caller_misses() {
    let emulator = organization();
    let rule = ["--region", "us-east-1", "--rule", "rds-instance-not-publicly-accessible"];
    emulator.order("deny", &json!([format!("sts:AssumeRole={}", id(&emulator, "orders"))]));
    let said = doctor(&emulator, &[&rule[..], &["--org", "--org-role", "Audit", "-f", "json"]].concat());
    assert_eq!((said.code, said.last_line()), (4, "exit 4: accounts not reached: 1"), "{}", said.stdout);
    let report = said.json();
    assert_eq!(report["missing"]["Resource"], json!([role(&emulator, "orders")]));
    assert!(report["caller"].as_str().unwrap().starts_with("arn:aws:"), "{report}");
    let reached = report["accounts"].as_array().unwrap().iter().filter(|account| account["gap"].is_null());
    assert_eq!(reached.count(), 3);
    emulator.order("deny", &json!(["sts:AssumeRole"]));
    let said = doctor(&emulator, &[&rule[..], &["--role-arn", &role(&emulator, "orders")]].concat());
    assert_eq!((said.code, said.last_line()), (3, "exit 3: no account could be asked"), "{}", said.stdout);
    assert!(said.stdout.contains(&format!("\"{}\"\n  ],\n  \"Sid\": \"DbmoatAssumesRoles\"", role(&emulator, "orders"))), "{}", said.stdout);
}

#[test]
fn what_keeps_accounts_and_regions_from_being_listed_is_named_with_the_statement() {
    let emulator = organization();
    let rule = ["--rule", "rds-instance-not-publicly-accessible"];
    emulator.order("deny", &json!(["ec2:DescribeRegions", "organizations:ListAccounts"]));
    let regions = doctor(&emulator, &[&rule[..], &["--region", "all"]].concat());
    assert_eq!((regions.code, regions.last_line()), (3, "exit 3: no account could be asked"), "{}", regions.stdout);
    assert!(regions.stdout.contains("not reached") && regions.stdout.contains("\"ec2:DescribeRegions\"\n  ],"), "{}", regions.stdout);
    let accounts = doctor(&emulator, &[&rule[..], &["--region", "us-east-1", "--org", "--org-role", "Audit"]].concat());
    assert_eq!(accounts.code, 3);
    assert!(accounts.last_line().starts_with("exit 3: cannot list the accounts of the organization: organizations:ListAccounts: "));
    assert!(accounts.stdout.contains("\"organizations:ListAccounts\"\n  ],"), "{}", accounts.stdout);
}
