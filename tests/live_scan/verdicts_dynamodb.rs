//! What the rules say of the DynamoDB tables that `tests/live/dynamodb.py` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

const ALL: &[&str] = &["ddb-aws-managed-key", "ddb-good", "ddb-no-recovery", "ddb-owned-key", "ddb-unprotected", "ddb-untagged"];

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
}

#[test]
fn each_call_is_made_once_a_table_and_tags_in_one() {
    let emulator = Emulator::take();
    scan(&emulator, &["--service", "dynamodb"]);
    let calls = emulator.calls();
    let count = |operation: &str| calls.get(&("us-east-1".to_owned(), operation.to_owned())).copied().unwrap_or(0);
    for operation in ["dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups"] {
        assert_eq!(count(operation), ALL.len(), "{operation}");
    }
    for operation in ["dynamodb:ListTables", "tag:GetResources", "ec2:DescribeVpcEndpoints"] {
        assert_eq!(count(operation), 1, "{operation}");
    }
}
