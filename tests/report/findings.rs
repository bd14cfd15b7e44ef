//! Findings in memory and in the temporary file, alike, taken back, and in what order.

use std::io::{self, Write};
use std::sync::Arc;

use clap::ValueEnum;
use dbmoat::engine::{Counted, Severity};
use dbmoat::finding::{Finding, Outcome};
use dbmoat::findings::{Findings, Gathering};
use dbmoat::inventory::Resource;
use dbmoat::report::{Format, Report};
use serde_json::json;

use super::{support, written};

/// The finding as if it had been made in another region.
fn seen_in(region: &str, mut finding: Finding) -> Finding {
    Arc::make_mut(&mut finding.resource).region = region.into();
    finding
}

/// What there is, in a line each.
fn lines(findings: &Findings) -> Vec<String> {
    let line = |finding: Finding| format!("{} {} {}", finding.outcome.name(), finding.resource.region, finding.resource.name);
    findings.iter().map(|finding| line(finding.unwrap())).collect()
}

/// The same report with at most so many findings in memory.
fn within(bound: usize, report: Report) -> Report {
    let mut gathering = Gathering::within(bound, report.rules.clone());
    report.findings.iter().for_each(|finding| {
        gathering.add_all(&[finding.unwrap()]).unwrap();
    });
    support::gathered(gathering.finish().unwrap(), report.coverage, report.rules)
}

#[test]
fn every_format_writes_the_same_whether_findings_are_in_memory_or_not() {
    for format in Format::value_variants() {
        let expected = written(*format, &support::small());
        for bound in [0, 1, 3, 100] {
            assert_eq!(written(*format, &within(bound, support::small())), expected, "{format:?} {bound}");
        }
    }
}

#[test]
fn what_two_scopes_report_is_there_once_with_the_worse_outcome_whichever_came_first() {
    let rule = support::rule("a-public", Severity::High);
    let unread = support::not_assessed(&rule, support::instance("orders"), support::denied("rds:DescribeDBInstances"));
    let found = support::failure(&rule, support::instance("orders"));
    let mut all = [seen_in("us-east-1", unread), seen_in("us-east-2", found.clone()), seen_in("eu-west-1", found)];
    for bound in [0, 100] {
        for _ in 0..all.len() {
            all.rotate_left(1);
            let mut gathering = Gathering::within(bound, [rule.clone()]);
            all.iter().for_each(|finding| {
                gathering.add_all(std::slice::from_ref(finding)).unwrap();
            });
            let findings = gathering.finish().unwrap();
            assert_eq!(lines(&findings), ["fail eu-west-1 orders"]);
            assert_eq!((findings.tally().of(Outcome::Fail), findings.tally().of(Outcome::NotAssessed)), (1, 0));
        }
    }
}

#[test]
fn what_was_withdrawn_is_neither_there_nor_counted_and_hides_nothing() {
    let rule = support::rule("a-public", Severity::High);
    let older = ["orders", "gone"].map(|name| support::failure(&rule, support::instance(name)));
    let newer = support::not_assessed(&rule, support::instance("orders"), support::denied("rds:DescribeDBInstances"));
    let mut gathering = Gathering::new([rule]);
    let batch = gathering.add_all(&older).unwrap();
    gathering.add_all(&[newer]).unwrap();
    gathering.withdraw(batch);
    let findings = gathering.finish().unwrap();
    assert_eq!(lines(&findings), ["not-assessed us-east-1 orders"]);
    assert_eq!((findings.tally().of(Outcome::Fail), findings.tally().of(Outcome::NotAssessed)), (0, 1));
}

