//! What each rule says of the MemoryDB clusters and snapshots that `tests/live` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The resources that fail each rule; every other one that the rule applies to passes.
const FAILURES: &[(&str, &[&str])] = &[
    ("memorydb-cluster-tls", &["memory-no-tls"]),
    ("memorydb-cluster-cmk", &["memory-aws-key"]),
    ("memorydb-snapshot-cmk", &["memory-snapshot-aws-key"]),
    ("memorydb-cluster-acl-not-open-access", &["memory-no-tls", "memory-open-access"]),
    // Not here: a user without a password who is off.
    ("memorydb-users-authenticated", &["memory-guests"]),
    ("memorydb-users-least-privilege", &["memory-admins"]),
    ("memorydb-cluster-multi-az", &["memory-one-node"]),
    ("memorydb-cluster-snapshot-retention", &["memory-no-snapshots"]),
    ("memorydb-cluster-auto-minor-version-upgrade", &["memory-fixed-version"]),
    ("memorydb-cluster-service-updates-applied", &["memory-overdue"]),
    ("memorydb-cluster-subnets-private", &["memory-public-subnets"]),
    ("memorydb-cluster-not-in-default-vpc", &[]),
    ("memorydb-cluster-security-group-restricted", &["memory-split"]),
    ("memorydb-cluster-notifications", &["memory-silent"]),
    ("memorydb-cluster-tagged", &["memory-untagged"]),
];

#[test]
fn clusters_and_snapshots_fail_and_pass_as_they_were_seeded() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "memorydb"]).json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
        assert!(!names(&report, rule, "pass").is_empty(), "{rule} passes nowhere");
    }
}

#[test]
fn denied_users_leave_open_who_may_log_in() {
    for operation in ["memorydb:DescribeACLs", "memorydb:DescribeUsers"] {
        let emulator = Emulator::take();
        emulator.order("deny", &serde_json::json!([operation]));
        let report = scan(&emulator, &["--rule", "memorydb-users-*"]).json();
        for rule in ["memorydb-users-authenticated", "memorydb-users-least-privilege"] {
            assert_eq!(names(&report, rule, "fail"), [""; 0], "{operation}: {rule}");
            assert_eq!(names(&report, rule, "pass"), [""; 0], "{operation}: {rule}");
            assert!(names(&report, rule, "not-assessed").contains(&"memory-good"), "{operation}: {rule}");
        }
    }
}
