//! What the rules about AWS Backup say of the account that `tests/live/backup.py` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The resources that fail each rule; every other one that the rule applies to passes.
const FAILURES: &[(&str, &[&str])] = &[
    // Excluded by name, without the tag, or in a region without a plan.
    ("rds-instance-protected-by-backup-plan", &["mariadb-good", "mariadb-require-tls-absent", "mysql-bad", "pg-eu", "pg-untagged"]),
    ("rds-cluster-protected-by-backup-plan", &["aurora-mysql-public", "aurora-mysql-tls-pending", "pg-multi-az-cluster"]),
    ("documentdb-cluster-protected-by-backup-plan", &["docdb-weak"]),
    // Selected, but its type is not opted in; the other has recovery points all the same.
    ("neptune-cluster-protected-by-backup-plan", &["neptune-weak"]),
    // The vault `empty` has nothing of databases. One lock can be taken away, another vault has a policy instead.
    ("account-backup-vault-locked", &["daily", "open"]),
    ("account-backup-vault-policy-not-public", &["open"]),
    ("account-backup-recovery-points-encrypted", &["open"]),
    ("account-backup-vault-encrypted-cmk", &["daily"]),
    ("account-backup-retention-minimum", &["weekly"]),
    // Neptune in us-east-1.
    ("account-backup-region-opt-in", &["123456789012"]),
];

/// The resources that pass each rule; every other one that the rule applies to fails.
const PASSES: &[(&str, &[&str])] = &[
    // Not here: two days old, or expired. One of them is continuous.
    ("rds-instance-last-recovery-point-recent", &["mysql-good", "pg-good"]),
    ("rds-cluster-last-recovery-point-recent", &["aurora-pg-good"]),
    ("rds-instance-restore-time-target", &["pg-good"]),
    ("rds-cluster-restore-time-target", &["aurora-pg-good"]),
    ("rds-instance-cross-region-backup", &["pg-good"]),
    ("rds-cluster-logically-air-gapped-copy", &["aurora-mysql-good"]),
];

#[test]
fn databases_are_protected_as_they_were_seeded() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--region", "us-east-1,eu-west-1"]).json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert!(!names(&report, rule, "pass").is_empty(), "{rule} passes nowhere");
    }
    for (rule, expected) in PASSES {
        assert_eq!(names(&report, rule, "pass"), *expected, "{rule}");
        assert!(!names(&report, rule, "fail").is_empty(), "{rule} fails nowhere");
    }
    for (rule, _) in FAILURES.iter().chain(PASSES) {
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
    }
}

#[test]
fn only_protected_databases_are_asked_about_one_by_one() {
    let emulator = Emulator::take();
    scan(&emulator, &["--region", "us-east-1,eu-west-1"]);
    let calls = emulator.calls();
    let count = |region: &str, operation: &str| calls.get(&(region.to_owned(), format!("backup:{operation}"))).copied().unwrap_or(0);
    assert_eq!(count("us-east-1", "DescribeProtectedResource"), 7);
    assert_eq!(count("us-east-1", "ListRecoveryPointsByResource"), 7);
    assert_eq!(count("us-east-1", "GetBackupSelection"), 3);
    assert_eq!(count("us-east-1", "GetBackupPlan"), 2);
    // Of five vaults, which moto says are empty.
    assert_eq!(count("us-east-1", "GetBackupVaultAccessPolicy"), 5);
    assert_eq!(count("us-east-1", "ListRecoveryPointsByBackupVault"), 5);
    for operation in ["ListProtectedResources", "ListBackupPlans", "DescribeRegionSettings", "ListBackupVaults"] {
        assert_eq!((count("us-east-1", operation), count("eu-west-1", operation)), (1, 1), "{operation}");
    }
    // RDS, Aurora, DocumentDB, Neptune, DynamoDB, Timestream and Aurora DSQL; RDS alone.
    assert_eq!((count("us-east-1", "ListCopyJobs"), count("eu-west-1", "ListCopyJobs")), (7, 1));
    assert_eq!(count("eu-west-1", "GetBackupSelection") + count("eu-west-1", "DescribeProtectedResource"), 0);
}
