//! What each rule says of the DAX clusters that `tests/live/dax.py` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The clusters that fail each rule; every other one passes.
const FAILURES: &[(&str, &[&str])] = &[
    ("dax-cluster-encrypted", &["dax-unencrypted"]),
    ("dax-cluster-endpoint-tls", &["dax-no-tls"]),
    ("dax-cluster-multi-az", &["dax-one-zone"]),
    ("dax-cluster-not-in-default-vpc", &[]),
    ("dax-cluster-notifications", &["dax-silent"]),
    ("dax-cluster-role-least-privilege", &["dax-any-table"]),
    ("dax-cluster-security-group-restricted", &["dax-open-group"]),
    ("dax-cluster-subnets-private", &["dax-public-subnets"]),
    ("dax-cluster-tagged", &["dax-untagged"]),
    ("dax-cluster-ttl-set", &["dax-for-ever"]),
];

#[test]
fn clusters_fail_and_pass_as_they_were_seeded() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "dax"]).json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
        assert!(names(&report, rule, "pass").contains(&"dax-good"), "{rule}");
    }
}

#[test]
fn groups_that_are_denied_leave_open_what_they_say() {
    for (operation, rule) in [("dax:DescribeParameters", "dax-cluster-ttl-set"), ("dax:DescribeSubnetGroups", "dax-cluster-subnets-private")] {
        let emulator = Emulator::take();
        emulator.order("deny", &serde_json::json!([operation]));
        let report = scan(&emulator, &["--rule", rule]).json();
        assert_eq!(names(&report, rule, "pass"), [""; 0], "{rule}");
        assert!(names(&report, rule, "not-assessed").contains(&"dax-good"), "{rule}");
    }
}
