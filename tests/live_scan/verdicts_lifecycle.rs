//! What the rules of engine versions, log groups, shares and groups say of the account that `tests/live` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The resources that fail each rule, by name, and one that passes it.
const VERDICTS: &[(&str, &[&str], &str)] = &[
    ("rds-instance-engine-version-supported", &["pg13-extended-support"], "pg14-tls-default-off"),
    // The second leaves standard support in three months.
    ("rds-instance-not-in-extended-support", &["pg13-extended-support", "pg14-tls-default-off"], "mysql-good"),
    ("rds-cluster-engine-version-supported", &[], "aurora-mysql-public"),
    ("rds-cluster-not-in-extended-support", &[], "pg-multi-az-cluster"),
    ("documentdb-engine-version-supported", &[], "docdb-weak"),
    ("neptune-engine-version-supported", &[], "neptune-weak"),
    ("documentdb-instance-auto-minor-version-upgrade", &[], "docdb-weak-1"),
    ("rds-instance-log-group-retention", &["aurora-mysql-tls-pending", "pg-retention-7"], "pg-multi-az-cluster"),
    ("rds-cluster-not-shared-via-ram", &["aurora-mysql-good"], "aurora-mysql-public"),
    ("rds-instance-no-classic-db-security-groups", &[], "pg-good"),
    ("rds-subnet-group-tagged", &["app-mixed", "app-nacl-inbound", "app-nacl-outbound", "app-nat", "app-public", "edge-main"], "app-private"),
];

#[test]
fn what_lives_longer_than_its_version_and_what_is_shared() {
    let emulator = Emulator::take();
    let rules: Vec<_> = VERDICTS.iter().flat_map(|(rule, ..)| ["--rule", rule]).collect();
    let run = scan(&emulator, &[&rules[..], &["--rule", "rds-option-group-tagged"]].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    let report = run.json();
    for (rule, failing, passing) in VERDICTS {
        assert_eq!(names(&report, rule, "fail"), *failing, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
        assert!(names(&report, rule, "pass").contains(passing), "{rule} does not pass {passing}");
    }
    assert_eq!(names(&report, "rds-option-group-tagged", "fail"), ["oracle19-nne"]);

    let calls = emulator.calls();
    let count = |operation: &str| calls.get(&("us-east-1".to_owned(), operation.to_owned())).copied().unwrap_or(0);
    // PostgreSQL, MySQL, MariaDB, SQL Server, Oracle, Aurora twice, DocumentDB, Neptune.
    assert_eq!(count("rds:DescribeDBEngineVersions"), 9);
    for operation in ["rds:DescribeDBMajorEngineVersions", "ram:ListResources", "ram:ListPrincipals", "rds:DescribeDBSecurityGroups"] {
        assert_eq!(count(operation), 1, "{operation}");
    }
    // Three pages of instances' groups, one of clusters'.
    assert!(count("logs:DescribeLogGroups") <= 6, "{}", count("logs:DescribeLogGroups"));
    // Subnet groups and the option group.
    assert_eq!(count("tag:GetResources"), 2);
}
