use serde_json::{Value, json};

use super::*;
use crate::finding::testing::failure;

const RULE: &str = "rds-instance-multi-az";
const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-east-1";

fn arn(name: &str) -> String {
    format!("arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}")
}

/// A finding as a report has it.
fn finding(name: &str, outcome: &str) -> Value {
    let mut finding = serde_json::to_value(Earlier::from(&failure(RULE, &arn(name)))).unwrap();
    finding["outcome"] = outcome.into();
    finding
}

/// What stands for the DB instances that a listing would have named.
fn listing() -> Value {
    let mut listing = finding("", "not-assessed");
    listing["resource"]["arn"] = format!("arn:aws:rds:{REGION}:{ACCOUNT}:*").into();
    listing["fingerprint"] = "listing".into();
    listing
}

fn report(findings: &[Value]) -> Value {
    json!({
        "schema": 1, "collected_at": "2026-11-22T09:00:00Z", "rules": [RULE],
        "coverage": [{"account": ACCOUNT, "region": REGION, "reached": true}], "findings": findings,
    })
}

fn changes(old: &Value, new: &Value) -> Changes {
    let read = |report: &Value| Baseline::read(report.to_string().as_bytes()).unwrap();
    read(new).since(read(old))
}

/// How many are new, unchanged, waived, fixed and no longer assessed.
fn counts(changes: &Changes) -> [usize; 5] {
    [changes.new.len(), changes.unchanged.len(), changes.waived.len(), changes.fixed.len(), changes.not_assessed.len()]
}

#[test]
fn what_is_there_once_is_new_or_fixed_and_what_is_there_twice_unchanged() {
    let (old, new) = (report(&[finding("a", "fail"), finding("b", "fail")]), report(&[finding("b", "fail"), finding("c", "fail")]));
    assert_eq!(counts(&changes(&old, &new)), [1, 1, 0, 1, 0]);
}

#[test]
fn what_was_waived_is_new_when_it_fails_again_and_waived_when_it_failed_before() {
    let (failed, waived) = (report(&[finding("a", "fail")]), report(&[finding("a", "waived")]));
    assert_eq!(counts(&changes(&waived, &failed)), [1, 0, 0, 0, 0]);
    assert_eq!(counts(&changes(&failed, &waived)), [0, 0, 1, 0, 0]);
}

#[test]
fn what_could_not_be_assessed_is_never_fixed() {
    let old = report(&[finding("a", "fail")]);
    let why = |new: &Value| changes(&old, new).not_assessed.iter().map(|gone| gone.why).collect::<Vec<_>>();
    assert_eq!(why(&report(&[finding("a", "not-assessed")])), [Gone::NotRead]);
    assert_eq!(why(&report(&[finding("a", "carried-over")])), [Gone::NotRead]);
    assert_eq!(why(&report(&[listing()])), [Gone::NotRead]);
    let mut elsewhere = report(&[]);
    elsewhere["coverage"][0]["region"] = "eu-west-1".into();
    assert_eq!(why(&elsewhere), [Gone::NotScanned]);
    let mut unreached = report(&[]);
    unreached["coverage"][0]["reached"] = false.into();
    assert_eq!(why(&unreached), [Gone::NotScanned]);
    let mut others = report(&[]);
    others["rules"] = json!(["rds-instance-storage-encrypted"]);
    assert_eq!(why(&others), [Gone::NotRun]);
    others.as_object_mut().unwrap().remove("rules");
    assert_eq!(why(&others), [Gone::NotRun], "a report that does not say which rules ran proves nothing fixed");
}

#[test]
fn a_listing_of_another_kind_or_for_another_rule_leaves_nothing_open() {
    let old = report(&[finding("a", "fail")]);
    for (pointer, value) in
        [("/resource/kind", "AWS::RDS::DBCluster"), ("/rule", "rds-instance-storage-encrypted"), ("/resource/region", "eu-west-1")]
    {
        let mut other = listing();
        *other.pointer_mut(pointer).unwrap() = value.into();
        assert_eq!(counts(&changes(&old, &report(&[other]))), [0, 0, 0, 1, 0], "{pointer}");
    }
    let passed = changes(&old, &report(&[listing(), finding("a", "pass")]));
    assert_eq!(counts(&passed), [0, 0, 0, 1, 0], "what was read all the same passed");
}

#[test]
fn a_listing_that_was_not_read_stays_so_when_it_is_waived() {
    let mut waived = listing();
    waived["outcome"] = "waived".into();
    waived["waiver"] = json!({"outcome": "not-assessed", "reason": "known", "owner": "data"});
    assert_eq!(counts(&changes(&report(&[finding("a", "fail")]), &report(&[waived]))), [0, 0, 0, 0, 1]);
}

#[test]
fn what_is_carried_over_keeps_the_date_on_which_it_was_seen() {
    let mut carried = finding("a", "carried-over");
    carried["last_seen"] = "2026-11-20T09:00:00Z".into();
    let changes = changes(&report(&[carried, finding("b", "fail")]), &report(&[finding("a", "not-assessed"), finding("b", "not-assessed")]));
    let dates: Vec<_> = changes.not_assessed.iter().map(|gone| gone.finding.last_seen.unwrap().format("%d").to_string()).collect();
    assert_eq!(
        {
            let mut dates = dates;
            dates.sort();
            dates
        },
        ["20", "22"]
    );
}

#[test]
fn json_lines_are_read_too() {
    let whole = report(&[finding("a", "fail"), finding("b", "pass")]);
    let mut head = whole.clone();
    let findings = head.as_object_mut().unwrap().remove("findings").unwrap();
    let lines: String = std::iter::once(&head).chain(findings.as_array().unwrap()).map(|line| format!("{line}\n")).collect();
    let read = Baseline::read(lines.as_bytes()).unwrap();
    assert_eq!(read.findings, Baseline::read(whole.to_string().as_bytes()).unwrap().findings);
}
