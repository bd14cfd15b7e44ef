use std::collections::{BTreeMap, BTreeSet};

use dbmoat::engine::Severity;
use dbmoat::inventory::kinds;
use dbmoat::report::{BySeverity, Report, sarif};
use serde_json::Value;

use crate::support;

/// The file and what was left out of it.
fn written(report: &Report) -> (Value, sarif::Notes) {
    let mut out = Vec::new();
    let notes = sarif::write(report, &mut out).unwrap();
    (serde_json::from_slice(&out).unwrap(), notes)
}

/// The file, after all checks.
fn checked(report: &Report) -> Value {
    let (log, notes) = written(report);
    assert_eq!(notes.too_many_runs, None);
    assert_eq!(violations(&log), Vec::<String>::new());
    log
}

fn array<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

fn results(log: &Value) -> Vec<&Value> {
    array(log, "/runs").iter().flat_map(|run| array(run, "/results")).collect()
}

fn uris(log: &Value) -> Vec<&str> {
    results(log).into_iter().map(|result| text(result, "/locations/0/physicalLocation/artifactLocation/uri")).collect()
}

const FINGERPRINT: &str = "/partialFingerprints/primaryLocationLineHash";

/// What GitHub would refuse, drop or show badly.
fn violations(log: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |holds: bool, what: String| {
        if !holds {
            wrong.push(what)
        }
    };
    let runs = array(log, "/runs");
    check((1..=20).contains(&runs.len()), format!("{} runs", runs.len()));
    let categories: BTreeSet<_> = runs.iter().map(|run| text(run, "/automationDetails/id").rsplit_once('/').unwrap().0).collect();
    check(categories.len() == runs.len(), "two runs of a category".into());
    for run in runs {
        check(run["invocations"][0]["executionSuccessful"] == true, "an unsuccessful run".into());
        let rules = array(run, "/tool/driver/rules");
        rules.iter().for_each(|rule| check_rule(rule, &mut check));
        let ids: BTreeSet<_> = rules.iter().map(|rule| text(rule, "/id")).collect();
        check(ids.len() == rules.len() && rules.len() <= 25_000, format!("{} rules, {} ids", rules.len(), ids.len()));
        let results = array(run, "/results");
        check(results.len() <= 5_000, format!("{} results", results.len()));
        let mut alerts = BTreeSet::new();
        for result in results {
            check_result(result, rules, &mut check);
            let alert = (text(result, "/ruleId"), text(result, "/locations/0/physicalLocation/artifactLocation/uri"), text(result, FINGERPRINT));
            check(alerts.insert(alert), format!("{alert:?} twice"));
        }
    }
    wrong
}

fn check_rule(rule: &Value, check: &mut impl FnMut(bool, String)) {
    for (pointer, most) in [
        ("/shortDescription/text", 1024),
        ("/fullDescription/text", 1024),
        ("/name", 255),
        ("/help/text", usize::MAX),
        ("/help/markdown", usize::MAX),
    ] {
        let length = text(rule, pointer).chars().count();
        check((1..=most).contains(&length), format!("{pointer} of {length} characters"));
    }
    let tags = array(rule, "/properties/tags");
    check(tags.len() <= 10 && tags.contains(&"security".into()), format!("tags {tags:?}"));
    let expected = match text(rule, "/properties/security-severity") {
        "9.5" | "8.0" => "error",
        "5.5" => "warning",
        "2.0" => "note",
        other => panic!("security-severity {other}"),
    };
    check(text(rule, "/defaultConfiguration/level") == expected, format!("level of {}", rule["id"]));
}

fn check_result(result: &Value, rules: &[Value], check: &mut impl FnMut(bool, String)) {
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    check(rules[index]["id"] == result["ruleId"], format!("rule index {index}"));
    check(rules[index]["defaultConfiguration"]["level"] == result["level"], format!("level {}", result["level"]));
    check(!text(result, "/message/text").is_empty(), "an empty message".into());
    check(result.get("kind").is_none() && result.get("suppressions").is_none(), "a kind or suppressions".into());
    let uri = text(result, "/locations/0/physicalLocation/artifactLocation/uri");
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/".contains(&byte);
    let segments: Vec<_> = uri.split('/').collect();
    check(uri.bytes().all(safe) && segments.len() == 6 && segments.iter().all(|segment| !matches!(*segment, "" | "." | "..")), format!("uri {uri}"));
    check(result.pointer("/locations/0/physicalLocation/region/startLine") == Some(&1.into()), "no line".into());
    check(text(result, FINGERPRINT).ends_with(":1"), "no fingerprint".into());
}

