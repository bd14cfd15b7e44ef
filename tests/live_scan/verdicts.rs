//! What each rule says of each resource of the account that `tests/live` seeds.

use std::collections::BTreeMap;

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The resources that fail each rule, by name; every other one that the rule applies to passes.
const FAILURES: &[(&str, &[&str])] = &[
    (
        "rds-instance-not-publicly-accessible",
        &[
            "aurora-mysql-public-1",
            "mysql-bad",
            "mysql-public-reachable",
            "oracle-public-reachable",
            "pg-public-all-protocols",
            "pg-public-closed-sg",
            "pg-public-group-source",
            "pg-public-half",
            "pg-public-internal-sg",
            "pg-public-ipv6",
            "pg-public-main-table-igw",
            "pg-public-mixed-subnets",
            "pg-public-nacl-inbound",
            "pg-public-nacl-outbound",
            "pg-public-nat-subnet",
            "pg-public-other-port",
            "pg-public-prefix-list",
            "pg-public-private-subnet",
            "pg-public-reachable",
            "pg-public-split-cidr",
            "pg-public-split-groups",
            "pg-public-wide",
            "sqlserver-public-reachable",
        ],
    ),
    (
        // Not here: a closed group, a private or NAT subnet, a network ACL either way, IPv6 without an address.
        "rds-instance-not-internet-reachable",
        &[
            "aurora-mysql-public-1",
            "mysql-bad",
            "mysql-public-reachable",
            "oracle-public-reachable",
            "pg-public-all-protocols",
            "pg-public-half",
            "pg-public-main-table-igw",
            "pg-public-mixed-subnets",
            "pg-public-prefix-list",
            "pg-public-reachable",
            "pg-public-split-cidr",
            "pg-public-split-groups",
            "pg-public-wide",
            "sqlserver-public-reachable",
        ],
    ),
    (
        // Not here: another VPC's main table has the gateway, or the way out is NAT.
        "rds-instance-subnets-private",
        &[
            "mysql-bad",
            "mysql-public-reachable",
            "oracle-public-reachable",
            "pg-public-all-protocols",
            "pg-public-closed-sg",
            "pg-public-group-source",
            "pg-public-half",
            "pg-public-internal-sg",
            "pg-public-ipv6",
            "pg-public-main-table-igw",
            "pg-public-mixed-subnets",
            "pg-public-nacl-inbound",
            "pg-public-nacl-outbound",
            "pg-public-other-port",
            "pg-public-prefix-list",
            "pg-public-reachable",
            "pg-public-split-cidr",
            "pg-public-split-groups",
            "pg-public-wide",
            "sqlserver-public-reachable",
        ],
    ),
    (
        "rds-instance-security-group-no-open-ingress",
        &[
            "mysql-bad",
            "mysql-public-reachable",
            "oracle-public-reachable",
            "pg-private-open-sg",
            "pg-public-all-protocols",
            "pg-public-half",
            "pg-public-ipv6",
            "pg-public-main-table-igw",
            "pg-public-mixed-subnets",
            "pg-public-nacl-inbound",
            "pg-public-nacl-outbound",
            "pg-public-nat-subnet",
            "pg-public-prefix-list",
            "pg-public-private-subnet",
            "pg-public-reachable",
            "pg-public-split-cidr",
            "pg-public-split-groups",
            "pg-public-wide",
            "sqlserver-public-reachable",
        ],
    ),
    (
        // Not here: a /8, wide but not most of the internet.
        "rds-instance-security-group-no-split-cidr",
        &[
            "aurora-mysql-public-1",
            "mysql-bad",
            "mysql-public-reachable",
            "oracle-public-reachable",
            "pg-private-open-sg",
            "pg-public-all-protocols",
            "pg-public-half",
            "pg-public-ipv6",
            "pg-public-main-table-igw",
            "pg-public-mixed-subnets",
            "pg-public-nacl-inbound",
            "pg-public-nacl-outbound",
            "pg-public-nat-subnet",
            "pg-public-prefix-list",
            "pg-public-private-subnet",
            "pg-public-reachable",
            "pg-public-split-cidr",
            "pg-public-split-groups",
            "sqlserver-public-reachable",
        ],
    ),
    ("rds-instance-not-in-default-vpc", &[]),
    ("rds-instance-storage-encrypted", &["mysql-bad", "pg-unencrypted"]),
    ("rds-instance-storage-cmk", &["mysql-bad", "pg-key-aws-managed", "pg-unencrypted"]),
    ("rds-instance-transit-postgres-force-ssl", &["pg-tls-off", "pg-tls-pending-reboot", "pg13-extended-support", "pg14-tls-default-off"]),
    // Not here: the value spelled 1 and spelled ON.
    ("rds-instance-transit-mysql-require-tls", &["mysql-bad", "mysql-require-tls-absent"]),
    ("rds-instance-transit-mariadb-require-tls", &["mariadb-require-tls-absent"]),
    ("rds-instance-transit-sqlserver-force-ssl", &["sqlserver-tls-default-off"]),
    ("rds-instance-server-certificate-not-expiring", &["pg-certificate-10-days"]),
    // Not here: the replica that keeps none.
    ("rds-instance-backup-enabled", &["mysql-bad", "pg-retention-0"]),
    ("rds-instance-backup-retention", &["mysql-bad", "pg-retention-0", "pg-retention-3"]),
    // Not here: a stopped instance.
    ("rds-instance-latest-restorable-time-fresh", &["pg-restorable-stale"]),
    ("rds-instance-iam-auth-enabled", &["mysql-bad", "pg-no-iam-auth"]),
    ("rds-instance-no-default-admin-username", &["mysql-bad", "mysql-master-admin", "pg-master-postgres"]),
    ("rds-instance-managed-master-secret", &["mysql-bad", "pg-unmanaged-password"]),
    ("rds-instance-multi-az", &["mysql-bad", "pg-single-az"]),
    ("rds-instance-cloudwatch-logs-exported", &["mysql-bad", "pg-no-log-exports"]),
    ("rds-instance-enhanced-monitoring", &["aurora-mysql-public-1", "mysql-bad", "pg-no-monitoring"]),
    ("rds-instance-auto-minor-version-upgrade", &["aurora-mysql-public-1", "mysql-bad", "pg-no-minor-upgrade"]),
    ("rds-instance-deletion-protection", &["mysql-bad", "pg-no-deletion-protection"]),
    ("rds-instance-copy-tags-to-snapshots", &["mysql-bad", "pg-no-copy-tags"]),
    ("rds-instance-storage-not-magnetic", &["pg-storage-standard"]),
    ("rds-instance-storage-autoscaling", &["pg-no-autoscaling"]),
    ("rds-cluster-instances-not-publicly-accessible", &["aurora-mysql-public"]),
    ("rds-cluster-not-internet-reachable", &["aurora-mysql-public"]),
    ("rds-cluster-storage-encrypted", &["aurora-mysql-public"]),
    ("rds-cluster-storage-cmk", &["aurora-mysql-public"]),
    ("rds-cluster-transit-aurora-postgres-force-ssl", &[]),
    ("rds-cluster-transit-aurora-mysql-require-tls", &["aurora-mysql-public", "aurora-mysql-tls-pending"]),
    ("rds-cluster-backup-retention", &["aurora-mysql-public"]),
    ("rds-cluster-iam-auth-enabled", &["aurora-mysql-public"]),
    ("rds-cluster-multi-az", &["aurora-mysql-public", "aurora-mysql-tls-pending"]),
    ("rds-cluster-deletion-protection", &["aurora-mysql-public"]),
    ("rds-cluster-cloudwatch-logs-exported", &["aurora-mysql-public"]),
    ("rds-cluster-copy-tags-to-snapshots", &["aurora-mysql-public"]),
    ("rds-snapshot-not-public", &["cluster-snap-public", "cluster-snap-public-and-shared", "snap-public", "snap-public-and-shared"]),
    // The last is on the second page of its region.
    ("rds-snapshot-not-shared-untrusted-accounts", &["cluster-snap-shared-foreign", "pg-eu-snap-119", "snap-shared-foreign"]),
    (
        "rds-snapshot-encrypted",
        &[
            "cluster-snap-public",
            "cluster-snap-public-and-shared",
            "cluster-snap-unencrypted",
            "snap-public",
            "snap-public-and-shared",
            "snap-unencrypted",
        ],
    ),
];

