//! `dbmoat compliance` over the demo.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::{dbmoat, run};

const STATES: [&str; 5] = ["violated", "not-assessed", "satisfied", "not-applicable", "not-covered"];

fn printed(arguments: &[&str]) -> String {
    let run = run(dbmoat(&[&["compliance"], arguments].concat()));
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
    run.stdout
}

fn document(arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(&[arguments, &["--demo", "-f", "json"]].concat())).unwrap()
}

fn states(document: &Value) -> BTreeMap<&str, &str> {
    let controls = document["controls"].as_array().unwrap();
    controls.iter().map(|control| (control["id"].as_str().unwrap(), control["state"].as_str().unwrap())).collect()
}

#[test]
fn a_control_is_what_the_scan_says_of_its_rules() {
    let document = document(&["aws-fsbp"]);
    let report = run(dbmoat(&["scan", "--demo", "--include", "pass", "-o", "json"])).json();
    let of_control = |id: &str, outcome: &str| {
        let findings = report["findings"].as_array().unwrap().iter();
        let named = |finding: &&Value| finding["controls"]["aws-fsbp"].as_array().is_some_and(|ids| ids.contains(&id.into()));
        findings.filter(named).filter(|finding| finding["outcome"] == outcome).count()
    };
    for (id, state) in states(&document) {
        let [fail, open, pass] = ["fail", "not-assessed", "pass"].map(|outcome| of_control(id, outcome));
        let expected: &[&str] = match (fail > 0, open > 0, pass > 0) {
            (true, ..) => &["violated"],
            (_, true, _) => &["not-assessed"],
            (.., true) => &["satisfied"],
            _ => &["not-applicable", "not-covered", "not-assessed"],
        };
        assert!(expected.contains(&state), "{id} is {state}");
    }
    let all = states(&document);
    assert_eq!((all["RDS.2"], all["RDS.24"]), ("violated", "satisfied"));
    for state in STATES {
        assert_eq!(document["summary"][state], all.values().filter(|of| **of == state).count(), "{state}");
    }
}

#[test]
fn a_rule_that_did_not_run_leaves_its_controls_open() {
    let document = document(&["aws-fsbp", "--rule", "rds-instance-storage-encrypted"]);
    let states = states(&document);
    assert_eq!((states["RDS.3"], states["RDS.24"]), ("violated", "not-assessed"));
}

#[test]
fn a_control_that_no_rule_names_is_not_covered() {
    let document = document(&["cis-aws-database"]);
    assert_eq!(states(&document)["6.5"], "not-covered");
    assert!(document["summary"]["not-covered"].as_u64().unwrap() > 0);
}

#[test]
fn derived_controls_are_marked_and_the_newest_edition_is_the_default() {
    let derived =
        |framework: &str| document(&[framework])["controls"].as_array().unwrap().iter().filter(|control| control["derived"] == true).count();
    assert_eq!((derived("aws-fsbp"), derived("pci-dss-4")), (0, 0));
    assert!(derived("nist-800-53-r5") > 50 && derived("hipaa") > 10);
    assert!(printed(&["soc-2", "--demo"]).contains("* derived: by way of another tool's mapping"));
    assert_eq!(document(&["cis-aws-foundations"])["edition"], "v7.0");
    assert_eq!(document(&["cis-aws-foundations", "--edition", "v5.0"])["edition"], "v5.0");
}

#[test]
fn every_form_has_every_control() {
    let document = document(&["pci-dss-4"]);
    let states = states(&document);
    let text = printed(&["pci-dss-4", "--demo", "-f", "csv"]);
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.iter().map(|row| (&row[2], &row[4])).collect::<BTreeMap<_, _>>(), states);
    let page = printed(&["pci-dss-4", "--demo", "-f", "html"]);
    assert_eq!(page.matches("<th scope=\"row\">").count(), states.len());
    assert!(page.contains("script-src 'none'") && !page.contains("<script"));
    let table = printed(&["pci-dss-4", "--demo"]);
    assert!(states.keys().all(|id| table.contains(id)), "{table}");
}

#[test]
fn without_a_name_the_frameworks_are_listed() {
    let list = printed(&[]);
    for framework in ["aws-fsbp", "cis-aws-foundations", "cis-aws-database", "nist-800-53-r5", "pci-dss-4", "hipaa", "soc-2", "iso-27001-2022"] {
        assert!(list.lines().any(|line| line.starts_with(framework)), "{framework}");
    }
    let refused = run(dbmoat(&["compliance", "aws-fsb", "--demo"]));
    assert_eq!(refused.code, 2);
    assert!(refused.last_line().contains("did you mean \"aws-fsbp\"?"), "{}", refused.stderr);
    assert_eq!(run(dbmoat(&["compliance", "aws-fsbp", "--edition", "v9", "--demo"])).code, 2);
}