#[test]
fn a_report_is_valid_sarif_that_github_takes() {
    let schema: Value = serde_json::from_str(include_str!("../../fixtures/sarif-schema-2.1.0.json")).unwrap();
    for report in [support::small(), support::clean(), support::empty()] {
        let log = checked(&report);
        assert_eq!(support::schema::errors(&schema, &log), Vec::<String>::new());
        let read: serde_sarif::sarif::Sarif = serde_json::from_value(log).unwrap();
        assert_eq!(read.runs[0].tool.driver.semantic_version.as_deref(), Some("0.1.0"));
    }
    let (mut log, _) = written(&support::small());
    log["runs"][0]["results"][0]["level"] = "bad".into();
    assert!(!support::schema::errors(&schema, &log).is_empty(), "the schema refuses nothing");
}

#[test]
fn a_failure_becomes_a_result_at_the_path_of_its_resource() {
    let log = checked(&support::small());
    let result = results(&log)[0];
    assert_eq!(result["ruleId"], "a-public");
    let arn = "arn:aws:rds:us-east-1:111111111111:db:orders";
    assert_eq!(text(result, "/message/text"), format!("orders breaks a-public. The DB instance is {arn}."));
    assert_eq!(text(result, "/locations/0/logicalLocations/0/fullyQualifiedName"), arn);
    assert_eq!(uris(&log)[0], "aws/111111111111/us-east-1/rds/DBInstance/orders");
    assert_eq!(text(&log, "/runs/0/automationDetails/id"), "dbmoat/aws/111111111111/2026-11-22T09:00:00Z");
}

#[test]
fn only_failures_are_results_and_what_is_open_is_a_notification() {
    let (log, notes) = written(&support::small());
    assert_eq!(results(&log).len(), 6);
    let notifications: Vec<_> =
        array(&log, "/runs/0/invocations/0/toolExecutionNotifications").iter().map(|note| text(note, "/message/text")).collect();
    let expected = [
        "us-east-1: rds:DescribeDBSnapshotAttributes: access-denied: not authorized to perform this operation",
        "b-encrypted was not assessed on 1 resource: rds:DescribeDBSnapshotAttributes: access-denied",
    ];
    assert_eq!(notifications, expected);
    assert_eq!(text(&log, "/runs/0/invocations/0/toolExecutionNotifications/1/associatedRule/id"), "b-encrypted");
    assert_eq!(
        notes.sentences(),
        ["GitHub closes alerts that are not in the file: in 111111111111 perhaps those of b-encrypted, which could not be assessed \
         everywhere; --baseline carries them over, --sarif-incomplete refuse leaves the account out"]
    );
}

#[test]
fn a_rule_explains_itself_though_it_found_nothing() {
    let log = checked(&support::clean());
    assert_eq!(array(&log, "/runs/0/results"), [] as [Value; 0]);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    let expected = "Data is lost.

**How to mend it:** Raise the retention period to \\<min\\_days\\> days.

**AWS CLI**

```sh
aws rds modify-db-instance --db-instance-identifier <name> --apply-immediately
```

**Terraform**

```hcl
backup_retention_period = <min_days>
```

**References**

- <https://docs.aws.amazon.com/rds>
";
    assert_eq!(text(rule, "/help/markdown"), expected);
    assert_eq!(array(rule, "/properties/tags").len(), 10);
    assert_eq!(array(rule, "/properties/tags")[..4], ["security", "backup", "rds", "aws-fsbp/RDS.11"]);
}

#[test]
fn an_account_has_a_run_of_its_own_without_findings_too() {
    let scopes = ["222222222222", "111111111111", "222222222222"].map(|account| support::scope(account, support::REGION, 1, vec![]));
    let log = checked(&support::report(vec![], scopes.to_vec(), vec![]));
    let ids: Vec<_> = array(&log, "/runs").iter().map(|run| text(run, "/automationDetails/id")).collect();
    assert_eq!(ids, ["dbmoat/aws/111111111111/2026-11-22T09:00:00Z", "dbmoat/aws/222222222222/2026-11-22T09:00:00Z"]);
    assert_eq!(array(&checked(&support::empty()), "/runs").len(), 1);
}

#[test]
fn more_accounts_than_github_takes_are_written_and_reported() {
    let scopes = (0..25).map(|number| support::scope(&format!("{number:012}"), support::REGION, 1, vec![])).collect();
    let (log, notes) = written(&support::report(vec![], scopes, vec![]));
    assert_eq!(array(&log, "/runs").len(), 25);
    assert_eq!(notes.too_many_runs, Some(25));
    assert_eq!(notes.sentences(), ["GitHub takes 20 accounts in a file and this one has 25: --sarif-split account writes one a file"]);
}