/// The KMS keys that fail, by the names of the seeding.
const KEY_FAILURES: &[(&str, &[&str])] = &[
    ("kms-db-key-not-pending-deletion", &["disabled", "pending-deletion"]),
    ("kms-db-key-rotation-enabled", &["unrotated"]),
    ("kms-db-key-policy-not-public", &["open-policy"]),
    ("kms-db-key-no-untrusted-cross-account", &["caller-account", "open-policy"]),
];

#[test]
fn every_resource_fails_and_passes_as_it_was_seeded() {
    let emulator = Emulator::take();
    let run = scan(&emulator, &["--region", "us-east-1,eu-west-1"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
        assert!(!names(&report, rule, "pass").is_empty(), "{rule} passes nowhere");
    }

    let keys = emulator.account["keys"].as_object().unwrap();
    let by_arn: BTreeMap<_, _> = keys.iter().map(|(name, arn)| (arn.as_str().unwrap().rsplit('/').next().unwrap(), name.as_str())).collect();
    for (rule, expected) in KEY_FAILURES {
        let mut failed: Vec<_> = names(&report, rule, "fail").into_iter().map(|id| by_arn[id]).collect();
        failed.sort_unstable();
        assert_eq!(failed, *expected, "{rule}");
    }
}

#[test]
fn documentdb_and_neptune_are_never_judged_as_rds() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &[]).json();
    for finding in report["findings"].as_array().unwrap() {
        let (rule, name) = (finding["rule"].as_str().unwrap(), finding["resource"]["name"].as_str().unwrap());
        let kind = finding["resource"]["kind"].as_str().unwrap();
        if name.starts_with("docdb") {
            assert!(kind.starts_with("AWS::DocDB::") && rule.starts_with("documentdb-"), "{rule} on {name} ({kind})");
        }
        if name.starts_with("neptune") {
            assert!(kind.starts_with("AWS::Neptune::") && rule.starts_with("neptune-"), "{rule} on {name} ({kind})");
        }
    }
    for name in ["docdb-good", "neptune-good"] {
        assert!(report["findings"].as_array().unwrap().iter().any(|finding| finding["resource"]["name"] == name), "{name} is judged nowhere");
    }
}

