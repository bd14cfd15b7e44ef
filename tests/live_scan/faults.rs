//! Failures other than denial: each is a gap with its reason, and the scan ends.

use serde_json::json;

use crate::emulator::Emulator;
use crate::flips::flips;
use crate::program::{run, with_credentials};
use crate::scan;

#[track_caller]
fn assert_gap(fault: &str, reason: &str) {
    let emulator = Emulator::take();
    let complete = scan(&emulator, &[]).json();
    emulator.order("fault", &json!({"rds:DescribeDBClusterParameterGroups": fault, "kms:DescribeKey": fault}));
    let run = scan(&emulator, &[]);
    let report = run.json();
    let gaps = report["coverage"][0]["gaps"].as_array().unwrap();
    for operation in ["rds:DescribeDBClusterParameterGroups", "kms:DescribeKey"] {
        assert!(gaps.iter().any(|gap| gap["operation"] == operation && gap["reason"] == reason), "{fault} of {operation}: {gaps:?}");
    }
    assert_eq!(flips(&complete, &report), Vec::<String>::new(), "{fault}");
}

#[test]
fn throttling_to_the_end_is_a_gap() {
    assert_gap("throttle", "throttled");
}

#[test]
fn an_internal_error_is_a_gap() {
    assert_gap("internal", "failed");
}

#[test]
fn credentials_that_expire_in_mid_scan_are_a_gap() {
    assert_gap("expired", "credentials-expired");
}

#[test]
fn throttling_that_ends_changes_nothing() {
    let emulator = Emulator::take();
    let calm = scan(&emulator, &[]).stdout;
    emulator.order("fault", &json!({"rds:DescribeDBInstances": "throttle:2", "ec2:DescribeSubnets": "internal:1", "kms:GetKeyPolicy": "throttle:1"}));
    assert!(scan(&emulator, &[]).stdout == calm, "the report differs");
}

#[test]
fn a_dropped_connection_and_half_an_answer_are_gaps() {
    let emulator = Emulator::take();
    emulator.order("fault", &json!({"rds:DescribeDBSubnetGroups": "reset", "ec2:DescribeVpcs": "malformed"}));
    let run = scan(&emulator, &[]);
    assert!([1, 4].contains(&run.code));
    let report = run.json();
    let gaps = report["coverage"][0]["gaps"].as_array().unwrap();
    for operation in ["rds:DescribeDBSubnetGroups", "ec2:DescribeVpcs"] {
        assert!(gaps.iter().any(|gap| gap["operation"] == operation), "{operation}: {gaps:?}");
    }
}

#[test]
fn an_unknown_region_is_refused_with_the_nearest() {
    let emulator = Emulator::take();
    let run = run(with_credentials(&["scan", "--endpoint-url", &emulator.url(), "--region", "us-esat-1"]));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert_eq!(run.last_line(), "exit 2: \"us-esat-1\" is no AWS region; did you mean \"us-east-1\"?");
}

#[test]
fn a_rate_of_an_unknown_service_is_refused_with_the_nearest() {
    let emulator = Emulator::take();
    let run = run(with_credentials(&["scan", "--endpoint-url", &emulator.url(), "--region", "us-east-1", "--max-rate", "secretmanager=5"]));
    assert_eq!((run.code, run.last_line()), (2, "exit 2: there is no rate of \"secretmanager\"; did you mean \"secretsmanager\"?"));
}

#[test]
fn all_regions_are_those_that_the_account_has_enabled() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--region", "all", "--service", "kms"]).json();
    let regions: Vec<_> = report["coverage"].as_array().unwrap().iter().map(|scope| scope["region"].as_str().unwrap()).collect();
    assert!(regions.len() > 10 && regions.contains(&"us-east-1") && regions.contains(&"eu-west-1"), "{regions:?}");
}

#[test]
fn credentials_that_have_expired_end_the_scan() {
    let emulator = Emulator::take();
    emulator.order("fault", &json!({"sts:GetCallerIdentity": "expired"}));
    let run = scan(&emulator, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.last_line().starts_with("exit 3: the AWS credentials have expired"), "{}", run.last_line());
}

#[test]
fn the_environment_names_the_endpoint_too() {
    let emulator = Emulator::take();
    let rule = ["scan", "-q", "--region", "us-east-1", "--rule", "rds-instance-not-publicly-accessible"];
    for services in [&[""][..], &["_RDS", "_STS"]] {
        let mut command = with_credentials(&rule);
        for service in services {
            command.env(format!("AWS_ENDPOINT_URL{service}"), emulator.url());
        }
        assert_eq!(run(command).code, 1, "{services:?}");
    }
}
