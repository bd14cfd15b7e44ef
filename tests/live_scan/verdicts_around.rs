//! What each rule says of the proxies, event subscriptions and regions that `tests/live` seeds.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

const ACCOUNT: &str = "123456789012";

/// The resources that fail each rule and those that pass, by name.
const VERDICTS: &[(&str, &[&str], &[&str])] = &[
    ("rds-proxy-require-tls", &["proxy-weak"], &["proxy-good", "proxy-other-port"]),
    ("rds-proxy-iam-auth-required", &["proxy-weak"], &["proxy-good", "proxy-other-port"]),
    ("rds-proxy-strong-password-auth", &["proxy-weak"], &["proxy-good", "proxy-other-port"]),
    ("rds-proxy-debug-logging-off", &["proxy-weak"], &["proxy-good", "proxy-other-port"]),
    ("rds-proxy-tagged", &["proxy-weak"], &["proxy-good", "proxy-other-port"]),
    ("rds-proxy-subnets-private", &["endpoint-public", "proxy-weak"], &["endpoint-private", "proxy-good", "proxy-other-port"]),
    ("rds-proxy-security-group-restricted", &["endpoint-public", "proxy-weak"], &["endpoint-private", "proxy-good", "proxy-other-port"]),
    ("rds-event-subscription-tagged", &["unheard"], &["everything", "gone", "instances", "parameters-off", "some-clusters"]),
    ("rds-event-subscription-sns-topic-healthy", &["gone", "unheard"], &["everything", "instances", "parameters-off", "some-clusters"]),
    // Both regions have instances, the second has no clusters.
    ("rds-event-subscription-instance-critical", &[], &[ACCOUNT, ACCOUNT]),
    ("rds-event-subscription-cluster-critical", &[ACCOUNT], &[]),
    ("rds-event-subscription-parameter-group", &[ACCOUNT], &[ACCOUNT]),
    ("documentdb-event-subscription", &["docdb-weak"], &["docdb-good"]),
    ("neptune-event-subscription", &["neptune-weak"], &["neptune-good"]),
];

#[test]
fn proxies_and_subscriptions_fail_and_pass_as_they_were_seeded() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--region", "us-east-1,eu-west-1"]).json();
    for (rule, fails, passes) in VERDICTS {
        assert_eq!(names(&report, rule, "fail"), *fails, "{rule}");
        assert_eq!(names(&report, rule, "pass"), *passes, "{rule}");
        assert_eq!(names(&report, rule, "not-assessed"), [""; 0], "{rule}");
    }
}

#[test]
fn a_rule_about_events_asks_for_nothing_else() {
    let emulator = Emulator::take();
    scan(&emulator, &["--rule", "rds-event-subscription-instance-critical"]);
    let asked: Vec<_> = emulator.calls().into_keys().map(|(_, operation)| operation).filter(|operation| !operation.starts_with("sts:")).collect();
    assert_eq!(asked, ["rds:DescribeDBInstances", "rds:DescribeEventSubscriptions"]);
}