#[test]
fn a_reachable_database_shows_the_way_in() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--rule", "rds-instance-not-internet-reachable"]).json();
    let findings = report["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["resource"]["name"] == "pg-public-prefix-list").unwrap();
    let paths = finding["evidence"]["network.internet_paths"].as_array().unwrap();
    let path = paths[0].as_str().unwrap();
    for part in ["pl-", "0.0.0.0/0 → igw-", " → rtb-", " → acl-", " → sg-", " → 15432"] {
        assert!(path.contains(part), "{path}");
    }
}

#[test]
fn nothing_is_asked_twice_and_attributes_of_manual_snapshots_only() {
    let emulator = Emulator::take();
    scan(&emulator, &[]);
    let calls = emulator.calls();
    let count = |operation: &str| calls.get(&("us-east-1".to_owned(), operation.to_owned())).copied().unwrap_or(0);
    // One page each in this account.
    for operation in
        ["rds:DescribeDBInstances", "rds:DescribeDBClusters", "ec2:DescribeVpcs", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups"]
    {
        assert_eq!(count(operation), 1, "{operation}");
    }
    let snapshots = emulator.account["snapshots"].as_object().unwrap().len();
    assert_eq!(count("rds:DescribeDBSnapshotAttributes"), snapshots);
    // The policy of each secret, most of which RDS made and lists.
    let secrets = count("secretsmanager:GetResourcePolicy");
    assert!(secrets > 40 && count("secretsmanager:DescribeSecret") <= 4, "{calls:?}");
    for (call, count) in calls.iter().filter(|((_, operation), _)| operation != "secretsmanager:GetResourcePolicy") {
        assert!(*count <= snapshots.max(40), "{call:?}: {count}");
    }
}
