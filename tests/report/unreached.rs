//! An account that could not be reached: no format looks as if it had been.

use std::path::Path;

use clap::ValueEnum;
use dbmoat::engine::Severity;
use dbmoat::report::{Coverage, Format, Report};
use serde_json::Value;

use crate::program::{dbmoat, run, write};
use crate::{support, written};

pub const LOST: &str = "999999999999";

/// An account with a failure, and one whose role could not be assumed.
fn report() -> Report {
    let rule = support::rule("a-public", Severity::Critical);
    let lost = Coverage { reached: false, ..support::scope(LOST, "aws-global", 0, vec![support::denied("sts:AssumeRole")]) };
    let reached = support::scope(support::ACCOUNT, support::REGION, 1, vec![]);
    support::report(vec![support::failure(&rule, support::instance("orders"))], vec![reached, lost], vec![rule])
}

#[test]
fn every_format_names_the_account() {
    // Security Hub is told nothing of an account that it cannot be told of from; SARIF must not have a run of it.
    for format in Format::value_variants().iter().filter(|format| !matches!(format, Format::Asff | Format::Sarif)) {
        let text = written(*format, &report());
        assert!(text.contains(LOST) && text.contains("sts:AssumeRole"), "{format:?}\n{text}");
    }
}

#[test]
fn each_format_says_that_it_was_not_reached_in_its_own_way() {
    let why = "not reached: sts:AssumeRole: access-denied: not authorized to perform this operation";
    let csv = written(Format::Csv, &report());
    assert!(csv.contains(&format!(",not-assessed,{LOST},aws-global,,{LOST} all regions,,,{why},")), "{csv}");
    let junit = written(Format::Junit, &report());
    assert!(junit.contains(r#"<testsuites name="dbmoat" tests="2" failures="1" skipped="0" errors="1">"#), "{junit}");
    assert!(junit.contains(&format!(r#"<error message="{why}" type="not-reached"/>"#)), "{junit}");
    let markdown = written(Format::Markdown, &report());
    assert!(
        markdown.contains(&format!("### Not reached\n\n| Account and region | Why |\n| --- | --- |\n| {LOST} all regions | {why} |")),
        "{markdown}"
    );
    let events: Value = serde_json::from_str(&written(Format::Ocsf, &report())).unwrap();
    assert_eq!((&events[1]["compliance"]["status"], &events[1]["cloud"]["account"]["uid"]), (&"Warning".into(), &LOST.into()));
    let page = written(Format::Html, &report());
    assert!(page.contains(&format!("<b>{LOST} all regions</b> was {why}")), "{page}");
}

/// The categories of a file, without what tells uploads of one apart.
fn categories(file: &Path) -> Vec<String> {
    let log: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let ids = log["runs"].as_array().unwrap().iter().map(|run| run["automationDetails"]["id"].as_str().unwrap());
    ids.map(|id| id.rsplit_once('/').unwrap().0.to_owned()).collect()
}

/// The lines of the demo's inventory that are wanted, and an account that could not be reached.
pub fn inventory(account: &str, lines: impl Fn(&str) -> bool) -> String {
    let kept = include_str!("../../fixtures/demo.jsonl").lines().skip(1).filter(|line| lines(line)).map(|line| format!("{line}\n"));
    let gap = r#"{"operation":"sts:AssumeRole","reason":"access-denied","message":"no"}"#;
    let lost = format!(r#"{{"scope":{{"account":"{account}","region":"aws-global"}},"complete":false,"reached":false,"gaps":[{gap}]}}"#);
    let header = r#"{"inventory":1,"tool":"dbmoat demo","collected_at":"2026-11-24T09:00:00Z"}"#;
    format!("{header}\n{}{lost}\n", kept.collect::<String>())
}

#[test]
fn its_alerts_do_not_close() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let scan = |text: &str, arguments: &[&str]| {
        let file = write(folder.path(), "inventory.jsonl", text);
        run(dbmoat(&[&["scan", "--inventory", file.to_str().unwrap()], arguments].concat()))
    };
    let (sarif, baseline) = (path("r.sarif"), path("old.json"));
    let output = format!("sarif={sarif}");

    let third = inventory(LOST, |_| true);
    let scanned = scan(&third, &["-o", &output]);
    assert_eq!(categories(Path::new(&sarif)), ["dbmoat/aws/111122223333", "dbmoat/aws/444455556666"]);
    assert!(scanned.stderr.contains(&format!("so their alerts stay as they are: {LOST}")), "{}", scanned.stderr);

    // With what was found there, its run carries that over.
    run(dbmoat(&["scan", "--demo", "-o", &format!("json={baseline}")]));
    let second = inventory("444455556666", |line| !line.contains("444455556666"));
    scan(&second, &["-o", &output, "--baseline", &baseline]);
    assert_eq!(categories(Path::new(&sarif)), ["dbmoat/aws/111122223333", "dbmoat/aws/444455556666"]);
    assert!(std::fs::read_to_string(&sarif).unwrap().contains("444455556666:db:"));

    std::fs::remove_file(&sarif).unwrap();
    let nothing = scan(&inventory(LOST, |_| false), &["-o", &output]);
    assert!(nothing.stderr.contains("no SARIF was written") && !Path::new(&sarif).exists(), "{}", nothing.stderr);
}

#[test]
fn no_control_is_satisfied_where_an_account_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "inventory.jsonl", &inventory(LOST, |_| true));
    let arguments = ["compliance", "aws-fsbp", "--inventory", file.to_str().unwrap()];
    let document = run(dbmoat(&[&arguments[..], &["-f", "json"]].concat())).json();
    assert_eq!((&document["summary"]["satisfied"], &document["summary"]["not-applicable"]), (&0.into(), &0.into()));
    assert!(document["summary"]["violated"].as_u64() > Some(0) && document["summary"]["not-assessed"].as_u64() > Some(0), "{document}");
    let said = format!("{LOST} all regions was not reached: sts:AssumeRole: access-denied: no");
    assert_eq!(document["not_reached"], serde_json::json!([said]));
    for format in ["table", "html"] {
        assert!(run(dbmoat(&[&arguments[..], &["-f", format]].concat())).stdout.contains(&said), "{format}");
    }
}
