//! What a large account costs: calls grow with pages and manual snapshots, not with databases.

use std::collections::BTreeMap;

use crate::emulator::Emulator;
use crate::scan;

#[test]
fn calls_grow_with_pages_and_manual_snapshots_only() {
    // 300 instances, 100 clusters of one, 500 manual snapshots and 5,000 automated ones.
    let emulator = Emulator::start("large.py");
    let report = scan(&emulator, &[]).json();
    assert_eq!(report["coverage"][0]["gaps"], serde_json::json!([]), "the scan is not complete");
    let of_kind = |kind: &str| {
        let arns = report["findings"].as_array().unwrap().iter().filter(|finding| finding["resource"]["kind"] == kind);
        arns.map(|finding| finding["resource"]["arn"].as_str().unwrap()).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!([of_kind("AWS::RDS::DBInstance"), of_kind("AWS::RDS::DBCluster"), of_kind("AWS::RDS::DBSnapshot")], [400, 100, 500]);

    let calls: BTreeMap<_, _> = emulator.calls().into_iter().map(|((_, operation), count)| (operation, count)).collect();
    // A page holds a hundred records, and a listing of full pages ends with its last one.
    let expected = [
        ("rds:DescribeDBInstances", 4),
        ("rds:DescribeDBClusters", 1),
        ("rds:DescribeDBSnapshots", 5),
        ("rds:DescribeDBSnapshotAttributes", 500),
        ("rds:DescribeDBParameters", 1),
        ("ec2:DescribeSecurityGroups", 1),
        ("kms:GetKeyPolicy", 1),
        // Every database has a secret that RDS made.
        ("secretsmanager:ListSecrets", 4),
        ("secretsmanager:GetResourcePolicy", 400),
    ];
    for (operation, count) in expected {
        assert_eq!(calls.get(operation), Some(&count), "{operation}: {calls:#?}");
    }
    let others = calls.iter().filter(|(operation, _)| !expected.iter().any(|(name, _)| name == operation));
    for (operation, count) in others {
        assert!(*count <= 8, "{operation} is asked {count} times: {calls:#?}");
    }
}
