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
    ("account-db-zero-etl-integration-trusted", &["away", "without-key"], &["own"]),
    ("account-db-recommendations-open", &["urgent"], &["idea"]),
    // No alarm on ElastiCache and others here, on RDS there.
    ("account-db-cloudwatch-alarms", &[ACCOUNT, ACCOUNT], &[]),
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

#[test]
fn secrets_of_proxies_and_those_that_rds_manages_are_judged() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &[]).json();
    let of_proxies = |rule: &str, outcome: &str| -> Vec<String> {
        names(&report, rule, outcome).into_iter().filter(|name| !name.starts_with("rds!")).map(ToOwned::to_owned).collect()
    };
    // A secret that is gone is none.
    assert_eq!(of_proxies("account-db-secrets-rotated", "fail"), ["app", "apprentice"]);
    assert_eq!(
        (of_proxies("account-db-secrets-not-public", "fail"), of_proxies("account-db-secrets-not-public", "pass")),
        (vec!["apprentice".to_owned()], vec!["app".to_owned()])
    );
    assert_eq!(
        (of_proxies("account-db-secrets-cmk", "fail"), of_proxies("account-db-secrets-cmk", "pass")),
        (vec!["apprentice".to_owned()], vec!["app".to_owned()])
    );
    assert!(names(&report, "account-db-secrets-rotated", "pass").iter().any(|name| name.starts_with("rds!")));
    let asked: Vec<_> =
        emulator.calls().into_keys().map(|(_, operation)| operation).filter(|operation| operation.starts_with("secretsmanager:")).collect();
    assert_eq!(asked, ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy", "secretsmanager:ListSecrets"]);
}

#[test]
fn services_without_an_alarm_are_named() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--rule", "account-db-cloudwatch-alarms", "--region", "us-east-1,eu-west-1"]).json();
    let messages: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    let expected = [
        "In eu-west-1 no CloudWatch alarm with actions watches AWS/RDS, and the account has databases there",
        "In us-east-1 no CloudWatch alarm with actions watches AWS/DAX, AWS/DocDB, AWS/ElastiCache, AWS/MemoryDB, AWS/Neptune, AWS/Timestream, and the account has databases there",
    ];
    assert_eq!(messages, expected);
}
