use dbmoat::engine::Severity;
use dbmoat::gate;
use dbmoat::report::{Format, Report};
use serde_json::Value;

use crate::{support, written};

const WAIVER: &str = "waived by data until 2027-03-31: rebuilt every night";

/// A waived failure and nothing else.
fn report() -> Report {
    let rule = support::rule("b-encrypted", Severity::High);
    let finding = support::waived(support::failure(&rule, support::instance("orders")));
    support::report(vec![finding], vec![support::scope(support::ACCOUNT, support::REGION, 1, vec![])], vec![rule])
}

fn json(format: Format) -> Value {
    serde_json::from_str(&written(format, &report())).unwrap()
}

#[test]
fn waived_findings_fail_nothing_and_are_counted() {
    let report = report();
    assert_eq!(report.verdict.exit_code, gate::PASSED);
    assert_eq!((report.summary.waived, report.summary.fail.high), (1, 0));
}

#[test]
fn formats_for_people_list_them_apart() {
    let table = written(Format::Table, &report());
    assert!(table.contains("\nWAIVED  1 finding\n") && table.contains(WAIVER) && !table.contains("HIGH"), "{table}");
    let markdown = written(Format::Markdown, &report());
    assert!(markdown.contains("### Waived") && markdown.contains(WAIVER) && !markdown.contains("### Failures"), "{markdown}");
}

#[test]
fn formats_for_programs_say_by_whom_and_until_when() {
    let finding = &json(Format::Json)["findings"][0];
    assert_eq!(finding["outcome"], "waived");
    let waiver = serde_json::json!({"outcome": "fail", "reason": "rebuilt every night", "owner": "data", "expires": "2027-03-31"});
    assert_eq!(finding["waiver"], waiver);
    assert!(written(Format::Csv, &report()).contains(WAIVER));
    assert!(written(Format::Junit, &report()).contains(&format!("<skipped message=\"{WAIVER}\"/>")));
    let ocsf = &json(Format::Ocsf)[0];
    assert_eq!((&ocsf["status"], &ocsf["comment"]), (&"Suppressed".into(), &WAIVER.into()));
    assert_eq!(json(Format::Asff)[0]["RecordState"], "ARCHIVED");
}

#[test]
fn sarif_leaves_them_out_or_says_that_they_are_suppressed() {
    assert_eq!(json(Format::Sarif)["runs"][0]["results"], serde_json::json!([]));
    let mut report = report();
    report.sarif.waived = true;
    let log: Value = serde_json::from_str(&written(Format::Sarif, &report)).unwrap();
    let schema: Value = serde_json::from_str(include_str!("../../fixtures/sarif-schema-2.1.0.json")).unwrap();
    assert_eq!(support::schema::errors(&schema, &log), Vec::<String>::new());
    let suppression = serde_json::json!([{"kind": "external", "status": "accepted", "justification": WAIVER}]);
    assert_eq!(log["runs"][0]["results"][0]["suppressions"], suppression);
}

#[test]
fn what_was_not_assessed_is_no_result_of_sarif_waived_or_not() {
    let rule = support::rule("b-encrypted", Severity::High);
    let open = support::not_assessed(&rule, support::instance("orders"), support::denied("rds:DescribeDBInstances"));
    let mut report = support::report(vec![support::waived(open)], vec![support::scope(support::ACCOUNT, support::REGION, 1, vec![])], vec![rule]);
    report.sarif.waived = true;
    let log: Value = serde_json::from_str(&written(Format::Sarif, &report)).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}
