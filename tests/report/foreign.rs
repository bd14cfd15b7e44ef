//! What the formats of others do with hostile names and with too much.

use std::sync::Arc;

use dbmoat::engine::Severity;
use dbmoat::report::{Format, Report, table::Options};

use crate::{support, written};

/// A failure on a resource whose name nobody should trust.
fn hostile(name: &str) -> Report {
    let rule = support::rule("a-public", Severity::Critical);
    let failure = support::failure(&rule, support::instance(name));
    support::report(vec![failure], vec![support::scope(support::ACCOUNT, support::REGION, 1, vec![])], vec![Arc::clone(&rule)])
}

#[test]
fn a_name_is_no_formula_in_a_spreadsheet() {
    let text = written(Format::Csv, &hostile("=HYPERLINK(\"http://evil\",\"x\")"));
    assert!(text.lines().nth(1).unwrap().contains(r#","'=HYPERLINK(""http://evil"",""x"")","#), "{text}");
}

#[test]
fn a_name_is_no_markup() {
    let name = "<img src=x>|[a](http://evil) `b` @c";
    let markdown = written(Format::Markdown, &hostile(name));
    assert!(markdown.contains(r"| \<img src=x\>\|\[a\](http://evil) \`b\` \@c |"), "{markdown}");
    let junit = written(Format::Junit, &hostile("</testsuite>\u{1b}[2J"));
    assert!(!junit.contains("</testsuite>\u{1b}") && junit.contains("&lt;/testsuite&gt;"), "{junit}");
    assert_eq!(junit.matches("</testsuite>").count(), 1);
}

#[test]
fn a_summary_ends_before_github_refuses_it() {
    let report = support::large(20_000);
    let mut out = Vec::new();
    let notes = Format::Markdown.write(&report, &Options::default(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.len() <= 1024 * 1024 && text.len() > 1024 * 1024 - 2_048, "{}", text.len());
    let shown = text.lines().filter(|line| line.starts_with("| critical |") || line.starts_with("| high |")).count();
    assert!(shown >= 5_000, "the worst come first");
    let rows = text.lines().filter(|line| line.contains("-rule | db-")).count();
    assert!(text.ends_with(&format!("\nNot shown for want of space: {} rows; the other formats have all.\n", 20_000 - rows)), "{rows}");
    assert_eq!(notes, [format!("GitHub takes 1 MiB of Markdown in a job summary: {} rows left out", 20_000 - rows)]);
}

#[test]
fn texts_are_cut_to_what_security_hub_takes() {
    let findings: serde_json::Value = serde_json::from_str(&written(Format::Asff, &hostile(&"x".repeat(3_000)))).unwrap();
    let finding = &findings[0];
    assert_eq!(finding["Description"].as_str().unwrap().chars().count(), 1_024);
    assert_eq!(finding["FindingProviderFields"]["Severity"]["Label"], "CRITICAL");
    assert_eq!(finding["ProductArn"], "arn:aws:securityhub:us-east-1:111111111111:product/111111111111/default");
    assert_eq!(finding["Compliance"]["RelatedRequirements"][0], "aws-fsbp/RDS.11");
}

#[test]
fn what_was_not_assessed_is_a_warning_in_ocsf() {
    let events: serde_json::Value = serde_json::from_str(&written(Format::Ocsf, &support::small())).unwrap();
    let unread = events.as_array().unwrap().iter().find(|event| event["resources"][0]["name"] == "unread").unwrap();
    assert_eq!((&unread["compliance"]["status_id"], &unread["compliance"]["status"]), (&2.into(), &"Warning".into()));
    assert_eq!(unread["time"], 1_795_338_000_000_i64, "milliseconds");
    assert_eq!(unread["unmapped"]["gaps"][0]["operation"], "rds:DescribeDBSnapshotAttributes");
}
