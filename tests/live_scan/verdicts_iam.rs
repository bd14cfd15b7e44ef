//! Which users and roles of the account that `tests/live` seeds may do something to any resource, and
//! what its trails record.

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The roles and users that fail each rule. The administrator fails none: he can give himself any right.
const FAILURES: &[(&str, &[&str])] = &[
    ("iam-rds-db-connect-no-wildcard", &["connects-as-anyone", "not-iam"]),
    ("kms-decrypt-not-on-all-keys", &["decrypts-anything", "decrypts-with-mfa", "not-iam"]),
    ("dynamodb-iam-no-unscoped-item-access", &["dax-any-table", "in-group", "not-iam", "reads-any-table"]),
    ("iam-db-no-full-admin", &["dax-any-table", "in-group", "not-iam"]),
    ("iam-db-snapshot-sharing-restricted", &["dax-any-table", "in-group", "not-iam"]),
    ("iam-rds-data-api-no-wildcard", &["not-iam"]),
    ("neptune-iam-no-wildcard", &["not-iam"]),
];

#[test]
fn principals_that_may_do_something_to_any_resource() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "iam"]).json();
    for (rule, expected) in FAILURES {
        assert_eq!(names(&report, rule, "fail"), *expected, "{rule}");
        assert!(names(&report, rule, "not-assessed").is_empty(), "{rule}");
        let passes = names(&report, rule, "pass");
        assert_eq!(passes.len(), 17 - expected.len(), "{rule}: {passes:?}");
        assert!(!passes.contains(&"administrator"), "{rule}");
    }
    let scopes: Vec<_> = report["coverage"].as_array().unwrap().iter().map(|scope| scope["region"].as_str().unwrap()).collect();
    assert_eq!(scopes, ["us-east-1", "aws-global"]);
}

#[test]
fn roles_that_databases_and_proxies_act_with() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--rule", "rds-proxy-role-least-privilege,rds-instance-associated-roles-least-privilege"]).json();
    assert_eq!(names(&report, "rds-proxy-role-least-privilege", "fail"), ["proxy-weak"]);
    assert_eq!(names(&report, "rds-proxy-role-least-privilege", "pass"), ["proxy-good", "proxy-other-port"]);
    // All that have Enhanced Monitoring have the same narrow role.
    let of_instances = |outcome: &str| names(&report, "rds-instance-associated-roles-least-privilege", outcome);
    assert_eq!((of_instances("fail").len(), of_instances("not-assessed").len()), (0, 0));
    assert!(!of_instances("pass").is_empty());
}

#[test]
fn trails_that_record_everything_and_trails_that_do_not() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "cloudtrail", "--region", "us-east-1,eu-west-1"]).json();
    let of = |rule: &str, outcome: &str| names(&report, rule, outcome);
    // The trail of one region does not show in the other; one of all regions is judged once.
    assert_eq!(of("cloudtrail-log-validation-and-encryption", "fail"), ["no-key"]);
    assert_eq!(of("cloudtrail-log-validation-and-encryption", "pass"), ["management-events", "stopped"]);
    assert_eq!(of("cloudtrail-multi-region-management-events", "pass").len(), 2);
    // The trail records the data API of RDS, and of the two regions one has DynamoDB tables, too.
    assert_eq!(of("cloudtrail-db-data-events", "pass").len(), 1);
    let findings = report["findings"].as_array().unwrap();
    let unrecorded: Vec<_> =
        findings.iter().filter(|finding| finding["rule"] == "cloudtrail-db-data-events" && finding["outcome"] == "fail").collect();
    assert_eq!(unrecorded.len(), 1);
    assert_eq!(unrecorded[0]["resource"]["region"], "us-east-1");
    assert!(unrecorded[0]["message"].as_str().unwrap().contains("AWS::DynamoDB::Table"), "{}", unrecorded[0]["message"]);
    let calls = emulator.calls();
    let count = |operation: &str| calls.iter().filter(|((_, called), _)| called == operation).map(|(_, count)| count).sum::<usize>();
    assert_eq!((count("cloudtrail:DescribeTrails"), count("cloudtrail:GetTrailStatus"), count("cloudtrail:GetEventSelectors")), (2, 3, 3));
}

#[test]
fn iam_is_asked_once_an_account_and_only_if_a_rule_needs_it() {
    let emulator = Emulator::take();
    // The policies of everybody, and the passwords of all users for Keyspaces.
    let asked =
        || -> Vec<_> { emulator.calls().into_iter().filter(|((_, operation), _)| operation.starts_with("iam:")).map(|(_, count)| count).collect() };
    scan(&emulator, &["--region", "us-east-1,eu-west-1", "--service", "iam"]);
    assert_eq!(asked(), [1, 1]);
    emulator.order("calls/reset", &serde_json::json!({}));
    scan(&emulator, &["--rule", "rds-instance-storage-encrypted"]);
    assert_eq!(asked(), [0; 0]);
}