#[test]
fn a_hostile_name_stays_one_segment_of_the_path() {
    let rule = support::rule("a-public", Severity::Critical);
    let names =
        ["../../etc", "..", "", "a:b", "a b", "🐘", "<script>", "https://example.com", "[x](https://example.com)", "\u{1b}[2J", "100%", "a\\b", "?#"];
    let findings = names.iter().map(|name| support::failure(&rule, support::instance(name))).collect();
    let log = checked(&support::report(findings, vec![], vec![rule]));
    assert_eq!(results(&log).len(), names.len());
    let distinct: BTreeSet<_> = uris(&log).into_iter().collect();
    assert_eq!(distinct.len(), names.len());
    assert!(results(&log).iter().all(|result| !text(result, "/message/text").contains(char::is_control)));
}

/// All that GitHub tells alerts apart by, and the title, of the snapshots of one day.
fn alerts(names: &[&str]) -> Vec<(String, String, String)> {
    let rule = support::rule("a-public", Severity::Critical);
    let findings = names.iter().map(|name| support::failure(&rule, support::snapshot(name))).collect();
    let log = checked(&support::report(findings, vec![], vec![rule]));
    let alert = |result: &Value| {
        ["/locations/0/physicalLocation/artifactLocation/uri", FINGERPRINT, "/message/text"].map(|pointer| text(result, pointer).to_owned()).into()
    };
    results(&log).into_iter().map(alert).collect()
}

#[test]
fn snapshots_that_aws_takes_make_one_alert_that_outlives_them() {
    let before = alerts(&["rds:orders-2026-11-21-06-10", "rds:orders-2026-11-22-06-10", "rds:stock-2026-11-22-06-11"]);
    let after = alerts(&["rds:orders-2026-11-23-06-12", "rds:stock-2026-11-22-06-11", "rds:stock-2026-11-23-06-11"]);
    assert_eq!(before, after);
    let [(path, _, message), _] = before.as_slice() else { panic!("{before:?}") };
    assert_eq!(path, "aws/111111111111/us-east-1/rds/DBSnapshot/rds%3Aorders-%2A");
    assert_eq!(message, "rds:orders-* breaks a-public. The DB snapshot is arn:aws:rds:us-east-1:111111111111:snapshot:rds:orders-*.");
}

#[test]
fn snapshots_of_aws_backup_go_by_the_source_that_the_evidence_names() {
    let rule = support::rule("a-public", Severity::Critical);
    let of = |job: &str, source: Option<&str>| {
        let mut finding = support::failure(&rule, support::snapshot(&format!("awsbackup:job-{job}-12ab-34cd-56ef-1234567890ab")));
        source.into_iter().for_each(|source| support::show(&mut finding, "resource.DBInstanceIdentifier", &source.into()));
        finding
    };
    let findings = vec![of("00000000", None), of("11111111", None), of("22222222", Some("orders")), of("33333333", Some("orders"))];
    let log = checked(&support::report(findings, vec![], vec![rule.clone()]));
    let names: Vec<_> = uris(&log).iter().map(|uri| uri.rsplit('/').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["awsbackup%3Ajob-%2A", "awsbackup%3Aorders-%2A"]);
}

#[test]
fn a_snapshot_that_a_person_took_keeps_its_own_alert() {
    assert_eq!(alerts(&["before-upgrade", "orders-2026-11-22-06-10"]).len(), 2);
}

#[test]
fn a_key_is_not_taken_for_something_new_in_every_run() {
    let rule = support::rule("a-public", Severity::Critical);
    let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let key = support::resource(kinds::KMS_KEY, id, format!("arn:aws:kms:us-east-1:111111111111:key/{id}"));
    let log = checked(&support::report(vec![support::failure(&rule, key)], vec![], vec![rule]));
    assert_eq!(uris(&log), ["aws/111111111111/us-east-1/kms/Key/1234abcd_12ab_34cd_56ef_1234567890ab"]);
}

#[test]
fn of_too_many_failures_the_worst_are_kept_and_the_rest_is_counted() {
    let report = support::large(30_000);
    let (log, notes) = written(&report);
    assert_eq!(violations(&log), Vec::<String>::new());
    assert_eq!(results(&log).len(), 5_000);
    assert!(results(&log).iter().all(|result| result["ruleId"] == "critical-rule"));
    let cut = BySeverity { critical: 2_500, high: 7_500, medium: 7_500, low: 7_500 };
    assert_eq!(notes.cut, BTreeMap::from([(support::ACCOUNT.to_owned(), cut)]));
    let expected = "GitHub shows 5000 results of an account: the worst of 111111111111 are in the file, \
                    2500 critical, 7500 high, 7500 medium and 7500 low failures are not";
    assert_eq!(notes.sentences(), [expected]);
}
