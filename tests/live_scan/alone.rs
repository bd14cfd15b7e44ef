//! A rule says the same whether it is asked for alone or among all: what it needs is collected for its own sake.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::emulator::Emulator;
use crate::program::{run, with_credentials};
use crate::scan;

const REGIONS: [&str; 2] = ["--region", "us-east-1,eu-west-1"];

/// What each rule says of each resource: outcome, message and evidence.
fn by_rule(report: &Json) -> BTreeMap<String, BTreeSet<String>> {
    let mut rules: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let said = format!("{} {} {} {}", finding["resource"]["arn"], finding["outcome"], finding["message"], finding["evidence"]);
        rules.entry(finding["rule"].as_str().unwrap().to_owned()).or_default().insert(said);
    }
    rules
}

#[test]
fn each_rule_alone_says_what_it_says_among_all() {
    // One of its own: it takes minutes.
    let emulator = Emulator::start("account.py");
    let listed = run(with_credentials(&["rules", "list", "--all", "-f", "json"])).json();
    let rules: Vec<_> = listed.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let among_all = by_rule(&scan(&emulator, &[&REGIONS[..], &["--rule", &rules.join(",")]].concat()).json());
    let (mut differing, none) = (Vec::new(), BTreeSet::new());
    for rule in rules {
        let alone = by_rule(&scan(&emulator, &[&REGIONS[..], &["--rule", rule]].concat()).json());
        let (expected, alone) = (among_all.get(rule).unwrap_or(&none), alone.get(rule).unwrap_or(&none));
        if expected != alone {
            let (lost, new): (Vec<_>, Vec<_>) = (expected.difference(alone).collect(), alone.difference(expected).collect());
            differing.push(format!("{rule} lacks {lost:#?} and has {new:#?}"));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