#[test]
fn what_is_only_counted_is_no_finding_and_counts_once_with_the_worse_outcome() {
    let rule = support::rule("a-public", Severity::Low);
    let resources = ["orders", "stock"].map(|name| {
        let arn = support::instance(name).arn.clone();
        serde_json::from_value::<Resource>(json!({"kind": "AWS::RDS::DBInstance", "arn": arn, "account": "1", "region": "us-east-1", "data": {}}))
            .unwrap()
    });
    let of = |outcome| resources.each_ref().map(|resource| Counted { rule: &rule, resource, outcome });
    let unread = support::not_assessed(&rule, support::instance("orders"), support::denied("rds:DescribeDBInstances"));
    for bound in [0, 100] {
        let mut gathering = Gathering::within(bound, [rule.clone()]);
        let [passed, _, withdrawn] = [Outcome::Pass, Outcome::Fail, Outcome::Fail].map(|outcome| {
            let batch = gathering.batch(2);
            gathering.add(&batch, 0, gathering.packer().count(&of(outcome)).unwrap()).unwrap();
            batch
        });
        gathering.add_all(std::slice::from_ref(&unread)).unwrap();
        gathering.withdraw(withdrawn);
        assert!(gathering.add(&passed, 1, gathering.packer().count(&of(Outcome::Pass)).unwrap()).is_err(), "more than announced");
        gathering.withdraw(passed);
        let counts = |findings: &Findings| [Outcome::Fail, Outcome::NotAssessed, Outcome::Pass].map(|outcome| findings.tally().of(outcome));
        let findings = gathering.finish().unwrap();
        assert_eq!((lines(&findings), counts(&findings)), (Vec::new(), [2, 0, 0]));
        assert_eq!(counts(&findings.map(|_| ()).unwrap()), [2, 0, 0]);
    }
}

#[test]
fn groups_come_in_their_order_and_findings_in_theirs() {
    let report = within(1, support::small());
    let groups = report.findings.grouped(
        |outcome, _| outcome == Outcome::Fail,
        |finding| Ok(if finding.outcome() == Outcome::Fail { Some(finding.finding()?.resource.name.clone()) } else { None }),
    );
    let groups = groups.unwrap();
    let lines: Vec<_> = groups.iter().map(|entry| entry.map(|(group, finding)| format!("{group}: {}", finding.rule.id)).unwrap()).collect();
    assert_eq!(lines, ["orders: a-public", "orders: b-encrypted", "orders: c-backup", "orders: d-tags", "stock: b-encrypted", "stock: c-backup"]);
}

/// Findings of so many resources, two each, packed some resources at a time.
fn many(bound: usize, resources: usize) -> Findings {
    let rules = ["a-public", "b-encrypted"].map(|id| support::rule(id, Severity::High));
    let mut gathering = Gathering::within(bound, rules.clone());
    let of_resource = |number| {
        let resource = support::instance(&format!("orders-{number:05}"));
        rules.each_ref().map(|rule| support::failure(rule, resource.clone()))
    };
    for some in (0..resources).rev().collect::<Vec<_>>().chunks(7) {
        let findings: Vec<_> = some.iter().copied().flat_map(of_resource).collect();
        gathering.add_all(&findings).unwrap();
    }
    gathering.finish().unwrap()
}

#[test]
fn texts_that_are_made_side_by_side_are_written_in_order() {
    let expected: String = (0..1500).map(|number| format!("a-public orders-{number:05}\nb-encrypted orders-{number:05}\n")).collect();
    for bound in [700, 10_000] {
        let mut out = Vec::new();
        let line = |finding: &Finding, text: &mut Vec<u8>| writeln!(text, "{} {}", finding.rule.id, finding.resource.name);
        many(bound, 1500).write(&mut out, line).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{bound}");
    }
}

#[test]
fn what_keeps_a_text_from_being_made_or_written_is_said() {
    let findings = many(100, 50);
    let cannot = |finding: &Finding, _: &mut Vec<u8>| match finding.resource.name.as_str() {
        "orders-00040" => Err(io::Error::other("no words for it")),
        _ => Ok(()),
    };
    assert_eq!(findings.write(&mut Vec::new(), cannot).unwrap_err().to_string(), "no words for it");
    let mut too_small = [0; 10];
    let full = findings.write(&mut too_small.as_mut_slice(), |_, text| text.write_all(b"words"));
    assert_eq!(full.unwrap_err().kind(), io::ErrorKind::WriteZero);
}
