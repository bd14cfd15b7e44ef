//! What each rule says of each cache of the account that `tests/live` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The caches that fail each rule, by name; every other one that the rule applies to passes.
const FAILURES: &[(&str, &[&str])] = &[
    // Not here: a key that AWS owns. A single Redis node cannot be encrypted.
    ("elasticache-redis-encrypted-at-rest", &["cache-bad", "single-redis"]),
    ("elasticache-redis-cmk", &["cache-aws-owned-key", "cache-bad"]),
    ("elasticache-redis-encrypted-in-transit", &["cache-bad", "single-redis"]),
    ("elasticache-redis-transit-mode-required", &["cache-bad", "cache-preferred"]),
    ("elasticache-redis-auth-enabled", &["cache-redis5"]),
    ("elasticache-redis-rbac-enabled", &["cache-bad", "single-redis"]),
    ("elasticache-redis-rbac-no-passwordless-users", &["cache-preferred"]),
    ("elasticache-redis-rbac-least-privilege", &["cache-preferred"]),
    ("elasticache-redis-subnets-private", &["cache-bad"]),
    ("elasticache-redis-no-default-subnet-group", &["cache-bad"]),
    ("elasticache-redis-in-vpc", &[]),
    ("elasticache-redis-security-group-restricted", &["cache-bad", "cache-redis5"]),
    ("elasticache-no-classic-security-groups", &[]),
    ("elasticache-redis-automatic-failover", &["cache-bad"]),
    ("elasticache-redis-multi-az", &["cache-bad"]),
    ("elasticache-redis-cluster-mode", &["cache-bad"]),
    ("elasticache-redis-backup-enabled", &["cache-bad"]),
    ("elasticache-redis-auto-minor-version-upgrade", &["cache-bad"]),
    ("elasticache-redis-engine-version-supported", &["cache-bad", "cache-redis5", "cache-redis5-auth"]),
    ("elasticache-redis-service-updates-applied", &["cache-preferred"]),
    ("elasticache-redis-log-delivery", &["cache-bad", "single-redis"]),
    ("elasticache-redis-notifications", &["cache-bad"]),
    ("elasticache-redis-non-default-port", &["cache-bad"]),
    ("elasticache-redis-tagged", &["cache-bad"]),
    ("elasticache-current-generation-nodes", &["cache-bad"]),
    ("elasticache-redis-snapshot-cmk", &["cache-snap-bad"]),
    ("elasticache-memcached-encrypted-in-transit", &["pages-bad"]),
    ("elasticache-memcached-subnets-private", &["pages-bad"]),
    ("elasticache-memcached-no-default-subnet-group", &["pages-bad"]),
    ("elasticache-memcached-in-vpc", &[]),
    ("elasticache-memcached-security-group-restricted", &["pages-bad", "pages-wide"]),
    ("elasticache-memcached-multi-az", &["pages-bad"]),
    ("elasticache-memcached-auto-minor-version-upgrade", &["pages-bad"]),
    ("elasticache-memcached-engine-version-supported", &["pages-bad"]),
    ("elasticache-memcached-non-default-port", &["pages-bad"]),
    ("elasticache-memcached-tagged", &["pages-bad"]),
    ("elasticache-serverless-cmk", &["carts-bad"]),
    ("elasticache-serverless-not-publicly-accessible", &["carts-public"]),
    ("elasticache-serverless-user-group", &["carts-bad"]),
    ("elasticache-serverless-users-authenticated", &["carts-public"]),
    ("elasticache-serverless-backup-enabled", &["carts-bad"]),
    ("elasticache-serverless-subnets-private", &["carts-bad"]),
    ("elasticache-serverless-security-group-restricted", &["carts-bad"]),
    ("elasticache-serverless-tagged", &["carts-bad"]),
];

#[test]
fn every_cache_fails_and_passes_as_it_was_seeded() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "elasticache"]).json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
        assert!(!names(&report, rule, "pass").is_empty(), "{rule} passes nowhere");
    }
}

#[test]
fn a_member_is_judged_on_its_group_alone() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "elasticache"]).json();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| !finding["resource"]["name"].as_str().unwrap().contains("-001")), "a member has findings");
    let calls = emulator.calls();
    let count = |operation: &str| calls.get(&("us-east-1".to_owned(), format!("elasticache:{operation}"))).copied().unwrap_or(0);
    for operation in ["DescribeReplicationGroups", "DescribeCacheClusters", "DescribeUsers", "DescribeUserGroups", "DescribeCacheSubnetGroups"] {
        assert_eq!(count(operation), 1, "{operation}");
    }
    assert_eq!(calls.get(&("us-east-1".to_owned(), "tag:GetResources".to_owned())), Some(&1));
}
