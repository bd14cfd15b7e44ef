use std::path::Path;

use super::*;
use crate::finding::testing::failure;

fn read(text: &str) -> Result<Waivers, String> {
    Waivers::parse(Path::new("waivers.yaml"), text).map_err(|error| error.to_string())
}

/// A file with one waiver of these lines.
fn waiver(lines: &str) -> String {
    format!("waivers:\n  - {}\n    reason: because\n    owner: data@example.com\n", lines.replace('\n', "\n    "))
}

/// Whether a waiver of these lines waives a failure of the resource.
fn waives(lines: &str, arn: &str) -> bool {
    let mut finding = failure("rds-instance-multi-az", arn);
    std::sync::Arc::make_mut(&mut finding.resource).tags = [("env".to_owned(), "test".to_owned()), ("team".to_owned(), "shop".to_owned())].into();
    read(&waiver(lines)).unwrap().apply(&mut finding, "2026-11-22T09:00:00Z".parse().unwrap());
    finding.outcome == Outcome::Waived
}

const ARN: &str = "arn:aws:rds:us-east-1:012345678901:db:orders";

#[test]
fn every_line_must_match_and_of_a_list_any() {
    for lines in [
        "rule: rds-*",
        "rule: [kms-*, rds-instance-multi-az]",
        "rule: rds-*\narn: '*:db:ord?rs'",
        "account: 012345678901",
        "account: '012345678901'",
        "account: [111122223333, \"012345678901\"]",
        "region: us-*",
        "tag: {env: test}",
        "tag: {env: t*, team: shop}",
        "tag: [{env: prod}, {team: shop}]",
    ] {
        assert!(waives(lines, ARN), "{lines}");
    }
    for lines in ["rule: rds", "rule: rds-*\nregion: eu-west-1", "tag: {env: test, team: bank}", "tag: {ENV: test}", "arn: orders"] {
        assert!(!waives(lines, ARN), "{lines}");
    }
}

#[test]
fn an_arn_copied_from_the_report_matches_itself_and_brackets_are_letters() {
    for arn in [
        "arn:aws:logs:us-east-1:012345678901:log-group:/aws/rds/instance/orders/postgresql:*",
        "arn:aws:rds:us-east-1:012345678901:*",
        "arn:aws:dynamodb:us-east-1:012345678901:table/[a-z]{b,c}",
        "arn:aws:rds:us-east-1:012345678901:db:a?b",
    ] {
        assert!(waives(&format!("arn: {arn:?}"), arn), "{arn}");
    }
    assert!(!waives("arn: 'table/[a-z]'", "table/b"));
    assert!(waives(r"arn: 'arn:aws:rds:us-east-1:012345678901:\*'", "arn:aws:rds:us-east-1:012345678901:*"));
    assert!(!waives(r"arn: 'arn:aws:rds:us-east-1:012345678901:\*'", ARN));
}

#[test]
fn a_waiver_holds_through_its_last_day_and_is_reported_after() {
    let mut waivers = read(&waiver("rule: rds-*\nexpires: 2026-11-22")).unwrap();
    let mut on = |time: &str| {
        let mut finding = failure("rds-instance-multi-az", ARN);
        waivers.apply(&mut finding, time.parse().unwrap());
        finding.outcome
    };
    assert_eq!(on("2026-11-22T23:59:59Z"), Outcome::Waived);
    assert_eq!(on("2026-11-23T00:00:00Z"), Outcome::Fail);
    let uses = waivers.uses();
    assert_eq!(uses[0].state, State::Expired);
    assert!(uses[0].complaint().unwrap().starts_with("waivers.yaml:2: the waiver of data@example.com expired after 2026-11-22"));
}

#[test]
fn a_waiver_that_matches_nothing_is_reported_and_a_pass_is_nothing() {
    let mut waivers = read(&waiver("rule: rds-*")).unwrap();
    let mut passed = failure("rds-instance-multi-az", ARN);
    passed.outcome = Outcome::Pass;
    waivers.apply(&mut passed, "2026-11-22T09:00:00Z".parse().unwrap());
    assert_eq!(passed.outcome, Outcome::Pass);
    assert!(waivers.uses()[0].complaint().unwrap().ends_with("matches no finding of this scan"));
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    let error = |text: &str| read(text).unwrap_err();
    assert_eq!(error(&waiver("rule: a\nreson: b")), "waivers.yaml:3: unknown key \"reson\"; did you mean \"reason\"?");
    assert!(error("waivers:\n  - rule: a\n    owner: b\n").contains("missing field `reason`"));
    assert_eq!(error("waivers:\n  - rule: a\n    owner: ' '\n    reason: b\n"), "waivers.yaml:2: owner is empty");
    assert_eq!(error(&waiver("rule: a\nexpires: soon")), "waivers.yaml:2: expires: \"soon\" is no day such as 2027-03-31");
    assert!(error("waivers:\n  - reason: a\n    owner: b\n").contains("it would waive everything"));
    assert!(error(&waiver("rule: []")).contains("an empty list matches nothing"));
    assert!(error(&waiver("tag: env=test")).contains("a map such as"));
}
