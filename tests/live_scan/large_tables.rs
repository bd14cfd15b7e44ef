//! What many DynamoDB tables cost: a few calls a table, listings by the page.

use std::collections::BTreeMap;

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

#[test]
fn a_table_costs_five_calls_and_listings_are_of_all_tables() {
    // 120 tables, half of them provisioned, half with a stream.
    let emulator = Emulator::start("large_tables.py");
    let report = scan(&emulator, &[]).json();
    assert_eq!(report["coverage"][0]["gaps"], serde_json::json!([]), "the scan is not complete");
    assert_eq!(names(&report, "dynamodb-table-cmk", "pass").len(), 120);
    let calls: BTreeMap<_, _> = emulator.calls().into_iter().map(|((_, operation), count)| (operation, count)).collect();
    let expected = [
        ("dynamodb:ListTables", 2),
        ("dynamodb:DescribeTable", 120),
        ("dynamodb:DescribeContinuousBackups", 120),
        ("dynamodb:DescribeKinesisStreamingDestination", 120),
        // Of tables and of streams.
        ("dynamodb:GetResourcePolicy", 180),
        ("dynamodb:ListBackups", 1),
        ("dynamodb:ListExports", 1),
        ("dynamodb:DescribeLimits", 1),
        ("tag:GetResources", 2),
        ("application-autoscaling:DescribeScalableTargets", 1),
        ("lambda:ListEventSourceMappings", 1),
        ("pipes:ListPipes", 1),
        ("kms:DescribeKey", 1),
    ];
    for (operation, count) in expected {
        assert_eq!(calls.get(operation), Some(&count), "{operation}: {calls:#?}");
    }
    let others = calls.iter().filter(|(operation, _)| !expected.iter().any(|(name, _)| name == operation));
    for (operation, count) in others {
        assert!(*count <= 8, "{operation} is asked {count} times: {calls:#?}");
    }
}
