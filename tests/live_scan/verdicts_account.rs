//! What each rule says of what surrounds the databases that `tests/live` seeds, region by region.

use serde_json::Value;

use crate::emulator::Emulator;
use crate::program::names;
use crate::scan;

/// The regions in which a rule has that outcome.
fn regions<'r>(report: &'r Value, rule: &str, outcome: &str) -> Vec<&'r str> {
    let findings = report["findings"].as_array().unwrap().iter();
    let mut regions: Vec<_> = findings
        .filter(|finding| finding["rule"] == rule && finding["outcome"] == outcome)
        .map(|finding| finding["resource"]["region"].as_str().unwrap())
        .collect();
    regions.sort_unstable();
    regions
}

#[test]
fn what_watches_and_records_databases_is_judged_region_by_region() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--service", "account", "--region", "us-east-1,eu-west-1"]).json();
    let vpc = |name: &str| emulator.account["vpcs"][name].as_str().unwrap();
    let away = emulator.account["eu-west-1"]["vpcs"]["eu"].as_str().unwrap();
    let rule = "account-guardduty-rds-protection";
    assert_eq!((regions(&report, rule, "pass"), regions(&report, rule, "fail")), (vec!["us-east-1"], vec!["eu-west-1"]));
    for rule in ["account-config-records-db-resources", "account-vpc-block-public-access"] {
        assert_eq!(regions(&report, rule, "fail"), ["eu-west-1", "us-east-1"], "{rule}");
    }
    let sorted = |mut vpcs: Vec<String>| {
        vpcs.sort_unstable();
        vpcs
    };
    let of = |vpcs: &[&str]| sorted(vpcs.iter().map(|vpc| (*vpc).to_owned()).collect());
    let found = |rule: &str, outcome: &str| sorted(names(&report, rule, outcome).into_iter().map(ToOwned::to_owned).collect());
    assert_eq!(found("account-vpc-flow-logs-db-vpcs", "pass"), of(&[vpc("app")]));
    assert_eq!(found("account-vpc-flow-logs-db-vpcs", "fail"), of(&[vpc("edge"), away]));
    assert_eq!(found("account-nacl-db-subnets-restricted", "fail"), of(&[vpc("app"), vpc("edge"), away]));
    let findings = report["findings"].as_array().unwrap();
    let config =
        findings.iter().find(|finding| finding["rule"] == "account-config-records-db-resources" && finding["resource"]["region"] == "us-east-1");
    let message = config.unwrap()["message"].as_str().unwrap();
    assert_eq!(message, "AWS Config does not record AWS::DynamoDB::Table in us-east-1");
}

#[test]
fn nothing_around_databases_is_asked_where_there_are_none() {
    let emulator = Emulator::take();
    scan(&emulator, &["--rule", "account-guardduty-*,account-config-*,account-vpc-flow-*", "--region", "sa-east-1"]);
    let calls = emulator.calls();
    let asked = |service: &str| calls.keys().any(|(_, operation)| operation.starts_with(service));
    assert!(!asked("guardduty:") && !asked("config:") && !asked("ec2:"), "{calls:?}");
}

#[test]
fn security_groups_and_instances_are_judged_whatever_uses_them() {
    let emulator = Emulator::take();
    let report = scan(&emulator, &["--rule", "account-security-group-*,account-no-unmanaged-*", "--region", "us-east-1,sa-east-1"]).json();
    let id = |of: &str, name: &str| emulator.account[of][name].as_str().unwrap();
    let sorted = |mut names: Vec<&str>| -> Vec<String> {
        names.sort_unstable();
        names.into_iter().map(ToOwned::to_owned).collect()
    };
    let open =
        ["edge-open", "open", "open-all-protocols", "open-high-half", "open-ipv6", "open-low-half", "open-prefix-list", "open-split", "wide-public"];
    let rule = "account-security-group-no-open-db-ports";
    assert_eq!(sorted(names(&report, rule, "fail")), sorted(open.iter().map(|name| id("security_groups", name)).collect()));
    assert_eq!(names(&report, rule, "not-assessed"), [""; 0]);
    assert!(names(&report, rule, "pass").contains(&id("security_groups", "internal")));
    let rule = "account-no-unmanaged-database-on-ec2";
    assert_eq!(names(&report, rule, "fail"), [id("interfaces", "forgotten")]);
    assert_eq!(names(&report, rule, "pass"), [id("interfaces", "web")]);
    let calls = emulator.calls();
    let asked = |region: &str| {
        calls.iter().filter(|((of, _), _)| of == region).map(|((_, operation), count)| (operation.as_str(), *count)).collect::<Vec<_>>()
    };
    assert_eq!(asked("sa-east-1"), [("ec2:DescribeSecurityGroups", 1)], "{calls:?}");
    assert_eq!(calls.get(&("us-east-1".to_owned(), "ec2:DescribeSecurityGroups".to_owned())), Some(&1));
}

#[test]
fn a_region_that_was_not_scanned_fails_the_account_and_a_denied_listing_leaves_it_open() {
    let emulator = Emulator::take();
    let rule = "account-db-region-coverage";
    let outcome = |regions: &str| {
        let report = scan(&emulator, &["--rule", rule, "--region", regions]).json();
        let finding = &report["findings"][0];
        (finding["outcome"].as_str().unwrap().to_owned(), finding["message"].as_str().unwrap().to_owned())
    };
    let failed = ("fail".to_owned(), "1 enabled regions of 123456789012 were not scanned: eu-west-1".to_owned());
    assert_eq!(outcome("us-east-1"), failed);
    assert_eq!(outcome("us-east-1,eu-west-1").0, "pass");
    emulator.order("deny", &serde_json::json!(["memorydb:DescribeClusters@eu-west-1"]));
    let (outcome, message) = outcome("us-east-1,eu-west-1");
    assert_eq!(outcome, "not-assessed");
    assert!(message.contains("memorydb:DescribeClusters"), "{message}");
}
