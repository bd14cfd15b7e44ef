//! What the rules say of the DynamoDB tables that `tests/live/dynamodb.py` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

const ALL: &[&str] = &[
    "ddb-aws-managed-key",
    "ddb-good",
    "ddb-half-scaled",
    "ddb-no-backup",
    "ddb-no-recovery",
    "ddb-no-stream",
    "ddb-owned-key",
    "ddb-provisioned",
    "ddb-scaled",
    "ddb-sensitive",
    "ddb-sensitive-any-vpc",
    "ddb-sensitive-open",
    "ddb-unprotected",
    "ddb-unread-stream",
    "ddb-untagged",
];

/// The tables that fail each rule; every other one passes.
const FAILURES: &[(&str, &[&str])] = &[
    // Every table is encrypted, whoever owns the key.
    ("dynamodb-table-encrypted", &[]),
    ("dynamodb-table-kms-key-accessible", &[]),
    ("dynamodb-table-kms-key-in-account", &["ddb-owned-key"]),
    ("dynamodb-table-cmk", &["ddb-aws-managed-key", "ddb-owned-key"]),
    ("dynamodb-table-pitr-enabled", &["ddb-no-recovery"]),
    ("dynamodb-table-deletion-protection", &["ddb-unprotected"]),
    ("dynamodb-table-tagged", &["ddb-untagged"]),
    ("dynamodb-table-autoscaling-or-on-demand", &["ddb-half-scaled", "ddb-provisioned"]),
    ("dynamodb-streams-compliance-checking", &["ddb-no-stream", "ddb-unread-stream"]),
    ("dynamodb-table-backup-exists", &["ddb-no-backup"]),
    ("dynamodb-vpc-endpoint-exists", &[]),
    ("dynamodb-vpc-endpoint-policy-restricted", ALL),
];

#[test]
fn every_table_fails_and_passes_as_it_was_seeded() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "dynamodb"]).json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
        assert_eq!(names(&report, rule, "fail").len() + names(&report, rule, "pass").len(), ALL.len(), "{rule}");
    }
    let rule = "dynamodb-table-policy-requires-vpce";
    assert_eq!(names(&report, rule, "pass"), ["ddb-sensitive"]);
    assert_eq!(names(&report, rule, "fail"), ["ddb-sensitive-any-vpc", "ddb-sensitive-open"]);
}

#[test]
fn exports_fail_by_their_bucket_and_their_encryption() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--rule", "dynamodb-export-bucket-secure"]).json();
    let tables = |outcome: &str| {
        let names = names(&report, "dynamodb-export-bucket-secure", outcome);
        names.into_iter().map(|arn| arn.split('/').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((tables("fail"), tables("pass")), (vec!["ddb-owned-key".to_owned(), "ddb-unprotected".to_owned()], vec!["ddb-good".to_owned()]));
    assert_eq!(tables("not-assessed"), [""; 0]);
}

#[test]
fn what_is_listed_of_all_tables_leaves_all_open_when_it_is_denied() {
    for (operation, rule) in [
        ("dynamodb:ListBackups", "dynamodb-table-backup-exists"),
        ("pipes:ListPipes", "dynamodb-streams-compliance-checking"),
        ("application-autoscaling:DescribeScalableTargets", "dynamodb-table-autoscaling-or-on-demand"),
        ("dynamodb:DescribeLimits", "dynamodb-account-throughput-below-limit"),
    ] {
        let emulator = Emulator::take();
        emulator.order("deny", &serde_json::json!([operation]));
        let report = scan(&emulator, &["--rule", rule]).json();
        assert!(!names(&report, rule, "not-assessed").is_empty(), "{rule}");
    }
}

#[test]
fn passwords_for_keyspaces_grow_stale() {
    let emulator = Emulator::take();
    let rule = "keyspaces-no-stale-service-specific-credentials";
    let report = scan(&emulator, &["--rule", rule]).json();
    assert_eq!((names(&report, rule, "fail"), names(&report, rule, "pass")), (vec!["in-group"], vec!["alone"]));
    emulator.order("deny", &serde_json::json!(["iam:ListServiceSpecificCredentials"]));
    let report = scan(&emulator, &["--rule", rule]).json();
    assert_eq!(names(&report, rule, "not-assessed"), ["alone", "in-group"]);
}

#[test]
fn each_call_is_made_once_a_table_and_listings_once() {
    let emulator = Emulator::take();
    scan(&emulator, &["--service", "dynamodb"]);
    let calls = emulator.calls();
    let count = |operation: &str| calls.get(&("us-east-1".to_owned(), operation.to_owned())).copied().unwrap_or(0);
    for operation in ["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups"] {
        assert_eq!(count(operation), ALL.len(), "{operation}");
    }
    for operation in ["dynamodb:ListTables", "tag:GetResources", "ec2:DescribeVpcEndpoints", "dynamodb:ListBackups", "dynamodb:ListExports"] {
        assert_eq!(count(operation), 1, "{operation}");
    }
}
