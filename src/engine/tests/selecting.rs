//! Which rules run, and with what parameters.

use std::fs;

use crate::engine::{RuleSet, Selection, Severity};
use crate::inventory::kinds;
use crate::value::Node;

fn rule(id: &str, kind: &str, severity: &str, more: &str) -> String {
    format!(
        "id: {id}\ntitle: A title\nresource: {kind}\ntopic: backup\nseverity: {severity}\nrequire: resource.BackupRetentionPeriod >= params.days\n\
         params:\n  days: {{default: 7, min: 1, max: 35, about: Days}}\n  share: {{default: 0.5, min: 0.1, about: Share}}\n  on: {{default: true, about: On}}\n  words: {{default: [a], about: Words}}\n\
         message: \"{{{{name}}}}\"\nrisk: Risk\nremediation: {{text: Text}}\nreferences: [\"https://example.com\"]\n\
         cases: [{{name: a, given: {{resource: {{BackupRetentionPeriod: 1}}}}, expect: fail}}, {{name: b, expect: pass}}]\n{more}"
    )
}

/// Loads the built-in rules and three more.
fn load(selection: &Selection) -> Result<RuleSet, String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: String| {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write("mine/mine-low.yaml", rule("mine-low", "AWS::RDS::DBInstance", "low", ""));
    write("mine/mine-high.yaml", rule("mine-high", "AWS::RDS::DBInstance", "high", ""));
    write("mine-off.yaml", rule("mine-off", "AWS::DocDB::DBInstance", "critical", "enabled: false\n"));
    RuleSet::load(Some(folder.path()), selection).map_err(|error| error.to_string())
}

fn texts(of: &[&str]) -> Vec<String> {
    of.iter().map(|text| (*text).to_owned()).collect()
}

fn selected(selection: &Selection) -> Vec<String> {
    load(selection).unwrap().rules().map(|rule| rule.id.clone()).filter(|id| id.starts_with("mine")).collect()
}

fn by_rules(rules: &[&str], skip: &[&str]) -> Selection {
    Selection { rules: texts(rules), skip_rules: texts(skip), ..Selection::default() }
}

#[test]
fn all_that_are_enabled_run_in_the_order_of_their_ids() {
    assert_eq!(selected(&Selection::default()), ["mine-high", "mine-low"]);
    assert!(load(&Selection::default()).unwrap().rules().len() > 2);
}

#[test]
fn globs_select_and_leave_out() {
    assert_eq!(selected(&by_rules(&["mine-*"], &[])), ["mine-high", "mine-low"]);
    assert_eq!(selected(&by_rules(&["mine-?ow", "mine-high"], &[])), ["mine-high", "mine-low"]);
    assert_eq!(selected(&by_rules(&[], &["*-low"])), ["mine-high"]);
    assert_eq!(selected(&by_rules(&["mine-*"], &["mine-high"])), ["mine-low"]);
}

#[test]
fn a_rule_that_is_off_runs_only_when_named() {
    assert_eq!(selected(&by_rules(&["mine-off"], &[])), ["mine-off"]);
    assert_eq!(selected(&by_rules(&["mine-off", "mine-l*"], &[])), ["mine-low", "mine-off"]);
    assert!(load(&by_rules(&["mine-of*"], &[])).unwrap_err().contains("matches only rules that are off by default"));
    assert!(load(&by_rules(&["mine-off"], &["mine-off"])).unwrap_err().contains("no rule is selected"));
}

#[test]
fn what_matches_no_rule_is_refused_with_the_nearest() {
    let error = load(&by_rules(&["mine-hihg"], &[])).unwrap_err();
    assert_eq!(error, "--rule mine-hihg matches no rule; did you mean \"mine-high\"?");
    assert!(load(&by_rules(&[], &["nothing-*"])).unwrap_err().starts_with("--skip-rule nothing-* matches no rule"));
    assert!(load(&by_rules(&["mine-["], &[])).unwrap_err().starts_with("--rule mine-[: "));
}

#[test]
fn services_are_folders_or_those_of_the_kinds() {
    let of = |service: &str| Selection { services: texts(&[service]), ..Selection::default() };
    assert_eq!(selected(&of("mine")), ["mine-high", "mine-low"]);
    assert_eq!(selected(&of("rds")), ["mine-high", "mine-low"]);
    assert_eq!(selected(&of("docdb")), Vec::<String>::new());
    let error = load(&of("rdss")).unwrap_err();
    assert!(error.starts_with("--service rdss is none of ") && error.ends_with("did you mean \"rds\"?"), "{error}");
}

#[test]
fn severity_has_a_floor() {
    let of = |severity| Selection { min_severity: Some(severity), rules: texts(&["mine-*"]), ..Selection::default() };
    assert_eq!(selected(&of(Severity::Low)), ["mine-high", "mine-low"]);
    assert_eq!(selected(&of(Severity::Medium)), ["mine-high"]);
    assert_eq!(selected(&of(Severity::High)), ["mine-high"]);
    assert!(load(&of(Severity::Critical)).is_err());
}

fn with_param(target: &str, value: &str) -> Selection {
    Selection { params: vec![(target.to_owned(), value.to_owned())], ..Selection::default() }
}

/// The value of a parameter of `mine-low`, as text.
fn param(selection: &Selection, name: &str) -> String {
    let rules = load(selection).unwrap();
    let active = rules.of_kind(kinds::DB_INSTANCE).find(|active| active.rule.id == "mine-low").unwrap();
    active.params.get(name).map(Node::to_string).unwrap()
}

#[test]
fn parameters_have_defaults_and_can_be_set() {
    assert_eq!(param(&Selection::default(), "days"), "7");
    assert_eq!(param(&with_param("mine-low.days", "35"), "days"), "35");
    assert_eq!(param(&with_param("mine-high.days", "35"), "days"), "7");
    assert_eq!(param(&with_param("mine-low.share", "0.25"), "share"), "0.25");
    assert_eq!(param(&with_param("mine-low.on", "false"), "on"), "false");
    assert_eq!(param(&with_param("mine-low.words", "b, c"), "words"), "b, c");
}

#[test]
fn parameters_keep_their_types_and_bounds() {
    let refused = |target: &str, value: &str, reason: &str| {
        let error = load(&with_param(target, value)).unwrap_err();
        assert!(error.starts_with(&format!("parameter {target}={value}: ")) && error.contains(reason), "{error}");
    };
    refused("mine-low.days", "0", "1 is the least");
    refused("mine-low.days", "36", "35 is the most");
    refused("mine-low.days", "7.5", "a whole number is wanted");
    refused("mine-low.share", "0.01", "0.1 is the least");
    refused("mine-low.share", "NaN", "a number is wanted");
    refused("mine-low.on", "yes", "true or false is wanted");
    refused("mine-low.dayz", "7", "did you mean \"days\"?");
    refused("mine-lo.days", "7", "there is no rule mine-lo; did you mean \"mine-low\"?");
    refused("days", "7", "write RULE.NAME=VALUE");
}

#[test]
fn a_folder_without_rules_or_with_wrong_ones_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let load = || RuleSet::load(Some(folder.path()), &Selection::default()).map(drop).map_err(|error| format!("{:#}", anyhow::Error::from(error)));
    assert!(load().unwrap_err().contains("it holds no .yaml file"));
    fs::write(folder.path().join("a.yaml"), "id: a\n").unwrap();
    assert!(load().unwrap_err().contains("a.yaml:1: missing field"), "{}", load().unwrap_err());
}
